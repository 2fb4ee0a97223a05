import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataProblem } from '../../../src/errors.ts';
import { endOfDay, periodEnd } from '../../../src/history/calendar.ts';
import { type Diff, diffStore } from '../../../src/history/compare/diff.ts';
import { rolesByArn } from '../../../src/history/look/arn-roles.ts';
import { currentRoles } from '../../../src/history/look/current-roles.ts';
import { judgeOf, worstOf } from '../../../src/history/look/judge.ts';
import { trendOf } from '../../../src/history/trend/trend.ts';
import { TREND_PERIODS, type TrendPeriod } from '../../../src/model/trend.ts';
import { openStore, type Store, type StoreReader } from '../../../src/store/index.ts';
import { RULE, roleRecord, scan, type TestFile } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
let stores = 0;

// Days of several weeks and months of two quarters; on one there are two captures.
const DAYS = ['01-10', '01-11', '01-31', '02-03', '03-30', '04-02'].map((day) => `2026-${day}`);
const accounts = ['000000000001', '000000000002'];

const role = fc.record({
  roleName: fc.constantFrom('A', 'B'),
  roleId: fc.constantFrom('AROA1', 'AROA1', 'AROA2', ''),
  policy: fc.constantFrom('{"pass":1}', '{"fail":1}', '{"fail":2}'),
  status: fc.constantFrom<('live' | 'deleted')[]>('live', 'live', 'live', 'deleted'),
});
const capture = (reasons: readonly (DataProblem | null)[]) =>
  fc.record({
    account: fc.constantFrom(...accounts),
    day: fc.constantFrom(...DAYS),
    hour: fc.constantFrom('00', '12'),
    reason: fc.constantFrom(...reasons),
    roles: fc.uniqueArray(role, { maxLength: 4, selector: (one) => one.roleName + one.roleId }),
  });
type Capture = ReturnType<typeof capture> extends fc.Arbitrary<infer T> ? T : never;
const history = (reasons: readonly (DataProblem | null)[]) =>
  fc.uniqueArray(capture(reasons), {
    minLength: 1,
    maxLength: 9,
    selector: (one) => `${one.account} ${one.day} ${one.hour}`,
  });

function fileOf(one: Capture): TestFile {
  const capturedAt = `${one.day}T${one.hour}:00:00Z`;
  const { account, reason } = one;
  return {
    path: `${account} ${capturedAt}.json`,
    captures: [{ account, capturedAt, complete: reason === null, reasons: reason === null ? [] : [reason] }],
    records: one.roles.map((each) => roleRecord({ ...each, account, capturedAt })),
  };
}

function withStore<T>(groups: readonly (readonly TestFile[])[], use: (store: Store) => T): T {
  const store = openStore(join(folder, `${stores++}.db`), { mode: 'write' });
  try {
    for (const files of groups) scan(store, files);
    return use(store);
  } finally {
    store.close();
  }
}

const side = (day: string) => ({ label: day, scope: { kind: 'at', time: endOfDay(day) } }) as const;
const diff = (store: Store, from: string, to: string): Diff =>
  diffStore(store, side(from), side(to), { all: true });

function told(store: Store): string {
  const diffs = DAYS.flatMap((from, index) =>
    DAYS.slice(index).map((to) => {
      const { changes, ...rest } = diff(store, from, to);
      // How the store numbers policies hangs on the order.
      return { ...rest, changes: [...changes].map(({ fromPolicy: _, toPolicy: __, ...one }) => one) };
    }),
  );
  const trends = TREND_PERIODS.map((by) => trendOf(store.reader, { kind: 'all' }, RULE, by));
  return JSON.stringify([diffs, trends]);
}

/** Roles and failing ones at the end of a day, worked out look by look. */
function countAt(store: Store, day: string): { roles: number; fail: number } {
  const count = { roles: 0, fail: 0 };
  for (const moment of store.reader.accountLooks(side(day).scope)) {
    const judge = judgeOf(store.reader, moment.account, RULE);
    for (const group of rolesByArn(store.reader, moment.account)) {
      for (const current of currentRoles(group, moment)) {
        count.roles++;
        if (judge(worstOf(current, judge), current)?.verdict === 'fail') count.fail++;
      }
    }
  }
  return count;
}

const ANY: readonly (DataProblem | null)[] = [null, null, 'truncated', 'changes-only'];

