import { thirdPartyRows } from '../../src/history/report/third-parties/register.ts';
import type { RoleWays } from '../../src/history/report/third-parties/role-ways.ts';
import type {
  Completeness,
  DisagreementRow,
  InterruptedRun,
  MissingParts,
} from '../../src/model/completeness.ts';
import type { EvidenceRow, RejectRow } from '../../src/model/evidence-row.ts';
import type { ExceptionRow } from '../../src/model/exception.ts';
import type { Outcome } from '../../src/model/exposure.ts';
import { effectiveVerdict, isClosedByGuardrail } from '../../src/model/guardrail.ts';
import { addsUp } from '../../src/model/record-counts.ts';
import type {
  AccountRow,
  ReportSource,
  StoredVerdict,
  Totals,
  VerdictFilter,
} from '../../src/model/report-source.ts';
import type { RuleMetadata } from '../../src/model/rule.ts';
import type { ChangeCounts, TrendPoint } from '../../src/model/trend.ts';
import type { FindingState, GradedPath, VerdictObject } from '../../src/model/verdict.ts';

export const OWN = '111122223333';
export const SHA = 'ab'.repeat(32);

/** A source in memory that adds up its own totals; lists are given in the order a store would give them. */
export function memorySource(parts: {
  verdicts: readonly StoredVerdict[];
  accounts?: readonly AccountRow[];
  evidence?: readonly EvidenceRow[];
  rejects?: readonly RejectRow[];
  disagreements?: readonly DisagreementRow[];
  exceptions?: readonly ExceptionRow[];
  trend?: readonly TrendPoint[];
  completeness?: Partial<Completeness>;
  interrupted?: readonly InterruptedRun[];
  missingParts?: readonly MissingParts[];
  changes?: Partial<ChangeCounts>;
}): ReportSource {
  const { verdicts, evidence = [], rejects = [], disagreements = [] } = parts;
  const accounts = parts.accounts ?? accountRows(verdicts);
  const sum = (pick: (row: EvidenceRow) => number): number =>
    evidence.reduce((all, row) => all + pick(row), 0);
  const totals: Totals = {
    accounts: accounts.length,
    accountsIncomplete: accounts.filter((row) => !row.complete).length,
    roles: new Set(verdicts.map(({ object }) => object.arn)).size,
    verdicts: countOutcomes(verdicts),
    closed: countClosed(verdicts),
    files: evidence.length,
    bytes: sum((row) => row.bytes),
    recordsRead: sum((row) => row.recordsRead),
    recordsAccepted: sum((row) => row.recordsAccepted),
    recordsSuperseded: sum((row) => row.recordsSuperseded),
    recordsDuplicate: sum((row) => row.recordsDuplicate),
    recordsRejected: sum((row) => row.recordsRejected),
  };
  return {
    asOf: '2026-03-31T12:00:00Z',
    toolVersion: '9.9.9',
    interrupted: parts.interrupted ?? [],
    missingParts: parts.missingParts ?? [],
    totals: () => totals,
    completeness: () =>
      completenessOf(totals, { accounts, evidence, rejects, disagreements }, parts.completeness ?? {}),
    accounts: () => accounts,
    evidence: () => evidence,
    rejects: () => rejects,
    disagreements: () => disagreements,
    exceptions: () => parts.exceptions ?? [],
    thirdParties: () =>
      thirdPartyRows({
        roles: () => verdicts.filter(({ object }) => object.rule === 'D9.AWS.IAM.99').map(waysOf),
        accepted: parts.exceptions ?? [],
        asOf: '2026-03-31T12:00:00Z',
      }),
    trend: () => parts.trend ?? [],
    changes: () => ({ ...countStates(verdicts), ...parts.changes }),
    *verdictCounts() {
      for (const { object, ways } of verdicts) {
        const effective = effectiveVerdict(object);
        if (effective === 'pass' || effective === 'not-applicable')
          yield { verdict: { ...object, paths: ways }, count: 1 };
      }
    },
    *verdicts({ outcomes, rule, arn }: VerdictFilter) {
      for (const verdict of verdicts) {
        const { object } = verdict;
        const isWanted = [object.verdict, effectiveVerdict(object)].some(
          (outcome) => outcomes?.includes(outcome) !== false,
        );
        if (!isWanted) continue;
        if (rule !== undefined && verdict.object.rule !== rule) continue;
        if (arn !== undefined && verdict.object.arn !== arn) continue;
        yield verdict;
      }
    },
  };
}

