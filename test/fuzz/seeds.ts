import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { stringify } from 'yaml';
import {
  ACCOUNT,
  arnOf,
  asIam,
  asText,
  encoded,
  FIVE,
  lines,
  type SampleRole,
} from '../formats/five-roles.ts';

export type SeedKind = 'json' | 'csv' | 'yaml' | 'js' | 'parquet' | 'sqlite' | 'duckdb';

/** A whole file of evidence that inputs are made of. */
export interface Seed {
  readonly name: string;
  readonly kind: SeedKind;
  /** As shown: some formats are known by it. */
  readonly path: string;
  readonly bytes: Buffer;
  /** How often it is taken, beside others; 10 where nothing speaks against it. */
  readonly weight: number;
}

/** Paths by which files of iam-collect are known. */
const ROLE_PATH = 'iam-data/aws/aws/accounts/111122223333/iam/role/open/trust-policy.json';
const ORGANIZATION_PATH = 'iam-data/aws/aws/organizations/o-exampleorg1/accounts.json';
const FIXTURES = new URL('../formats/fixtures/', import.meta.url);
const SAMPLES = new URL('../../samples/evidence/', import.meta.url);
/** What is longer takes too much of the time for what it finds. */
const MAX_SAMPLE = 30_000;

const row = (role: SampleRole) => ({
  _cq_sync_time: '2026-02-01T06:00:00Z',
  _cq_id: role.id,
  account_id: ACCOUNT,
  arn: arnOf(role),
  assume_role_policy_document: asText(role),
  role_id: role.id,
  description: 'über "x"',
});

function csv(rows: readonly Readonly<Record<string, string | null>>[], end = '\n'): string {
  const cells = (values: readonly (string | null)[]) =>
    `${values.map((value) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}${end}`;
  return cells(Object.keys(rows[0] ?? {})) + rows.map((one) => cells(Object.values(one))).join('');
}

function parquet(codec: 'UNCOMPRESSED' | 'SNAPPY', rowGroupSize: number): Buffer {
  const rows = [...FIVE, ...FIVE].map((role, index) => row({ ...role, name: `${role.name}${index}` }));
  const columnData = Object.keys(rows[0] ?? {}).map((name) => ({
    name,
    type: 'STRING' as const,
    data: rows.map((one) => one[name as keyof typeof one]),
  }));
  return Buffer.from(parquetWriteBuffer({ columnData, codec, rowGroupSize }));
}

function sqlite(): Buffer {
  const database = new Database(':memory:');
  const columns = Object.keys(row(FIVE[0] as SampleRole));
  database.exec(`CREATE TABLE aws_iam_roles (${columns.map((name) => `"${name}" TEXT`).join(', ')})`);
  const insert = database.prepare(`INSERT INTO aws_iam_roles VALUES (${columns.map(() => '?').join(', ')})`);
  for (let index = 0; index < 25; index++) {
    const role = FIVE[index % 5] as SampleRole;
    insert.run(...Object.values(row({ ...role, name: `${role.name}${index}`, id: `${role.id}${index}` })));
  }
  // Without the copies of rows that stay behind where a leaf was split.
  database.exec('VACUUM');
  const bytes = database.serialize();
  database.close();
  return bytes;
}

const named = (name: string, kind: SeedKind, content: string | Buffer, path: string, weight = 10): Seed => ({
  name,
  kind,
  path,
  bytes: typeof content === 'string' ? Buffer.from(content) : content,
  weight,
});

function fixtureSeeds(): readonly Seed[] {
  const names = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('.'),
  );
  return names.sort().map((name) => {
    const kind = name.endsWith('.csv') ? 'csv' : name.endsWith('.js') ? 'js' : 'json';
    const path = name.startsWith('iam-collect-organization')
      ? ORGANIZATION_PATH
      : name.startsWith('iam-collect')
        ? ROLE_PATH
        : name.startsWith('organizations-cli')
          ? 'dump/list-accounts.json'
          : `dump/${name}`;
    return named(
      name,
      kind,
      readFileSync(new URL(name, FIXTURES)),
      path,
      name.startsWith('policies/') ? 3 : 10,
    );
  });
}

