import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inCheckout } from '../../checkout.ts';
import { cli } from '../../cli/harness.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { launchBrowser } from './browser.ts';

interface Fix {
  readonly arn: string;
  readonly status: 'proposed' | 'refused';
  readonly policyDocument?: string;
  readonly command?: string;
  readonly terraform?: string;
  readonly reason?: string;
  readonly cautions?: readonly string[];
}

const samples = (name: string): string => inCheckout('samples', name);
const plain = (text: string): string => text.replaceAll('`', '');

let browser: Browser;
const folder = temporaryFolder();
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

describe('what the page proposes', () => {
  it('is what the command proposes, for every failing role of the samples', {
    timeout: 120_000,
  }, async () => {
    const db = join(folder, 'store.db');
    const page = join(folder, 'report.html');
    const known = ['--accounts', samples('accounts.json'), '--known-accounts', samples('vendors.yaml')];
    const scan = ['scan', samples('evidence'), ...known, '--db', db, '--html', page, '--quiet'];
    expect((await cli([...scan, '--as-of', '2026-05-01T00:00:00Z'])).exit).toBe(3);
    const { stdout } = await cli(['fix', '--db', db, '--format', 'json']);
    // The policy against all outsiders at once is of no role.
    const fixes = (JSON.parse(stdout) as readonly Fix[]).filter(({ arn }) => arn !== undefined);
    expect(fixes.filter(({ status }) => status === 'proposed').length).toBeGreaterThan(40);
    expect(fixes.filter(({ status }) => status === 'refused').length).toBeGreaterThan(0);

    const tab = await browser.newPage();
    await tab.goto(`${pathToFileURL(page).href}#findings?q=trust:fail`);
    await tab.waitForSelector('html[data-ready]', { state: 'attached' });
    await tab.locator('.findings tr.row').first().click();
    const shown = new Map<string, { text: string; snippets: readonly string[] }>();
    for (let n = 0; n < fixes.length; n++) {
      if (n > 0) await tab.getByRole('button', { name: 'Next' }).click();
      const arn = (await tab.textContent('#detail .arn')) ?? '';
      shown.set(arn, {
        text: (await tab.textContent('#detail')) ?? '',
        snippets: await tab.locator('#detail .snippet pre').allTextContents(),
      });
    }
    await tab.close();
    expect([...shown.keys()].sort()).toEqual(fixes.map(({ arn }) => arn).sort());
    for (const fix of fixes) {
      const { text = '', snippets = [] } = shown.get(fix.arn) ?? {};
      if (fix.status === 'refused') {
        expect(text, fix.arn).toContain(`No change is proposed: ${plain(fix.reason ?? '')}.`);
        continue;
      }
      const [policy = '', command, terraform] = snippets;
      expect(JSON.stringify(JSON.parse(policy)), fix.arn).toBe(fix.policyDocument);
      expect([command, terraform], fix.arn).toEqual([fix.command, fix.terraform]);
      for (const caution of fix.cautions ?? []) expect(text, fix.arn).toContain(plain(caution));
    }
  });
});
