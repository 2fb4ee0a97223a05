import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openReport } from '../../../src/history/report/report.ts';
import { APPLICATION_ID } from '../../../src/store/connection.ts';
import { openStore } from '../../../src/store/index.ts';
import { SCHEMA_VERSION } from '../../../src/store/schema/migrations.ts';
import { TABLES_V1 } from '../../../src/store/schema/v1.ts';
import { CHANGES_V2 } from '../../../src/store/schema/v2.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { dumpStore } from '../dump.ts';
import { roleRecord, scan } from '../files.ts';

const folder = temporaryFolder();
const SINCE_V9 = ['shard', 'seal', 'seal_copy'];
const SINCE_V8 = [...SINCE_V9, 'settled_finding'];
const SINCE_V6 = [
  ...SINCE_V8,
  'settled_account',
  'current_exposure',
  'policy_holder',
  'role_policy_seen',
  'role_policy_source',
];
/** Tables of version 5 and 6. */
const SINCE_V5 = [
  'organization_fact',
  'organization_member',
  'role_detail',
  'role_detail_seen',
  'managed_policy',
  'managed_policy_document',
  'managed_policy_seen',
  ...SINCE_V6,
];
const OWN = '111122223333';
const OTHER = '210987654321';

/** A store as version 1 left it: one whole account, one region without IAM, a cut and an unreadable file. */
function versionOne(path: string): void {
  const db = new Database(path);
  db.exec(TABLES_V1);
  db.exec(`
    CREATE VIEW v_reconciliation AS SELECT path FROM evidence;
    INSERT INTO run VALUES (1, '2026-05-01T00:00:00Z', '2026-05-01T00:00:01Z', '2026-05-01T00:00:00Z', '0.1.0',
      '["TEST.RULE"]', 'null', '[]', 'incomplete');
    INSERT INTO account VALUES ('${OWN}', 'Own', 'same-organisation'), ('${OTHER}', NULL, NULL),
      ('333300001111', 'Missing', 'same-organisation');
    UPDATE setting SET organisation_known = 1;
    INSERT INTO evidence VALUES
      (1, 'bad.json', 's1', 9, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 'unreadable', '["it holds an error"]'),
      (2, 'cut.json', 's2', 9, 'gaad', '${OWN}', '2026-02-01T00:00:00', 'name', 1, 1, 0, 0, 0, 'incomplete', '["it ends"]'),
      (3, 'region.json', 's3', 9, 'aws-config', '${OTHER}', '2026-02-01T00:00:00', 'name', 0, 0, 0, 0, 0, 'incomplete', '["no IAM"]'),
      (4, 'whole.json', 's4', 9, 'gaad', '${OWN}', '2026-03-01T00:00:00', 'modified', 1, 1, 0, 0, 0, 'complete', '[]'),
      (5, 'rejects.json', 's5', 9, 'gaad', NULL, NULL, NULL, 1, 0, 0, 0, 1, 'complete', '[]');
    INSERT INTO run_evidence SELECT 1, id FROM evidence;
    INSERT INTO reject VALUES (5, 0, 17, '/0', 'arn-missing', 'it has no ARN');
    INSERT INTO capture VALUES ('${OWN}', '2026-02-01T00:00:00', 0, 'truncated', NULL),
      ('${OWN}', '2026-03-01T00:00:00', 1, NULL, NULL), ('${OTHER}', '2026-02-01T00:00:00', 0, 'no-iam-recorded', NULL);
    INSERT INTO capture_source VALUES ('${OWN}', '2026-02-01T00:00:00', 2, 0, 'truncated'),
      ('${OTHER}', '2026-02-01T00:00:00', 3, 0, 'no-iam-recorded'), ('${OWN}', '2026-03-01T00:00:00', 4, 1, NULL);
  `);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma('user_version = 1');
  db.close();
}

