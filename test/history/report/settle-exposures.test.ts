import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openReport } from '../../../src/history/report/report.ts';
import { settleExposures } from '../../../src/history/report/settle-exposures.ts';
import { NO_RELATIONS } from '../../../src/model/relations.ts';
import { storedDetail, UNKNOWN_DETAIL } from '../../../src/model/role-detail-text.ts';
import { evaluateTrustPolicy } from '../../../src/rules/judge.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { fact, MANAGEMENT, ROOT, SANDBOX, WORKLOAD, wholeFacts } from '../../model/organizations.ts';
import { AT, roleRecord, sha256Of } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { day, demandsId, GUARDED, OPEN, RULE, scanCaptures } from '../guardrails/organisation.ts';
import { query } from './settled-findings.ts';

const folder = temporaryFolder();
let stores = 0;

function openNew(): Store {
  return openStore(join(folder, `${stores++}.db`), { mode: 'write' });
}

function beginRun(store: Store, toolVersion = '1.2.3') {
  return store.beginRun({ startedAt: AT, asOf: AT, toolVersion, rules: [RULE], options: {} });
}

/** A resource control policy that closes everything, at the root. */
function scanOrganization(store: Store, at: number): void {
  const run = beginRun(store);
  const writer = run.evidence();
  const facts = [
    ...wholeFacts().filter(({ kind, key }) => key !== 'p-perimeter1' || !/policy-text|targets/.test(kind)),
    fact('policy-text', 'p-perimeter1', demandsId()),
    fact('targets', 'p-perimeter1', [ROOT]),
  ].map(({ at: _, ...one }) => one);
  writer.organization({ capturedAt: `${day(at)}Z`, facts, accepted: 1, duplicate: 0 });
  writer.finish({
    evidence: { path: `org ${at}`, sha256: sha256Of(`org ${at}`), bytes: 1, modifiedAt: null },
    format: 'test',
    capturedFrom: 'evidence',
    captures: [],
    recordsRead: 1,
    status: 'complete',
    problems: [],
  });
  run.finish('complete', AT);
}

const settledIn = (store: Store) => query(store, 'SELECT account_id FROM v_account WHERE settled').flat();
const findings = (store: Store) =>
  query(store, 'SELECT account_id, privileges, settled FROM v_current_finding');

/** Two accounts, each with a role that is open and one that is not. */
function scanned(): Store {
  const store = openNew();
  for (const account of [WORKLOAD, SANDBOX])
    scanCaptures(store, [{ account, at: day(1), roles: { A: OPEN, B: GUARDED } }]);
  scanOrganization(store, 1);
  return store;
}

it('until a store is settled, the views say that it is not, and the verdicts of trust policies', () => {
  const store = scanned();
  expect(settledIn(store)).toEqual([]);
  const open = [
    [WORKLOAD, null, 0],
    [SANDBOX, null, 0],
  ];
  expect(findings(store)).toEqual(open);
  expect(query(store, 'SELECT DISTINCT guardrail, effective_verdict FROM v_current_verdict')).toEqual([
    [null, 'fail'],
    [null, 'pass'],
  ]);
  expect(query(store, 'SELECT * FROM v_closed_finding')).toEqual([]);

  settleExposures(store);
  expect(settledIn(store)).toEqual([WORKLOAD, SANDBOX]);
  expect(findings(store)).toEqual([]);
  expect(query(store, 'SELECT account_id, policy, policy_name, statement FROM v_closed_finding')).toEqual([
    [WORKLOAD, 'p-perimeter1', 'Perimeter', 0],
    [SANDBOX, 'p-perimeter1', 'Perimeter', 0],
  ]);
  // Lists of accounts weigh on severities, and a run that is forgotten on everything.
  store.saveRelations(NO_RELATIONS);
  expect(findings(store)).toEqual(open);
  settleExposures(store);
  store.forgetRun(3);
  expect(settledIn(store)).toEqual([]);
  settleExposures(store);
  expect(findings(store)).toEqual([
    [WORKLOAD, 'unknown', 1],
    [SANDBOX, 'unknown', 1],
  ]);
  store.close();
});

