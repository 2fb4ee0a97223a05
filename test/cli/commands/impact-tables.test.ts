import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import type { VerdictObject } from '../../../src/model/verdict.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { OPEN, put } from '../evidence.ts';
import { cli } from '../harness.ts';

/** The same account as authorization details and as tables of CloudQuery. */

const ACCOUNT = '111122223333';
const AT = '2026-02-01T00:00:00Z';
const arnOf = (kind: 'role' | 'policy', name: string) => `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;
const allow = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});
const DENY = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] };
const TEXTS = { Everything: allow('*'), Read: allow('s3:GetObject'), Nothing: DENY };
const ATTACHABLE = [
  ...Object.keys(TEXTS).map((name) => arnOf('policy', name)),
  'arn:aws:iam::aws:policy/AdministratorAccess',
  'arn:aws:iam::aws:policy/AWSLambdaExecute',
];

interface Role {
  readonly name: string;
  readonly attached: readonly string[];
  readonly inline: readonly (keyof typeof TEXTS)[];
  readonly boundary: string | null;
  readonly used: boolean;
}

type Row = Readonly<Record<string, unknown>>;
type Tables = Readonly<Record<'roles' | 'attached' | 'inline' | 'policies', readonly Row[]>>;

function asGaad(roles: readonly Role[]): object {
  return {
    RoleDetailList: roles.map(({ name, attached, inline, boundary, used }) => ({
      Path: '/',
      RoleName: name,
      RoleId: `AROAEXAMPLE${name}`,
      Arn: arnOf('role', name),
      CreateDate: '2025-01-02T03:04:05+00:00',
      AssumeRolePolicyDocument: OPEN,
      RolePolicyList: inline.map((text) => ({ PolicyName: text, PolicyDocument: TEXTS[text] })),
      AttachedManagedPolicies: attached.map((PolicyArn) => ({ PolicyName: 'x', PolicyArn })),
      Tags: [{ Key: 'team', Value: name }],
      RoleLastUsed: used ? { LastUsedDate: '2026-01-30T00:00:00Z', Region: 'us-east-1' } : {},
      ...(boundary !== null && { PermissionsBoundary: { PermissionsBoundaryArn: boundary } }),
    })),
    Policies: Object.entries(TEXTS).map(([name, Document]) => ({
      PolicyName: name,
      Arn: arnOf('policy', name),
      PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document }],
    })),
    UserDetailList: [],
  };
}

function asTables(roles: readonly Role[]): Tables {
  const row = (more: Row): Row => ({ _cq_sync_time: AT, _cq_id: 'x', account_id: ACCOUNT, ...more });
  return {
    roles: roles.map(({ name, boundary, used }) =>
      row({
        arn: arnOf('role', name),
        role_id: `AROAEXAMPLE${name}`,
        assume_role_policy_document: OPEN,
        create_date: '2025-01-02T03:04:05Z',
        max_session_duration: 3600,
        permissions_boundary: boundary === null ? null : { PermissionsBoundaryArn: boundary },
        role_last_used: { LastUsedDate: used ? '2026-01-30T00:00:00Z' : null, Region: null },
        tags: { team: name },
      }),
    ),
    attached: roles.flatMap(({ name, attached }) =>
      attached.map((policy_arn) => row({ role_arn: arnOf('role', name), policy_arn, policy_name: 'x' })),
    ),
    inline: roles.flatMap(({ name, inline }) =>
      inline.map((text) =>
        row({ role_arn: arnOf('role', name), policy_name: text, policy_document: TEXTS[text] }),
      ),
    ),
    policies: Object.entries(TEXTS).map(([name, document]) =>
      row({
        arn: arnOf('policy', name),
        policy_version_list: [
          { VersionId: 'v1', IsDefaultVersion: true, Document: encodeURIComponent(JSON.stringify(document)) },
        ],
      }),
    ),
  };
}

const text = (value: unknown): string | null =>
  value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value);

const FORMS: Readonly<Record<string, (rows: readonly Row[]) => string | Buffer>> = {
  json: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  csv: (rows) => {
    const cells = [
      Object.keys(rows[0] as Row),
      ...rows.map((row) => Object.values(row).map((value) => text(value) ?? '')),
    ];
    return cells.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('');
  },
  parquet: (rows) =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: Object.keys(rows[0] as Row).map((name) => ({
          name,
          type: 'STRING' as const,
          data: rows.map((row) => text(row[name])),
        })),
      }),
    ),
};

type Impacts = Readonly<Record<string, VerdictObject['impact']>>;

async function impactsIn(db: string): Promise<Impacts> {
  const { stdout } = await cli(['report', '--db', db, '--format', 'json', '--status', 'all']);
  const verdicts = JSON.parse(stdout) as VerdictObject[];
  return Object.fromEntries(verdicts.map(({ roleName, impact }) => [roleName, impact]));
}

/** One scan for each path, so that their order is that of the scans. */
async function scanned(paths: readonly string[], ...options: readonly string[]): Promise<Impacts> {
  const db = join(temporaryFolder(), 'x.db');
  for (const path of paths) {
    const { exit, stderr } = await cli(['scan', path, '--db', db, '--captured-at', AT, ...options]);
    expect([0, 3], stderr).toContain(exit);
  }
  return impactsIn(db);
}

/** Of roles in Parquet nothing but their trust policies is kept, so their table is one of JSON lines. */
function putTables(tables: Tables, form: keyof typeof FORMS): readonly string[] {
  const folder = temporaryFolder();
  return Object.entries(tables)
    .filter(([, rows]) => rows.length > 0)
    .map(([name, rows]) => {
      const written = name === 'roles' && form === 'parquet' ? 'json' : form;
      return put(folder, `${name}.${written}`, (FORMS[written] as (typeof FORMS)[string])(rows));
    });
}

const EXAMPLE: readonly Role[] = [
  { name: 'Admin', attached: [ATTACHABLE[0] as string], inline: ['Read'], boundary: null, used: true },
  { name: 'Reader', attached: [], inline: ['Read'], boundary: null, used: false },
  { name: 'Bare', attached: [], inline: [], boundary: null, used: true },
  {
    name: 'Aws',
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    inline: [],
    boundary: null,
    used: true,
  },
];

describe('tables of policies', () => {
  it.each(Object.keys(FORMS))('of CloudQuery are joined to the roles, as %s', async (form) => {
    const paths = putTables(asTables(EXAMPLE), form);
    const impacts = await scanned(paths, '--whole');
    expect(Object.entries(impacts).map(([name, impact]) => [name, impact?.privileges])).toEqual([
      ['Admin', 'administrator'],
      ['Aws', 'administrator'],
      ['Bare', 'none'],
      ['Reader', 'limited'],
    ]);
    expect(impacts['Admin']).toMatchObject({
      policies: [ATTACHABLE[0], 'inline:Read'],
      maxSession: 3600,
      tags: { team: 'Admin' },
    });
    // Without the user's word there may be more policies.
    const partial = await scanned(paths);
    expect(partial['Admin']).toMatchObject({
      privileges: 'unknown',
      policies: [ATTACHABLE[0], 'inline:Read'],
    });
    expect(partial['Admin']?.why).toContain('further');
    expect(partial['Bare']).toMatchObject({ privileges: 'unknown', policies: [] });
  });

  it('show the same in any order of scans as authorization details, or less', {
    timeout: 120_000,
  }, async () => {
    const role = fc.record({
      attached: fc.subarray(ATTACHABLE),
      inline: fc.subarray(Object.keys(TEXTS) as (keyof typeof TEXTS)[]),
      boundary: fc.constantFrom(null, ...ATTACHABLE),
      used: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(role, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...Object.keys(FORMS)),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        async (parts, form, whole, order) => {
          const roles = parts.map((part, index) => ({ name: `R${index}`, ...part }));
          const expected = await scanned([put(temporaryFolder(), 'gaad.json', asGaad(roles))]);
          const paths = putTables(asTables(roles), form)
            .map((path) => [order.next().value as number, path] as const)
            .sort(([a], [b]) => a - b)
            .map(([, path]) => path);
          const shown = await scanned(paths, ...(whole ? ['--whole'] : []));
          expect(Object.keys(shown)).toEqual(Object.keys(expected));
          for (const [name, impact] of Object.entries(shown)) {
            const {
              privileges,
              why: _,
              maxSession: __,
              policies,
              ...rest
            } = expected[name] as NonNullable<VerdictObject['impact']>;
            expect(impact).toMatchObject(rest);
            expect(impact?.policies).toEqual(policies);
            // Of a table without any row nothing can be said.
            // A boundary may limit whatever further policies allow, of which there are none.
            const limits = impact?.privileges === 'limited' && privileges === 'none';
            if (impact?.privileges !== 'unknown' && !limits) expect(impact?.privileges).toBe(privileges);
            const hasBoth = ['attached', 'inline'].every((list) =>
              roles.some((one) => one[list as 'attached' | 'inline'].length > 0),
            );
            if (whole && hasBoth) expect(impact?.privileges).toBe(privileges);
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('are not whole where one of the sync was cut, or a row rejected', async () => {
    const [roles, attached, inline, policies] = putTables(asTables(EXAMPLE), 'csv') as [
      string,
      string,
      string,
      string,
    ];
    const rows = asTables([{ ...(EXAMPLE[0] as Role), name: 'Other' }]);
    const csv = (FORMS['csv'] as (typeof FORMS)[string])(rows.attached) as string;
    for (const content of [csv.slice(0, -1), `${csv.replace(`"${AT}"`, '"soon"')}${csv.split('\n')[1]}\n`]) {
      const more = put(temporaryFolder(), 'more.csv', content);
      const impacts = await scanned([roles, attached, inline, policies, more], '--whole');
      expect(impacts['Admin']?.privileges).toBe('unknown');
    }
    // Another sync says nothing of this one.
    const later = put(
      temporaryFolder(),
      'later.csv',
      csv.replaceAll(AT, '2026-02-02T00:00:00Z').slice(0, -1),
    );
    const impacts = await scanned([roles, attached, inline, policies, later], '--whole');
    expect(impacts['Admin']?.privileges).toBe('administrator');
  });

  it('add up, and are whole files', async () => {
    const db = join(temporaryFolder(), 'x.db');
    const tables = asTables(EXAMPLE);
    const paths = putTables({ ...tables, attached: [...tables.attached, ...tables.attached] }, 'json');
    const { exit } = await cli(['scan', ...paths, '--db', db, '--whole']);
    expect(exit).toBe(0);
    const store = new Database(db, { readonly: true });
    const rows = store
      .prepare(
        `SELECT format, records_read, records_accepted, records_duplicate, records_rejected, status
         FROM evidence ORDER BY format, path`,
      )
      .raw()
      .all();
    store.close();
    expect(rows).toEqual([
      ['cloudquery', 4, 4, 0, 0, 'complete'],
      ['cloudquery-policies', 3, 3, 0, 0, 'complete'],
      ['cloudquery-role-policies', 4, 2, 2, 0, 'complete'],
      ['cloudquery-role-policies', 2, 2, 0, 0, 'complete'],
    ]);
  });

  it('of other tools have the texts of managed policies, too', async () => {
    const folder = temporaryFolder();
    const attached = [arnOf('policy', 'Everything')];
    const role = { arn: arnOf('role', 'R'), account_id: ACCOUNT, assume_role_policy: OPEN, tags: { a: 'b' } };
    put(folder, 'role.json', [
      {
        ...role,
        permissions_boundary_arn: null,
        attached_policy_arns: attached,
        inline_policies: [{ PolicyName: 'x', PolicyDocument: TEXTS.Read }],
      },
    ]);
    const [name] = Object.keys(TEXTS) as ['Everything'];
    put(folder, 'policy.json', [{ arn: arnOf('policy', name), is_attachable: true, policy: TEXTS[name] }]);
    expect((await scanned([folder]))['R']?.privileges).toBe('administrator');

    const query = temporaryFolder();
    const encoded = (value: unknown) => encodeURIComponent(JSON.stringify(value));
    const item = { accountId: ACCOUNT, awsRegion: 'us-east-1', configurationItemStatus: 'OK' };
    const results = [
      {
        ...item,
        resourceType: 'AWS::IAM::Policy',
        arn: attached[0],
        configuration: {
          arn: attached[0],
          policyVersionList: [
            { versionId: 'v1', isDefaultVersion: true, document: encoded(TEXTS.Everything) },
          ],
        },
      },
      {
        ...item,
        resourceType: 'AWS::IAM::Role',
        arn: role.arn,
        configuration: {
          arn: role.arn,
          assumeRolePolicyDocument: encoded(OPEN),
          attachedManagedPolicies: attached.map((policyArn) => ({ policyName: 'x', policyArn })),
          rolePolicyList: [],
          permissionsBoundary: null,
        },
      },
    ];
    put(query, 'query.json', { Results: results.map((row) => JSON.stringify(row)), QueryInfo: {} });
    expect((await scanned([query]))['R']?.privileges).toBe('administrator');
  });
});
