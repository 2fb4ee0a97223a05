import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diff, DiffChange } from '../../../src/history/compare/diff.ts';
import type { Completeness } from '../../../src/model/completeness.ts';
import type { TrendPoint } from '../../../src/model/trend.ts';
import { csvFile } from '../../../src/report/csv/index.ts';
import type { HistoryOptions } from '../../../src/report/format.ts';
import { DIFF_COLUMNS, TREND_COLUMNS } from '../../../src/report/history/columns.ts';
import { renderDiffHtml } from '../../../src/report/history/diff-html.ts';
import { renderDiffJson, trendJson } from '../../../src/report/history/json.ts';
import { renderTrendHtml } from '../../../src/report/history/trend-html.ts';
import { readCsv } from '../csv/read-csv.ts';
import { HOSTILE } from '../hostile-source.ts';
import { launchBrowser } from '../html/browser.ts';
import { memorySource, SHA } from '../sample-source.ts';
import { written } from '../sink.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const NASTY = '</style><script>window.pwned=1</script>"} body { display: none } \\';
const OPTIONS: HistoryOptions = {
  csv: {},
  heading: { title: `Third quarter ${NASTY}`, client: `Crane ${NASTY}`, preparedBy: 'Audit & Sons' },
  evidenceDigest: SHA,
};

const change = (changes: Partial<DiffChange> = {}): DiffChange => ({
  change: 'new',
  cause: 'role-created',
  rule: 'D9.AWS.IAM.99',
  account: '111122223333',
  arn: 'arn:aws:iam::111122223333:role/Partner',
  roleId: 'AROAEXAMPLE0000000000',
  fromVerdict: null,
  toVerdict: 'fail',
  ...changes,
});

const diff = (changes: readonly DiffChange[], name: string | null = null): Diff => ({
  from: '2026-01-31',
  to: '2026-03-31',
  coverage: { accounts: { both: 1, onlyFrom: 0, onlyTo: 0, carriedForward: 1, incomplete: 1 } },
  accounts: [
    {
      account: '111122223333',
      name,
      from: '2026-01-31T00:00:00Z',
      to: '2026-01-31T00:00:00Z',
      carriedForward: true,
      incomplete: true,
      age: 59,
    },
  ],
  summary: { new: 1, resolved: 0, changed: 0, reopened: 0, unchanged: 1234567, notComparable: 0 },
  disputed: [],
  baseline: 0,
  changes,
});

const hostile = diff(
  HOSTILE.map((text) => change({ rule: text, account: text, arn: text, roleId: text })),
  HOSTILE.join(' '),
);

const points: readonly TrendPoint[] = [
  {
    at: '2026-01-31',
    accounts: 2,
    carriedForward: 0,
    roles: 3,
    fail: 1,
    failRate: 1 / 3,
    new: 0,
    resolved: 0,
  },
  { at: '2026-02-28', accounts: 3, carriedForward: 1, roles: 4, fail: 2, failRate: 0.5, new: 1, resolved: 0 },
  { at: '2026-03-31', accounts: 3, carriedForward: 0, roles: 4, fail: 0, failRate: 0, new: 0, resolved: 2 },
];
/** With a member list that the evidence covers. */
const COMPLETE: Completeness = { ...memorySource({ verdicts: [] }).completeness(), reasons: [] };
const EVIDENCE = { from: '2026-01-05T00:00:00Z', to: '2026-03-30T12:00:00Z' };
const trend = (of: readonly TrendPoint[], missing = COMPLETE) =>
  ({ rule: 'D9.AWS.IAM.99', by: 'month', points: of, evidence: EVIDENCE, missing }) as const;

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
        return renderDiffHtml(diff([change(), change({ cause: 'policy-changed' })]), COMPLETE, out, OPTIONS);
      if (what === 'empty diff') return renderDiffHtml(diff([]), COMPLETE, out, OPTIONS);
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
    const html = await written((out) => renderDiffHtml(hostile, COMPLETE, out, OPTIONS));
    await opened(html, async (page) => {
      const text = (await page.textContent('main')) ?? '';
      for (const one of HOSTILE.filter((each) => !/[^\x20-\x7e]/.test(each))) expect(text).toContain(one);
      expect(text).not.toMatch(/[\u202e\u2066\u200b]/);
      expect(await page.evaluate('window.pwned')).toBe(undefined);
      expect(await page.locator('script, img, a').count()).toBe(0);
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
      await written((out) => renderDiffHtml(diff([]), missing, out, OPTIONS)),
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
      [
        await written((out) => renderDiffHtml(diff([]), COMPLETE, out, OPTIONS)),
        'Changes from 2026-01-31 to',
      ],
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
        'From 2026-01-31 to 2026-03-31 the rate of failing roles went from 33.3% to 0.0%.',
      );
      // A point with accounts carried forward is hollow.
      expect(await page.locator('circle.hollow').count()).toBe(1);
      expect(await page.locator('tbody tr').count()).toBe(3);
      expect(await page.locator('tbody tr').nth(1).allTextContents()).toEqual(['2026-02-2831' + '4250.0%10']);
    });
  });

  it('list 5,000 changes and say how many there are', async () => {
    const html = await written((out) =>
      renderDiffHtml(diff(Array(5001).fill(change())), COMPLETE, out, OPTIONS),
    );
    expect(html.match(/<td class="short">new<\/td>/g)).toHaveLength(5000);
    expect(html).toContain('The first 5,000 of 5,001 changes. The formats csv and json hold all of them.');
  });
});

describe('the other formats of diff and trend', () => {
  it('csv guards against formulas unless it is raw', () => {
    const csv = [...csvFile(DIFF_COLUMNS, hostile.changes, {})].join('');
    const rows = readCsv(csv);
    expect(rows[0]).toEqual([
      'change',
      'cause',
      'rule',
      'account',
      'arn',
      'role_id',
      'from_verdict',
      'to_verdict',
    ]);
    expect(rows).toHaveLength(HOSTILE.length + 1);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+\-@]|\u202e/);
    const raw = [...csvFile(DIFF_COLUMNS, hostile.changes, { raw: true, delimiter: ';' })].join('');
    expect(raw).toContain("=cmd|' /C calc'!A0");
    expect([...csvFile(TREND_COLUMNS, points, { bom: true })].join('')).toBe(
      '\ufeffat,accounts,carried_forward,roles,fail,fail_rate,new,resolved\r\n' +
        '2026-01-31,2,0,3,1,0.3333333333333333,0,0\r\n2026-02-28,3,1,4,2,0.5,1,0\r\n2026-03-31,3,0,4,0,0,0,2\r\n',
    );
  });

  it('json holds everything, one change a line', async () => {
    const json = await written((out) => renderDiffJson(hostile, out));
    expect(json.trimEnd().split('\n')).toHaveLength(HOSTILE.length + 2);
    const { accounts: _, baseline: __, disputed: ___, ...shown } = hostile;
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(shown)));
    expect(JSON.parse(await written((out) => renderDiffJson(diff([]), out)))).toMatchObject({ changes: [] });
    expect(JSON.parse(trendJson(points, EVIDENCE))).toEqual({ evidence: EVIDENCE, points });
    expect(JSON.parse(trendJson([], null))).toEqual({ evidence: null, points: [] });
  });
});
