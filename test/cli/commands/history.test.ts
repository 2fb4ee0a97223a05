import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrendPoint } from '../../../src/model/trend.ts';
import { OTHER } from '../../exposure/cases/index.ts';
import { listOf, readBook } from '../../report/xlsx/read-book.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { cli } from '../harness.ts';
import { EVENTS, LATE, MONTHS, POINTS, putYear } from './year.ts';

let folder: string;
let files: readonly string[];
beforeAll(() => {
  folder = temporaryFolder();
  files = putYear(join(folder, 'in'));
});

const db = (name: string): string => join(folder, `${name}.db`);

async function scan(store: string, paths: readonly string[]): Promise<void> {
  const args = ['--db', db(store), '--as-of', '2026-01-01T00:00:00Z', '--quiet'];
  const { exit, stderr } = await cli(['scan', ...paths, ...args]);
  // The cut export of September makes a scan incomplete.
  expect([0, 3], stderr).toContain(exit);
}

interface DiffJson {
  readonly from: string;
  readonly to: string;
  readonly coverage: { readonly accounts: Readonly<Record<string, number>> };
  readonly summary: Readonly<Record<string, number>>;
  readonly changes: readonly Readonly<Record<string, string | null>>[];
}

async function text(...args: string[]): Promise<string> {
  const { exit, stdout, stderr } = await cli(args);
  // The cut export of September stays known to every store that has read it, and says nothing of earlier months.
  const [command, , to = ''] = args;
  const isWhole = args.includes(db('runs')) || (command === 'diff' && to < '2025-09-30');
  expect(exit, stderr).toBe(isWhole ? 0 : 3);
  return stdout;
}

async function diff(store: string, from: string, to: string, ...more: string[]): Promise<DiffJson> {
  return JSON.parse(await text('diff', from, to, '--db', db(store), '--format', 'json', ...more)) as DiffJson;
}

/** All that history has to say: every month against the one before, the whole year, the trends, the report. */
async function told(store: string): Promise<string> {
  const outputs: string[] = [];
  for (const [index, to] of MONTHS.entries()) {
    const from = MONTHS[index - 1] ?? MONTHS[0] ?? '';
    for (const format of ['text', 'json', 'csv', 'html', 'md', 'xlsx']) {
      outputs.push(await text('diff', from, to, '--db', db(store), '--format', format, '--all'));
    }
  }
  for (const by of ['day', 'week', 'month', 'quarter', 'year']) {
    for (const format of ['text', 'json', 'csv', 'html']) {
      outputs.push(await text('trend', '--by', by, '--db', db(store), '--format', format));
    }
  }
  outputs.push(await text('report', '--db', db(store), '--format', 'ndjson', '--status', 'all'));
  return outputs.join('\n');
}

const roleName = (arn: string | null | undefined): string => String(arn).split('/').at(-1) ?? '';

