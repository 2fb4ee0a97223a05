import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settleExposures } from '../../../src/history/report/settle-exposures.ts';
import type { AcceptedRisk } from '../../../src/model/exception.ts';
import { D9_AWS_IAM_99 } from '../../../src/rules/d9-aws-iam-99/rule.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { AT } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import {
  CLOSED,
  day,
  GUARDED,
  OPEN,
  OTHER,
  OWN,
  RULE,
  scanCaptures,
  VENDOR,
} from '../guardrails/organisation.ts';
import { expectSettledFindings, query } from './settled-findings.ts';

const folder = temporaryFolder();
let stores = 0;

function openNew(): Store {
  return openStore(join(folder, `${stores++}.db`), { mode: 'write' });
}

const EXCEPTION: AcceptedRisk = {
  ...{ id: 'EX-1', rule: null, account: null, role: 'A', principals: [VENDOR], principalAccounts: [] },
  ...{ reason: 'a vendor', expires: '2030-06-30', owner: 'audit', ticket: null },
};

function beginRun(
  store: Store,
  more: { asOf?: string; exceptions?: readonly AcceptedRisk[]; rules?: string[] } = {},
) {
  return store.beginRun({
    startedAt: AT,
    asOf: AT,
    toolVersion: '1.2.3',
    rules: [RULE],
    options: {},
    ...more,
  });
}

const settledIn = (store: Store) => query(store, 'SELECT account_id FROM v_account WHERE settled').flat();
const changesIn = (store: Store) =>
  query(
    store,
    'SELECT change, cause, account_id, role_name, compared_with, settled FROM v_change ORDER BY account_id, arn',
  );
const findingsIn = (store: Store) =>
  query(
    store,
    'SELECT account_id, role_name, state, first_seen, age_days, settled FROM v_finding ORDER BY account_id, arn',
  );

it('until an account is settled, a row says that its changes are not known', () => {
  const store = openNew();
  scanCaptures(store, [
    { account: OWN, at: day(1), roles: { A: OPEN, D: OPEN } },
    { account: OTHER, at: day(3), roles: { B: GUARDED } },
  ]);
  expect(changesIn(store)).toEqual([
    ['not-settled', null, OWN, null, null, 0],
    ['not-settled', null, OTHER, null, null, 0],
  ]);
  expect(findingsIn(store)).toEqual([
    [OWN, 'A', null, null, null, 0],
    [OWN, 'D', null, null, null, 0],
  ]);
  settleExposures(store);
  expect(changesIn(store)).toEqual([
    ['not-comparable', 'account-not-covered', OWN, 'A', null, 1],
    ['not-comparable', 'account-not-covered', OWN, 'D', null, 1],
  ]);
  expect(findingsIn(store)).toEqual([
    [OWN, 'A', 'baseline', `${day(1)}Z`, 2, 1],
    [OWN, 'D', 'baseline', `${day(1)}Z`, 2, 1],
  ]);

  scanCaptures(store, [{ account: OWN, at: day(5), roles: { A: GUARDED, B: OPEN, C: CLOSED, D: OPEN } }]);
  // What was settled of the capture before says nothing of this one.
  expect(changesIn(store)).toEqual([['not-settled', null, OWN, null, null, 0]]);
  expect(findingsIn(store)).toEqual([
    [OWN, 'B', null, null, null, 0],
    [OWN, 'D', null, null, null, 0],
  ]);
  settleExposures(store);
  expect(changesIn(store)).toEqual([
    ['resolved', 'guard-added', OWN, 'A', `${day(1)}Z`, 1],
    ['new', 'role-created', OWN, 'B', `${day(1)}Z`, 1],
  ]);
  expect(findingsIn(store)).toEqual([
    [OWN, 'B', 'new', `${day(5)}Z`, 0, 1],
    [OWN, 'D', 'unchanged', `${day(1)}Z`, 4, 1],
  ]);
  expectSettledFindings(store);
  store.close();
});

