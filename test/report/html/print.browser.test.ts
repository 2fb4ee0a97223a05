import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evidenceDigest } from '../../../src/report/shared/evidence-digest.ts';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makeEvidence, memorySource } from '../sample-source.ts';
import { launchBrowser, type OpenOptions, openReport } from './browser.ts';

const NASTY = '</style><script>window.pwned=1</script>"} body { display: none } \\ \u00e9 \u202e';
const HEADING = {
  title: `Third quarter ${NASTY}`,
  client: `Crane ${NASTY}`,
  preparedBy: 'Audit & Sons',
};

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const source = memorySource({ verdicts: [], evidence: [makeEvidence({ path: 'a.json' })] });

/** What the browser understood of the margins of sheets: the style of each box by its name. */
async function margins(page: Page): Promise<Readonly<Record<string, string>>> {
  return page.evaluate(`(() => {
    const rules = [...document.styleSheets[document.styleSheets.length - 1].cssRules];
    if (rules.length !== 1 || !(rules[0] instanceof CSSPageRule)) return { rules: String(rules.length) };
    return Object.fromEntries([...rules[0].cssRules].map((box) => [box.name, box.style.content]));
  })()`);
}

async function opened(options: OpenOptions, check: (page: Page) => Promise<void>): Promise<void> {
  const view = await openReport(browser, source, options);
  await check(view.page);
  expect(view.trouble).toEqual([]);
  await view.close();
}

describe('a printed report', () => {
  it('leaves out what only a click would show, and says what the findings were filtered by', async () => {
    const { page, close } = await openReport(browser, sampleOrganisation(6, 36), {
      fragment: '#findings?q=severity%3Ahigh',
    });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.textContent('#findings .print-note')).toMatch(/^Filter: severity:high\. Printed: /);
    for (const hidden of ['.also a[data-filter]', '.changes details', '.flow-table']) {
      expect(await page.locator(hidden).count(), hidden).toBeGreaterThan(0);
      expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false);
    }
    await close();
  });

  it('has title, client, moment, digest of the evidence and number on every sheet', async () => {
    const heading = { title: 'Third quarter', client: 'Crane', preparedBy: 'Audit & Sons' };
    await opened({ render: { heading } }, async (page) => {
      expect(await margins(page)).toEqual({
        'top-left': '"Third quarter: Cross-account trust"',
        'top-right': '"Prepared for Crane · by Audit & Sons · As of 2026-03-31 12:00 UTC"',
        'bottom-left': `"Evidence SHA-256 ${evidenceDigest(source.evidence())}"`,
        'bottom-right': '"Page " counter(page) " of " counter(pages)',
      });
      expect(await page.textContent('#method')).toContain(evidenceDigest(source.evidence()));
    });
  });

  it('says so without a heading, too', async () => {
    await opened({}, async (page) => {
      expect(await margins(page)).toMatchObject({
        'top-left': '"Cross-account trust"',
        'top-right': '"As of 2026-03-31 12:00 UTC"',
      });
      expect(await page.locator('.handover').count()).toBe(0);
    });
  });

  it('takes any text for text', async () => {
    await opened({ render: { heading: HEADING } }, async (page) => {
      expect(await page.evaluate('window.pwned')).toBe(undefined);
      expect(await page.locator('main').isVisible()).toBe(true);
      const shown = HEADING.title.replace('\u202e', '\\u202e');
      expect(await page.textContent('h1')).toBe(shown);
      const boxes = await margins(page);
      expect(Object.keys(boxes)).toHaveLength(4);
      expect(boxes['top-left']).toBe(`"${`${shown}: Cross-account trust`.replace(/["\\]/g, '\\$&')}"`);
    });
  });

  it('has the headings of a table on every sheet that it reaches, and fits the sheet', async () => {
    const view = await openReport(browser, sampleOrganisation(6, 60), { colorScheme: 'dark', width: 718 });
    const { page } = view;
    await page.emulateMedia({ media: 'print' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    // A button would keep the heading from being repeated.
    expect(await page.locator('.virtual th button:visible').count()).toBe(0);
    const titles = await page.evaluate<readonly string[]>(
      // One without a button has its text.
      `[...document.querySelectorAll("[data-app=findings] th")].map((th) =>
        th.querySelector("button") === null ? JSON.stringify(th.textContent) : getComputedStyle(th, "::before").content)`,
    );
    expect(titles).toContain('"Who gets in"');
    for (const title of titles) expect(title).toMatch(/^"\w/);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(718);
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light');
    await view.close();
  });
});
