import type { ReportSource, StoredVerdict } from '../../src/model/report-source.ts';
import type { GradedPath, VerdictObject } from '../../src/model/verdict.ts';
import { makeEvidence, makeException, makePath, makeVerdict, memorySource } from './sample-source.ts';

const VENDORS = [
  ['444455556666', 'Example Vendor'],
  ['555566667777', 'Nightwatch Monitoring'],
  ['666677778888', 'Ledgerly Cost Control'],
  ['777788889999', null],
] as const;

const TEAMS = ['payments', 'search', 'billing', 'identity', 'data-lake', 'observability'];
const USES = ['deploy', 'readonly', 'backup', 'vendor-access', 'break-glass', 'ingest'];

/** An invented organisation with a bit of everything, in the order a store would give it. */
export function sampleOrganisation(accounts: number, rolesEach: number): ReportSource {
  const verdicts: StoredVerdict[] = [];
  const rows = [];
  const evidence = [];
  for (let a = 0; a < accounts; a++) {
    const account = String(100_000_000_000 + a * 7_919_317).padStart(12, '0');
    const own = Array.from({ length: rolesEach }, (_, r) => sampleVerdict(account, a * rolesEach + r));
    own.sort((x, y) => (x.object.arn < y.object.arn ? -1 : 1));
    verdicts.push(...own);
    const count = (verdict: string): number => own.filter(({ object }) => object.verdict === verdict).length;
    const complete = a % 9 !== 4;
    rows.push({
      account,
      name: a % 5 === 3 ? null : `${TEAMS[a % TEAMS.length]}-${a % 2 === 0 ? 'production' : 'staging'}-${a}`,
      capturedAt: '2026-02-01T00:00:00Z',
      complete,
      carriedForward: null,
      roles: rolesEach,
      verdicts: {
        pass: count('pass'),
        fail: count('fail'),
        'not-applicable': count('not-applicable'),
        error: count('error'),
      },
      closed: 0,
    });
    evidence.push(
      makeEvidence({
        path: `exports/2026-02-01/${account}.json.gz`,
        sha256: (account + a).padEnd(64, 'c0ffee'),
        bytes: 40_000 + a * 1313,
        account,
        recordsRead: rolesEach + (complete ? 1 : 2),
        recordsAccepted: rolesEach,
        recordsDuplicate: 1,
        recordsRejected: complete ? 0 : 1,
        status: complete ? 'complete' : 'incomplete',
        problems: complete
          ? []
          : [{ code: 'next-page-missing', message: 'the export names a next page that is not there' }],
      }),
    );
  }
  const rejects = evidence
    .filter((row) => row.recordsRejected > 0)
    .map((row) => ({
      path: row.path,
      offset: 20_480,
      pointer: '/RoleDetailList/17',
      code: 'trust-policy-undecodable' as const,
      message: 'the trust policy is not JSON in any encoding the format uses',
    }));
  return memorySource({
    verdicts,
    accounts: rows,
    evidence,
    rejects,
    exceptions: [
      makeException({ status: 'active', findings: 3 }),
      makeException({ id: 'EX-2025-002', status: 'expired', findings: 2, owner: null, ticket: null }),
      makeException({
        id: 'EX-2026-015',
        status: 'expiring',
        partly: 1,
        overBroad: ['it accepts everybody'],
      }),
    ],
    trend: ['2025-11-30', '2025-12-31', '2026-02-28'].map((at, n) => ({
      at,
      accounts,
      carriedForward: n === 1 ? 1 : 0,
      roles: accounts * rolesEach,
      fail: 4 + n,
      failRate: (4 + n) / (accounts * rolesEach),
      new: n,
      resolved: n === 2 ? 1 : 0,
      severities: { critical: n, high: 2, medium: 1, low: 1 },
      comparableAccounts: accounts,
      comparableRoles: accounts * rolesEach,
      comparableFail: 4 + n,
      error: 0,
      comparableError: 0,
      incompleteAccounts: 0,
      captured: at,
      toDate: false,
    })),
  });
}

