import { describe, expect, it } from 'vitest';
import { sampleOrganisation } from '../sample-organisation.ts';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();
const width = 390;

describe('the page on a telephone', () => {
  it('says once what a cell is of, above or beside it', async () => {
    const { page } = await open(sampleOrganisation(12, 36), { width });
    await page.click('#trend summary');
    const label = (cell: string) =>
      page.evaluate<string>(
        `(({ content, position }) => content === 'none' ? 'none' : position)(getComputedStyle(document.querySelector('${cell}'), '::before'))`,
      );
    expect(await page.isVisible('.worst .cell-label >> nth=0')).toBe(true);
    expect(await label('.worst-table tbody td')).toBe('none');
    // Beside its value, and not over it.
    expect(await label('.trend-table tbody td')).toBe('static');
    expect(await label('.trend-table tbody th')).toBe('none');
    expect(await page.getAttribute('.trend-table tbody td', 'role')).toBe('cell');
  });

  it('has the table of who gets in instead of the drawing, open, and each of its counts leads to as many findings', async () => {
    const { page, trouble } = await open(sampleOrganisation(12, 36), { width });
    expect(await page.isVisible('.flow svg')).toBe(false);
    const bands = await page.locator('.flow svg a[data-filter*="acct:"][data-filter*="open:"]').count();
    const into = page.locator('.flow-table li a');
    expect(await into.count()).toBe(bands);
    const links = page.locator('.flow-table a', { hasText: /^\d+ roles?$/ });
    const total = await links.count();
    expect(total).toBeGreaterThan(10);
    for (const at of [0, 1, 7, total - 1]) {
      const link = links.nth(at);
      const text = (await link.textContent()) ?? '';
      await link.click();
      await expect
        .poll(async () => Number.parseInt((await page.textContent('.result-count')) ?? '', 10), {
          message: text,
        })
        .toBe(Number.parseInt(text, 10));
    }
    expect(trouble).toEqual([]);
  });

  it('keeps the drawing on a wider screen, and the table closed', async () => {
    const { page } = await open(sampleOrganisation(12, 36), { width: 1024 });
    expect(await page.isVisible('.flow svg')).toBe(true);
    expect(await page.isVisible('.flow-table table')).toBe(false);
  });

  it('breaks no account id in tables of three columns', async () => {
    const { page } = await open(sampleOrganisation(12, 36), {
      width,
      edit: (html) =>
        html.replace(
          '<section id="coverage"',
          '<table class="plain" id="three"><thead><tr><th scope="col">Account</th><th scope="col">Name</th><th scope="col">Latest capture</th></tr></thead><tbody><tr><td><code>111122223333</code></td><td><bdi>a-name-that-is-rather-long</bdi></td><td>2026-01-31 00:00 UTC</td></tr></tbody></table>$&',
        ),
    });
    const lines = await page.evaluate<number>(
      "document.querySelector('#three code').getClientRects().length",
    );
    expect(lines).toBe(1);
    expect(await page.getAttribute('#three td', 'data-label')).toBe('Account');
  });
});
