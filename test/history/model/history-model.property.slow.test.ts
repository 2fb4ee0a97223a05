import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diff, DiffChange } from '../../../src/history/compare/diff.ts';
import type { TrendPoint } from '../../../src/model/trend.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { cli } from '../../cli/harness.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import type { EvidenceFile, Source } from './evidence.ts';
import { type Difference, diffOf, reportAt, standingAt, trendOf } from './index.ts';
import { filesOf, TIMES, worlds } from './random-histories.ts';
import { changeOf, pointOf, rowsOfNdjson, storeOf, toldDiff, toldRows, toldTrend } from './told.ts';

/**
 * The program against the model: random histories as real files, read in two orders and groupings of scans.
 * The limits of time (ms) hold for looking for a smaller one that fails, too. To try more of them by hand, or one that failed (`seed` and `path` as fast-check prints them), change these.
 */
const FUNCTIONS = { numRuns: 25, interruptAfterTimeLimit: 25_000 };
const COMMANDS = { numRuns: 4, interruptAfterTimeLimit: 10_000 };

const fresh = (): string => join(temporaryFolder(), 'in');

/** Files of a history, at least one, the same in another order, and over how many scans these are read. */
const histories = worlds
  .map(filesOf)
  .filter((files) => files.length > 0)
  .chain((files) =>
    fc.record({
      files: fc.constant(files),
      shuffled: fc.shuffledSubarray([...files], { minLength: files.length }),
      scans: fc.integer({ min: 1, max: 4 }),
      [fc.toStringMethod]: fc.constant(() => `\n${shown(sourcesOf(files))}`),
    }),
  );

const momentsOf = (sources: readonly Source[]): readonly string[] =>
  TIMES.filter((time) => sources.some(({ at }) => at === time));

function pairsOf(sources: readonly Source[]): readonly (readonly [from: string, to: string])[] {
  const moments = momentsOf(sources);
  return moments.flatMap((to, index) => moments.slice(0, index + 1).map((from) => [from, to] as const));
}

const sourcesOf = (files: readonly EvidenceFile[]): readonly Source[] => files.map(({ source }) => source);

/** For people who read what failed. */
const shown = (sources: readonly Source[]): string =>
  sources
    .map(({ account, at, claims, shows, gone }) => {
      const roles = shows
        .filter(({ name }) => !name.includes('/'))
        .map((one) => `${one.name}:${one.id}:${one.policy}`);
      return [account, at, claims, ...roles, ...gone.map(({ name, id }) => `gone ${name}:${id}`)].join(' ');
    })
    .sort()
    .join('\n');

type ToldDiff = Pick<ReturnType<typeof toldDiff>, 'coverage' | 'changes'> & { readonly summary: object };

function expectDiff(told: ToldDiff, sources: readonly Source[], from: string, to: string): void {
  const expected = diffOf(sources, from, to);
  const label = `diff ${from} ${to}\n${shown(sources)}`;
  const changes = told.changes.map((change, index) => comparable(change, expected.changes[index]));
  expect(changes, label).toEqual(
    expected.changes.map(({ causes: _, ...change }) => ({ rule: 'D9.AWS.IAM.99', ...change })),
  );
  const count = (kind: Difference['change']): number =>
    expected.changes.filter(({ change }) => change === kind).length;
  expect(told.summary, label).toEqual({
    new: count('new'),
    resolved: count('resolved'),
    changed: count('changed'),
    reopened: count('reopened'),
    unchanged: count('unchanged'),
    notComparable: count('not-comparable'),
  });
  expect(told.coverage, label).toEqual(expected.coverage);
}

/** A change without what the model leaves open of it. */
function comparable(change: ToldDiff['changes'][number], expected: Difference | undefined): object {
  const { cause, ...rest } = change;
  return { ...rest, ...(expected?.causes.includes(cause) ? {} : { cause }) };
}

function withStore(db: string, use: (store: Store) => void): void {
  const store = openStore(db, { mode: 'read' });
  try {
    use(store);
  } finally {
    store.close();
  }
}