it('names the exception that accepts a finding at the moment of the last run, with its end, reason and owner', () => {
  const store = openNew();
  scanCaptures(store, [{ account: OWN, at: day(1), roles: { A: OPEN, B: OPEN } }]);
  const accepted = () =>
    query(
      store,
      `SELECT role_name, exception, exception_expires, exception_reason, exception_owner FROM v_finding ORDER BY arn`,
    );
  const none = [null, null, null, null];
  // Another one of the same number would double rows.
  beginRun(store, { exceptions: [EXCEPTION, { ...EXCEPTION, reason: 'b' }] }).finish('complete', AT);
  settleExposures(store);
  expect(accepted()).toEqual([
    ['A', 'EX-1', '2030-06-30', 'a vendor', 'audit'],
    ['B', ...none],
  ]);
  expectSettledFindings(store);
  beginRun(store, { exceptions: [EXCEPTION], asOf: '2031-01-01T00:00:00Z' }).finish('complete', AT);
  settleExposures(store);
  expect(accepted()).toEqual([
    ['A', ...none],
    ['B', ...none],
  ]);
  store.close();
});

it('a run that judges by others unsettles all: by other exceptions, by other rules, or exceptions at another moment', () => {
  const store = openNew();
  scanCaptures(store, [{ account: OWN, at: day(1), roles: { A: OPEN } }]);
  const settledAfter = (more: Parameters<typeof beginRun>[1]) => {
    settleExposures(store);
    expect(settledIn(store)).toEqual([OWN]);
    beginRun(store, more);
    return settledIn(store).length;
  };
  expect(settledAfter({})).toBe(1);
  expect(settledAfter({ asOf: '2031-01-01T00:00:00Z' })).toBe(1);
  expect(settledAfter({ exceptions: [EXCEPTION] })).toBe(0);
  expect(settledAfter({ exceptions: [EXCEPTION] })).toBe(1);
  expect(settledAfter({ exceptions: [EXCEPTION], asOf: '2031-01-01T00:00:00Z' })).toBe(0);
  expect(settledAfter({ rules: [RULE, 'U.1'], exceptions: [EXCEPTION] })).toBe(0);
  store.close();
});

it('a file that shows users alone unsettles their account', () => {
  const store = openNew();
  scanCaptures(store, [
    { account: OWN, at: day(1), roles: { A: OPEN } },
    { account: OTHER, at: day(1), roles: { A: OPEN } },
  ]);
  settleExposures(store);
  const metadata = { ...D9_AWS_IAM_99, id: 'U.1' };
  const run = store.beginRun({
    ...{ startedAt: AT, asOf: AT, toolVersion: '1.2.3', rules: [RULE], options: {} },
    furtherRules: [{ metadata, kind: 'IamUser', unjudged: null }],
  });
  const writer = run.evidence();
  writer.entityCapture('IamUser', { account: OWN, capturedAt: `${day(2)}Z`, complete: true, reasons: [] });
  writer.finish({
    evidence: { path: 'users.json', sha256: 'users', bytes: 1, modifiedAt: null },
    ...{
      format: 'test',
      capturedFrom: 'evidence',
      captures: [],
      recordsRead: 0,
      status: 'complete',
      problems: [],
    },
  });
  expect(settledIn(store)).toEqual([OTHER]);
  store.close();
});

it('settles more findings of one account than are held at a time', { timeout: 60_000 }, () => {
  const store = openNew();
  const roles = Object.fromEntries(Array.from({ length: 9000 }, (_, index) => [`R${index}`, OPEN]));
  scanCaptures(store, [{ account: OWN, at: day(1), roles }]);
  settleExposures(store);
  expect(query(store, 'SELECT count(*), count(DISTINCT arn) FROM v_change')).toEqual([[9000, 9000]]);
  expect(query(store, 'SELECT count(*), min(state), max(state) FROM v_finding')).toEqual([
    [9000, 'baseline', 'baseline'],
  ]);
  store.close();
});
