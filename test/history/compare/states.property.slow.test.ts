import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataProblem } from '../../../src/errors.ts';
import { type DiffChange, diffStore } from '../../../src/history/compare/diff.ts';
import { openReport, type Report } from '../../../src/history/report/report.ts';
import { settleExposures } from '../../../src/history/report/settle-exposures.ts';
import type { Outcome } from '../../../src/model/exposure.ts';
import type { ChangeCounts } from '../../../src/model/trend.ts';
import type { FindingState, VerdictObject } from '../../../src/model/verdict.ts';
import { renderCsv } from '../../../src/report/csv/index.ts';
import { renderHtml } from '../../../src/report/html/index.ts';
import { renderMarkdown } from '../../../src/report/markdown/index.ts';
import { renderOcsf } from '../../../src/report/ocsf/index.ts';
import { renderSarif } from '../../../src/report/sarif/index.ts';
import { STATE_LABEL, STATES } from '../../../src/report/shared/labels.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { readCsv } from '../../report/csv/read-csv.ts';
import { pageData } from '../../report/page-data.ts';
import { RULES } from '../../report/sample-source.ts';
import { renderToString } from '../../report/sink.ts';
import { AT, RULE, roleRecord, verdictOf } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { expectSettledFindings } from '../report/settled-findings.ts';

const folder = temporaryFolder();
let stores = 0;

const ACCOUNTS = ['000000000001', '000000000002'] as const;
const USER_RULE = 'U.1';
const TIMES = ['01-10T00', '01-10T12', '01-31T00', '02-03T00', '02-03T12', '03-30T00'].map(
  (time) => `2026-${time}:00:00`,
);
/** By their nature these leave no doubt about what they do not show. */
const SELECTIONS: readonly (DataProblem | null)[] = ['changes-only', 'partial-inventory'];

const reason = fc.constantFrom<(DataProblem | null)[]>(
  null,
  null,
  null,
  'truncated',
  'changes-only',
  'partial-inventory',
);
const role = fc.record({
  roleName: fc.constantFrom('A', 'B', 'C'),
  roleId: fc.constantFrom('AROA1', 'AROA1', 'AROA2', ''),
  policy: fc.constantFrom('{"pass":1}', '{"fail":1}', '{"fail":1}', '{"fail":2}', null),
  status: fc.constantFrom<('live' | 'deleted')[]>('live', 'live', 'live', 'deleted'),
});
const user = fc.record({
  name: fc.constantFrom('ann', 'bob'),
  outcome: fc.constantFrom<(Outcome | null)[]>('pass', 'fail', 'fail', 'error', null),
});
const capture = fc.record({
  account: fc.constantFrom(...ACCOUNTS),
  time: fc.constantFrom(...TIMES),
  reason,
  roles: fc.uniqueArray(role, { maxLength: 4, selector: (one) => one.roleName + one.roleId }),
  users: fc.option(
    fc.record({ reason, list: fc.uniqueArray(user, { maxLength: 2, selector: (one) => one.name }) }),
  ),
});
type Capture = typeof capture extends fc.Arbitrary<infer T> ? T : never;
/** Captures in the order they are scanned; the later part by another text of the rules. */
const history = fc.record({
  captures: fc.uniqueArray(capture, {
    minLength: 1,
    maxLength: 9,
    selector: (one) => one.account + one.time,
  }),
  runs: fc.integer({ min: 1, max: 3 }),
  reworded: fc.boolean(),
});

function fill(
  store: Store,
  { captures, runs, reworded }: typeof history extends fc.Arbitrary<infer T> ? T : never,
) {
  for (let index = 0; index < runs; index++) {
    const digest = reworded && index === runs - 1 ? 'second' : 'first';
    const run = store.beginRun({
      startedAt: AT,
      asOf: AT,
      toolVersion: '1.2.3',
      rules: [RULE, USER_RULE],
      ruleDigests: { [RULE]: digest, [USER_RULE]: digest },
      furtherRules: [
        {
          metadata: { ...RULES[0], id: USER_RULE } as (typeof RULES)[number],
          kind: 'IamUser',
          unjudged: null,
        },
      ],
      options: {},
    });
    for (const one of captures.filter((_, place) => place % runs === index)) {
      const { account, time, roles, users } = one;
      const capturedAt = `${time}Z`;
      const writer = run.evidence();
      for (const { policy, ...given } of roles) {
        const trust =
          policy === null
            ? ({ state: 'undecodable', reason: 'damaged' } as const)
            : ({ state: 'document', text: policy } as const);
        writer.add(
          roleRecord({ ...given, account, capturedAt, trust }),
          given.status === 'deleted' ? null : { account: '', verdicts: [judged(policy)] },
        );
      }
      for (const { name, outcome } of users?.list ?? []) {
        const arn = `arn:aws:iam::${account}:user/${name}`;
        const more = { partition: 'aws', detail: {}, unreadable: [], version: '', offset: 0, pointer: '' };
        const verdicts = outcome === null ? [] : [verdictOf({ rule: USER_RULE, verdict: outcome })];
        const text = outcome === null ? '{}' : JSON.stringify({ [USER_RULE]: { outcome, digest } });
        writer.entity(
          { type: 'IamUser', account, arn, name, id: `AIDA${name}`, status: 'live', capturedAt, ...more },
          { text, verdicts },
        );
      }
      if (users !== null) writer.entityCapture('IamUser', claim(account, capturedAt, users.reason));
      const path = `${account} ${time}.json`;
      writer.finish({
        evidence: { path, sha256: path, bytes: 1, modifiedAt: null },
        format: 'test',
        capturedFrom: 'evidence',
        captures: [claim(account, capturedAt, one.reason)],
        recordsRead: roles.length,
        status: 'complete',
        problems: [],
      });
    }
    run.finish('complete', AT);
  }
}

