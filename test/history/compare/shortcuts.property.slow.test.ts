import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataProblem } from '../../../src/errors.ts';
import { endOfDay } from '../../../src/history/calendar.ts';
import { type DiffSide, diffStore, type LooksBefore } from '../../../src/history/compare/diff.ts';
import { newFindings } from '../../../src/history/compare/gate.ts';
import { openDisagreementTally } from '../../../src/history/completeness/disagreement-tally.ts';
import { trendOf } from '../../../src/history/trend/trend.ts';
import type { AcceptedRisk } from '../../../src/model/exception.ts';
import { TREND_PERIODS } from '../../../src/model/trend.ts';
import type { Evaluated } from '../../../src/model/verdict.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { AT, RULE, roleRecord, verdictOf } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** What the database counts is what comes of looking at every role: random histories, told both ways. */

const folder = temporaryFolder();
let stores = 0;

const ACCOUNTS = ['000000000001', '000000000002'] as const;
const OTHER_RULE = 'TEST.OTHER';
const DAYS = ['01-10', '01-31', '02-03', '03-30'].map((day) => `2026-${day}`);
const POLICIES = ['pass', 'fail', 'fail-alike', 'anyone', 'both', 'undecided', 'own'] as const;
type Policy = (typeof POLICIES)[number];

