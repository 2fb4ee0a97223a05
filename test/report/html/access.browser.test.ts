import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { renderCsv } from '../../../src/report/csv/index.ts';
import { writeHtmlFiles } from '../../../src/report/html/files.ts';
import { DEFAULT_LIMITS } from '../../../src/report/html/page/limits.ts';
import { CSV_COLUMNS } from '../../../src/report/shared/csv-columns.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { readCsv } from '../csv/read-csv.ts';
import { HOSTILE, hostileSource } from '../hostile-source.ts';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makePath, makeVerdict, memorySource, OPTIONS } from '../sample-source.ts';
import { renderToString } from '../sink.ts';
import { useBrowser } from './browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const { open, browser } = useBrowser();

/** Larger ones have more of the same, and axe looks at every element. */
const ORGANISATION = sampleOrganisation(3, 24);

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds wrong, one line for each place. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<readonly Violation[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} (${node.failureSummary})`),
  );
}

describe('accessibility as axe sees it', () => {
  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('has nothing to say of the page (%s, %i pixels)', async (colorScheme, width) => {
    const { page } = await open(ORGANISATION, { colorScheme, width });
    expect(await violations(page)).toEqual([]);
    await page.click('.flow summary');
    expect(await violations(page)).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing to say of an open finding (%s)', async (colorScheme) => {
    const { page } = await open(ORGANISATION, { colorScheme });
    await page.click('.findings tr.row');
    for (const summary of await page.locator('#detail summary').all()) await summary.click();
    expect(await violations(page)).toEqual([]);
  });

  it.each([
    ['an empty page', memorySource({ verdicts: [] })],
    ['hostile text', hostileSource()],
  ])('has nothing to say of %s', async (_, source) => {
    const { page } = await open(source);
    expect(await violations(page)).toEqual([]);
  });

  it('has nothing to say of the page without scripts', async () => {
    // With the page's own scripts off, axe cannot run either; so the page keeps scripts but its own is taken out.
    const edit = (html: string): string =>
      html.replace(
        /<\/script>\n<script>[\s\S]*?<\/script>\n<\/body>/,
        '</script>\n<script>document.documentElement.dataset.ready = ""</script>\n</body>',
      );
    const unguarded = (html: string): string => edit(html).replace(/<meta http-equiv[^>]*>/, '');
    const { page } = await open(sampleOrganisation(6, 36), { edit: unguarded });
    expect(await page.locator('[data-static="findings"] tbody tr:visible').count()).toBe(50);
    expect(await violations(page)).toEqual([]);
  });

  it('has nothing to say of a part, and of a finding opened in it', async () => {
    const folder = temporaryFolder();
    const limits = { ...DEFAULT_LIMITS, findings: 40 };
    const source = sampleOrganisation(12, 36);
    const parts = await writeHtmlFiles(join(folder, 'report.html'), source, { ...OPTIONS, limits });
    expect(parts.length).toBeGreaterThan(2);
    const page = await browser().newPage();
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
    await page.getByRole('link', { name: parts[1]?.path ?? '' }).click();
    await page.waitForSelector('html[data-ready]', { state: 'attached' });
    expect(await page.textContent('.result-count')).toMatch(/^40 of 40 listed/);
    expect(await page.locator('[data-static]:visible').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.locator('.findings tr.row').first().click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'The whole report' }).click();
    await expect.poll(() => page.title()).toContain('Cross-account trust');
    await page.close();
  });

  it('has nothing to say of findings printed one by one, nor of the ways in of many accounts', async () => {
    const paths = Array.from({ length: 26 }, (_, n) => {
      const account = String(444455556666 + (n % 13));
      return makePath({ account, principal: `arn:aws:iam::${account}:role/R${n}` });
    });
    const source = memorySource({ verdicts: [makeVerdict({ paths })] });
    const { page } = await open(source, { render: { details: { fixOf: () => null } } });
    expect(await page.locator('#details .policy').getAttribute('tabindex')).toBe('0');
    expect(await violations(page)).toEqual([]);
    await page.click('.findings tr.row');
    for (const summary of await page.locator('#detail .ways > summary').all()) await summary.click();
    expect(await violations(page)).toEqual([]);
    expect(await page.locator('[aria-label="Ways in of 444455556667"]').count()).toBe(1);
  });

  it('has buttons that sort large enough to be hit', async () => {
    const { page } = await open(sampleOrganisation(3, 12));
    const heights = await page.evaluate<readonly number[]>(
      `[...document.querySelectorAll('.sort')].map((each) => each.getBoundingClientRect().height)`,
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(24);
  });

  it('would notice a fault, so that the other tests mean something', async () => {
    const edit = (html: string): string => html.replace('<main>', '<main><img src="data:,">');
    const { page } = await open(sampleOrganisation(1, 12), { edit });
    expect((await violations(page)).join('\n')).toContain('image-alt');
  });
});

/** What the keyboard is on: its text or label. */
async function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    `(() => {
      const element = document.activeElement;
      const label = element.labels?.[0]?.textContent ?? element.getAttribute('aria-label') ?? element.textContent;
      return label.trim().replace(/\\s+/g, ' ');
    })()`,
  );
}

async function press(page: Page, ...keys: readonly string[]): Promise<string> {
  for (const key of keys) await page.keyboard.press(key);
  return focused(page);
}

/** Tabs on until the keyboard is on it, through nothing more than `most` stops. */
async function tabTo(page: Page, wanted: string, most: number): Promise<void> {
  const passed: string[] = [];
  for (let stop = 0; stop < most; stop++) {
    const now = await press(page, 'Tab');
    if (now.startsWith(wanted)) return;
    passed.push(now);
    expect(await focusIsVisible(page), now).toBe(true);
  }
  throw new Error(`no ${wanted} among ${passed.join(' | ')}`);
}

async function focusIsVisible(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(
    `(() => {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    })()`,
  );
}

describe('the keyboard alone', () => {
  it('goes from the top to a finding, through its details, out again and on', async () => {
    const source = sampleOrganisation(12, 36);
    const { page, trouble } = await open(source);

    expect(await press(page, 'Tab')).toBe('Skip to the findings');
    await press(page, 'Enter');
    await tabTo(page, 'Filter', 3);
    await page.keyboard.press('End');
    await page.keyboard.type(' payments-deploy');
    await expect.poll(() => page.textContent('.result-count')).toMatch(/^[1-9]\d? of 432/);
    await tabTo(page, 'Severity', 3);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.url()).toContain('severity%3Acritical');
    await page.keyboard.press('Shift+Tab');
    expect(await press(page, 'Shift+Tab')).toBe('Reset');
    await press(page, 'Enter');
    await expect.poll(() => page.url()).not.toContain('severity');

    await tabTo(page, 'How to filter', 8);
    await tabTo(page, 'Group by', 2);
    await tabTo(page, 'Copy link', 3);
    await tabTo(page, 'Export these rows as CSV', 2);
    await tabTo(page, 'Verdict', 2);
    await tabTo(page, 'Role', 3);
    await press(page, 'Enter');
    expect(await page.getAttribute('th.c-role', 'aria-sort')).toBe('ascending');
    await tabTo(page, 'LowFail', 8);

    const row = await press(page, 'ArrowDown', 'ArrowDown');
    await press(page, 'Enter');
    expect(await focused(page)).toBe('Details');
    const name = (await page.textContent('#detail-title')) ?? '';
    expect(row).toContain(name);
    await press(page, 'Shift+Tab');
    expect(await focused(page)).toBe('Close');
    expect(await press(page, 'Shift+Tab')).toBe('Copy link');
    expect(await press(page, 'Shift+Tab')).toBe('Next');
    await press(page, 'Enter');
    expect(await page.textContent('#detail-title')).not.toBe(name);
    await tabTo(page, 'The request as JSON', 12);
    await press(page, 'Enter');
    expect(await page.isVisible('#detail details[open] pre')).toBe(true);

    // The drawer keeps the keyboard until it is closed.
    for (let n = 0; n < 30; n++) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate(
          'document.activeElement === document.body || document.activeElement.closest("#detail") !== null',
        ),
      ).toBe(true);
    }
    await press(page, 'Escape');
    // The browser tells of the closing a moment later.
    await expect.poll(() => page.getAttribute('.findings tr:focus', 'aria-rowindex')).toBe('5');

    await press(page, 'Tab');
    expect(await page.evaluate('document.activeElement.closest("#findings") === null')).toBe(true);
    expect(trouble).toEqual([]);
  });
});

describe('the export of the rows', () => {
  async function exported(page: Page): Promise<string> {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export these rows as CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('findings.csv');
    return readFileSync(await file.path(), 'utf8');
  }

  it('is the CSV report of the same rows', async () => {
    const source = sampleOrganisation(12, 36);
    const { page, trouble } = await open(source, { fragment: '#findings?q=' });
    const text = await exported(page);
    expect(text.startsWith('\ufeffrule,')).toBe(true);
    const report = await renderToString(renderCsv, source, {
      outcomes: ['fail', 'error', 'pass', 'not-applicable'],
    });
    const sorted = (csv: string) =>
      readCsv(csv)
        .map((row) => row.join('\u0000'))
        .sort();
    expect(sorted(text.slice(1))).toEqual(sorted(report));
    expect(trouble).toEqual([]);
  });

  it('follows filter and order', async () => {
    const { page } = await open(sampleOrganisation(12, 36), { fragment: '#findings?q=severity:high' });
    await page.click('th.c-role button');
    const rows = readCsv((await exported(page)).slice(1)).slice(1);
    const name = CSV_COLUMNS.findIndex((column) => column.name === 'role_name');
    const names = rows.map((row) => row[name] ?? '');
    const shown = await page.textContent('.result-count');
    expect(shown).toMatch(new RegExp(`^${names.length} of 432`));
    expect(names.length).toBeGreaterThan(2);
    expect(names).toEqual([...names].sort());
  });

  it('holds no formula and nothing hidden, whatever the evidence says', async () => {
    const { page } = await open(hostileSource());
    const rows = readCsv((await exported(page)).slice(1));
    expect(rows).toHaveLength(HOSTILE.length + 1);
    for (const cell of rows.flat()) {
      expect(cell).not.toMatch(/^\s*[=+\-@]/);
      expect(cell).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });

  it('is not offered when nothing matches', async () => {
    const { page } = await open(sampleOrganisation(1, 12));
    await page.fill('#filter-box', 'no such role');
    await expect
      .poll(() => page.getByRole('button', { name: 'Export these rows as CSV' }).isDisabled())
      .toBe(true);
  });
});

describe('the link to a finding', () => {
  it('is copied, and opens the finding', async () => {
    const source = sampleOrganisation(3, 36);
    const { page } = await open(source);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('.findings tr.row').nth(2).click();
    const name = await page.textContent('#detail-title');
    await page.locator('#detail').getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(link).toBe(page.url());
    await page.keyboard.press('Escape');
    await page.goto('about:blank');
    await page.goto(link);
    await expect.poll(() => page.textContent('#detail-title')).toBe(name);
  });

  it('is shown and selected where the browser refuses the clipboard', async () => {
    const { page } = await open(sampleOrganisation(1, 12));
    await page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined })');
    await page.click('.findings tr.row');
    await page.locator('#detail').getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('button', { name: 'Selected' }).waitFor();
    expect(await page.inputValue('#detail .link-field')).toBe(page.url());
    expect(await page.evaluate('getSelection().toString()')).toBe(page.url());
  });
});