describe('a year of an organisation', () => {
  beforeAll(() => scan('year', [join(folder, 'in')]));

  it.each(MONTHS.slice(1))('diff tells exactly what happened until %s', async (to) => {
    const from = MONTHS[MONTHS.indexOf(to) - 1] ?? '';
    const { changes, summary, ...rest } = await diff('year', from, to);
    expect(rest).toMatchObject({ from, to });
    const events = changes.map((one) =>
      [one['change'], one['cause'], roleName(one['arn']), one['fromVerdict'], one['toVerdict']].join(' '),
    );
    const expected = (EVENTS[to] ?? []).map((event) => event.replaceAll('null', ''));
    expect([...events].sort()).toEqual([...expected].sort());
    const counted = (change: string): number =>
      events.filter((event) => event.startsWith(`${change} `)).length;
    expect(summary).toMatchObject({
      new: counted('new'),
      resolved: counted('resolved'),
      changed: counted('changed'),
      reopened: counted('reopened'),
      notComparable: counted('not-comparable'),
    });
  });

  it('diff says what it covers', async () => {
    const april = await diff('year', '2025-03-31', '2025-04-30');
    expect(april.coverage).toEqual({
      accounts: { both: 2, onlyFrom: 0, onlyTo: 0, carriedForward: 1, incomplete: 0 },
      undecided: { from: 0, to: 0 },
    });
    const june = await diff('year', '2025-05-31', '2025-06-30');
    expect(june.coverage.accounts).toMatchObject({ both: 2, onlyTo: 1, carriedForward: 0 });
    const september = await diff('year', '2025-08-31', '2025-09-30');
    expect(september.coverage.accounts).toMatchObject({ both: 3, incomplete: 1 });
    const shown = await text('diff', '2025-03-31', '2025-04-30', '--db', db('year'));
    expect(shown).toContain(`${OTHER}: captured 2025-03-31T00:00:00Z, 30 days before the end`);
  });

  it('diff keeps the order account, ARN, rule, and has its keys', async () => {
    const { changes } = await diff('year', '2025-01-31', '2025-12-31', '--all');
    const keys = changes.map(({ account, arn, rule }) => `${account} ${arn} ${rule}`);
    expect(keys).toEqual([...keys].sort());
    for (const change of changes) {
      expect(Object.keys(change)).toEqual([
        'change',
        'cause',
        'rule',
        'account',
        'arn',
        'roleId',
        'fromVerdict',
        'toVerdict',
        'accountName',
        'roleName',
        'severity',
        'fromSeverity',
        'toSeverity',
        'direction',
        'fromWho',
        'toWho',
      ]);
    }
    const unchanged = changes.filter(({ change }) => change === 'unchanged').map(({ arn }) => roleName(arn));
    expect(unchanged.sort()).toEqual(['Back', 'Steady', 'Turned', 'Vendor']);
  });

  it('takes bare dates to the end of the day, and times as they are', async () => {
    const before = await diff('year', '2025-02-28', '2025-03-30T23:59:59Z');
    expect(before.to).toBe('2025-03-30T23:59:59Z');
    expect(before.summary).toMatchObject({ resolved: 0 });
    expect(before.coverage.accounts).toMatchObject({ carriedForward: 2 });
    expect((await diff('year', '2025-02-28', '2025-03-31')).summary).toMatchObject({ resolved: 1 });
  });

  it('trend shows exactly these months', async () => {
    const shown = await text('trend', '--by', 'month', '--db', db('year'), '--format', 'json');
    const { points } = JSON.parse(shown) as { points: readonly Readonly<Record<string, number | string>>[] };
    expect(
      points.map((point) => [
        point['accounts'],
        point['carriedForward'],
        point['roles'],
        point['fail'],
        point['new'],
        point['resolved'],
      ]),
    ).toEqual(POINTS);
    expect(points.map(({ at }) => at)).toEqual(MONTHS);
    for (const point of points) {
      expect(point['failRate']).toBe(Number(point['fail']) / Number(point['roles']));
      expect(Object.keys(point)).toEqual([
        'at',
        'accounts',
        'carriedForward',
        'roles',
        'fail',
        'failRate',
        'new',
        'resolved',
        'severities',
        'comparableAccounts',
        'comparableRoles',
        'comparableFail',
        'captured',
        'toDate',
        'error',
        'comparableError',
        'incompleteAccounts',
      ]);
    }
  });

  it('trend counts by severity, like with like, and says what is to date', async () => {
    const of = async (by: string): Promise<readonly TrendPoint[]> => {
      const shown = await text('trend', '--by', by, '--db', db('year'), '--format', 'json');
      return (JSON.parse(shown) as { points: readonly TrendPoint[] }).points;
    };
    const months = await of('month');
    for (const { fail, severities } of months) {
      expect(Object.values(severities).reduce((sum, count) => sum + count)).toBe(fail);
    }
    // The account that comes in June is in no number that is like for like.
    expect(months.map(({ comparableAccounts }) => comparableAccounts)).toEqual(MONTHS.map(() => 2));
    expect(months.at(-1)?.accounts).toBe(3);
    expect(months.at(-1)?.comparableRoles).toBeLessThan(months.at(-1)?.roles ?? 0);
    expect(months.map(({ captured, toDate }) => [captured, toDate])).toEqual(MONTHS.map((at) => [at, false]));
    expect(await of('year')).toMatchObject([{ at: '2025-12-31', accounts: 3, toDate: false }]);

    await scan(
      'part',
      files.filter((path) => path < join(folder, 'in', '2025-09')),
    );
    const shown = await cli(['trend', '--by', 'year', '--db', db('part')]);
    expect(shown.stdout).toMatch(/^2025-12-31\* /m);
    expect(shown.stdout).toContain('* year to date: the newest capture is of 2025-08-31');
    const page = await cli(['trend', '--by', 'quarter', '--db', db('part'), '--format', 'html']);
    expect(page.stdout).toContain('quarter to date');
  });

  it('trend has a point for each period with a capture', async () => {
    const at = async (by: string): Promise<readonly string[]> => {
      const shown = await text('trend', '--by', by, '--db', db('year'), '--format', 'json');
      return (JSON.parse(shown) as { points: readonly { at: string }[] }).points.map((point) => point.at);
    };
    expect(await at('quarter')).toEqual(['2025-03-31', '2025-06-30', '2025-09-30', '2025-12-31']);
    expect(await at('day')).toEqual(MONTHS);
    // 31 January 2025 was a Friday.
    expect((await at('week')).slice(0, 2)).toEqual(['2025-02-02', '2025-03-02']);
  });

  it('a role made anew has a life of its own', async () => {
    const shown = await text('report', '--db', db('year'), '--format', 'json', '--status', 'fail');
    const verdicts = JSON.parse(shown) as readonly Readonly<Record<string, string>>[];
    const lives = Object.fromEntries(
      verdicts.map((one) => [one['roleName'], [one['firstSeen']?.slice(0, 7), one['state']]]),
    );
    expect(lives).toMatchObject({
      Remade: ['2025-09', 'unchanged'],
      Swapped: ['2025-10', 'unchanged'],
      Back: ['2025-01', 'unchanged'],
      Loosened: ['2025-12', 'new'],
      Turned: ['2025-01', 'unchanged'],
    });
  });

  it('counts in every report what diff counts since the look before', async () => {
    const { summary } = await diff('year', 'previous', 'latest');
    expect(await text('diff', 'previous', 'latest', '--db', db('year'))).toMatch(
      /^from previous to latest\n/,
    );
    const sarif = await text('report', '--db', db('year'), '--format', 'sarif');
    const { changes } = (JSON.parse(sarif) as { runs: [{ properties: { changes: object } }] }).runs[0]
      .properties;
    expect(changes).toMatchObject(summary);
    const rows = (await text('report', '--db', db('year'), '--format', 'csv', '--csv-raw')).split('\r\n');
    const ofState = (state: string): number => rows.filter((row) => row.split(',').includes(state)).length;
    for (const state of ['new', 'changed', 'reopened', 'unchanged']) {
      expect([state, ofState(state)]).toEqual([state, summary[state]]);
    }
    const apart = ofState('not-comparable') + ofState('baseline');
    expect(apart).toBe(summary['notComparable']);
    expect(summary['unchanged']).toBeGreaterThan(0);
    expect((await cli(['diff', 'latest', 'previous', '--db', db('year')])).exit).toBe(2);
  });

  it('tells the same whatever the order and grouping of scans', { timeout: 180_000 }, async () => {
    const expected = await told('year');
    const orders = fc.sample(fc.shuffledSubarray([...files], { minLength: files.length }), {
      numRuns: 3,
      seed: 20_251_231,
    });
    for (const [index, order] of orders.entries()) {
      const size = [1, 5, 12][index] ?? 1;
      for (let at = 0; at < order.length; at += size) await scan(`order${index}`, order.slice(at, at + size));
      expect(await told(`order${index}`)).toBe(expected);
    }
  });

  it('compares runs: each with what its files hold', async () => {
    const of = (day: string): readonly string[] => files.filter((path) => path.includes(day));
    await scan('runs', of('2025-05-31'));
    await scan('runs', of('2025-06-30'));
    await scan(
      'runs',
      of('2025-07-31').filter((path) => !path.includes(OTHER)),
    );
    expect(await diff('runs', '1', '2')).toMatchObject({
      from: '1',
      to: '2',
      coverage: { accounts: { both: 2, onlyFrom: 0, onlyTo: 1 } },
      summary: { resolved: 1, notComparable: 2 },
    });
    const { coverage, changes } = await diff('runs', '2', '3');
    expect(coverage.accounts).toEqual({ both: 2, onlyFrom: 1, onlyTo: 0, carriedForward: 0, incomplete: 0 });
    expect(changes.filter(({ account }) => account === OTHER)).toEqual([
      expect.objectContaining({ change: 'not-comparable', cause: 'account-not-covered', toVerdict: null }),
    ]);
    expect(changes.filter(({ account }) => account === LATE)).toEqual([]);
  });
});