function sampleVerdict(account: string, n: number): StoredVerdict {
  const [vendor, vendorName] = VENDORS[Math.floor(n / 12) % VENDORS.length] ?? VENDORS[0];
  const roleName = `${TEAMS[n % 6]}-${USES[Math.floor(n / 6) % 6]}-${n}`;
  const path = makePath({
    principal: `arn:aws:iam::${vendor}:root`,
    account: vendor,
    accountName: vendorName,
  });
  const state =
    (['unchanged', 'unchanged', 'new', 'changed', 'unchanged', 'reopened', 'unchanged'] as const)[n % 7] ??
    'new';
  const base = {
    account,
    roleName,
    state,
    firstSeen: `2025-${String((n % 12) + 1).padStart(2, '0')}-01T00:00:00Z`,
  };
  const kind = n % 12;
  if (kind === 0 && n % 5 !== 0) return anyone(base, n % 36 === 0);
  if (kind === 1)
    return failing(base, { ...path, relation: vendorName === null ? 'unknown' : 'third-party' });
  if (kind === 2) {
    return failing(base, {
      ...path,
      account: '888899990000',
      accountName: 'shared-services',
      relation: 'same-organisation',
      principal: 'arn:aws:iam::888899990000:user/ops',
    });
  }
  if (kind === 3 && n % 24 === 3) {
    return makeVerdict(
      {
        ...base,
        verdict: 'error',
        literal: 'error',
        severity: null,
        reason: 'trust-policy-missing',
        message: 'The export shows no trust policy for this role.',
        paths: [],
        witness: null,
      },
      null,
    );
  }
  if (kind < 6) {
    const weak = n % 5 === 0;
    return makeVerdict(
      {
        ...base,
        verdict: 'pass',
        literal: n % 7 === 0 ? 'fail' : 'pass',
        severity: weak ? 'medium' : null,
        reason: 'guarded',
        notes: weak ? ['extid-guessable'] : [],
        message: `Account ${vendor} must present an external ID.`,
        paths: [{ ...path, guards: ['external-id'] }],
        witness: null,
      },
      policyFor(path, '"Condition":{"StringEquals":{"sts:ExternalId":"s-1234567"}},'),
    );
  }
  return makeVerdict(
    {
      ...base,
      verdict: 'not-applicable',
      literal: 'not-applicable',
      severity: null,
      reason: 'no-external-path',
      message: 'No other account can assume this role.',
      paths: [],
      witness: null,
    },
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
  );
}

function failing(base: Partial<VerdictObject>, path: GradedPath): StoredVerdict {
  const severity = path.relation === 'third-party' ? 'high' : path.relation === 'unknown' ? 'medium' : 'low';
  return makeVerdict(
    {
      ...base,
      severity,
      paths: [path],
      message: `Any principal of account ${path.account} can assume this role without MFA or an external ID.`,
      suppressedBy: base.state === 'changed' && severity === 'low' ? 'EX-2026-014' : null,
    },
    policyFor(path, ''),
  );
}

function anyone(base: Partial<VerdictObject>, differs: boolean): StoredVerdict {
  const path = makePath({ principal: '*', account: '*', accountName: null, relation: 'any', sid: 'Open' });
  return makeVerdict(
    {
      ...base,
      severity: 'critical',
      literal: differs ? 'not-applicable' : 'fail',
      notes: differs ? ['literal-any-statement'] : [],
      paths: [path, makePath()],
      message: 'Any principal of any account can assume this role without MFA or an external ID.',
    },
    policyFor(path, ''),
  );
}

function policyFor(path: GradedPath, condition: string): string {
  const sid = path.sid === null ? '' : `"Sid":"${path.sid}",`;
  return `{"Version":"2012-10-17","Statement":[{${sid}"Effect":"Allow","Principal":{"AWS":${JSON.stringify(path.principal)}},${condition}"Action":"sts:AssumeRole"}]}`;
}
