import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makeEvidence, makePath, makeVerdict, memorySource } from '../sample-source.ts';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();

async function bottomOf(page: Page, selector: string): Promise<number> {
  const box = await page.locator(selector).first().boundingBox();
  return (box?.y ?? Number.NaN) + (box?.height ?? Number.NaN);
}

async function found(page: Page): Promise<number> {
  const text = (await page.textContent('.result-count')) ?? '';
  return Number(/^([\d,]+) of/.exec(text)?.[1]?.replaceAll(',', ''));
}

const LONG = 'a-name-of-sixty-four-characters-as-long-as-one-may-be-in-aws-iam';

describe('the first screen', () => {
  it.each([
    [1440, 900],
    [1024, 800],
    [390, 844],
  ])('says how it stands and that evidence is missing, at %i by %i pixels', async (width, height) => {
    const { page } = await open(sampleOrganisation(12, 36), { width });
    await page.setViewportSize({ width, height });
    expect(await bottomOf(page, '.headline')).toBeLessThan(height / 2);
    expect(await page.textContent('.headline')).toMatch(/^At least 55 of 432 roles are open to outsiders/);
    expect(await bottomOf(page, '.state.warn')).toBeLessThan(height);
    expect(await page.textContent('.standing')).toContain('1 files could not be read whole');
  });

  it('has all five of the worst in it on a wide screen', async () => {
    const { page } = await open(sampleOrganisation(12, 36), { width: 1440 });
    expect(await page.locator('.worst tbody tr').count()).toBe(5);
    expect(await bottomOf(page, '.worst tbody tr:last-child')).toBeLessThan(900);
    expect(await bottomOf(page, '.changes')).toBeLessThan(900);
  });

  it.each([1440, 1024, 390])('cuts nothing of long names, %i pixels wide', async (width) => {
    const verdict = makeVerdict({
      roleName: LONG,
      paths: [makePath({ accountName: LONG }), makePath({ account: '999999999999', accountName: null })],
    });
    const accounts = [
      {
        account: verdict.object.account,
        name: LONG,
        capturedAt: '2026-02-01T00:00:00Z',
        complete: false,
        carriedForward: 31,
        roles: 1,
        verdicts: { pass: 0, fail: 1, 'not-applicable': 0, error: 0 },
        closed: 0,
      },
    ];
    const { page } = await open(memorySource({ verdicts: [verdict], accounts }), { width });
    const overflowing = await page.evaluate<readonly string[]>(
      "[...document.querySelectorAll('#summary *, #accounts .heat *, #access .flow *')].filter((each) => each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline').map(({ outerHTML }) => outerHTML.slice(0, 80))",
    );
    expect(overflowing).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });

  it('opens each of the worst', async () => {
    const { page, trouble } = await open(sampleOrganisation(12, 36));
    const link = page.locator('.worst tbody a').nth(3);
    const name = await link.textContent();
    await link.press('Enter');
    await expect.poll(() => page.textContent('#detail-title')).toBe(name);
    await page.keyboard.press('Escape');
    await link.click();
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(1);
    expect(trouble).toEqual([]);
  });

  it('shows behind every number of its sum as many findings', async () => {
    const { page } = await open(sampleOrganisation(12, 36));
    const links = await page.locator('.ledger a').all();
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) {
      const count = Number(await link.textContent());
      await link.click();
      if (count === 0) await expect.poll(() => page.textContent('.result-count')).toBe('Nothing matches.');
      else await expect.poll(() => found(page)).toBe(count);
    }
  });

  it('is followed by the findings, and links to what is missing', async () => {
    const { page } = await open(sampleOrganisation(3, 36));
    const ids = await page.evaluate<readonly string[]>(
      "[...document.querySelectorAll('main > section')].map(({ id }) => id)",
    );
    expect(ids.slice(0, 2)).toEqual(['summary', 'findings']);
    await page.locator('#summary').getByRole('link', { name: 'All that is missing' }).click();
    expect(new URL(page.url()).hash).toBe('#coverage');
  });

  it.each([
    ['nothing was read', memorySource({ verdicts: [], completeness: { reasons: ['no role was found'] } })],
    [
      'nothing could be decided',
      memorySource({
        verdicts: [
          makeVerdict({ verdict: 'error', literal: 'error', severity: null, paths: [], witness: null }),
        ],
      }),
    ],
  ])('has no zero and no tick for good news where %s', async (_, source) => {
    const { page } = await open(source);
    expect(await page.textContent('.headline')).toContain('nothing is known of who gets in');
    const text = (await page.textContent('.first-screen')) ?? '';
    expect(text).not.toMatch(/(?:^|\s)0(?!\s*roles? of|\s*accounts)/);
    expect(await page.locator('#summary :is(.ok, .worst)').count()).toBe(0);
  });

  it('says what a report without findings is', async () => {
    const pass = makeVerdict({ verdict: 'pass', literal: 'pass', severity: null, state: null });
    const { page } = await open(memorySource({ verdicts: [pass], evidence: [makeEvidence()] }));
    expect(await page.textContent('.headline')).toBe('No role was found open among 1.');
    expect(await page.locator('.state.ok').count()).toBe(1);
    expect(await page.locator('.ledger, .worst').count()).toBe(0);
  });
});

describe('the pictures', () => {
  it('lead from every part of who gets in to just as many findings, with the keyboard too', async () => {
    const { page, trouble } = await open(sampleOrganisation(12, 36));
    const links = page.locator('.flow svg a', { hasText: /\d roles?\s*$/ });
    const total = await links.count();
    expect(total).toBeGreaterThan(15);
    for (const at of [0, 5, 11, total - 8, total - 1]) {
      const link = links.nth(at);
      const name = (await link.textContent()) ?? '';
      await link.focus();
      await page.keyboard.press('Enter');
      await expect
        .poll(() => found(page), { message: name })
        .toBe(Number(/([\d,]+) roles?\s*$/.exec(name)?.[1]));
    }
    expect(trouble).toEqual([]);
  });

  it('lead from every count of the heat map to just as many findings', async () => {
    const { page } = await open(sampleOrganisation(40, 24));
    for (const row of ['tbody tr:nth-child(2)', 'tfoot tr:first-child', 'tfoot tr:last-child']) {
      for (const link of await page.locator(`.heat ${row} td a`).all()) {
        const text = (await link.textContent()) ?? '';
        await link.click();
        await expect
          .poll(() => found(page), { message: `${row} ${text}` })
          .toBe(Number(/^\d+/.exec(text)?.[0]));
      }
    }
  });

  it('do not count an account behind a guard', async () => {
    const guarded = makePath({ account: '777777777777', accountName: 'Guarded', guards: ['external-id'] });
    const { page } = await open(
      memorySource({
        verdicts: [
          makeVerdict({ paths: [makePath(), guarded] }),
          makeVerdict({ roleName: 'Other', paths: [makePath({ account: '777777777777' })] }),
        ],
      }),
    );
    const link = page.locator('.flow svg a[data-filter="verdict:fail open:777777777777"]');
    expect(await link.textContent()).toContain('1 role');
    await link.click();
    await expect.poll(() => found(page)).toBe(1);
  });
});