/** With what a store would know of the role besides. */
function waysOf(verdict: StoredVerdict): RoleWays {
  return {
    ...verdict,
    ownerName: null,
    carriedForward: null,
    firstSeen: () => verdict.object.firstSeen,
    known: (account) => ({ accountName: null, relation: account === '*' ? 'any' : 'unknown' }),
  };
}

/** What the lists say of completeness, with a member list that they cover; `given` stands above that. */
function completenessOf(
  totals: Totals,
  lists: {
    readonly accounts: readonly AccountRow[];
    readonly evidence: readonly EvidenceRow[];
    readonly rejects: readonly RejectRow[];
    readonly disagreements: readonly DisagreementRow[];
  },
  given: Partial<Completeness>,
): Completeness {
  const codes = [...new Set(lists.rejects.map(({ code }) => code))].sort();
  const facts: Omit<Completeness, 'reasons'> = {
    membersKnown: true,
    members: totals.accounts,
    gaps: [],
    closed: [],
    carriedForward: lists.accounts.filter((row) => row.carriedForward !== null).length,
    accountsIncomplete: totals.accountsIncomplete,
    staleAfter: 7,
    maxAge: null,
    unread: lists.evidence.filter((row) => row.status !== 'complete').length,
    rejects: codes.flatMap((code) => {
      const own = lists.rejects.filter((row) => row.code === code);
      return own[0] === undefined ? [] : [{ code, count: own.length, example: own[0] }];
    }),
    timedByModification: lists.evidence.filter((row) => row.capturedFrom === 'modified').length,
    disagreements: new Set(lists.disagreements.map(({ arn, roleId }) => `${arn} ${roleId}`)).size,
    ...given,
  };
  const reasons = [
    [facts.gaps.length, 'accounts of the organisation are not covered'],
    [facts.accountsIncomplete, 'accounts are not covered whole'],
    [facts.unread, 'files could not be read whole'],
    [totals.recordsRejected, 'records were rejected'],
    [facts.disagreements, 'roles are not the same in all files of one moment'],
    [totals.verdicts.error, 'verdicts could not be decided'],
  ] as const;
  const counted = reasons.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  const sum = addsUp(totals) ? [] : ['the counts of records do not add up'];
  return { ...facts, reasons: given.reasons ?? [...counted, ...sum] };
}

/** As `diff` counts them, when nothing is gone. */
function countStates(verdicts: readonly StoredVerdict[]): ChangeCounts {
  const count = (state: FindingState): number =>
    verdicts.filter(({ object }) => object.state === state).length;
  return {
    new: count('new'),
    resolved: 0,
    changed: count('changed'),
    reopened: count('reopened'),
    unchanged: count('unchanged'),
    notComparable: count('not-comparable') + count('baseline'),
    baseline: count('baseline'),
  };
}

function countOutcomes(verdicts: readonly StoredVerdict[]): Record<Outcome, number> {
  const counts: Record<Outcome, number> = { pass: 0, fail: 0, 'not-applicable': 0, error: 0 };
  for (const { object } of verdicts) counts[effectiveVerdict(object)] += 1;
  return counts;
}

function countClosed(verdicts: readonly StoredVerdict[]): number {
  return verdicts.filter(({ object }) => isClosedByGuardrail(object)).length;
}

function accountRows(verdicts: readonly StoredVerdict[]): readonly AccountRow[] {
  const ids = [...new Set(verdicts.map(({ object }) => object.account))].sort();
  return ids.map((account) => {
    const own = verdicts.filter(({ object }) => object.account === account);
    return {
      account,
      name: null,
      capturedAt: '2026-02-01T00:00:00Z',
      complete: true,
      carriedForward: null,
      roles: own.length,
      verdicts: countOutcomes(own),
      closed: countClosed(own),
    };
  });
}

export function makePath(changes: Partial<GradedPath> = {}): GradedPath {
  return {
    statement: 0,
    sid: null,
    principal: 'arn:aws:iam::444455556666:root',
    account: '444455556666',
    guards: [],
    accountName: 'Example Vendor',
    relation: 'third-party',
    ...changes,
  };
}

export const VENDOR_POLICY =
  '{"Version":"2012-10-17","Statement":[{"Sid":"Own","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"},{"Sid":"Vendor","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"sts:AssumeRole"}]}';

