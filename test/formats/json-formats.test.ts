import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { expandEvidence } from '../../src/evidence/archive.ts';
import { readEvidence } from '../../src/formats/read-evidence.ts';
import type { FormatEvent } from '../../src/formats/reading.ts';
import {
  ACCOUNT,
  arnOf,
  asConfiguration,
  asIam,
  asTerraform,
  asText,
  encoded,
  FIVE,
  json,
  lines,
  type SampleRole,
} from './five-roles.ts';
import { fixture, OPTIONS, ROLE_PATH, readContent as readAny } from './read.ts';

/** As files that show all roles; what tells whether they do is tested in shapes.test.ts. */
const readContent: typeof readAny = (content, options, path, createReader) =>
  readAny(content, { whole: true, ...options }, path, createReader);

const [GUARDED, OPEN] = FIVE as readonly [SampleRole, SampleRole];
const OTHER = '222233334444';
const elsewhere = (role: SampleRole) => ({ ...asIam(role), Arn: arnOf(role).replace(ACCOUNT, OTHER) });

describe('an account around a list of roles', () => {
  const own = [asIam(OPEN)];

  it.each([
    ['a key', { [OTHER]: own }],
    ['a key around list-roles', { [OTHER]: { Roles: own } }],
    ['a key around authorization details', { [OTHER]: { UserDetailList: [], RoleDetailList: own } }],
    ['a field before', [{ AccountId: OTHER, Roles: own }]],
    ['a field behind', [{ Roles: own, Account: OTHER }]],
    ['a field before `roles`', { account_id: OTHER, roles: own }],
    ['a field of every row', own.map((role) => ({ ...role, AccountId: OTHER }))],
  ])('is noted where it contradicts the ARNs: %s', async (_, document) => {
    const { roles, codes, reading } = await readContent(json(document));
    expect(roles).toMatchObject([{ account: ACCOUNT }]);
    expect(codes).toEqual(['account-mismatch']);
    expect(reading).toMatchObject({ status: 'complete', recordsRead: 1, recordsRejected: 0 });
    expect(reading.problems[0]?.message).toContain(OTHER);
  });

  it.each([
    ['a name', [{ Account: 'production', Roles: own }]],
    ['a name in every row', own.map((role) => ({ ...role, account: 'production' }))],
    ['the same', { [ACCOUNT]: own }],
    ['the same as a number', [{ AccountId: Number(ACCOUNT), Roles: own }]],
  ])('is not noted otherwise: %s', async (_, document) => {
    expect((await readContent(json(document))).codes).toEqual([]);
  });

  it.each([
    ['a key', { [OTHER]: [], [ACCOUNT]: own }],
    ['a key around list-roles', { [OTHER]: { Roles: [] }, [ACCOUNT]: { Roles: own } }],
    ['a field', [{ Roles: own }, { AccountId: OTHER, Roles: [] }]],
    [
      'a key around authorization details',
      { [OTHER]: { RoleDetailList: [] }, [ACCOUNT]: { RoleDetailList: own } },
    ],
  ])('is known although it shows no role: %s', async (_, document) => {
    const { captures, codes, reading } = await readContent(json(document));
    expect(captures).toMatchObject([
      { account: ACCOUNT },
      { account: OTHER, complete: false, reasons: ['no-roles'] },
    ]);
    expect(codes).toEqual(['no-roles']);
    expect(reading.status).toBe('incomplete');
  });

  it('tells who keeps lists under names what to do', async () => {
    const { reading } = await readContent(json({ production: own, development: own }));
    expect(reading.status).toBe('unreadable');
    expect(reading.problems[0]?.message).toContain('`production`');
    expect(reading.problems[0]?.message).toContain('number of its account');
  });
});

