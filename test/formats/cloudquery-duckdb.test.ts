import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../src/reading/read-evidence.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { ACCOUNT, asIam, encoded, essence, FIVE, RECORDS } from './five-roles.ts';
import { OPTIONS, readContent } from './read.ts';
import { CLOUDQUERY_ROWS, withoutPlaces } from './tables.ts';

const root = temporaryFolder();
let count = 0;

/** A folder with nothing but a database in it. */
async function makeDatabase(statements: readonly string[]) {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  const file = join(folder, 'roles.duckdb');
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  return { folder, file };
}

function makeRoles(): readonly string[] {
  const literal = (value: unknown) => {
    if (value === null) return 'NULL';
    return `'${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll("'", "''")}'`;
  };
  const types: Record<string, string> = { _cq_sync_time: 'timestamp', assume_role_policy_document: 'json' };
  const columns = Object.keys(CLOUDQUERY_ROWS[0] ?? {}).map((name) => `${name} ${types[name] ?? 'varchar'}`);
  return [
    `CREATE TABLE aws_iam_roles (${columns.join(', ')})`,
    ...CLOUDQUERY_ROWS.map(
      (row) => `INSERT INTO aws_iam_roles VALUES (${Object.values(row).map(literal).join(', ')})`,
    ),
  ];
}

describe('CloudQuery DuckDB', () => {
  it('gives the same records as JSON lines, and leaves no trace', async () => {
    const json = await readContent(CLOUDQUERY_ROWS.map((row) => JSON.stringify(row)).join('\n'));
    const { folder, file } = await makeDatabase(makeRoles());
    const before = readFileSync(file);
    const duckdb = await readContent(before);
    expect(withoutPlaces(duckdb.roles)).toEqual(withoutPlaces(json.roles));
    expect(duckdb.captures).toEqual(json.captures);
    expect(duckdb.reading).toMatchObject({ format: 'cloudquery', status: 'complete', problems: [] });
    const batches = readEvidence({ kind: 'file', path: 'x', file }, OPTIONS);
    while ((await batches.next()).done !== true);
    expect(readdirSync(folder)).toEqual(['roles.duckdb']);
    expect(readFileSync(file)).toEqual(before);
  });

  const details = (account: string, list: string) =>
    `INSERT INTO aws_iam_account_authorization_details VALUES ('2026-02-01 06:00:00', '${account}', ${list})`;
  const DETAILS =
    'CREATE TABLE aws_iam_account_authorization_details (_cq_sync_time timestamp, account_id varchar, role_detail_list json)';

  it('gives the roles of authorization details', async () => {
    const list = JSON.stringify(FIVE.map((role) => asIam(role, encoded(role))));
    const { file } = await makeDatabase([
      DETAILS,
      details('222233334444', "'[]'"),
      details(ACCOUNT, `'${list.replaceAll("'", "''")}'`),
    ]);
    const { roles, rejects, captures, reading } = await readContent(readFileSync(file));
    expect(roles.map(essence)).toEqual(RECORDS);
    expect(roles.map(({ capturedAt }) => capturedAt)).toEqual(FIVE.map(() => '2026-02-01T06:00:00Z'));
    expect(rejects).toEqual([]);
    expect(captures).toMatchObject([
      { account: ACCOUNT, complete: true },
      { account: '222233334444', complete: false, reasons: ['no-roles'] },
    ]);
    expect(reading).toMatchObject({
      format: 'cloudquery-authorization-details',
      status: 'incomplete',
      recordsRead: 5,
      recordsRejected: 0,
      problems: [{ code: 'no-roles' }],
    });
  });

  it('rejects a row with a value that is too long, and reads the others', async () => {
    const one = JSON.stringify([asIam(FIVE[1] as (typeof FIVE)[number])]);
    const { file } = await makeDatabase([
      DETAILS,
      details('222233334444', `'["' || repeat('x', 34000000) || '"]'`),
      details(ACCOUNT, `'${one}'`),
    ]);
    const { roles, rejects, captures } = await readContent(readFileSync(file));
    expect(roles).toHaveLength(1);
    expect(rejects).toMatchObject([{ code: 'table-too-large', pointer: '#1' }]);
    expect(captures).toMatchObject([{ account: ACCOUNT, complete: false, reasons: ['records-rejected'] }]);
  });

  it('names what is no table of roles', async () => {
    const view = await makeDatabase(["CREATE VIEW aws_iam_roles AS SELECT 'x' AS arn"]);
    expect((await readContent(readFileSync(view.file))).codes).toEqual(['format-unknown']);
    const packed = gzipSync(readFileSync(view.file));
    expect((await readContent(packed)).codes).toEqual(['random-access-needed']);
  });

  it('never calls a cut or damaged database complete', async () => {
    const { file } = await makeDatabase(makeRoles());
    const content = readFileSync(file);
    for (const length of [20, 4096, content.length >> 1]) {
      const { reading } = await readContent(content.subarray(0, length));
      expect(reading).toMatchObject({ status: 'unreadable', problems: [{ code: 'table-damaged' }] });
    }
    for (let at = 4096; at < content.length; at += 65_537) {
      const spoilt = Buffer.from(content);
      spoilt.fill(0xff, at, at + 64);
      const { reading } = await readContent(spoilt);
      if (reading.status === 'complete') expect(reading.recordsRead).toBe(CLOUDQUERY_ROWS.length);
    }
  });
});