/** A failing verdict unless changed otherwise; the ARN follows account and role name. */
export function makeVerdict(
  changes: Partial<VerdictObject> = {},
  policy: string | null = VENDOR_POLICY,
): StoredVerdict {
  const { account = OWN, roleName = 'Partner', partition = 'aws' } = changes;
  const object: VerdictObject = {
    rule: 'D9.AWS.IAM.99',
    account,
    partition,
    arn: `arn:${partition}:iam::${account}:role/${roleName}`,
    roleName,
    roleId: 'AROAEXAMPLE0000000000',
    verdict: 'fail',
    literal: 'fail',
    severity: 'high',
    reason: 'unguarded-external-path',
    notes: [],
    message: 'Any principal of account 444455556666 can assume this role without MFA or an external ID.',
    paths: [makePath({ statement: 1, sid: 'Vendor' })],
    witness: {
      principalArn: 'arn:aws:iam::444455556666:user/someuser',
      principalAccount: '444455556666',
      actions: ['sts:AssumeRole'],
      context: { 'aws:PrincipalAccount': '444455556666' },
    },
    evidence: { source: `${account}.json`, sha256: SHA, offset: 8192, capturedAt: '2026-02-01T00:00:00Z' },
    firstSeen: '2025-11-01T00:00:00Z',
    lastSeen: '2026-02-01T00:00:00Z',
    state: 'unchanged',
    suppressedBy: null,
    guardrail: null,
    impact: null,
    ...changes,
  };
  return { object, ways: object.paths, policy, knownAs: object.roleId };
}

export function makeEvidence(changes: Partial<EvidenceRow> = {}): EvidenceRow {
  return {
    path: `${OWN}.json`,
    sha256: SHA,
    bytes: 123_456,
    format: 'gaad',
    account: OWN,
    capturedAt: '2026-02-01T00:00:00Z',
    capturedFrom: 'name',
    recordsRead: 10,
    recordsAccepted: 10,
    recordsSuperseded: 0,
    recordsDuplicate: 0,
    recordsRejected: 0,
    status: 'complete',
    problems: [],
    ...changes,
  };
}

export function makeDisagreement(changes: Partial<DisagreementRow> = {}): DisagreementRow {
  return {
    account: OWN,
    arn: `arn:aws:iam::${OWN}:role/Partner`,
    roleId: 'AROAEXAMPLE0000000000',
    capturedAt: '2026-02-01T00:00:00Z',
    what: 'policies',
    sources: [
      { path: 'config.json', sha256: 'cd'.repeat(32), offset: 77 },
      { path: 'gaad.json', sha256: SHA, offset: 8192 },
    ],
    ...changes,
  };
}

export function makeException(changes: Partial<ExceptionRow> = {}): ExceptionRow {
  return {
    id: 'EX-2026-014',
    rule: 'D9.AWS.IAM.99',
    account: OWN,
    role: 'vendor-*',
    principals: ['arn:aws:iam::444455556666:root'],
    principalAccounts: ['444455556666'],
    reason: 'The vendor cannot send an external ID before autumn.',
    expires: '2026-10-31',
    owner: 'storage team',
    ticket: 'SEC-1203',
    status: 'active',
    findings: 1,
    partly: 0,
    overBroad: [],
    ...changes,
  };
}

export const RULES: readonly RuleMetadata[] = [
  {
    id: 'D9.AWS.IAM.99',
    title: 'Ensure cross-account IAM Role uses MFA or external ID as a condition',
    riskLevel: 'Low',
    cloudEntity: 'IAM Role',
    category: 'Security, Identity, & Compliance',
    description: 'A role that other accounts may assume should demand MFA or an external ID.',
    logic: "IamRole where name like '%<b>%'\n  should have assumeRolePolicy",
    remediation: {
      console: 'Open IAM, Roles, the role, Trust relationships.\nEdit the trust policy.',
      terraform: 'Set assume_role_policy of aws_iam_role.',
      cli: 'aws iam update-assume-role-policy --role-name ROLE-NAME --policy-document POLICY-DOCUMENT',
    },
    references: ['https://docs.example.com/trust', 'javascript:alert(1)'],
    complianceFrameworks: ['Framework One', 'Framework Two & Co'],
    controls: [
      { framework: 'Framework & Controls', id: 'FC-1', source: 'A public mapping', fit: 'same rule' },
    ],
  },
];

export const OPTIONS = {
  rules: RULES,
  noteSentences: {
    'literal-any-statement':
      'The literal text accepts a guard on any statement, not only on the one that lets others in.',
    'extid-guessable': 'The external ID can be guessed.',
  },
};