function sampleSeeds(): readonly Seed[] {
  const names = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.json(?:\.gz)?$/.test(name),
  );
  return names.sort().flatMap((name) => {
    const raw = readFileSync(new URL(name, SAMPLES));
    const bytes = name.endsWith('.gz') ? gunzipSync(raw) : raw;
    return bytes.length > MAX_SAMPLE ? [] : [named(name, 'json', bytes, name.replace(/\.gz$/, ''), 1.5)];
  });
}

function writtenSeeds(): readonly Seed[] {
  const listing = { RoleDetailList: FIVE.map((role) => asIam(role)), UserDetailList: [], Policies: [] };
  const pages = [0, 1].map((page) => ({
    IsTruncated: page === 0,
    ...(page === 0 && { Marker: 'next' }),
    Roles: FIVE.slice(page * 2, page * 2 + 3).map((role) => asIam(role, encoded(role))),
  }));
  const rows = FIVE.map(row);
  return [
    named('gaad-compact', 'json', JSON.stringify(listing), 'dump/gaad-compact.json'),
    named(
      'gaad-truncated',
      'json',
      JSON.stringify({ ...listing, IsTruncated: true, Marker: 'next' }),
      'dump/g.json',
    ),
    named(
      'gaad-next-token',
      'json',
      JSON.stringify({ ...listing, NextToken: 'next' }, null, 2),
      'dump/n.json',
    ),
    named('list-roles-pages', 'json', lines(pages), 'dump/pages.json'),
    named('list-roles-first-page', 'json', JSON.stringify(pages[0], null, 1), 'dump/page.json'),
    named(
      'cloudquery-lines',
      'json',
      lines(FIVE.map((role) => ({ ...row(role), assume_role_policy_document: role.trust }))),
      'dump/aws_iam_roles.json',
    ),
    named('cloudquery-csv', 'csv', csv(rows), 'dump/aws_iam_roles.csv'),
    named('cloudquery-csv-windows', 'csv', csv(rows, '\r\n'), 'dump/windows.csv'),
    named(
      'steampipe-csv',
      'csv',
      csv(FIVE.map((role) => ({ arn: arnOf(role), role_id: role.id, assume_role_policy: asText(role) }))),
      'dump/steampipe.csv',
    ),
    named('gaad-yaml', 'yaml', stringify({ ...listing, IsTruncated: false }), 'dump/gaad.yaml', 5),
    named(
      'gaad-yaml-flow',
      'yaml',
      stringify(listing, { indentSeq: false, lineWidth: 40 }),
      'dump/flow.yaml',
      5,
    ),
    named('list-roles-yaml-pages', 'yaml', stringify(pages), 'dump/pages.yaml', 5),
    named('cloudquery-parquet', 'parquet', parquet('UNCOMPRESSED', 1000), 'dump/a.parquet', 1),
    named('cloudquery-parquet-snappy', 'parquet', parquet('SNAPPY', 4), 'dump/b.parquet', 1),
    named('cloudquery-sqlite', 'sqlite', sqlite(), 'dump/roles.sqlite', 4),
    named(
      'cloudquery-duckdb',
      'duckdb',
      gunzipSync(readFileSync(new URL('roles.duckdb.gz', import.meta.url))),
      'dump/roles.duckdb',
      0.2,
    ),
  ];
}

/** All seeds, in an order that only files of the project change. */
export const SEEDS: readonly Seed[] = [...fixtureSeeds(), ...writtenSeeds(), ...sampleSeeds()];

export function seedNamed(name: string): Seed {
  const seed = SEEDS.find((one) => one.name === name);
  if (seed === undefined) throw new Error(`there is no seed \`${name}\``);
  return seed;
}
