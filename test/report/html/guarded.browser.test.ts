import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { guardedSource, NASTY } from '../guarded-source.ts';
import { useBrowser } from './browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const { open } = useBrowser();

const names = (page: Page) => page.locator('.findings tr.row .c-role code').allTextContents();

async function filtered(page: Page, query: string, count: number): Promise<readonly string[]> {
  await page.getByLabel('Filter', { exact: true }).fill(query);
  await expect.poll(async () => (await names(page)).length).toBe(count);
  return names(page);
}

describe('findings with guardrails and impact in the page', () => {
  it('are found by what guardrails do to them and by what they lead to, the most pressing first', async () => {
    const { page, trouble } = await open(guardedSource());
    expect(await filtered(page, 'verdict:fail', 4)).toEqual(['Used', 'Idle', 'Unknown', 'Narrowed']);
    expect(await filtered(page, 'guardrail:closed', 1)).toEqual(['Closed']);
    expect(await filtered(page, 'guardrail:narrowed,unknown', 2)).toEqual(['Unknown', 'Narrowed']);
    expect(await filtered(page, 'trust:fail', 5)).toContain('Closed');
    expect(await filtered(page, 'privileges:admin verdict:fail', 2)).toEqual(['Used', 'Idle']);
    expect(trouble).toEqual([]);
  });

  it('tell which statement closes them and what a way in leads to, as text', async () => {
    const { page, trouble } = await open(guardedSource());
    await filtered(page, 'guardrail:closed', 1);
    await page.click('.findings tr.row');
    const text = (await page.textContent('#detail')) ?? '';
    expect(text).toContain('closed by a guardrail');
    expect(text).toContain(`policy p-abc (${NASTY}), statement 2, attached to the root r-ab12`);
    expect(text).toContain('a request that the trust policy alone would let in');
    for (const part of ['Administrator', 'inline:', 'policy/Edge', '3,600 seconds', 'team=crane']) {
      expect(text).toContain(part);
    }
    expect(await page.locator('#detail img').count()).toBe(0);
    await page.evaluate(AXE);
    const found = await page.evaluate<readonly string[]>(
      'axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`))',
    );
    expect(found).toEqual([]);
    expect(trouble).toEqual([]);
  });

  it('prove those that stay open by a request that gets past the guardrails, too', async () => {
    const { page } = await open(guardedSource());
    await filtered(page, 'guardrail:narrowed', 1);
    await page.click('.findings tr.row');
    const text = (await page.textContent('#detail')) ?? '';
    expect(text).toContain('a request that AWS would let in');
    expect(text).toContain('The caller now acts as');
    expect(text).not.toContain('an account like any other');
  });
});