it('a store of version 1 keeps what it holds, and what it lacks is known', () => {
  const path = join(folder, 'one.db');
  versionOne(path);
  const store = openStore(path, { mode: 'read' });
  const report = openReport(store, { asOf: '2026-05-01T00:00:00Z' });
  expect(report.completeness()).toEqual({
    membersKnown: true,
    membersWhole: true,
    members: 2,
    gaps: [{ account: '333300001111', name: 'Missing', why: 'no-evidence', capturedAt: null, age: null }],
    closed: [],
    carriedForward: 1,
    accountsIncomplete: 1,
    staleAfter: 7,
    maxAge: null,
    unread: 2,
    rejects: [
      {
        code: 'arn-missing',
        count: 1,
        example: {
          path: 'rejects.json',
          offset: 17,
          pointer: '/0',
          code: 'arn-missing',
          message: 'it has no ARN',
        },
      },
    ],
    timedByModification: 1,
    disagreements: 0,
    reasons: [
      'there is no evidence of account 333300001111',
      'some evidence could not be read in full (2 files: bad.json, cut.json)',
      '1 record was rejected (arn-missing)',
      `AWS Config recorded no role of account ${OTHER}`,
    ],
    lacks: [
      { what: 'there is no evidence of 1 account', named: ['333300001111'], more: 0 },
      { what: '2 files could not be read in full', named: ['bad.json', 'cut.json'], more: 0 },
      { what: '1 record was rejected', named: ['arn-missing'], more: 0 },
      { what: 'AWS Config recorded no role of 1 account', named: [OTHER], more: 0 },
    ],
  });
  expect([...report.accounts()]).toMatchObject([
    { account: OWN, complete: true, carriedForward: null },
    { account: OTHER, complete: false, carriedForward: 28 },
  ]);
  expect([...report.evidence()].map(({ path: file, loss }) => [file, loss])).toEqual([
    ['bad.json', 'missing'],
    ['cut.json', 'missing'],
    ['region.json', undefined],
    ['rejects.json', 'missing'],
    ['whole.json', undefined],
  ]);
  store.close();
  const again = openStore(path, { mode: 'write' });
  scan(again, [{ path: 'new.json', captures: [], records: [roleRecord({})] }]);
  expect(again.listRuns()).toMatchObject([{ id: 1 }, { id: 2, files: 1 }]);
  again.close();
  const db = new Database(path, { readonly: true });
  expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
  expect(db.prepare('SELECT path FROM v_missing_evidence').pluck().all()).toEqual([
    'bad.json',
    'cut.json',
    'rejects.json',
  ]);
  expect(db.prepare('SELECT account_id, why FROM v_account_gap').raw().all()).toEqual([
    ['333300001111', 'no-evidence'],
  ]);
  db.close();
});

it('a store of version 2 is built anew where several files show one moment', () => {
  const source = join(folder, 'today.db');
  const store = openStore(source, { mode: 'write' });
  const at = '2026-01-01T00:00:00Z';
  const whole = { account: OWN, capturedAt: at, complete: true, reasons: [] };
  const part = { ...whole, complete: false, reasons: ['maybe-filtered' as const] };
  scan(store, [
    { path: 'whole.json', captures: [whole], records: [roleRecord({}), roleRecord({ roleName: 'B' })] },
    { path: 'part.json', captures: [part], records: [roleRecord({ policy: '{"fail":1}' })] },
    { path: 'other.json', captures: [part], records: [roleRecord({ roleName: 'C' })] },
  ]);
  store.close();
  const expected = dumpStore(source);
  expect(expected.disagreements).toHaveLength(4);

  const path = join(folder, 'two.db');
  const db = new Database(path);
  db.exec(TABLES_V1 + CHANGES_V2);
  db.exec(`ATTACH '${source}' AS today`);
  const names = [
    'run',
    'evidence',
    'run_evidence',
    'account',
    'capture_source',
    'sighting',
    'policy',
    'role',
  ];
  for (const name of names) {
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(name).join(', ');
    db.exec(`INSERT INTO ${name} (${columns}) SELECT ${columns} FROM today.${name}`);
  }
  db.exec(`
    INSERT INTO verdict SELECT * FROM today.verdict;
    UPDATE setting SET last_role = (SELECT last_role FROM today.setting);
    INSERT INTO capture VALUES ('${OWN}', '2026-01-01T00:00:00', 0, 'maybe-filtered', 'conflicting-records', 1);
    INSERT INTO config_item VALUES (1, '2026', '2026-01-01T00:00:00', NULL);
  `);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma('user_version = 2');
  db.close();
  openStore(path, { mode: 'read' }).close();
  expect(dumpStore(path)).toEqual(expected);
  const renewed = new Database(path, { readonly: true });
  expect(renewed.prepare('SELECT policy FROM config_item').pluck().all()).toEqual([0]);
  renewed.close();
});

it.each([3, 4, 5, 6, 7, 8])(
  'a store of version %s gets the tables and views of today and keeps all else',
  (version) => {
    const path = join(folder, `${version}.db`);
    const store = openStore(path, { mode: 'write' });
    scan(store, [{ path: 'a.json', captures: [], records: [roleRecord({})] }]);
    store.close();
    const expected = dumpStore(path);
    const views = (db: Database.Database) =>
      db.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name`).all();
    const db = new Database(path);
    const today = views(db);
    db.exec('DROP VIEW v_current_verdict; CREATE VIEW v_current_verdict AS SELECT 1 AS rule_id FROM run');
    for (const table of version < 5 ? SINCE_V5 : version < 6 ? SINCE_V6 : version < 8 ? SINCE_V8 : SINCE_V9)
      db.exec(`DROP TABLE ${table}`);
    db.pragma(`user_version = ${version}`);
    db.close();
    openStore(path, { mode: 'read' }).close();
    expect(dumpStore(path)).toEqual(expected);
    const renewed = new Database(path, { readonly: true });
    expect(views(renewed)).toEqual(today);
    expect(renewed.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    renewed.close();
  },
);
