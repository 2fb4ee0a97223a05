import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { RoleDetail } from '../../src/model/role-detail.ts';
import { UNKNOWN_DETAIL } from '../../src/model/role-detail-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { CLOSED, type Details, detailsIn, OPEN } from './details.ts';

type Row = Readonly<Record<string, unknown>>;

const INLINE = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** A row of CloudQuery's table of roles. */
function row(name: string, more: Row = {}): Row {
  return {
    _cq_sync_time: '2026-02-01T00:00:00Z',
    _cq_id: name,
    account_id: '111122223333',
    arn: `arn:aws:iam::111122223333:role/${name}`,
    assume_role_policy_document: OPEN,
    role_id: `AROAEXAMPLE${name}`,
    create_date: '2025-01-02T03:04:05Z',
    max_session_duration: 7200,
    permissions_boundary: null,
    role_last_used: { LastUsedDate: '2026-01-30T00:00:00Z', Region: 'us-east-1' },
    tags: { team: `of ${name}`, 'a "quote", a comma; and\na line': 'é' },
    ...more,
  };
}

const ROWS: readonly Row[] = [
  row('A'),
  row('Closed', { assume_role_policy_document: CLOSED }),
  row('Bound', {
    permissions_boundary: {
      PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/B',
      PermissionsBoundaryType: 'Policy',
    },
    role_last_used: { LastUsedDate: null, Region: null },
  }),
  // No row like the others, so that it comes by itself.
  row('Odd', { role_id: '-', tags: null, role_last_used: null, max_session_duration: null }),
  ...Array.from({ length: 2500 }, (_, index) =>
    row(`R${index}`, index % 10 === 0 ? {} : { assume_role_policy_document: CLOSED }),
  ),
];

function text(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function namesOf(rows: readonly Row[]): readonly string[] {
  return Object.keys(rows[0] as Row);
}

function asCsv(rows: readonly Row[], names = namesOf(rows), delimiter = ','): string {
  const cell = (value: unknown) => {
    const written = text(value) ?? '';
    return /[",;\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
  };
  return [names, ...rows.map((one) => names.map((name) => cell(one[name])))]
    .map((cells) => `${cells.join(delimiter)}\n`)
    .join('');
}

function asParquet(rows: readonly Row[], rowGroupSize: number): Buffer {
  const columnData = namesOf(rows).map((name) => ({
    name,
    type: 'STRING' as const,
    data: rows.map((one) => text(one[name])),
  }));
  return Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize }));
}

