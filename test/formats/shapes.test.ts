import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/formats/index.ts';
import { sketchPrefix } from '../../src/json/sketch.ts';
import {
  ACCOUNT,
  arnOf,
  asConfiguration,
  asIam,
  asTerraform,
  asText,
  encoded,
  essence,
  FIVE,
  json,
  lines,
  RECORDS,
} from './five-roles.ts';
import { fixtureOf, OF_ORGANIZATIONS, OF_POLICIES, pathOf, ROLE_PATH, readContent } from './read.ts';

const item = (role: (typeof FIVE)[number], configuration: unknown) => ({
  version: '1.3',
  accountId: ACCOUNT,
  arn: arnOf(role),
  resourceType: 'AWS::IAM::Role',
  resourceId: role.id,
  configurationItemStatus: 'OK',
  configurationItemCaptureTime: '2026-01-05T10:00:00.000Z',
  configuration,
});
const row = (role: (typeof FIVE)[number]) => ({
  arn: arnOf(role),
  resourceType: 'AWS::IAM::Role',
  configuration: asConfiguration(role),
});
const steampipeRow = (role: (typeof FIVE)[number], more: object) => ({
  account_id: ACCOUNT,
  arn: arnOf(role),
  role_id: role.id,
  ...more,
});
const PARTIAL = 'partial-inventory';