describe('list-roles', () => {
  const page = (roles: readonly object[], rest: object = {}) => json({ Roles: roles, ...rest });

  it.each([
    ['the last page', page([asIam(OPEN)], { IsTruncated: false }), { [ACCOUNT]: null }],
    ['a page', page([asIam(OPEN)], { IsTruncated: true, Marker: 'm' }), { [ACCOUNT]: 'next-page-missing' }],
    ['--max-items', page([asIam(OPEN)], { NextToken: 't' }), { [ACCOUNT]: 'next-page-missing' }],
    [
      'two accounts',
      page([asIam(OPEN)]) + page([elsewhere(OPEN)], { IsTruncated: true }),
      { [ACCOUNT]: null, [OTHER]: 'next-page-missing' },
    ],
    [
      'a last page without roles',
      page([asIam(OPEN)], { IsTruncated: true }) + page([], { IsTruncated: false }),
      { [ACCOUNT]: null },
    ],
    ['a page cut off', page([asIam(OPEN)]).slice(0, -1), { [ACCOUNT]: 'truncated' }],
    [
      'an account cut off later',
      page([asIam(OPEN)]) + page([elsewhere(OPEN)]).slice(0, -1),
      { [ACCOUNT]: null, [OTHER]: 'truncated' },
    ],
    ['a bad role', page([asIam(OPEN), { RoleName: 'x' }]), { [ACCOUNT]: 'records-rejected' }],
    ['bad roles only', page([{ RoleName: 'x' }]), {}],
    [
      'instance profiles',
      json({ InstanceProfiles: [{ InstanceProfileName: 'p', Roles: [asIam(OPEN)] }], IsTruncated: false }),
      { [ACCOUNT]: 'partial-inventory' },
    ],
  ])('knows what %s proves', async (_, content, expected) => {
    const { captures, reading, roles } = await readContent(content);
    expect(Object.fromEntries(captures.map(({ account, reasons }) => [account, reasons[0] ?? null]))).toEqual(
      expected,
    );
    const flawed = Object.values(expected).some(
      (reason) => reason !== null && reason !== 'partial-inventory',
    );
    expect(reading.status).toBe(flawed || roles.length === 0 ? 'incomplete' : 'complete');
  });

  it('says that a placeholder is no policy', async () => {
    const { roles } = await readContent(json({ Role: asIam(OPEN, '<URL-encoded-JSON>') }));
    expect(roles).toMatchObject([
      { trust: { state: 'undecodable', reason: 'it is the placeholder of a documentation example' } },
    ]);
  });
});

describe('role-list', () => {
  it('keeps duplicate members of a policy', async () => {
    const trust = '{"Statement":{"Principal":"*","Condition":{"Bool":{"a":1},"Bool":{"b":2}}}}';
    const { roles } = await readContent(`[{"r":"${arnOf(OPEN)}","t":${trust}}]`);
    expect(roles).toMatchObject([{ trust: { state: 'document', text: trust }, roleId: '' }]);
  });

  it.each([
    ['no policy', [{ Arn: arnOf(OPEN), RoleName: 'Open' }], /ARN or the trust policy was left out/],
    ['no ARN', [{ name: 'Open', trust: OPEN.trust }], /shows no role in a known place/],
    [
      'two policies that may be it',
      [{ who: arnOf(OPEN), a: OPEN.trust, b: OPEN.trust }],
      /names roles, but shows no trust policy/,
    ],
    ['nothing', [], /empty list/],
  ])('explains %s', async (_, content, message) => {
    const { reading } = await readContent(json(content));
    expect(reading).toMatchObject({ format: null, status: 'unreadable' });
    expect(reading.problems[0]?.message).toMatch(message);
  });

  it('reads a table of the same columns', async () => {
    const { roles, reading } = await readContent(
      `RoleName,Arn,AssumeRolePolicyDocument\nOpen,${arnOf(OPEN)},${encoded(OPEN)}\n`,
    );
    expect(reading).toMatchObject({ format: 'role-list', status: 'complete' });
    expect(roles).toMatchObject([{ roleName: 'Open', trust: { state: 'document', text: asText(OPEN) } }]);
  });
});