function asSqlite(rows: readonly Row[], table: string): Buffer {
  const folder = temporaryFolder();
  try {
    const file = join(folder, 'db');
    const db = new Database(file);
    const names = namesOf(rows);
    db.exec(`CREATE TABLE ${table} (${names.map((name) => `"${name}"`).join(', ')})`);
    const insert = db.prepare(`INSERT INTO ${table} VALUES (${names.map(() => '?').join(', ')})`);
    db.transaction(() => {
      for (const one of rows) {
        insert.run(names.map((name) => (typeof one[name] === 'number' ? one[name] : text(one[name]))));
      }
    })();
    db.close();
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const asLines = (rows: readonly Row[]): string => rows.map((one) => `${JSON.stringify(one)}\n`).join('');

async function rolesIn(content: string | Uint8Array, path = 'aws_iam_roles'): Promise<Details['roles']> {
  return (await detailsIn([content], undefined, path)).roles;
}

describe('what a table shows of failing roles', () => {
  it('is the same in every file format of CloudQuery', async () => {
    const expected = await rolesIn(asLines(ROWS));
    expect(Object.keys(expected)).toHaveLength(253);
    expect(expected['A']).toEqual({
      ...UNKNOWN_DETAIL,
      createdAt: '2025-01-02T03:04:05Z',
      lastUsed: '2026-01-30T00:00:00Z',
      maxSession: 7200,
      tags: { team: 'of A', 'a "quote", a comma; and\na line': 'é' },
      boundary: '',
    } satisfies RoleDetail);
    expect(expected['Bound']).toMatchObject({
      boundary: 'arn:aws:iam::111122223333:policy/B',
      lastUsed: 'never',
    });
    expect(expected['Odd']).toMatchObject({ tags: null, lastUsed: null, maxSession: null });
    const upper = namesOf(ROWS).map((name) => name.toUpperCase());
    for (const [name, content] of [
      ['CSV', asCsv(ROWS)],
      ['semicolons', asCsv(ROWS, undefined, ';')],
      ['CSV packed', gzipSync(asCsv(ROWS))],
      ['capitals', asCsv(ROWS).replace(namesOf(ROWS).join(','), upper.join(','))],
      ['SQLite', asSqlite(ROWS, 'aws_iam_roles')],
    ] as const) {
      expect(await rolesIn(content), name).toEqual(expected);
    }
  });

  it('is unknown in Parquet but for what lists in a cell show', async () => {
    expect(await rolesIn(asParquet([row('A')], 10))).toEqual({ A: UNKNOWN_DETAIL });
  });

  it('does not hang on how the bytes of CSV are dealt out', async () => {
    const rows = [
      row('A'),
      row('Closed', { assume_role_policy_document: CLOSED }),
      row('B', { role_id: '-' }),
    ];
    const csv = Buffer.from(asCsv(rows));
    const expected = await rolesIn(csv);
    for (let at = 1; at < csv.length; at += 7) {
      const { roles } = await detailsIn([csv.subarray(0, at), csv.subarray(at)], undefined, 'x.csv');
      expect(roles, String(at)).toEqual(expected);
    }
    const bytes = Array.from({ length: csv.length }, (_, index) => csv.subarray(index, index + 1));
    expect((await detailsIn(bytes, undefined, 'x.csv')).roles).toEqual(expected);
  });

  it('keeps two syncs of one role apart', async () => {
    const rows = [row('A', { max_session_duration: 1 }), row('A', { max_session_duration: 2 })];
    const sessions: (number | null)[] = [];
    for (const content of [asCsv(rows), asSqlite(rows, 'aws_iam_roles')]) {
      const { roles } = await detailsIn([content], undefined, 'x');
      sessions.push(roles['A']?.maxSession ?? null);
    }
    // The helper keeps the last one.
    expect(sessions).toEqual([2, 2]);
  });

  it('is unknown where cells are damaged, stand twice, wait for their time or are too long', async () => {
    const damaged = row('A', { tags: '{"a":1', role_last_used: '{"LastUsedDate":null,"LastUsedDate":"x"}' });
    const odd = {
      ...UNKNOWN_DETAIL,
      createdAt: '2025-01-02T03:04:05Z',
      maxSession: 7200,
      boundary: '',
    };
    expect(await rolesIn(asCsv([damaged]))).toEqual({ A: odd });
    expect(await rolesIn(asSqlite([damaged], 'aws_iam_roles'))).toEqual({ A: odd });
    const twice = asCsv([row('A')]).replace('permissions_boundary', 'tags');
    expect(await rolesIn(twice)).toEqual({ A: UNKNOWN_DETAIL });
    const untimed = [row('B'), row('A', { _cq_sync_time: null })];
    for (const content of [asCsv(untimed), asSqlite(untimed, 'aws_iam_roles')]) {
      const roles = await rolesIn(content);
      expect(roles['A']).toEqual(UNKNOWN_DETAIL);
      expect(roles['B']?.maxSession).toBe(7200);
    }
    // Without its line end the last cell may go on.
    const names = [
      ...namesOf(ROWS).filter((name) => name !== 'max_session_duration'),
      'max_session_duration',
    ];
    expect(await rolesIn(asCsv([row('A')], names).trimEnd())).toEqual({ A: UNKNOWN_DETAIL });
    const long = asCsv([row('A', { tags: { a: 'x'.repeat(1024 * 1024) } }), row('B')]);
    expect((await rolesIn(long))['A']).toEqual(UNKNOWN_DETAIL);
  });

  it('is what Steampipe shows, and null is not taken for none', async () => {
    const steampipe = (name: string, more: Row = {}): Row => ({
      arn: `arn:aws:iam::111122223333:role/${name}`,
      account_id: '111122223333',
      assume_role_policy: OPEN,
      create_date: '2025-01-02T03:04:05Z',
      max_session_duration: 3600,
      permissions_boundary_arn: null,
      role_last_used_date: '2026-01-30T00:00:00Z',
      tags: { team: 'a' },
      tags_src: [{ Key: 'team', Value: 'a' }],
      attached_policy_arns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      inline_policies: [{ PolicyName: 'A', PolicyDocument: INLINE }],
      ...more,
    });
    const bare = {
      role_last_used_date: null,
      tags: null,
      tags_src: null,
      attached_policy_arns: null,
      inline_policies: null,
    };
    const rows = [
      steampipe('Full'),
      steampipe('Bare', bare),
      steampipe('Tagged', { ...bare, tags: { a: 'b' } }),
    ];
    const shown = { ...UNKNOWN_DETAIL, createdAt: '2025-01-02T03:04:05Z', maxSession: 3600 };
    const expected = {
      Full: {
        ...shown,
        lastUsed: '2026-01-30T00:00:00Z',
        tags: { team: 'a' },
        boundary: '',
        attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
        inline: [{ name: 'A', document: JSON.stringify(INLINE) }],
      },
      Bare: shown,
      Tagged: { ...shown, boundary: '', tags: { a: 'b' } },
    };
    for (const content of [
      JSON.stringify(rows),
      JSON.stringify({ columns: [], rows }),
      asCsv(rows),
      asSqlite(rows, 'aws_iam_role'),
    ]) {
      expect(await rolesIn(content, 'x')).toEqual(expected);
    }
    const { roles } = await detailsIn([asCsv(rows)], undefined, 'x', { whole: true });
    expect(roles['Bare']).toEqual({ ...shown, boundary: '', attached: [], inline: [] });
  });

  it('is found in the lists that stand in cells of CloudQuery', async () => {
    const list = ['A', 'B'].map((name) => ({
      Arn: `arn:aws:iam::111122223333:role/${name}`,
      RoleId: `AROAEXAMPLE${name}`,
      AssumeRolePolicyDocument: OPEN,
      AttachedManagedPolicies: [{ PolicyName: 'x', PolicyArn: `arn:aws:iam::aws:policy/${name}` }],
      RolePolicyList: [],
      Tags: [{ Key: 'a', Value: 'é' }],
    }));
    const rows = [
      { _cq_sync_time: '2026-02-01T00:00:00Z', account_id: '111122223333', role_detail_list: list },
    ];
    const expected = await rolesIn(asLines(rows));
    expect(expected['B']).toMatchObject({
      attached: ['arn:aws:iam::aws:policy/B'],
      inline: [],
      tags: { a: 'é' },
    });
    for (const content of [
      asCsv(rows),
      asParquet(rows, 10),
      asSqlite(rows, 'aws_iam_account_authorization_details'),
    ]) {
      expect(await rolesIn(content)).toEqual(expected);
    }
  });

  it('is the same in YAML as in JSON, with the texts of managed policies', async () => {
    const gaad = {
      RoleDetailList: ['A', 'B'].map((name) => ({
        Arn: `arn:aws:iam::111122223333:role/${name}`,
        RoleId: `AROAEXAMPLE${name}`,
        AssumeRolePolicyDocument: OPEN,
        CreateDate: '2025-01-02T03:04:05+00:00',
        AttachedManagedPolicies: [{ PolicyName: 'x', PolicyArn: 'arn:aws:iam::111122223333:policy/Own' }],
        RolePolicyList: [{ PolicyName: 'A', PolicyDocument: INLINE }],
        RoleLastUsed: name === 'A' ? {} : { LastUsedDate: '2026-01-30T00:00:00+00:00', Region: 'x' },
        Tags: [{ Key: 'a', Value: '07' }],
      })),
      Policies: ['Own', 'Other'].map((name) => ({
        PolicyName: name,
        Arn: `arn:aws:iam::111122223333:policy/${name}`,
        PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: INLINE }],
      })),
      UserDetailList: [],
    };
    const json = await detailsIn([JSON.stringify(gaad)]);
    expect(json.roles['A']).toMatchObject({ lastUsed: 'never', tags: { a: '07' }, boundary: '' });
    expect(json.policies).toHaveLength(1);
    for (const yaml of [stringify(gaad, { indentSeq: false }), stringify([gaad], { indentSeq: false })]) {
      expect(await detailsIn([yaml])).toEqual(json);
    }
  });
});