const claim = (account: string, capturedAt: string, why: DataProblem | null) => ({
  account,
  capturedAt,
  complete: why === null,
  reasons: why === null ? [] : [why],
});

function judged(policy: string | null) {
  if (policy === null) return verdictOf({ verdict: 'error', literal: 'error', reason: 'damaged' });
  if (policy.includes('pass')) return verdictOf({});
  const account = policy.includes('2') ? '999988887777' : '*';
  const paths = [{ statement: 0, sid: null, principal: account, account, guards: [] }];
  return verdictOf({ verdict: 'fail', literal: 'fail', paths });
}

interface Moment {
  readonly time: string;
  readonly reason: DataProblem | null;
}

/** The look before the last of these, worked out as docs/history.md has it; null when there is none. */
function lookBefore(moments: readonly Moment[]): string | null {
  const sorted = [...moments].sort((a, b) => (a.time < b.time ? -1 : 1));
  let complete = false;
  const looks = sorted.map((one) => {
    if (one.reason === null) complete = true;
    else if (!SELECTIONS.includes(one.reason)) complete = false;
    return { time: one.time, complete };
  });
  const last = looks.pop();
  const whole = looks.filter((look) => look.complete);
  const chosen =
    whole.findLast((look) => look.time.slice(0, 10) < (last?.time ?? '').slice(0, 10)) ??
    whole.at(-1) ??
    looks.at(-1);
  return chosen?.time ?? null;
}

/** What `diff` says between two times of each account, and of its users, the plain way. */
function expectedChanges(store: Store, captures: readonly Capture[]): (DiffChange & { baseline: boolean })[] {
  const side = (time: string) => ({ label: time, scope: { kind: 'at', time } }) as const;
  return ACCOUNTS.flatMap((account) => {
    const own = captures.filter((one) => one.account === account);
    const books: readonly (readonly [rule: string, moments: readonly Moment[]])[] = [
      [RULE, own],
      [USER_RULE, own.flatMap(({ time, users }) => (users === null ? [] : [{ time, reason: users.reason }]))],
    ];
    return books.flatMap(([rule, moments]) => {
      const to = moments
        .map(({ time }) => time)
        .sort()
        .at(-1);
      if (to === undefined) return [];
      const from = lookBefore(moments);
      const { changes } = diffStore(store, side(from ?? '2000-01-01'), side(to), { all: true });
      return [...changes]
        .filter((change) => change.account === account && change.rule === rule)
        .map((change) => ({ ...change, baseline: from === null }));
    });
  });
}

const keyOf = (one: { rule: string; account: string; arn: string; roleId: string }): string =>
  `${one.rule} ${one.account} ${one.arn} ${one.roleId}`;

type Counts = Record<FindingState, number>;

function countOf(states: readonly unknown[]): Counts {
  return Object.fromEntries(
    STATES.map((state) => [state, states.filter((one) => one === state).length]),
  ) as Counts;
}

function countsOf(changes: readonly (DiffChange & { baseline: boolean })[]): ChangeCounts {
  const count = (change: DiffChange['change']): number =>
    changes.filter((one) => one.change === change).length;
  return {
    new: count('new'),
    resolved: count('resolved'),
    changed: count('changed'),
    reopened: count('reopened'),
    unchanged: count('unchanged'),
    notComparable: count('not-comparable'),
    baseline: changes.filter((one) => one.baseline).length,
  };
}

function withStore<T>(use: (store: Store) => T): T {
  const store = openStore(join(folder, `${stores++}.db`), { mode: 'write' });
  try {
    return use(store);
  } finally {
    store.close();
  }
}

const findingsOf = (report: Report): readonly VerdictObject[] =>
  [...report.verdicts({ outcomes: ['fail', 'error'] })].map(({ object }) => object);