describe('aws-config-api', () => {
  const item = (more: object = {}) => ({
    accountId: ACCOUNT,
    arn: arnOf(OPEN),
    resourceType: 'AWS::IAM::Role',
    resourceId: OPEN.id,
    configurationItemStatus: 'OK',
    configurationItemCaptureTime: '2026-01-05T10:00:00.500Z',
    configurationStateId: '1767607200500',
    configuration: json(asConfiguration(OPEN)),
    ...more,
  });

  it.each([
    ['OK', {}, 'live', 'document'],
    ['deleted', { configurationItemStatus: 'ResourceDeleted', configuration: 'null' }, 'deleted', 'missing'],
    [
      'not recorded',
      { configurationItemStatus: 'ResourceNotRecorded', configuration: 'null' },
      'not-recorded',
      'missing',
    ],
    ['broken', { configuration: '{"assumeRolePolicyDocument":' }, 'live', 'undecodable'],
  ])('reads an item that is %s', async (_, more, status, state) => {
    const { roles, captures } = await readContent(json({ configurationItems: [item(more)] }));
    expect(roles).toMatchObject([
      { status, trust: { state }, roleId: OPEN.id, capturedAt: '2026-01-05T10:00:00.500Z' },
    ]);
    expect(captures).toMatchObject([{ complete: false, reasons: ['partial-inventory'] }]);
  });

  it.each([
    [1767607200.5, '2026-01-05T10:00:00.500Z'],
    [{ __class__: 'datetime', year: 2026, month: 1, day: 5, hour: 10 }, '2026-01-05T10:00:00Z'],
    ['2026-01-05T12:00:00+02:00', '2026-01-05T10:00:00Z'],
    [1e300, OPTIONS.capturedAt],
    [null, OPTIONS.capturedAt],
  ])('takes %j for a time', async (written, expected) => {
    const content = json({ configurationItems: [item({ configurationItemCaptureTime: written })] });
    expect((await readContent(content)).roles).toMatchObject([{ capturedAt: expected }]);
  });

  it('sorts the states of a role', async () => {
    const times = ['2026-01-05T10:00:00Z', '2026-01-05T10:00:00.500Z', '2026-01-06T00:00:00Z'];
    const items = times.map((time) => item({ configurationItemCaptureTime: time }));
    const { roles } = await readContent(json({ configurationItems: items }));
    const versions = roles.map(({ version }) => version);
    expect([...versions].sort()).toEqual(versions);
    expect(new Set(versions).size).toBe(3);
  });

  it.each([
    [
      { baseConfigurationItems: [item()], unprocessedResourceKeys: [{ resourceId: 'x' }] },
      'items-unprocessed',
    ],
    [{ BaseConfigurationItems: [item()], UnprocessedResourceIdentifiers: [{}] }, 'items-unprocessed'],
    [{ configurationItems: [item()], nextToken: 't' }, 'next-page-missing'],
    [{ configurationItems: [item({ configurationItemStatus: 'Odd' })] }, 'records-rejected'],
    [{ configurationItemSummary: item({ configuration: null }) }, 'records-rejected'],
    [{ configurationItems: [item({ accountId: OTHER })] }, 'account-mismatch'],
    [{ configurationItems: [item({ accountId: 11122223333 })] }, 'account-number-padded'],
  ])('notes what is wrong with %j', async (content, code) => {
    const { codes, reading } = await readContent(json(content));
    expect(codes).toContain(code);
    expect(reading.status).toBe(code.startsWith('account-') ? 'complete' : 'incomplete');
  });

  it('takes an account number that was a number for what it was', async () => {
    const content = json({ configurationItems: [item({ accountId: 12345678901 })] });
    const { codes } = await readContent(content.replaceAll(ACCOUNT, '012345678901'));
    expect(codes).toEqual(['account-number-padded']);
  });

  it('leaves other resources aside', async () => {
    const { reading } = await readContent(
      json({ configurationItems: [item({ resourceType: 'AWS::EC2::VPC' })] }),
    );
    expect(reading).toMatchObject({ status: 'complete', recordsRead: 0 });
  });
});

