import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settleExposures } from '../../../src/history/report/settle-exposures.ts';
import { ANY_MEMBER } from '../../../src/model/third-party.ts';
import { evaluateTrustPolicy } from '../../../src/rules/judge.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { fact, MANAGEMENT, ORG, ROOT, WORKLOAD, wholeFacts } from '../../model/organizations.ts';
import { AT, roleRecord, sha256Of } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { day, demandsId, OPEN, RULE, VENDOR } from '../guardrails/organisation.ts';
import { expectSettledFindings, query } from './settled-findings.ts';
import { expectSettledRegister } from './settled-register.ts';

const folder = temporaryFolder();
const OUTSIDE = '000011110000';
const ANYONE = OPEN.replace(`arn:aws:iam::${VENDOR}:root`, '*');

interface Export {
  readonly account: string;
  readonly at: string;
  readonly policy: string;
  readonly roleId?: string;
}

/** Exports of one role each, and evidence of the organisation. */
function settledStore(name: string, exports: readonly Export[], rcp: string | null): Store {
  const store = openStore(join(folder, `${name}.db`), { mode: 'write' });
  const run = store.beginRun({ startedAt: AT, asOf: AT, toolVersion: '1.2.3', rules: [RULE], options: {} });
  const outcome = { format: 'test', capturedFrom: 'evidence', status: 'complete', problems: [] } as const;
  const evidenceOf = (path: string) => ({ path, sha256: sha256Of(path), bytes: 100, modifiedAt: null });
  for (const { account, at, policy, roleId = 'AROA1' } of exports) {
    const writer = run.evidence();
    const record = roleRecord({ account, policy, roleId, capturedAt: `${at}Z` });
    writer.add(record, { account, verdicts: [evaluateTrustPolicy(record.trust, account, 'aws')] });
    const captures = [{ account, capturedAt: `${at}Z`, complete: true, reasons: [] }];
    writer.finish({ ...outcome, evidence: evidenceOf(`${account} ${at}`), captures, recordsRead: 1 });
  }
  const writer = run.evidence();
  const facts = [
    ...wholeFacts().filter(({ kind }) => !kind.startsWith('policy-') && kind !== 'targets'),
    fact('policy-name', 'p-perimeter1', 'Perimeter'),
    fact('policy-text', 'p-perimeter1', rcp ?? demandsId({ resource: 'arn:aws:iam::*:role/Nobody' })),
    fact('targets', 'p-perimeter1', [ROOT]),
    fact('targets', 'p-unused001', []),
  ].map(({ at: _, ...one }) => one);
  writer.organization({ capturedAt: `${day(1)}Z`, facts, accepted: 1, duplicate: 0 });
  writer.finish({ ...outcome, evidence: evidenceOf('organization'), captures: [], recordsRead: 1 });
  run.finish('complete', AT);
  settleExposures(store);
  return store;
}

it('whose an account is hangs on the account that owns the role', () => {
  const store = settledStore(
    'relations',
    [WORKLOAD, OUTSIDE].map((account) => ({ account, at: day(1), policy: OPEN })),
    null,
  );
  // Nobody knows whose the vendor is to an account outside of the organisation; to one of its members it is a third party.
  expect(
    query(store, 'SELECT account_id, path_account, relation, severity FROM v_finding ORDER BY account_id'),
  ).toEqual([
    [OUTSIDE, VENDOR, 'unknown', 'medium'],
    [WORKLOAD, VENDOR, 'third-party', 'high'],
  ]);
  expectSettledRegister(store);
  expectSettledFindings(store);
  store.close();

  const trusting = OPEN.replace(VENDOR, MANAGEMENT);
  const inside = settledStore(
    'inside',
    [WORKLOAD, OUTSIDE].map((account) => ({ account, at: day(1), policy: trusting })),
    null,
  );
  expect(query(inside, 'SELECT account_id, relation FROM v_finding ORDER BY account_id')).toEqual([
    [OUTSIDE, 'third-party'],
    [WORKLOAD, 'same-organisation'],
  ]);
  expect(query(inside, 'SELECT account_id, relation, severity FROM v_third_party')).toEqual([
    [MANAGEMENT, 'third-party', 'high'],
  ]);
  expectSettledRegister(inside);
  inside.close();
});

it('another role of the same name says nothing of when an account was first let in', () => {
  const store = settledStore(
    'recreated',
    [
      { account: WORKLOAD, at: day(1), policy: OPEN, roleId: 'AROA1' },
      { account: WORKLOAD, at: day(3), policy: OPEN, roleId: 'AROA2' },
    ],
    null,
  );
  expect(query(store, 'SELECT account_id, first_seen FROM v_third_party')).toEqual([[VENDOR, `${day(3)}Z`]]);
  expectSettledRegister(store);
  store.close();
});

it('an account that guardrails single out is there since the finding is', () => {
  const exports = [1, 2].map((n) => ({ account: WORKLOAD, at: day(n), policy: ANYONE }));
  const store = settledStore('singled-out', exports, demandsId({ except: VENDOR }));
  expect(
    query(store, `SELECT open_roles, closed_roles, first_seen FROM v_third_party ORDER BY account_id`),
  ).toEqual([
    [0, 1, `${day(1)}Z`],
    [1, 0, `${day(1)}Z`],
  ]);
  expectSettledRegister(store);
  store.close();
});

it('what every member gets into stands in a row of its own, not in that of the one for example', () => {
  const perimeter = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        ...{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole', Resource: '*' },
        Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORG } },
      },
    ],
  });
  const store = settledStore('members', [{ account: WORKLOAD, at: day(1), policy: ANYONE }], perimeter);
  expect(query(store, 'SELECT account_id, name, open_roles FROM v_third_party WHERE open_roles > 0')).toEqual(
    [[ANY_MEMBER, null, 1]],
  );
  expect(query(store, 'SELECT relation, any_member FROM v_finding')).toEqual([['same-organisation', 1]]);
  expect(query(store, 'SELECT path_account, any_member FROM v_current_finding')).toEqual([
    [expect.stringMatching(/^\d{12}$/), 1],
  ]);
  expectSettledRegister(store);
  store.close();
});
