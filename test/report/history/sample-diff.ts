import { type ChangeGroups, ChangeGroupTally } from '../../../src/history/compare/change-groups.ts';
import type { DiffChange } from '../../../src/history/compare/diff.ts';
import type { SideUndecided, ToldDiff } from '../../../src/history/report/sides.ts';
import type { Completeness } from '../../../src/model/completeness.ts';
import type { TrendPoint } from '../../../src/model/trend.ts';
import type { HistoryOptions } from '../../../src/report/format.ts';
import { HOSTILE } from '../hostile-source.ts';
import { memorySource, SHA } from '../sample-source.ts';

const NASTY = '</style><script>window.pwned=1</script>"} body { display: none } \\';
/** With a title that would like to be more. */
export const OPTIONS: HistoryOptions = {
  csv: {},
  heading: { title: `Third quarter ${NASTY}`, client: `Crane ${NASTY}`, preparedBy: 'Audit & Sons' },
  evidenceDigest: SHA,
};

export const EVIDENCE = { from: '2026-01-05T00:00:00Z', to: '2026-03-30T12:00:00Z' };

export const change = (changes: Partial<DiffChange> = {}): DiffChange => ({
  change: 'new',
  cause: 'role-created',
  rule: 'D9.AWS.IAM.99',
  account: '111122223333',
  arn: 'arn:aws:iam::111122223333:role/Partner',
  roleId: 'AROAEXAMPLE0000000000',
  fromVerdict: null,
  toVerdict: 'fail',
  accountName: null,
  roleName: 'Partner',
  severity: 'high',
  fromSeverity: null,
  toSeverity: 'high',
  direction: 'worse',
  fromWho: [],
  toWho: [{ account: '444455556666', name: 'Example Vendor', relation: 'third-party' }],
  fromPolicy: null,
  toPolicy: 1,
  ...changes,
});

/** So many that could not be decided. */
export const roles = (count: number, isAll = false): SideUndecided => ({ count, what: 'role', isAll });

export const diff = (changes: readonly DiffChange[], name: string | null = null): ToldDiff => ({
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
  captures: {
    from: { first: '2026-01-31T00:00:00Z', last: '2026-01-31T00:00:00Z', accounts: 1 },
    to: { first: '2026-01-31T00:00:00Z', last: '2026-01-31T00:00:00Z', accounts: 1 },
  },
  evidence: EVIDENCE,
  remarks: [],
  undecided: { from: roles(0), to: roles(0) },
  groups: groupsOf(changes),
  disputed: [],
  baseline: 0,
  changes,
  policyLines: (policy) => [`{ "Version": "${policy}" }`],
});

function groupsOf(changes: readonly DiffChange[]): ChangeGroups {
  const tally = new ChangeGroupTally();
  for (const one of changes) tally.add(one);
  return tally.counts();
}

export const hostile = diff(
  HOSTILE.map((text) =>
    change({
      rule: text,
      account: text,
      arn: text,
      roleId: text,
      accountName: text,
      roleName: text,
      toWho: [{ account: text, name: text, relation: 'third-party' }],
    }),
  ),
  HOSTILE.join(' '),
);

const more = (critical: number, high: number, captured: string) => ({
  severities: { critical, high, medium: 0, low: 0 },
  comparableAccounts: 2,
  comparableRoles: 3,
  comparableFail: critical,
  error: 0,
  comparableError: 0,
  incompleteAccounts: 0,
  captured,
  toDate: false,
});
export const points: readonly TrendPoint[] = [
  {
    ...more(1, 0, '2026-01-31'),
    at: '2026-01-31',
    accounts: 2,
    carriedForward: 0,
    roles: 3,
    fail: 1,
    failRate: 1 / 3,
    new: 0,
    resolved: 0,
  },
  {
    ...more(1, 1, '2026-02-28'),
    at: '2026-02-28',
    accounts: 3,
    carriedForward: 1,
    roles: 4,
    fail: 2,
    failRate: 0.5,
    new: 1,
    resolved: 0,
  },
  {
    ...more(0, 0, '2026-03-30'),
    toDate: true,
    at: '2026-03-31',
    accounts: 3,
    carriedForward: 0,
    roles: 4,
    fail: 0,
    failRate: 0,
    new: 0,
    resolved: 2,
  },
];
/** With a member list that the evidence covers. */
export const COMPLETE: Completeness = { ...memorySource({ verdicts: [] }).completeness(), reasons: [] };
export const trend = (of: readonly TrendPoint[], missing = COMPLETE) =>
  ({
    rule: 'D9.AWS.IAM.99',
    by: 'month',
    points: of,
    evidence: EVIDENCE,
    missing,
    toolVersion: '1.2.3',
  }) as const;
export const report = (of: ToldDiff, missing = COMPLETE) => ({ diff: of, missing, toolVersion: '1.2.3' });
