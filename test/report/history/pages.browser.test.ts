import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToldDiff } from '../../../src/history/report/sides.ts';
import { renderDiffHtml } from '../../../src/report/history/diff-html.ts';
import { renderTrendHtml } from '../../../src/report/history/trend-html.ts';
import { HOSTILE } from '../hostile-source.ts';
import { launchBrowser } from '../html/browser.ts';
import { written } from '../sink.ts';
import { COMPLETE, change, diff, hostile, OPTIONS, points, report, trend } from './sample-diff.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const NO_SEVERITIES = { critical: 0, high: 0, medium: 0, low: 0 };

describe('the pages of diff and trend', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  async function opened<T>(html: string, look: (page: Page) => Promise<T>, dark = false): Promise<T> {
    const page = await browser.newPage({ colorScheme: dark ? 'dark' : 'light' });
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('data:') && request.url() !== 'about:blank') trouble.push(request.url());
    });
    try {
      await page.setContent(html);
      const result = await look(page);
      expect(trouble).toEqual([]);
      return result;
    } finally {
      await page.close();
    }
  }

  it.each([
    ['diff', false],
    ['diff', true],
    ['trend', false],
    ['trend', true],
    ['empty trend', false],
    ['empty diff', false],
  ] as const)('axe has nothing to say of the page: %s (dark: %s)', async (what, dark) => {
    const html = await written((out) => {
      if (what === 'diff')
        return renderDiffHtml(
          report(diff([change(), change({ cause: 'policy-changed', fromPolicy: 2 })])),
          out,
          OPTIONS,
        );
      if (what === 'empty diff') return renderDiffHtml(report(diff([])), out, OPTIONS);
      return renderTrendHtml(trend(what === 'trend' ? points : []), out, OPTIONS);
    });
    await opened(
      // Axe has to run, which the policy of the page forbids; nothing else differs.
      html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''),
      async (page) => {
        await page.evaluate(AXE);
        const found = await page.evaluate<readonly { id: string; nodes: readonly { html: string }[] }[]>(
          'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
        );
        expect(found.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
      },
      dark,
    );
  });

  it('show hostile text as text', async () => {
    const html = await written((out) => renderDiffHtml(report(hostile), out, OPTIONS));
    await opened(html, async (page) => {
      const text = (await page.textContent('main')) ?? '';
      for (const one of HOSTILE.filter((each) => !/[^\x20-\x7e]/.test(each))) expect(text).toContain(one);
      expect(text).not.toMatch(/[\u202e\u2066\u200b]/);
      expect(await page.evaluate('window.pwned')).toBe(undefined);
      // The one in the head chooses the colours.
      expect(await page.locator('body script, img, main a').count()).toBe(0);
    });
  });

  it.each([
    [
      { ...COMPLETE, reasons: ['scan 1 of <b>in</b> was interrupted'] },
      'Evidence incomplete: scan 1 of <b>in</b> was',
    ],
    [
      { ...COMPLETE, reasons: [], membersKnown: false },
      "Completeness not known: the organisation's accounts were not",
    ],
    [COMPLETE, null],
  ])('say what the store lacks: %#', async (missing, said) => {
    for (const html of [
      await written((out) => renderDiffHtml(report(diff([]), missing), out, OPTIONS)),
      await written((out) => renderTrendHtml(trend(points, missing), out, OPTIONS)),
    ]) {
      await opened(html, async (page) => {
        const marks = page.locator('.missing');
        expect(await marks.count()).toBe(said === null ? 0 : 1);
        if (said !== null) expect(await marks.textContent()).toContain(said);
      });
    }
  });

  it('say under their title what they are, for whom and by whom', async () => {
    for (const [html, what] of [
      [await written((out) => renderDiffHtml(report(diff([])), out, OPTIONS)), 'Changes from 2026-01-31 to'],
      [await written((out) => renderTrendHtml(trend(points), out, OPTIONS)), 'Failing roles by month'],
    ] as const) {
      await opened(html, async (page) => {
        expect(await page.textContent('h1')).toBe(OPTIONS.heading.title);
        const under = await page.textContent('.handover');
        expect(under).toContain(what);
        expect(under).toContain(`Prepared for ${OPTIONS.heading.client} · Prepared by Audit & Sons`);
        expect(await page.title()).toContain(what);
        expect(await page.evaluate('window.pwned')).toBe(undefined);
        expect(await page.locator('main').isVisible()).toBe(true);
      });
    }
  });

  it('draw the trend with a text alternative', async () => {
    const html = await written((out) => renderTrendHtml(trend(points), out, OPTIONS));
    await opened(html, async (page) => {
      expect(await page.getAttribute('svg', 'aria-label')).toBe(
        'From 2026-01-31 to 2026-03-31 failing roles went from 1 of 3 (33.3%) to 0 of 4 (0.0%).',
      );
      // A point with accounts carried forward is hollow.
      expect(await page.locator('circle.hollow').count()).toBe(1);
      // One bar for each severity that a point has, at the share of time that has passed.
      const bars = page.locator('.bar-critical, .bar-high');
      expect(await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute('x1')))).toEqual([
        '4%',
        '48.41%',
        '48.41%',
      ]);
      expect(await page.locator('.note').textContent()).toBe('month to date');
      expect(await page.locator('.like').count()).toBe(2);
      expect(await page.locator('tbody tr').count()).toBe(3);
      expect(await page.locator('tbody tr').nth(1).allTextContents()).toEqual([
        '2026-02-28' + '3' + '1 of 3' + '4' + '2' + '50.0%' + '1100' + '10' + '1 in 2',
      ]);
      expect(await page.locator('tbody tr').first().textContent()).toContain('to date: 2026-03-30');
      expect(await page.locator('main').textContent()).toContain(
        'Like for like, in the 2 accounts that the first point covers, 1 failed then and 0 at the last point; 1 account came later.',
      );
    });
  });

  it('draw what could not be decided apart, and no share of nothing', async () => {
    const [first, second, third] = points;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three points');
    const open = { error: 2, comparableError: 2, fail: 0, severities: NO_SEVERITIES };
    const doubtful = [
      { ...first, incompleteAccounts: 1 },
      { ...second, ...open, failRate: 0 },
      { ...third, ...open, error: 4, failRate: null },
    ];
    const html = await written((out) => renderTrendHtml(trend(doubtful), out, OPTIONS));
    await opened(html, async (page) => {
      expect(await page.locator('.bar-open').count()).toBe(2);
      expect(await page.locator('.doubt').count()).toBe(3);
      expect(await page.locator('circle.dot').count()).toBe(1);
      expect(await page.locator('.rate').count()).toBe(0);
      expect(await page.locator('.between').count()).toBe(2);
      expect(await page.getAttribute('svg', 'aria-label')).toBe(
        'From 2026-01-31 to 2026-03-31 failing roles went from 1 of 3 (33.3%) to 0 of 4, 4 not decided (not known).',
      );
      const cells = async (row: number): Promise<readonly string[]> =>
        page.locator('tbody tr').nth(row).locator('td').allTextContents();
      expect((await cells(0)).slice(3, 7)).toEqual(['4', '0', '4', 'not known']);
      expect((await cells(1)).slice(3, 7)).toEqual(['4', '0', '2', '0.0% to 50.0%']);
      expect((await cells(2))[2]).toBe('1 of 2');
      const text = await page.locator('main').textContent();
      expect(text).toContain('0 of 4 roles fail and 4 could not be decided by captures up to 2026-03-30');
      expect(text).toContain('1 of 3 did by captures up to 2026-01-31');
      expect(text).toContain('at 2 of 3 points roles could not be decided, and may fail or not');
      expect(text).toContain('at 1 of 3 points the evidence may not show all roles');
    });
  });

  it('say when what stands at the end of a period was captured', async () => {
    const [first, , third] = points;
    if (first === undefined || third === undefined) throw new Error('three points');
    const of = [
      { ...first, at: '2026-03-31' },
      { ...third, at: '2026-06-30', toDate: false },
    ];
    const html = await written((out) => renderTrendHtml(trend(of), out, OPTIONS));
    expect(html).toContain('captured: 2026-01-31');
    expect(html).toContain(
      '<strong>0</strong> of 4 roles fail by captures up to 2026-03-30; 1 of 3 did by captures up to 2026-01-31.',
    );
  });

  it('cut no label of the chart off on paper', async () => {
    const html = await written((out) => renderTrendHtml(trend(points), out, OPTIONS));
    await opened(html, async (page) => {
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 680, height: 1000 });
      const lefts = await page
        .locator('.trend-figure svg text')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
      const left = await page.locator('.trend-figure').evaluate((one) => one.getBoundingClientRect().left);
      expect(Math.min(...lefts)).toBeGreaterThanOrEqual(left - 1);
    });
  });

  it.each([
    ['diff', 390],
    ['diff', 1024],
    ['trend', 390],
    ['trend', 1024],
  ] as const)('%s stays within %i pixels', async (what, width) => {
    const html = await written((out) =>
      what === 'diff'
        ? renderDiffHtml(report(hostile), out, OPTIONS)
        : renderTrendHtml(trend(points), out, OPTIONS),
    );
    await opened(html, async (page) => {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    });
  });

  it('says of a change who, where, how bad and why, and how its policy was and is', async () => {
    const sides = {
      1: ['{', '  "Version": "2012-10-17",', '  "Old": "<script>window.pwned=1</script>"', '}'],
      2: ['{', '  "Version": "2012-10-17",', '  "New": true', '}'],
    } as const;
    const changed = change({
      change: 'changed',
      cause: 'policy-changed',
      accountName: 'production',
      fromSeverity: 'low',
      fromWho: [{ account: '999988887777', name: null, relation: 'same-organisation' }],
      fromPolicy: 1,
      toPolicy: 2,
    });
    const told: ToldDiff = {
      ...diff([changed]),
      policyLines: (policy) => sides[policy as 1 | 2],
    };
    const html = await written((out) => renderDiffHtml(report(told), out, OPTIONS));
    await opened(html, async (page) => {
      const entry = page.locator('.entry');
      const text = (await entry.textContent()) ?? '';
      for (const part of [
        'High',
        'Partner',
        '111122223333 production',
        'Now also Example Vendor (444455556666, third party) gets in unguarded',
        'no longer 999988887777 (same organisation)',
        'Its trust policy changed.',
        'Severity Low → High.',
      ]) {
        expect(text).toContain(part);
      }
      expect(await entry.locator('details').getAttribute('open')).toBe(null);
      expect(await entry.locator('.added').allTextContents()).toEqual(['+  "New": true']);
      expect(await entry.locator('.removed').allTextContents()).toEqual([
        '-  "Old": "<script>window.pwned=1</script>"',
      ]);
    });
  });

  it('says of how many changes a page that is full shows no policy', async () => {
    const long = Array.from({ length: 400 }, (_, index) => `"${index}${'x'.repeat(900)}"`);
    const one = (toPolicy: number) => change({ toPolicy });
    const told: ToldDiff = { ...diff(Array.from({ length: 10 }, (_, n) => one(n))), policyLines: () => long };
    const html = await written((out) => renderDiffHtml(report(told), out, OPTIONS));
    expect(html.match(/<details>/g)).toHaveLength(6);
    expect(html).toContain('The policies of 4 changes are not shown, because the page is full of them.');
    const endless: ToldDiff = { ...diff([one(1)]), policyLines: () => Array<string>(3000).fill('{') };
    expect(await written((out) => renderDiffHtml(report(endless), out, OPTIONS))).toContain(
      'too long to be shown here',
    );
    const gone: ToldDiff = { ...diff([one(1)]), policyLines: () => null };
    expect(await written((out) => renderDiffHtml(report(gone), out, OPTIONS))).toContain('could not be read');
  });

  it('puts what is critical first, and what cannot be compared apart', async () => {
    const html = await written((out) =>
      renderDiffHtml(
        report(
          diff([
            change({ change: 'not-comparable', cause: 'account-not-covered', direction: null }),
            change({ change: 'resolved', cause: 'role-deleted', direction: 'better' }),
            change({ roleName: 'Medium', severity: 'medium' }),
            change({ roleName: 'Worst', severity: 'critical' }),
            change({ roleName: 'High' }),
          ]),
        ),
        out,
        OPTIONS,
      ),
    );
    await opened(html, async (page) => {
      expect(await page.locator('section').evaluateAll((all) => all.map(({ id }) => id))).toEqual([
        'summary',
        'critical',
        'new',
        'resolved',
        'not-comparable',
        'coverage',
      ]);
      expect(await page.locator('#new .entry strong').allTextContents()).toEqual([
        'High',
        'Example Vendor',
        'Medium',
        'Example Vendor',
      ]);
    });
  });

  it('list 500 changes of a kind and say how many there are', async () => {
    const html = await written((out) =>
      renderDiffHtml(report(diff(Array(501).fill(change()))), out, OPTIONS),
    );
    expect(html.match(/<li class="entry/g)).toHaveLength(500);
    expect(html).toContain('The first 500 of 501: 1 more is in the formats csv, json and xlsx.');
  });
});