const reason = fc.constantFrom<(DataProblem | null)[]>(null, null, null, null, 'truncated', 'changes-only');
const role = fc.record({
  roleName: fc.constantFrom('A', 'B', 'C', 'D'),
  roleId: fc.constantFrom('AROA1', 'AROA1', 'AROA1', 'AROA2', ''),
  policy: fc.constantFrom(...POLICIES),
  status: fc.constantFrom<('live' | 'deleted')[]>('live', 'live', 'live', 'live', 'deleted'),
});
const roles = fc.uniqueArray(role, {
  minLength: 2,
  maxLength: 5,
  selector: (one) => one.roleName + one.roleId,
});
/** A file that shows other roles than what stands in `often` only now and then, so that some are seen alike throughout. */
const file = fc.record({
  account: fc.constantFrom(...ACCOUNTS),
  day: fc.constantFrom(...DAYS),
  reason,
  roles: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: roles }),
});
const history = fc.record({
  often: roles,
  files: fc.array(file, { minLength: 3, maxLength: 10 }),
  runs: fc.integer({ min: 1, max: 3 }),
  /** What becomes of the rules at the last run. */
  rules: fc.constantFrom('same', 'reworded', 'one-more'),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

function judged(policy: Policy, account: string, rules: readonly string[]): Evaluated {
  const open = (principal: string) => [
    { statement: 0, sid: null, principal, account: principal, guards: [] },
  ];
  const fails = (principal: string) => ({ verdict: 'fail', paths: open(principal) }) as const;
  const passes = { verdict: 'pass' } as const;
  const outcomes = {
    pass: [passes, passes],
    fail: [fails('999988887777'), passes],
    'fail-alike': [fails('999988886666'), passes],
    anyone: [fails('*'), passes],
    both: [fails('999988887777'), fails('999988887777')],
    undecided: [{ verdict: 'error', reason: 'too-complex' }, fails('999988887777')],
    own: [account === ACCOUNTS[0] ? fails('999988887777') : passes, passes],
  } as const;
  const verdicts = [RULE, OTHER_RULE].map((rule, index) =>
    verdictOf({ rule, ...outcomes[policy][index === 0 ? 0 : 1] }),
  );
  return {
    account: policy === 'own' ? account : '',
    verdicts: verdicts.filter(({ rule }) => rules.includes(rule)),
  };
}

function fill(store: Store, { often, files, runs, rules }: History): void {
  for (let index = 0; index < runs; index++) {
    const isLast = index === runs - 1;
    const asked = rules === 'one-more' && !isLast ? [RULE] : [RULE, OTHER_RULE];
    const digest = rules === 'reworded' && isLast ? 'second' : 'first';
    const run = store.beginRun({
      startedAt: AT,
      asOf: AT,
      toolVersion: '1.2.3',
      rules: asked,
      ruleDigests: { [RULE]: digest, [OTHER_RULE]: digest },
      options: {},
    });
    for (const [place, one] of files.entries()) {
      if (place % runs !== index) continue;
      const { account } = one;
      const capturedAt = `${one.day}T00:00:00Z`;
      const writer = run.evidence();
      for (const { policy, ...given } of one.roles ?? often) {
        const evaluated = given.status === 'deleted' ? null : judged(policy, account, asked);
        writer.add(roleRecord({ ...given, account, capturedAt, policy: JSON.stringify(policy) }), evaluated);
      }
      const complete = one.reason === null;
      writer.finish({
        evidence: { path: `${place}.json`, sha256: `${place}`, bytes: 1, modifiedAt: null },
        format: 'test',
        capturedFrom: 'evidence',
        captures: [{ account, capturedAt, complete, reasons: one.reason === null ? [] : [one.reason] }],
        recordsRead: (one.roles ?? often).length,
        status: 'complete',
        problems: [],
      });
    }
    run.finish('complete', AT);
  }
}

/** Looks at every role. */
function oneByOne(store: Store): Store {
  const { reader } = store;
  return {
    ...store,
    reader: {
      ...reader,
      spanRoles: () => ({ steady: [], others: null }),
      currentPolicies: () => null,
      observedRoles: (book) => reader.observedRoles(book),
    },
  };
}

/** As where the roles that do not stand for others are too many to be named. */
function manyOthers(store: Store): Store {
  const { reader } = store;
  const spanRoles: typeof reader.spanRoles = (book, span, apart) => ({
    ...reader.spanRoles(book, span, apart),
    others: null,
  });
  return { ...store, reader: { ...reader, spanRoles } };
}

const onDay = (day: string): DiffSide => ({ label: day, scope: { kind: 'at', time: endOfDay(day) } });
const LATEST: DiffSide = { label: 'latest', scope: { kind: 'all' } };
const PREVIOUS: LooksBefore = { label: 'previous', scope: { kind: 'previous' } };
const PAIRS: readonly (readonly [DiffSide | LooksBefore, DiffSide])[] = [
  [PREVIOUS, LATEST],
  ...DAYS.flatMap((from, index) => DAYS.slice(index).map((to) => [onDay(from), onDay(to)] as const)),
];

function diffsOf(store: Store): unknown {
  return PAIRS.map(([from, to]) => {
    const { changes, policyLines: _, ...rest } = diffStore(store, from, to);
    // Held, and read once more.
    const { changes: again } = diffStore(store, from, to, { heldChanges: 0 });
    return { ...rest, changes: [...changes], again: [...again] };
  });
}

function trendsOf({ reader }: Store): unknown {
  return TREND_PERIODS.flatMap((by) =>
    [RULE, OTHER_RULE].map((rule) => {
      const disagreements = openDisagreementTally();
      const points = trendOf(reader, { kind: 'all' }, rule, by, disagreements);
      return { points, disagreements: disagreements.reasons() };
    }),
  );
}

const accepted: readonly AcceptedRisk[] = [
  {
    id: 'EX-1',
    rule: RULE,
    account: null,
    role: 'A',
    principals: [],
    principalAccounts: [],
    reason: 'Agreed.',
    expires: '2030-12-31',
    owner: null,
    ticket: null,
  },
];

const gatesOf = (store: Store): unknown =>
  store.listRuns().map(({ id }) => newFindings(store, id, accepted, AT));

describe('one by one, and counted by the database', { timeout: 180_000 }, () => {
  it.each([
    ['diff', diffsOf],
    ['trend', trendsOf],
    ['the gate of new findings', gatesOf],
  ])('%s tells the same', (_, told) => {
    fc.assert(
      fc.property(history, (given) => {
        const store = openStore(join(folder, `${stores++}.db`), { mode: 'write' });
        try {
          fill(store, given);
          const expected = told(oneByOne(store));
          expect(told(store)).toEqual(expected);
          expect(told(manyOthers(store))).toEqual(expected);
        } finally {
          store.close();
        }
      }),
      { numRuns: 20 },
    );
  });
});