describe('diff and trend', { timeout: 180_000 }, () => {
  it('tell the same whatever the order and grouping of scans', () => {
    fc.assert(
      fc.property(history(ANY), fc.gen(), (captures, gen) => {
        const files = captures.map(fileOf);
        const expected = withStore([files], told);
        const order = gen(fc.shuffledSubarray, files, { minLength: files.length });
        expect(
          withStore(
            order.map((file) => [file]),
            told,
          ),
        ).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('account for every finding: none appears or goes without being told', () => {
    fc.assert(
      fc.property(history(ANY), fc.constantFrom(...DAYS), fc.constantFrom(...DAYS), (captures, a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        withStore([captures.map(fileOf)], (store) => {
          const changes = [...diff(store, from, to).changes];
          const failing = (key: 'fromVerdict' | 'toVerdict'): number =>
            changes.filter((change) => change[key] === 'fail').length;
          const unknown = changes.filter(({ cause }) => cause === 'incomplete-evidence').length;
          // What is not known is told as such, so a report may list more than the comparison vouches for.
          expect(countAt(store, from).fail - failing('fromVerdict')).toBeLessThanOrEqual(unknown);
          expect(countAt(store, from).fail - failing('fromVerdict')).toBeGreaterThanOrEqual(0);
          expect(countAt(store, to).fail - failing('toVerdict')).toBeLessThanOrEqual(unknown);
          expect(countAt(store, to).fail - failing('toVerdict')).toBeGreaterThanOrEqual(0);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('say of findings that the database counts what comparing them one by one says', () => {
    fc.assert(
      fc.property(history(ANY), fc.constantFrom(...DAYS), fc.constantFrom(...DAYS), (captures, a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        withStore([captures.map(fileOf)], (store) => {
          const one = diff(store, from, to);
          const counted = diffStore(store, side(from), side(to));
          expect(counted.summary).toEqual(one.summary);
          expect([...counted.changes]).toEqual(
            [...one.changes].filter((each) => each.change !== 'unchanged'),
          );
          const oneByOne: StoreReader = {
            ...store.reader,
            spanRoles: () => ({ steady: [], others: null }),
            observedRoles: (book) => store.reader.observedRoles(book),
          };
          for (const by of TREND_PERIODS) {
            const trend = trendOf(store.reader, { kind: 'all' }, RULE, by);
            expect(trend).toEqual(trendOf(oneByOne, { kind: 'all' }, RULE, by));
          }
        });
      }),
      { numRuns: 60 },
    );
  });

  it('agree where all evidence is complete, and the numbers add up', () => {
    fc.assert(
      fc.property(history([null]), fc.constantFrom<TrendPeriod[]>(...TREND_PERIODS), (captures, by) => {
        withStore([captures.map(fileOf)], (store) => {
          const points = trendOf(store.reader, { kind: 'all' }, RULE, by);
          expect(points.map(({ at }) => at)).toEqual(
            [...new Set(captures.map(({ day }) => periodEnd(day, by)))].sort(),
          );
          for (const [index, point] of points.entries()) {
            expect(point).toMatchObject(countAt(store, point.at));
            const before = points[index - 1];
            if (before === undefined) {
              expect([point.new, point.resolved, point.carriedForward]).toEqual([0, 0, 0]);
              continue;
            }
            const { summary, coverage } = diff(store, before.at, point.at);
            expect(point.new).toBe(summary.new + summary.reopened);
            expect(point.resolved).toBe(summary.resolved);
            expect(point.accounts).toBe(coverage.accounts.both + coverage.accounts.onlyTo);
            expect(point.carriedForward).toBe(coverage.accounts.carriedForward);
            expect(point.fail - before.fail).toBe(point.new - point.resolved + summary.notComparable);
          }
        });
      }),
      { numRuns: 30 },
    );
  });

  it('count every event once in a trend, also around incomplete evidence', () => {
    fc.assert(
      fc.property(history(['truncated', null, null]), (captures) => {
        // One account with a complete capture to begin with, so that it is covered throughout.
        const [first] = accounts;
        const own = captures.map((one) => ({ ...one, account: first ?? '' }));
        const files = [
          ...new Map(own.map((one) => [`${one.day} ${one.hour}`, fileOf(one)])).values(),
          fileOf({ account: first ?? '', day: '2026-01-01', hour: '00', reason: null, roles: [] }),
        ];
        withStore([files], (store) => {
          const points = trendOf(store.reader, { kind: 'all' }, RULE, 'day');
          const sum = points.reduce((all, point) => all + point.new - point.resolved, 0);
          expect(sum).toBe(points.at(-1)?.fail);
        });
      }),
      { numRuns: 30 },
    );
  });
});
