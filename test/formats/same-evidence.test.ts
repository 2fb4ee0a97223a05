import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createFastReader } from '../../src/json/fast/fast-reader.ts';
import { createReferenceReader } from '../../src/json/reference/reference-reader.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import {
  ACCOUNT,
  arnOf,
  asConfiguration,
  asIam,
  asText,
  encoded,
  essence,
  FIVE,
  json,
  lines,
  RECORDS,
  type SampleRole,
} from './five-roles.ts';
import { readContent } from './read.ts';

type Row = Readonly<Record<string, unknown>>;

const cloudquery = (role: SampleRole): Row => ({
  _cq_sync_time: '2026-02-01T06:00:00Z',
  _cq_id: role.id,
  account_id: ACCOUNT,
  arn: arnOf(role),
  assume_role_policy_document: role.trust,
  role_id: role.id,
});
const details: Row = {
  _cq_sync_time: '2026-02-01T06:00:00Z',
  account_id: ACCOUNT,
  role_detail_list: FIVE.map((role) => asIam(role, encoded(role))),
};
const steampipe = (role: SampleRole): Row => ({
  arn: arnOf(role),
  role_id: role.id,
  assume_role_policy: role.trust,
});
const configItem = (role: SampleRole): Row => ({
  awsAccountId: ACCOUNT,
  ARN: arnOf(role),
  resourceType: 'AWS::IAM::Role',
  resourceId: role.id,
  configurationItemStatus: 'OK',
  configuration: asConfiguration(role),
});
const roleRow = (role: SampleRole): Row => ({
  RoleId: role.id,
  Arn: arnOf(role),
  AssumeRolePolicyDocument: asText(role),
});

const cell = (value: unknown) =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : json(value);

function asCsv(rows: readonly Row[], delimiter = ','): string {
  const quoted = (value: unknown) => {
    const text = cell(value);
    return text === null ? '' : `"${text.replaceAll('"', '""')}"`;
  };
  const columns = Object.keys(rows[0] as Row);
  const all = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
  return all.map((cells) => `${cells.map(quoted).join(delimiter)}\n`).join('');
}

function asParquet(rows: readonly Row[]): Buffer {
  const columnData = Object.keys(rows[0] as Row).map((name) => ({
    name,
    type: 'STRING' as const,
    data: rows.map((row) => cell(row[name])),
  }));
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

function asSqlite(rows: readonly Row[], table: string): Buffer {
  const file = join(temporaryFolder(), 'x.db');
  const database = new Database(file);
  const columns = Object.keys(rows[0] as Row);
  database.exec(`CREATE TABLE ${table} (${columns.join(', ')})`);
  const insert = database.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
  for (const row of rows) insert.run(columns.map((name) => cell(row[name])));
  database.close();
  return readFileSync(file);
}

const yaml = (value: unknown) => stringify(value, { indentSeq: false, aliasDuplicateObjects: false });
const gaad = { RoleDetailList: FIVE.map((role) => asIam(role)), Policies: [] };

/** Every form of the same five roles that is no plain JSON of one kind; those are in shapes.test.ts. */
const FORMS: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['CloudQuery lines', lines(FIVE.map(cloudquery)), 'cloudquery'],
  ['CloudQuery CSV', asCsv(FIVE.map(cloudquery)), 'cloudquery'],
  ['CloudQuery CSV with semicolons', asCsv(FIVE.map(cloudquery), ';'), 'cloudquery'],
  ['CloudQuery Parquet', asParquet(FIVE.map(cloudquery)), 'cloudquery'],
  ['CloudQuery SQLite', asSqlite(FIVE.map(cloudquery), 'aws_iam_roles'), 'cloudquery'],
  ['details as a line', lines([details]), 'cloudquery-authorization-details'],
  ['details as CSV', asCsv([details]), 'cloudquery-authorization-details'],
  ['details as Parquet', asParquet([details]), 'cloudquery-authorization-details'],
  [
    'details in SQLite',
    asSqlite([details], 'aws_iam_account_authorization_details'),
    'cloudquery-authorization-details',
  ],
  ['Steampipe CSV', asCsv(FIVE.map(steampipe)), 'steampipe'],
  ['Steampipe SQLite', asSqlite(FIVE.map(steampipe), 'aws_iam_role'), 'steampipe'],
  ['AWS Config CSV', asCsv(FIVE.map(configItem)), 'aws-config-csv'],
  [
    'an AWS Config snapshot',
    json({ configSnapshotId: 's', configurationItems: FIVE.map(configItem) }),
    'aws-config',
  ],
  ['a table of roles', asCsv(FIVE.map(roleRow)), 'role-list'],
  ['YAML', yaml(gaad), 'gaad'],
  ['a YAML stream', yaml([{ ...gaad, IsTruncated: false }]), 'gaad'],
  ['YAML of list-roles', yaml({ Roles: FIVE.map((role) => asIam(role)), IsTruncated: false }), 'list-roles'],
];

describe.each([
  ['the reference reader', createReferenceReader],
  ['the fast reader', createFastReader],
])('the same five roles, by %s', (_, createReader) => {
  it.each(FORMS)('as %s', async (_what, content, format) => {
    const { roles, rejects, reading } = await readContent(content, {}, 'dump', createReader);
    expect(roles.map(essence)).toEqual(RECORDS);
    expect(rejects).toEqual([]);
    expect(reading).toMatchObject({ format, status: 'complete', account: ACCOUNT, recordsRead: 5 });
  });
});

describe('an account beside the ARN in a table', () => {
  it.each([
    ['its name', 'production', []],
    ['its number', ACCOUNT, []],
    ['the number of another', '999988887777', ['account-mismatch']],
  ])('may be %s', async (_, Account, expected) => {
    const { codes, roles } = await readContent(asCsv(FIVE.map((role) => ({ Account, ...roleRow(role) }))));
    expect(roles.map(essence)).toEqual(RECORDS);
    expect(codes).toEqual(expected);
  });
});

describe('a list in a cell', () => {
  it('that breaks off is rejected, and the roles before it are kept', async () => {
    const list = json(details['role_detail_list']);
    const broken = { ...details, role_detail_list: list.slice(0, -40) };
    const { roles, rejects, reading } = await readContent(asCsv([broken]), {}, 'dump');
    expect(roles.map(essence)).toEqual(RECORDS.slice(0, roles.length));
    expect(roles.length).toBeGreaterThan(2);
    expect(rejects).toMatchObject([{ code: 'row-malformed', pointer: '#2' }]);
    expect(reading.status).toBe('incomplete');
  });

  it('that is empty shows no role', async () => {
    const { captures, codes } = await readContent(asCsv([{ ...details, role_detail_list: [] }]), {}, 'dump');
    expect(captures).toMatchObject([{ account: ACCOUNT, complete: false, reasons: ['no-roles'] }]);
    expect(codes).toContain('no-roles');
  });
});