function expectAll(db: string, sources: readonly Source[]): void {
  withStore(db, (store) => {
    expect(toldRows(store), `report\n${shown(sources)}`).toEqual(reportAt(sources, '9999'));
    for (const at of momentsOf(sources)) {
      expect(toldRows(store, at), `report --at ${at}\n${shown(sources)}`).toEqual(reportAt(sources, at));
    }
    for (const [from, to] of pairsOf(sources)) expectDiff(toldDiff(store, from, to), sources, from, to);
    expect(toldTrend(store), `trend\n${shown(sources)}`).toEqual(trendOf(sources));
  });
}

describe('what stands and what is told', { timeout: 120_000 }, () => {
  it('is what the model says, whatever the order of files and scans', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ files, shuffled, scans }) => {
        expectAll(await storeOf(fresh(), files), sourcesOf(files));
        expectAll(await storeOf(fresh(), shuffled, scans), sourcesOf(files));
      }),
      FUNCTIONS,
    );
  });

  it('is what the commands say, and their exit codes', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ files, scans }) => {
        const sources = sourcesOf(files);
        await expectCommands(await storeOf(fresh(), files, scans), sources);
      }),
      COMMANDS,
    );
  });
});

async function command(...args: string[]): Promise<{ readonly exit: number; readonly stdout: string }> {
  const { exit, stdout, stderr } = await cli(args);
  expect([0, 3], `${args.join(' ')}: ${stderr}`).toContain(exit);
  return { exit, stdout };
}

async function expectCommands(db: string, sources: readonly Source[]): Promise<void> {
  const report = await command('report', '--db', db, '--format', 'ndjson', '--status', 'all');
  expect(rowsOfNdjson(report.stdout), shown(sources)).toEqual(reportAt(sources, '9999'));
  const standing = standingAt(sources, '9999');
  const doubtful = standing.some(({ disputed, verdict }) => disputed || verdict === 'error');
  const whole = sources.every(({ claims }) => claims === 'all');
  if (doubtful || whole) expect(report.exit, shown(sources)).toBe(doubtful ? 3 : 0);

  const isDisputed = (moment: string): boolean =>
    standingAt(sources, moment).some(({ disputed }) => disputed);
  const isUndecided = (moment: string): boolean =>
    standingAt(sources, moment).some(({ verdict }) => verdict === 'error');
  for (const at of momentsOf(sources).slice(-2)) {
    const then = await command('report', '--db', db, '--at', at, '--format', 'ndjson', '--status', 'all');
    expect(rowsOfNdjson(then.stdout), shown(sources)).toEqual(reportAt(sources, at));
    if (isDisputed(at)) expect(then.exit, shown(sources)).toBe(3);
  }
  for (const [from, to] of pairsOf(sources).slice(-4)) {
    const { exit, stdout } = await command('diff', from, to, '--db', db, '--format', 'json', '--all');
    const { coverage, summary, changes, evidence } = JSON.parse(stdout) as Pick<
      Diff,
      'coverage' | 'summary'
    > & {
      readonly changes: readonly DiffChange[];
      readonly evidence: { readonly complete: boolean; readonly reasons: readonly string[] };
    };
    const told = changes.map(changeOf);
    expectDiff({ coverage: coverage.accounts, summary, changes: told }, sources, from, to);
    const doubts = [from, to].some((at) => isDisputed(at) || isUndecided(at));
    if (doubts) expect(exit, `diff ${from} ${to}\n${shown(sources)}`).toBe(3);
    expect(evidence.reasons.length > 0, `diff ${from} ${to}\n${shown(sources)}`).toBe(exit === 3);
  }
  const { exit, stdout } = await command('trend', '--by', 'day', '--db', db, '--format', 'json');
  const { points } = JSON.parse(stdout) as { points: readonly TrendPoint[] };
  expect(points.map(pointOf)).toEqual(trendOf(sources));
  const lacks = points.some(({ error, incompleteAccounts }, index) => {
    return error > 0 || (incompleteAccounts > 0 && index < points.length - 1);
  });
  if (lacks) expect(exit, `trend\n${shown(sources)}`).toBe(3);
}
