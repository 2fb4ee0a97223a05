import { describe, expect, it } from 'vitest';
import type { TrendPoint } from '../../../src/model/trend.ts';
import { pageRegister } from '../../../src/report/html/page/third-parties.ts';
import { flowPicture } from '../../../src/report/html/pictures/flow-picture.ts';
import { flowStreams } from '../../../src/report/html/pictures/flow-streams.ts';
import { trendChart } from '../../../src/report/html/pictures/trend-chart.ts';
import { partyQuery, REGISTER_COLUMNS } from '../../../src/report/html/shared/third-party-line.ts';
import { gatherStatistics } from '../../../src/report/shared/statistics.ts';
import { makeException, makeVerdict, memorySource } from '../sample-source.ts';

describe('the register of third parties', () => {
  const acceptedBy = (...ends: readonly string[]): string => {
    const ids = ends.map((_, index) => `EX-${index}`);
    const { lines } = pageRegister(
      memorySource({
        verdicts: ids.map((suppressedBy) => makeVerdict({ roleName: suppressedBy, suppressedBy })),
        exceptions: ids.map((id, index) => makeException({ id, expires: ends[index] ?? '' })),
      }),
      10,
    );
    const [line] = lines;
    const column = REGISTER_COLUMNS.find(({ id }) => id === 'accepted');
    return line === undefined || column === undefined ? '' : column.words(line).join(' ');
  };

  it('says of several exceptions which end it tells', () => {
    expect(acceptedBy('2026-10-31')).toBe('EX-0 until 2026-10-31, storage team');
    expect(acceptedBy('2026-10-31', '2026-10-31')).toBe('EX-0, EX-1 until 2026-10-31, storage team');
    expect(acceptedBy('2026-10-31', '2026-09-30')).toBe(
      'EX-0, EX-1 the first until 2026-09-30, storage team',
    );
  });

  it('leads from an account that only undecided policies name to what is undecided', () => {
    const undecided = makeVerdict({ verdict: 'error', reason: 'policy-damaged', paths: [], severity: null });
    const { lines } = pageRegister(
      memorySource({ verdicts: [undecided, makeVerdict({ account: '1' })] }),
      10,
    );
    expect(lines.map((line) => [line.account, line.undecided, partyQuery(line)])).toEqual([
      ['444455556666', 1, 'from:444455556666'],
    ]);
    const { lines: alone } = pageRegister(memorySource({ verdicts: [undecided] }), 10);
    expect(alone.map(partyQuery)).toEqual(['verdict:error']);
  });
});

describe('who gets in where', () => {
  it('says outside the caption that it is partial: a telephone shows no caption', () => {
    const statistics = {
      ...gatherStatistics(memorySource({ verdicts: [makeVerdict()] })),
      reachPartial: true,
    };
    const { text } = flowPicture(flowStreams(statistics), statistics, new Map());
    expect(text.slice(text.indexOf('</figcaption>'), text.indexOf('<svg'))).toContain(
      'what is shown here is partial',
    );
  });
});

const POINT: TrendPoint = {
  at: '2026-03-31',
  captured: '2026-03-31',
  toDate: false,
  accounts: 1,
  carriedForward: 0,
  roles: 4,
  error: 0,
  comparableError: 0,
  incompleteAccounts: 0,
  fail: 1,
  failRate: 0.25,
  new: 0,
  resolved: 0,
  severities: { critical: 0, high: 1, medium: 0, low: 0 },
  comparableAccounts: 1,
  comparableRoles: 4,
  comparableFail: 1,
};

describe('the trend', () => {
  it('names each bar by its own period, and joins none across a period without evidence', () => {
    const at = (day: string): TrendPoint => ({ ...POINT, at: day, captured: day });
    const chart = trendChart(['2025-12-31', '2026-01-31', '2026-04-30'].map(at), 'month').text;
    const bars = [...chart.matchAll(/class="bar bar-high" x1="([\d.]+)%"/g)].map(([, x]) => x);
    const labels = [...chart.matchAll(/<text x="([\d.]+)%"[^>]*>([A-Z]\w\w \d{4})</g)];
    expect(labels.map(([, , label]) => label)).toEqual(['Dec 2025', 'Jan 2026', 'Apr 2026']);
    expect(labels.map(([, x]) => x)).toEqual(bars);
    expect(chart.match(/<line class="rate"/g)).toHaveLength(1);
    expect(chart.match(/>no evidence</g)).toHaveLength(1);
  });

  it('does not go from one point to the same', () => {
    expect(trendChart([POINT], 'month').text).toContain(
      'aria-label="On 2026-03-31 failing roles were 1 of 4 (25.0%)."',
    );
  });
});