/** What it is, its content, the format, and the reason of its capture. */
const SHAPES: readonly (readonly [string, string, string, string | null])[] = [
  ['CLI', json({ RoleDetailList: FIVE.map((role) => asIam(role)) }), 'gaad', null],
  [
    'SDK',
    json({ IsTruncated: false, RoleDetailList: FIVE.map((role) => asIam(role, encoded(role))) }),
    'gaad',
    null,
  ],
  ['jq -s', json([{ RoleDetailList: FIVE.map((role) => asIam(role)) }]), 'gaad', null],
  ['by account', json({ [ACCOUNT]: { RoleDetailList: FIVE.map((role) => asIam(role)) } }), 'gaad', null],
  ["--query 'RoleDetailList[]'", json(FIVE.map((role) => asIam(role))), 'role-list', null],
  ['jq -c', lines(FIVE.map((role) => asIam(role, encoded(role)))), 'role-list', null],
  ['Panther', lines(FIVE.map((role) => asIam(role, asText(role)))), 'role-list', null],
  [
    'names of one’s own',
    json(FIVE.map((role) => ({ who: arnOf(role), may: role.trust, unique: role.id, boundary: null }))),
    'role-list',
    null,
  ],
  [
    'keys with small letters',
    json({
      roleDetailList: FIVE.map((role) => ({
        arn: arnOf(role),
        roleId: role.id,
        assumeRolePolicyDocument: encoded(role),
      })),
      isTruncated: false,
    }),
    'role-list',
    null,
  ],
  [
    "--query '{roles: ...}'",
    json({ roles: FIVE.map((role) => ({ who: arnOf(role), trust: role.trust, roleId: role.id })) }),
    'role-list',
    null,
  ],
  ['lists by account', json({ [ACCOUNT]: FIVE.map((role) => asIam(role)) }), 'role-list', null],
  [
    'lists by account below a key, beside the time',
    json({ at: '2026', accounts: { [ACCOUNT]: FIVE.map((role) => asIam(role, encoded(role))) } }),
    'role-list',
    null,
  ],
  [
    'lists by account with names of one’s own, one document each',
    lines(FIVE.map((role) => ({ [ACCOUNT]: [{ who: arnOf(role), may: role.trust, roleId: role.id }] }))),
    'role-list',
    null,
  ],
  [
    'lists called `roles` beside their account',
    json([{ account_id: ACCOUNT, roles: FIVE.map((role) => asIam(role)) }]),
    'role-list',
    null,
  ],
  [
    'list-roles by account',
    json({ [ACCOUNT]: { Roles: FIVE.map((role) => asIam(role)), IsTruncated: false } }),
    'list-roles',
    null,
  ],
  [
    'list-roles beside the account',
    json([{ AccountId: ACCOUNT, Roles: FIVE.map((role) => asIam(role)) }]),
    'list-roles',
    null,
  ],
  ['--query Results', json(FIVE.map((role) => json(row(role)))), 'aws-config-query', null],
  ['list-roles', json({ Roles: FIVE.map((role) => asIam(role, encoded(role))) }), 'list-roles', null],
  [
    'get-role, again and again',
    FIVE.map((role) => JSON.stringify({ Role: asIam(role) }, null, 4)).join('\n'),
    'list-roles',
    PARTIAL,
  ],
  [
    'list-roles as recorded',
    json({
      status_code: 200,
      data: {
        Roles: FIVE.map((role) => ({ ...asIam(role), CreateDate: { __class__: 'datetime', year: 2024 } })),
        IsTruncated: false,
        ResponseMetadata: {},
      },
    }),
    'list-roles',
    null,
  ],
  [
    'list-roles in pages',
    json({ Roles: FIVE.slice(0, 2).map((role) => asIam(role)), IsTruncated: true, Marker: 'm' }) +
      json({ Roles: FIVE.slice(2).map((role) => asIam(role)), IsTruncated: false }),
    'list-roles',
    null,
  ],
  [
    'a history from the API',
    json({ configurationItems: FIVE.map((role) => item(role, json(asConfiguration(role)))) }),
    'aws-config-api',
    PARTIAL,
  ],
  [
    'an aggregate batch',
    json({
      BaseConfigurationItems: FIVE.map((role) => item(role, json(asConfiguration(role)))),
      UnprocessedResourceIdentifiers: [],
    }),
    'aws-config-api',
    PARTIAL,
  ],
  [
    'aggregated items',
    FIVE.map((role) => json({ ConfigurationItem: item(role, json(asConfiguration(role))) })).join('\n'),
    'aws-config-api',
    PARTIAL,
  ],
  [
    'items alone',
    json(FIVE.map((role) => item(role, json(asConfiguration(role))))),
    'aws-config-api',
    PARTIAL,
  ],
  [
    'events of EventBridge',
    lines(
      FIVE.map((role) => ({
        source: 'aws.config',
        detail: {
          messageType: 'ConfigurationItemChangeNotification',
          configurationItem: item(role, asConfiguration(role)),
        },
      })),
    ),
    'aws-config-api',
    PARTIAL,
  ],
  [
    'events of rules',
    lines(
      FIVE.map((role) => ({
        invokingEvent: json({ configurationItem: item(role, asConfiguration(role)), messageType: 'x' }),
        ruleParameters: '{}',
      })),
    ),
    'aws-config-api',
    PARTIAL,
  ],
  ['a query', json({ Results: FIVE.map((role) => json(row(role))) }), 'aws-config-query', null],
  ['a query with objects', json({ Results: FIVE.map(row) }), 'aws-config-query', null],
  ['rows of a query', lines(FIVE.map(row)), 'aws-config-query', null],
  ['a list of rows', json(FIVE.map(row)), 'aws-config-query', null],
  [
    'rows with the configuration alone',
    lines(FIVE.map((role) => ({ configuration: asConfiguration(role) }))),
    'aws-config-query',
    null,
  ],
  [
    'Steampipe 0.22',
    json(FIVE.map((role) => steampipeRow(role, { assume_role_policy: role.trust }))),
    'steampipe',
    null,
  ],
  [
    'Steampipe 0.23',
    json({ rows: FIVE.map((role) => steampipeRow(role, { assume_role_policy_document: encoded(role) })) }),
    'steampipe',
    null,
  ],
  [
    'Steampipe with the rewritten policy alone',
    json({
      columns: [],
      rows: FIVE.map((role) => steampipeRow(role, { assume_role_policy_std: role.trust })),
    }),
    'steampipe',
    null,
  ],
  [
    'CloudQuery details in an array',
    json([{ account_id: ACCOUNT, role_detail_list: FIVE.map((role) => asIam(role, encoded(role))) }]),
    'cloudquery-authorization-details',
    null,
  ],
  [
    'Terraform state 3',
    json({
      version: 3,
      serial: 1,
      lineage: 'x',
      modules: [
        {
          path: ['root'],
          resources: Object.fromEntries(
            FIVE.map((role) => [
              `aws_iam_role.${role.name}`,
              { type: 'aws_iam_role', primary: { id: role.name, attributes: asTerraform(role) } },
            ]),
          ),
        },
      ],
    }),
    'terraform-state',
    PARTIAL,
  ],
  [
    'terraform show -json of a state',
    json({
      format_version: '1.0',
      terraform_version: '1.9.8',
      values: {
        root_module: {
          resources: FIVE.slice(0, 1).map((role) => ({ type: 'aws_iam_role', values: asTerraform(role) })),
          child_modules: [
            {
              resources: [{ type: 'aws_iam_user', values: { arn: 'x' } }],
              child_modules: [
                {
                  resources: FIVE.slice(1).map((role) => ({
                    type: 'aws_iam_role',
                    mode: 'data',
                    values: asTerraform(role),
                  })),
                },
              ],
            },
          ],
        },
      },
    }),
    'terraform-state',
    PARTIAL,
  ],
  [
    'ScoutSuite without its first line, and not counted',
    json({
      account_id: ACCOUNT,
      provider_code: 'aws',
      services: {
        iam: {
          roles: Object.fromEntries(
            FIVE.map((role) => [
              role.id,
              { arn: arnOf(role), id: role.id, assume_role_policy: { PolicyDocument: role.trust } },
            ]),
          ),
        },
      },
    }),
    'scoutsuite',
    PARTIAL,
  ],
  [
    'ScoutSuite with its account and services alone',
    json({
      account_id: ACCOUNT,
      services: {
        iam: {
          roles: Object.fromEntries(
            FIVE.map((role) => [
              role.id,
              { arn: arnOf(role), id: role.id, assume_role_policy: { PolicyDocument: role.trust } },
            ]),
          ),
          roles_count: FIVE.length,
        },
      },
    }),
    'scoutsuite',
    null,
  ],
  [
    'Cloud Custodian with `source: config`',
    json(FIVE.map((role) => ({ ...asIam(role, encoded(role)), 'c7n:MatchedFilters': [] }))),
    'cloud-custodian',
    PARTIAL,
  ],
  [
    'a single resource of Cloud Control',
    FIVE.map((role) =>
      json({ TypeName: 'AWS::IAM::Role', ResourceDescription: { Properties: json(asIam(role)) } }),
    ).join('\n'),
    'cloud-control',
    PARTIAL,
  ],
];