describe('the states of findings', { timeout: 180_000 }, () => {
  it('are what diff says between the look before and the present one of each account', () => {
    fc.assert(
      fc.property(history, (given) => {
        withStore((store) => {
          fill(store, given);
          const report = openReport(store, { asOf: AT });
          const changes = expectedChanges(store, given.captures);
          const expected = countsOf(changes);
          expect(report.changes()).toEqual(expected);
          const previous = { label: '', scope: { kind: 'previous' } } as const;
          const diff = diffStore(store, previous, { label: '2026-04-01', scope: { kind: 'all' } });
          expect({ ...diff.summary, baseline: diff.baseline }).toEqual(expected);

          const objects = findingsOf(report);
          const byKey = new Map(changes.map((change) => [keyOf(change), change]));
          for (const object of objects) {
            const change = byKey.get(keyOf(object));
            if (object.verdict === 'fail') expect(change).toBeDefined();
            const state = change === undefined || change.change === 'resolved' ? null : change.change;
            expect(object.state).toBe(change?.baseline === true ? 'baseline' : state);
          }
          const counts = countOf(objects.map(({ state }) => state));
          expect(counts).toMatchObject({
            new: expected.new,
            changed: expected.changed,
            reopened: expected.reopened,
            unchanged: expected.unchanged,
            baseline: expected.baseline,
          });
          expect(counts['not-comparable']).toBeLessThanOrEqual(expected.notComparable - expected.baseline);
          settleExposures(store);
          expectSettledFindings(store);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('of a run are what diff says since the looks before those of its evidence', () => {
    fc.assert(
      fc.property(history, (given) => {
        withStore((store) => {
          fill(store, given);
          for (const { id } of store.listRuns()) {
            const report = openReport(store, { asOf: AT, run: id });
            const previous = { label: '', scope: { kind: 'previous' } } as const;
            const to = { label: '2026-04-01', scope: { kind: 'run', run: id } } as const;
            const { summary, baseline } = diffStore(store, previous, to);
            expect(report.changes()).toEqual({ ...summary, baseline });
            const counts = countOf(findingsOf(report).map(({ state }) => state));
            const { new: fresh, changed, reopened, unchanged } = summary;
            expect(counts).toMatchObject({ new: fresh, changed, reopened, unchanged, baseline });
          }
        });
      }),
      { numRuns: 12 },
    );
  });

  it('are the same numbers in every format', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (given) => {
        const store = openStore(join(folder, `${stores++}.db`), { mode: 'write' });
        try {
          fill(store, given);
          await expectSameNumbers(openReport(store, { asOf: AT }));
        } finally {
          store.close();
        }
      }),
      { numRuns: 10 },
    );
  });
});

async function expectSameNumbers(report: Report): Promise<void> {
  const changes = report.changes();
  const counts = countOf(findingsOf(report).map(({ state }) => state));

  const [header = [], ...rows] = readCsv(await renderToString(renderCsv, report));
  expect(countOf(rows.map((row) => row[header.indexOf('state')]))).toEqual(counts);

  const sarif = JSON.parse(await renderToString(renderSarif, report)) as {
    runs: [
      { results: { baselineState?: string; properties: { state: string | null } }[]; properties: unknown },
    ];
  };
  const { results, properties } = sarif.runs[0];
  expect(countOf(results.map((one) => one.properties.state))).toEqual(counts);
  const inBaseline = (state: string): number => results.filter((one) => one.baselineState === state).length;
  expect(inBaseline('new')).toBe(changes.new);
  expect(inBaseline('unchanged')).toBe(changes.unchanged);
  expect(inBaseline('updated')).toBe(changes.changed + changes.reopened);
  expect(properties).toMatchObject({ changes });

  const ocsf = (await renderToString(renderOcsf, report)).split('\n').filter((line) => line !== '');
  const events = ocsf.map((line) => JSON.parse(line) as { unmapped: { state: string | null } });
  expect(countOf(events.map(({ unmapped }) => unmapped.state))).toEqual(counts);

  const markdown = await renderToString(renderMarkdown, report);
  const html = await renderToString(renderHtml, report);
  const card = /<aside class="changes"[\s\S]*?<\/aside>/.exec(html)?.[0] ?? '';
  const told = [
    ...STATES.map((state) => [STATE_LABEL[state], counts[state]] as const),
    ['Resolved', changes.resolved] as const,
  ];
  for (const [label, count] of told) {
    expect(markdown).toContain(`| ${label} | ${count} |`);
    // The page leaves out what there is none of.
    const shown = new RegExp(`<dt>${label}</dt><dd>(?:<a [^>]*>)?(\\d+)<`).exec(card)?.[1];
    expect(Number(shown ?? 0)).toBe(count);
  }
  const elsewhere = changes.notComparable - counts.baseline - counts['not-comparable'];
  if (elsewhere > 0) {
    expect(markdown).toContain(`| Not comparable any more | ${elsewhere} |`);
    expect(card).toContain(`${elsewhere} more`);
  }

  const listed = pageData(html).flatMap((line) =>
    line.kind === 'findings' ? line.columns.state.map((index) => STATES[index] ?? null) : [],
  );
  expect(countOf(listed)).toEqual(counts);
}