describe('aws-config-query', () => {
  const bare = { accountId: ACCOUNT, arn: arnOf(OPEN), resourceType: 'AWS::IAM::Role', resourceId: OPEN.id };
  const row = { ...bare, configuration: asConfiguration(OPEN) };

  it('takes pages one after the other for one result', async () => {
    const page = (more: object) => json({ Results: [json(row)], ...more });
    const codes = async (content: string) => (await readContent(content)).codes;
    expect(await codes(page({ NextToken: 't' }) + page({}))).toEqual([]);
    expect(await codes(page({ NextToken: 't' }) + page({ NextToken: 'u' }))).toEqual(['next-page-missing']);
  });

  it('advises when the configuration was not selected', async () => {
    const { roles, rejects, reading } = await readContent(json({ Results: [json(bare)], QueryInfo: {} }));
    expect(roles).toEqual([]);
    expect(rejects).toMatchObject([{ code: 'configuration-not-selected' }]);
    expect(reading.status).toBe('incomplete');
    expect(reading.problems[0]?.message).toMatch(/`SELECT accountId, arn, .* configuration WHERE/);
  });

  it.each([
    [499, 'complete'],
    [500, 'incomplete'],
    [501, 'complete'],
  ])('trusts a list of %i rows: %s', async (count, status) => {
    const { reading } = await readContent(json(Array.from({ length: count }, () => row)));
    expect(reading).toMatchObject({ status, recordsRead: count });
  });

  it('keeps duplicate members of a policy in a string in a string', async () => {
    const policy = '{"Statement":[],"Statement":[1]}';
    const inner = `{"configuration":{"arn":"${arnOf(OPEN)}","assumeRolePolicyDocument":${json(encodeURIComponent(policy))}}}`;
    const { roles } = await readContent(json({ Results: [inner] }));
    expect(roles).toMatchObject([{ trust: { state: 'document', text: policy } }]);
  });

  it.each(['{"configuration":', '"x"', '[]', ''])('rejects a row that is %j', async (text) => {
    const { rejects, roles, reading } = await readContent(json({ Results: [json(row), text] }));
    expect(roles).toHaveLength(1);
    expect(rejects).toMatchObject([{ code: 'row-malformed', pointer: '/Results/1' }]);
    expect(reading).toMatchObject({ status: 'incomplete', recordsRead: 2, recordsRejected: 1 });
  });

  it('notes a further page and an empty result', async () => {
    expect((await readContent(json({ Results: [json(row)], NextToken: 't' }))).codes).toEqual([
      'next-page-missing',
    ]);
    expect((await readContent(json({ Results: [], QueryInfo: {} }))).codes).toEqual(['no-roles']);
  });
});

describe('steampipe', () => {
  const row = { arn: arnOf(OPEN), account_id: ACCOUNT };

  it.each([
    [
      {
        assume_role_policy: { a: 1 },
        assume_role_policy_document: '{"b":1}',
        assume_role_policy_std: { c: 1 },
      },
      '{"a":1}',
    ],
    [
      {
        assume_role_policy: null,
        assume_role_policy_document: '%7B%22b%22%3A1%7D',
        assume_role_policy_std: { c: 1 },
      },
      '{"b":1}',
    ],
    [{ assume_role_policy: null, assume_role_policy_std: { c: 1 } }, '{"c":1}'],
    [
      { assume_role_policy: '', assume_role_policy_document: 'x', assume_role_policy_std: { c: 1 } },
      '{"c":1}',
    ],
  ])('takes the best of %j', async (more, text) => {
    const { roles } = await readContent(json([{ ...row, ...more }]));
    expect(roles).toMatchObject([{ trust: { state: 'document', text } }]);
  });

  it('does not trust a table with a rejected row', async () => {
    const { captures } = await readContent(
      json([{ ...row, assume_role_policy: null }, { assume_role_policy: null }]),
    );
    expect(captures).toMatchObject([{ complete: false, reasons: ['records-rejected'] }]);
  });
});

describe('terraform', () => {
  it.each([
    ['a prefix of its name', { name_prefix: 'partner-' }],
    ['no name', {}],
  ])('judges a planned role with %s under its address', async (_, names) => {
    const after = { ...names, path: '/team/', assume_role_policy: asText(OPEN) };
    const change = { actions: ['create'], before: null, after, after_unknown: { arn: true, name: true } };
    const plan = json({
      format_version: '1.2',
      planned_values: {},
      resource_changes: [{ address: 'module.a["x"].aws_iam_role.b', type: 'aws_iam_role', change }],
    });
    const { roles } = await readContent(plan, { account: ACCOUNT });
    expect(roles).toMatchObject([
      {
        arn: `arn:aws:iam::${ACCOUNT}:role/team/module.a["x"].aws_iam_role.b`,
        trust: { state: 'document', text: asText(OPEN) },
      },
    ]);
    const unnamed = await readContent(plan);
    expect(unnamed.rejects).toMatchObject([{ code: 'arn-missing' }]);
    expect(unnamed.codes).toEqual(['account-unknown']);
  });

  const plan = (change: object) =>
    json({
      format_version: '1.2',
      resource_changes: [{ address: 'aws_iam_role.x', mode: 'managed', type: 'aws_iam_role', change }],
    });
  const created = {
    name: 'Open',
    path: '/team/',
    assume_role_policy: asText(OPEN),
    tags: { a: 'do-not-show' },
  };

  it('needs the account of a role that is not there yet', async () => {
    const content = plan({ actions: ['create'], before: null, after: created, after_unknown: { arn: true } });
    const without = await readContent(content);
    expect(without.rejects).toMatchObject([{ code: 'arn-missing', pointer: '/resource_changes/0' }]);
    expect(without.codes).toEqual(['account-unknown']);
    expect(without.reading.problems[0]?.message).toContain('--account');
    const { roles } = await readContent(content, { account: OTHER });
    expect(roles).toMatchObject([
      { arn: `arn:aws:iam::${OTHER}:role/team/Open`, trust: { text: asText(OPEN) } },
    ]);
  });

  it('takes no name that is none', async () => {
    const content = plan({ actions: ['create'], before: null, after: { ...created, name: 'a/../b' } });
    expect((await readContent(content, { account: OTHER })).rejects).toMatchObject([{ code: 'arn-missing' }]);
  });

  it('says so when the policy is not known yet', async () => {
    const { assume_role_policy, ...known } = asTerraform(OPEN);
    expect(assume_role_policy).toBeDefined();
    const change = {
      actions: ['update'],
      before: asTerraform(OPEN),
      after: known,
      after_unknown: { assume_role_policy: true },
    };
    expect((await readContent(plan(change))).roles).toMatchObject([
      {
        trust: { state: 'undecodable', reason: expect.stringMatching(/when the plan is applied/) as string },
      },
    ]);
  });

  it('reads what is there before a destruction', async () => {
    const change = { actions: ['delete'], before: asTerraform(OPEN), after: null, after_unknown: {} };
    expect((await readContent(plan(change))).roles).toMatchObject([
      { roleName: 'Open', trust: { state: 'document' } },
    ]);
  });

  it('says when planned roles could not be read', async () => {
    const content = json({
      format_version: '1.2',
      planned_values: { root_module: { resources: [{ type: 'aws_iam_role', values: asTerraform(OPEN) }] } },
    });
    const { reading, roles } = await readContent(content);
    expect(roles).toEqual([]);
    expect(reading.status).toBe('incomplete');
  });

  it('shows nothing of other values', async () => {
    for (const name of ['terraform-state.json', 'terraform-plan.json']) {
      const text = fixture(name).toString();
      for (const content of [text, text.slice(0, -20), text.replaceAll('"arn":', '"arm":')]) {
        const { events, reading } = await readContent(content);
        expect(JSON.stringify([events, reading])).not.toContain('do-not-show');
      }
    }
  });
});

describe('security-hub', () => {
  it('knows a finding by its resource too', async () => {
    const Details = { AwsIamRole: { AssumeRolePolicyDocument: asText(OPEN), RoleId: OPEN.id } };
    const Resources = [{ Type: 'AwsIamRole', Id: arnOf(OPEN), Details }];
    const { roles, reading } = await readContent(json({ Findings: [{ AwsAccountId: ACCOUNT, Resources }] }));
    expect(roles).toMatchObject([{ account: ACCOUNT, trust: { state: 'document' } }]);
    expect(reading).toMatchObject({ format: 'security-hub', status: 'complete' });
  });

  const finding = (details: object | undefined, more: object = {}) =>
    json({
      Findings: [
        {
          ProductArn: 'arn:aws:securityhub:eu-west-1::product/example/example',
          AwsAccountId: ACCOUNT,
          UpdatedAt: '2026-01-05T10:00:00Z',
          Resources: [
            { Type: 'AwsIamRole', Id: arnOf(OPEN), ...(details === undefined ? {} : { Details: details }) },
          ],
          ...more,
        },
      ],
    });

  it('says that a Python dictionary is no policy', async () => {
    const { roles } = await readContent(
      finding({ AwsIamRole: { AssumeRolePolicyDocument: "{'Version': '2012-10-17'}" } }),
    );
    expect(roles).toMatchObject([
      {
        capturedAt: '2026-01-05T10:00:00Z',
        trust: { state: 'undecodable', reason: expect.stringMatching(/Python/) as string },
      },
    ]);
  });

  it('rejects a role without details', async () => {
    const { rejects, codes } = await readContent(finding(undefined));
    expect(rejects).toMatchObject([{ code: 'trust-policy-missing' }]);
    expect(codes).toEqual(['no-trust-policies', 'records-rejected']);
  });

  it('reads findings without roles', async () => {
    const { reading, codes } = await readContent(
      finding({}, { Resources: [{ Type: 'AwsAccount', Id: 'x' }] }),
    );
    expect(reading).toMatchObject({ format: 'security-hub', status: 'complete', recordsRead: 0 });
    expect(codes).toEqual(['no-trust-policies']);
  });

  it('reports an account that contradicts the ARN', async () => {
    const content = finding(
      { AwsIamRole: { AssumeRolePolicyDocument: asText(OPEN) } },
      { AwsAccountId: OTHER },
    );
    expect((await readContent(content)).codes).toEqual(['account-mismatch']);
  });
});

describe('prowler-ocsf', () => {
  const content = fixture('prowler-ocsf.json').toString();

  it('is known by its product, too, when a person cut all else away', async () => {
    const whole = await readContent(content);
    const rows = JSON.parse(content) as Record<string, unknown>[];
    for (const product of [{ name: 'Prowler' }, 'prowler']) {
      const cut = rows.map(({ finding_info: _, ...row }) => ({ ...row, metadata: { product } }));
      const { reading, roles } = await readContent(JSON.stringify(cut));
      expect(reading.format).toBe('prowler-ocsf');
      expect(roles.map(({ arn }) => arn)).toEqual(whole.roles.map(({ arn }) => arn));
    }
    expect(whole.roles.length).toBeGreaterThan(0);
  });

  it('reads a file that was interrupted', async () => {
    const whole = JSON.parse(content) as readonly object[];
    for (const end of [',', '', ',\n']) {
      const { roles, reading } = await readContent(`[${whole.slice(0, 3).map(json).join(',')}${end}`);
      expect(roles).toHaveLength(3);
      expect(reading.status).toBe('incomplete');
    }
  });

  it('hands out a role for every check', async () => {
    const whole = JSON.parse(content) as readonly object[];
    expect((await readContent(json([...whole, ...whole]))).roles).toHaveLength(10);
  });

  it('notes that no role is shown', async () => {
    const bare = content.replaceAll('assume_role_policy', 'x');
    expect((await readContent(bare)).codes).toEqual(['no-trust-policies']);
  });
});

describe('scoutsuite', () => {
  const content = fixture('scoutsuite.js').toString();

  it('compares its own count and account', async () => {
    const { captures } = await readContent(content.replace('"roles_count":5', '"roles_count":6'));
    expect(captures).toMatchObject([{ complete: false, reasons: ['partial-inventory'] }]);
    const { codes } = await readContent(
      content.replace(`"account_id":"${ACCOUNT}"`, `"account_id":"${OTHER}"`),
    );
    expect(codes).toContain('account-mismatch');
  });

  it('says when there is nothing of IAM', async () => {
    const { codes } = await readContent(
      json({ account_id: ACCOUNT, provider_code: 'aws', services: { ec2: {} } }),
    );
    expect(codes).toEqual(['no-roles']);
  });
});

describe('cloud-control', () => {
  const listing = (more: object) =>
    json({
      TypeName: 'AWS::IAM::Role',
      ResourceDescriptions: [{ Identifier: 'Open', Properties: json(asIam(OPEN)) }],
      ...more,
    });

  it.each([
    [{}, [null]],
    [{ NextToken: 't' }, ['next-page-missing']],
    [{ ResourceDescriptions: [{ Identifier: 'Open', Properties: '{"RoleName":"Open"}' }] }, []],
    [{ TypeName: 'AWS::S3::Bucket' }, []],
  ])('knows what %j proves', async (more, reasons) => {
    const { captures, reading } = await readContent(listing(more));
    expect(captures.map(({ reasons }) => reasons[0] ?? null)).toEqual(reasons);
    expect(reading.status).toBe(reasons[0] === null ? 'complete' : 'incomplete');
  });
});

describe('cloudquery-authorization-details', () => {
  it('notes an account without roles', async () => {
    const rows = lines([
      { _cq_sync_time: '2026-02-01T06:00:00Z', account_id: ACCOUNT, role_detail_list: [asIam(GUARDED)] },
      { _cq_sync_time: '2026-02-01T06:00:00Z', account_id: OTHER, role_detail_list: [] },
    ]);
    expect((await readContent(rows)).captures).toEqual([
      { account: ACCOUNT, capturedAt: '2026-02-01T06:00:00Z', complete: true, reasons: [] },
      { account: OTHER, capturedAt: '2026-02-01T06:00:00Z', complete: false, reasons: ['no-roles'] },
    ]);
  });
});

describe('iam-collect', () => {
  it('takes the ARN from the file beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trustsieve-collect-'));
    try {
      const below = join(folder, 'aws/aws/accounts', ACCOUNT, 'iam/role/open');
      mkdirSync(below, { recursive: true });
      const file = join(below, 'trust-policy.json');
      writeFileSync(file, json(OPEN.trust));
      writeFileSync(join(below, 'metadata.json'), json({ arn: arnOf(OPEN), name: 'Open', id: OPEN.id }));
      const batches = readEvidence({ kind: 'file', path: file, file }, OPTIONS);
      const events: unknown[] = [];
      let step = await batches.next();
      for (; step.done !== true; step = await batches.next()) events.push(...step.value);
      expect(step.value).toMatchObject({ format: 'iam-collect', status: 'complete', problems: [] });
      expect(events).toMatchObject([
        { kind: 'role', record: { arn: arnOf(OPEN), roleId: OPEN.id, trust: { text: asText(OPEN) } } },
        { kind: 'capture', capture: { account: ACCOUNT, reasons: ['partial-inventory'] } },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('finds that file in an archive, where it comes first', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trustsieve-collect-'));
    const below = (name: string) => `iam-data/aws/aws/accounts/${ACCOUNT}/iam/role/${name}/`;
    const metadata = (role: SampleRole) => strToU8(json({ arn: arnOf(role), id: role.id }));
    const policy = (role: SampleRole) => strToU8(json(role.trust));
    try {
      const file = join(folder, 'x.zip');
      const members = {
        [`${below('open')}metadata.json`]: metadata(OPEN),
        [`${below('open')}trust-policy.json`]: policy(OPEN),
        // Of another folder.
        [`${below('guarded')}trust-policy.json`]: policy(GUARDED),
        [`${below('guarded')}metadata.json`]: metadata(GUARDED),
      };
      writeFileSync(file, zipSync(members));
      const found: unknown[] = [];
      for await (const part of expandEvidence({ kind: 'file', path: 'x.zip', file })) {
        for await (const batch of readEvidence(part, OPTIONS)) found.push(...batch);
      }
      const arns = (found as FormatEvent[]).flatMap((event) =>
        event.kind === 'role' ? [event.record.arn] : [],
      );
      expect(arns).toEqual([arnOf(OPEN), `arn:aws:iam::${ACCOUNT}:role/guarded`]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes the name of the folder where that file is missing', async () => {
    const path = `x/aws/aws-cn/accounts/${ACCOUNT}/iam/role/service-role%2fopen/trust-policy.json`;
    const { roles, codes } = await readContent(json(OPEN.trust), {}, path);
    expect(roles).toMatchObject([
      { arn: `arn:aws-cn:iam::${ACCOUNT}:role/service-role/open`, partition: 'aws-cn' },
    ]);
    expect(codes).toEqual(['name-from-path']);
  });

  it('leaves what stands beside it', async () => {
    const path = ROLE_PATH.replace('trust-policy', 'metadata');
    const { reading } = await readContent(json({ arn: arnOf(OPEN), name: 'Open' }), {}, path);
    expect(reading).toMatchObject({ status: 'complete', problems: [{ code: 'not-evidence' }] });
  });
});

describe('what holds no trust policies', () => {
  it.each([
    [
      { findings: [{ id: 'x', principal: { AWS: '1' }, isPublic: false, resourceType: 'AWS::IAM::Role' }] },
      'not-auditable',
      /Access Analyzer/,
    ],
    [[{ CheckID: 'x', ResourceArn: arnOf(OPEN) }], 'not-auditable', /Prowler's own JSON/],
    [{ type: 'node', labels: ['AWSRole'], properties: { arn: arnOf(OPEN) } }, 'not-auditable', /Cartography/],
    [{ resource: { aws_iam_role: {} }, provider: {} }, 'not-auditable', /Terraform configuration/],
    [
      { AWSTemplateFormatVersion: 'x', Resources: { R: { Type: 'AWS::IAM::Role' } } },
      'not-auditable',
      /CloudFormation/,
    ],
    [{ Account: ACCOUNT, UserId: 'x', Arn: 'x' }, 'not-evidence', /get-caller-identity/],
    [{ SummaryMap: { Roles: 3 } }, 'not-evidence', /get-account-summary/],
    [{ Accounts: [{ Id: ACCOUNT }] }, 'not-evidence', /--accounts/],
    [OPEN.trust, 'format-unknown', /trustsieve check/],
    [{ hello: 'world', __proto__x: 1 }, 'unrelated', /keys such as `hello`/],
    [[[1]], 'unrelated', /is JSON with a list/],
    [{ '\u001b[31m': 1 }, 'unrelated', /is JSON with an object/],
    [{ Content: 'dXNlcg==', ReportFormat: 'text/csv' }, 'not-evidence', /credential-report/],
    [{ policy: { name: 'p' }, config: { account_id: ACCOUNT }, execution: {} }, 'not-evidence', /Custodian/],
    [{ hello: arnOf(OPEN) }, 'format-unknown', /names roles/],
    [{ hello: { RoleIds: [OPEN.id] } }, 'format-unknown', /no role in a known place/],
  ])('explains %j', async (content, code, message) => {
    const { reading } = await readContent(json(content), {}, 'x.json');
    const status = code === 'not-evidence' || code === 'unrelated' ? 'complete' : 'unreadable';
    expect(reading).toMatchObject({ format: null, status, problems: [{ code }] });
    expect(reading.problems[0]?.message).toMatch(message);
    expect(reading.problems[0]?.message).toMatch(/^[^\p{Cc}]+$/u);
  });

  it.each([
    ['AUTH_METHOD;TIMESTAMP;ACCOUNT_UID\n', /Prowler's CSV/],
    ['user,arn,user_creation_time\n', /credential report/],
  ])('explains %j', async (content, message) => {
    expect((await readContent(content)).reading.problems[0]?.message).toMatch(message);
  });
});