/** Formats whose exports a filter may have cut. */
const FILTERED = ['role-list', 'list-roles', 'aws-config-query', 'steampipe'];

describe('an export without a service-linked role', () => {
  const shapes = SHAPES.filter(([, , format, reason]) => FILTERED.includes(format) && reason === null);
  const without = (content: string) => content.replaceAll('/aws-service-role/', '/service-role/');

  it.each(shapes)('may be filtered: %s', async (_, content) => {
    const { captures, reading, codes, roles } = await readContent(without(content));
    expect(roles).toHaveLength(FIVE.length);
    expect(captures).toMatchObject([{ complete: false, reasons: ['maybe-filtered'] }]);
    expect(reading.status).toBe('incomplete');
    expect(codes).toEqual(['maybe-filtered']);
  });

  it.each(shapes)('is whole when the user says so: %s', async (_, content) => {
    const { captures, codes } = await readContent(without(content), { whole: true });
    expect(captures).toMatchObject([{ complete: true, reasons: [] }]);
    expect(codes).toEqual([]);
  });

  it('is told by account', async () => {
    const other = { ...asIam(FIVE[0] as (typeof FIVE)[number]), Arn: 'arn:aws:iam::222233334444:role/Other' };
    const { captures } = await readContent(json([...FIVE.map((role) => asIam(role)), other]));
    expect(captures).toMatchObject([
      { account: ACCOUNT, complete: true },
      { account: '222233334444', complete: false, reasons: ['maybe-filtered'] },
    ]);
  });
});