describe('diff and trend', () => {
  it.each([
    [['diff', '2025-06-30', '2025-01-31'], /later than/],
    [['diff', 'yesterday', '2025-01-31'], /`yesterday` is not a date, time or run/],
    [['diff', '2025-02-30', '2025-03-01'], /`2025-02-30` is not a date/],
    [['diff', '1', '99'], /no run `99`/],
    [['diff', '2025-01-31'], /not enough/i],
    [['trend', '--by', 'decade'], /by/],
    [['trend', '-o', 'x.xlsx'], /the ending of `x\.xlsx` says no format: give --format, one of text, json/],
    [['trend', '-o', 'x.md'], /the ending of `x\.md` says no format/],
    [['diff', 'previous', 'latest', '-o', 'x.pdf'], /the ending of `x\.pdf` says no format/],
  ])('refuse %j in one line', async (args, message) => {
    const { exit, stdout, stderr } = await cli([...args, '--db', db('year')]);
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });

  it('refuse a date before all evidence, and say what there is', async () => {
    const { exit, stdout, stderr } = await cli(['diff', '2024-12-31', '2025-01-31', '--db', db('year')]);
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      'no account has a capture by `2024-12-31`: the store has captures from 2025-01-31T00:00:00Z to 2025-12-31T00:00:00Z; the nearest is the first of these',
    );
  });

  it.each([
    ['2025-03-31', '2025-03-31'],
    ['2025-03-31', '2025-04-15'],
    ['2025-12-31', '2026-12-31'],
  ])('say that between %s and %s nothing can have changed', async (from, to) => {
    const said = 'both sides rest on the same captures, so no account can have changed';
    for (const format of ['text', 'html', 'md']) {
      const { stdout } = await cli(['diff', from, to, '--db', db('year'), '--format', format]);
      expect(stdout.replaceAll('\n', ' '), format).toContain(said.slice(1));
      expect(stdout.replace(/<[^>]*>|\*/g, ''), format).toContain('Nothing to compare: both sides');
    }
    const { stdout, stderr } = await cli(['diff', from, to, '--db', db('year'), '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ changes: [] });
    expect(stderr).toContain(said);
    expect(stderr).toContain('the store has captures from 2025-01-31T00:00:00Z to 2025-12-31T00:00:00Z');
  });

  it('say which captures stand for a date that is later than all', async () => {
    const { stdout, exit } = await cli(['diff', '2025-11-30', '2026-06-01', '--db', db('year')]);
    expect(exit).toBe(3);
    expect(stdout).toContain('2026-06-01 is later than the newest capture, which is of 2025-12-31T00:00:00Z');
    const { stdout: same } = await cli(['diff', '2025-11-30', '2025-12-31', '--db', db('year')]);
    expect(same).not.toContain('is later than');
  });

  it('are in a workbook as in JSON', async () => {
    const file = join(folder, 'changes.xlsx');
    const args = ['diff', '2025-01-31', '2025-12-31', '--db', db('year')];
    const { exit, stderr } = await cli([...args, '--format', 'xlsx', '-o', file]);
    const json = JSON.parse((await cli([...args, '--format', 'json'])).stdout) as DiffJson;
    expect({ exit, stderr }).toMatchObject({ exit: 3, stderr: expect.stringMatching(/^incomplete/) });
    const arns = listOf(await readBook(readFileSync(file)), 'Changes').map(({ ARN }) => ARN);
    expect(arns.toSorted()).toEqual(json.changes.map(({ arn }) => arn).toSorted());
    expect(arns.length).toBeGreaterThan(0);
  });

  it('fit a terminal of 80 columns and put the worst first', async () => {
    const { stdout } = await cli(['diff', '2025-01-31', '2025-12-31', '--db', db('year')]);
    const lines = stdout.split('\n').filter((line) => !line.startsWith('Evidence incomplete'));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const headings = lines.flatMap((line) => /^([A-Z][a-z ,]+) \(\d+\)$/.exec(line)?.[1] ?? []);
    const order = [
      'New or reopened, and critical',
      'New',
      'Reopened',
      'Changed',
      'Resolved',
      'Not comparable',
    ];
    expect(headings.length).toBeGreaterThan(2);
    expect(headings).toEqual(order.filter((one) => headings.includes(one)));
  });

  it('are empty on a store without evidence of accounts', async () => {
    const { exit } = await cli([
      'scan',
      join(import.meta.dirname, 'year.ts'),
      '--db',
      db('empty'),
      '--quiet',
    ]);
    expect(exit).toBe(3);
    expect(await diff('empty', '2025-01-31', '2025-12-31')).toMatchObject({ changes: [] });
    expect(JSON.parse(await text('trend', '--db', db('empty'), '--format', 'json'))).toEqual({
      evidence: null,
      points: [],
    });
    expect(await text('trend', '--db', db('empty'), '--format', 'html')).toContain('no capture');
    expect(await text('diff', '2025-01-31', '2025-12-31', '--db', db('empty'))).toContain(
      'the store holds no capture of an account, so there is nothing to compare'.slice(1),
    );
  });
});