it('what breaks off while it settles changes nothing', () => {
  const store = scanned();
  const broken = () =>
    store.settleExposures((writer) => {
      const impact = { privileges: 'none', why: 'x', lastUsed: null } as const;
      const role = { arn: `arn:aws:iam::${WORKLOAD}:role/A`, roleId: 'AROAA' };
      const of = { account: WORKLOAD, role, policy: 1 };
      const nothing = { guardrail: null, guardrailPolicies: null, remainingWays: null, severity: null };
      writer.exposures([{ ...of, ...nothing, notes: '[]', impact }]);
      writer.accounts([{ account: WORKLOAD, rule: RULE, guardrailsAt: null, guardrailsKnown: true }]);
      throw new Error('killed');
    });
  expect(broken).toThrow('killed');
  expect(
    query(store, 'SELECT * FROM settled_account UNION ALL SELECT role, 1, 1, 1 FROM current_exposure'),
  ).toEqual([]);
  settleExposures(store);
  const settled = query(store, 'SELECT * FROM current_exposure');
  expect(settled).toHaveLength(2);
  expect(broken).toThrow();
  expect(query(store, 'SELECT * FROM current_exposure')).toEqual(settled);
  expect(settledIn(store)).toEqual([WORKLOAD, SANDBOX]);
  store.close();
});

it('a scan unsettles what it touches, even when it is killed', () => {
  const store = scanned();
  settleExposures(store);
  // As a scan leaves it that is killed before its end.
  scanCaptures(store, [{ account: WORKLOAD, at: day(2), roles: { A: OPEN } }]);
  beginRun(store);
  expect(settledIn(store)).toEqual([SANDBOX]);
  expect(findings(store)).toEqual([[WORKLOAD, null, 0]]);
  settleExposures(store);
  expect(settledIn(store)).toEqual([WORKLOAD, SANDBOX]);
  scanCaptures(store, [{ account: MANAGEMENT, at: day(2), roles: {} }]);
  expect(settledIn(store)).toEqual([WORKLOAD, SANDBOX]);
  scanOrganization(store, 2);
  expect(settledIn(store)).toEqual([]);
  settleExposures(store);
  beginRun(store, '1.2.4');
  expect(settledIn(store)).toEqual([]);
  store.close();
});

it('a role has a row of its own where something is known of its permissions, not for when it was last used', () => {
  const store = openNew();
  const run = beginRun(store);
  const writer = run.evidence();
  const roles = [
    { name: 'A', detail: { lastUsed: 'never' } },
    { name: 'B', detail: { attached: [], inline: [], boundary: '' } },
    { name: 'C', detail: {} },
  ];
  for (const [offset, { name, detail }] of roles.entries()) {
    const arn = `arn:aws:iam::${WORKLOAD}:role/${name}`;
    const record = roleRecord({
      account: WORKLOAD,
      arn,
      roleName: name,
      roleId: `AROA${name}`,
      policy: OPEN,
      capturedAt: `${day(1)}Z`,
      offset,
    });
    const verdict = evaluateTrustPolicy(record.trust, WORKLOAD, 'aws');
    writer.add(
      record,
      { account: WORKLOAD, verdicts: [verdict] },
      storedDetail({ ...UNKNOWN_DETAIL, ...detail }),
    );
  }
  writer.finish({
    evidence: { path: 'roles', sha256: sha256Of('roles'), bytes: 1, modifiedAt: null },
    format: 'test',
    capturedFrom: 'evidence',
    captures: [{ account: WORKLOAD, capturedAt: `${day(1)}Z`, complete: true, reasons: [] }],
    recordsRead: 3,
    status: 'complete',
    problems: [],
  });
  run.finish('complete', AT);
  settleExposures(store);
  const shown = [...openReport(store, { asOf: AT }).verdicts({})].map(({ object: { roleName, impact } }) => [
    roleName,
    impact?.privileges,
    impact?.why,
    impact?.lastUsed,
  ]);
  expect(shown.map(([name, privileges, , lastUsed]) => [name, privileges, lastUsed])).toEqual([
    ['A', 'unknown', 'never'],
    ['B', 'none', null],
    ['C', 'unknown', null],
  ]);
  expect(
    query(store, 'SELECT role_name, privileges, why, last_used FROM v_current_verdict ORDER BY arn'),
  ).toEqual(shown);
  expect(query(store, 'SELECT r.arn FROM current_exposure x JOIN role r ON r.id = x.role').flat()).toEqual([
    `arn:aws:iam::${WORKLOAD}:role/B`,
  ]);
  expect(query(store, 'SELECT count(*) FROM current_exposure')).toEqual([[1]]);
  store.close();
});