describe('the same five roles', () => {
  it.each(SHAPES)('%s', async (_, content, format, reason) => {
    const { roles, rejects, reading, captures } = await readContent(content);
    expect(roles.map(essence)).toEqual(RECORDS);
    expect(rejects).toEqual([]);
    expect(reading).toMatchObject({ format, status: 'complete', recordsRead: 5, recordsRejected: 0 });
    expect(new Set(captures.map((capture) => capture.account))).toEqual(new Set([ACCOUNT]));
    const reasons = reason === null ? [] : [reason];
    for (const capture of captures) expect(capture).toMatchObject({ complete: reason === null, reasons });
    for (const { offset } of roles) {
      expect(Buffer.from(content).toString('latin1', offset, offset + 1)).toMatch(/[{"]/);
    }
  });

  const others = [
    'gaad',
    'aws-config',
    'aws-config-csv',
    'awspx-csv',
    'cloudquery',
    'iam-collect',
    ...OF_ORGANIZATIONS,
    ...OF_POLICIES,
  ];
  const own = FORMATS.map(({ id }) => id).filter((id) => !others.includes(id));
  it.each(own)('in the fixture of %s', async (id) => {
    const { roles, rejects, reading } = await readContent(fixtureOf(id));
    expect(roles.map(essence)).toEqual(RECORDS);
    expect(rejects).toEqual([]);
    expect(reading).toMatchObject({ format: id, status: 'complete', recordsRead: 5, recordsRejected: 0 });
  });
});

describe('recognition', () => {
  const claims = (content: Uint8Array | string, path = ROLE_PATH) => {
    const sketch = sketchPrefix(Buffer.from(content));
    return FORMATS.filter((format) => format.detect(sketch, path)).map(({ id }) => id);
  };
  const texts = FORMATS.map(({ id }) => id).filter((id) => !id.endsWith('-csv'));

  it.each(texts)('takes the fixture of %s for nothing else', (id) => {
    const content = fixtureOf(id).toString();
    expect(claims(content.replace(/^scoutsuite_results =\n/, ''), pathOf(id))).toEqual([id]);
  });

  it.each(SHAPES)('takes %s for one thing', (_, content, format) => {
    expect(claims(content)).toEqual([format]);
  });

  it('never depends on the length that is sketched', () => {
    for (const id of texts) {
      const content = fixtureOf(id)
        .toString()
        .replace(/^scoutsuite_results =\n/, '');
      for (let length = 1; length < Math.min(content.length, 3000); length += 37) {
        // What tells the roles of Cloud Custodian from others may come late, and makes no difference.
        const also = id === 'cloud-custodian' ? ['role-list'] : [];
        expect([[], [id], also]).toContainEqual(claims(content.slice(0, length), pathOf(id)));
      }
    }
  });

  it('has a section in docs/formats.md for every format', () => {
    const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');
    for (const { id } of FORMATS) expect(page).toContain(`\`${id}\``);
  });
});

describe('damage', () => {
  const whole = [
    'list-roles',
    'steampipe',
    'cloudquery-authorization-details',
    'scoutsuite',
    'cloud-control',
    'pmapper',
  ];

  it('never loses a role from an account that is called complete', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...whole),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        async (id, at, bit) => {
          const content = Buffer.from(fixtureOf(id));
          const index = at % content.length;
          content[index] = (content[index] as number) ^ (1 << bit);
          const { roles, rejects, captures } = await readContent(content);
          if (captures.some(({ complete }) => complete))
            expect(roles.length + rejects.length).toBeGreaterThanOrEqual(5);
        },
      ),
      { numRuns: 600 },
    );
  });
});
