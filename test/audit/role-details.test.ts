import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roleDetailOf } from '../../src/formats/shared/role-detail.ts';
import { createFastReader } from '../../src/json/fast/fast-reader.ts';
import { createReferenceReader } from '../../src/json/reference/reference-reader.ts';
import type { RoleDetail } from '../../src/model/role-detail.ts';
import { storedDetail, UNKNOWN_DETAIL } from '../../src/model/role-detail-text.ts';
import { CLOSED, detailsIn, GUARDED, OPEN } from './details.ts';

const READERS = [
  ['fast', createFastReader],
  ['reference', createReferenceReader],
] as const;
const OWN = 'arn:aws:iam::111122223333:policy/Own';
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const INLINE = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const SHOWN: RoleDetail = {
  createdAt: '2025-01-02T03:04:05Z',
  lastUsed: '2026-01-30T00:00:00Z',
  maxSession: null,
  tags: { __proto__x: 'é"}]', team: 'a' },
  boundary: 'arn:aws:iam::111122223333:policy/Boundary',
  attached: [OWN, ADMIN],
  inline: [
    { name: 'A', document: JSON.stringify(INLINE) },
    { name: 'B', document: JSON.stringify(INLINE) },
  ],
};

function role(name: string, more: object = {}): Record<string, unknown> {
  return {
    Path: '/',
    RoleName: name,
    RoleId: `AROAEXAMPLE000000${name}`,
    Arn: `arn:aws:iam::111122223333:role/${name}`,
    AssumeRolePolicyDocument: OPEN,
    ...more,
  };
}

function full(name: string): Record<string, unknown> {
  return role(name, {
    CreateDate: '2025-01-02T03:04:05+00:00',
    RoleLastUsed: { LastUsedDate: '2026-01-30T00:00:00Z', Region: 'us-east-1' },
    Tags: [
      { Key: 'team', Value: 'a' },
      { Key: '__proto__x', Value: 'é"}]' },
    ],
    PermissionsBoundary: {
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/Boundary',
    },
    AttachedManagedPolicies: [
      { PolicyName: 'AdministratorAccess', PolicyArn: ADMIN },
      { PolicyName: 'Own', PolicyArn: OWN },
    ],
    RolePolicyList: [
      { PolicyName: 'B', PolicyDocument: encodeURIComponent(JSON.stringify(INLINE)) },
      { PolicyName: 'A', PolicyDocument: INLINE },
    ],
  });
}

function managed(name: string, document: unknown, arn = `arn:aws:iam::111122223333:policy/${name}`): object {
  return {
    PolicyName: name,
    Arn: arn,
    PolicyVersionList: [
      { VersionId: 'v2', IsDefaultVersion: true, Document: document },
      { VersionId: 'v1', IsDefaultVersion: false, Document: CLOSED },
    ],
  };
}

const gaad = (roles: readonly object[], policies: readonly object[] = []): object => ({
  UserDetailList: [],
  GroupDetailList: [],
  RoleDetailList: roles,
  Policies: policies,
});

describe.each(READERS)('with the %s reader', (_, create) => {
  const kept = (value: unknown, path?: string) => detailsIn([JSON.stringify(value)], create, path);

  it('authorization details show all but the length of sessions', async () => {
    const { roles } = await kept(gaad([full('R'), role('C', { AssumeRolePolicyDocument: CLOSED })]));
    expect(roles).toEqual({ R: SHOWN });
  });

  it('nothing of a role that passes is kept', async () => {
    const passing = { ...full('P'), AssumeRolePolicyDocument: GUARDED };
    const { roles, policies } = await kept(gaad([passing], [managed('Own', INLINE)]));
    expect([roles, policies]).toEqual([{}, []]);
  });

  it('what a role does not show is not known, an empty list is empty', async () => {
    const { roles } = await kept(
      gaad([
        role('Bare'),
        role('Empty', {
          RoleLastUsed: {},
          Tags: [],
          AttachedManagedPolicies: [],
          RolePolicyList: [],
          CreateDate: 'soon',
        }),
        role('Odd', {
          RoleLastUsed: 'x',
          Tags: [
            { Key: 'a', Value: '1' },
            { Key: 'a', Value: '2' },
          ],
          AttachedManagedPolicies: [{}],
          RolePolicyList: [{ PolicyName: 'A', PolicyDocument: `{"a":"${'x'.repeat(131_072)}"}` }],
          PermissionsBoundary: { PermissionsBoundaryArn: 7 },
        }),
      ]),
    );
    const none = { ...UNKNOWN_DETAIL, boundary: '' };
    expect(roles).toEqual({
      Bare: none,
      Empty: { ...none, lastUsed: 'never', tags: {}, attached: [], inline: [] },
      Odd: { ...UNKNOWN_DETAIL, inline: [{ name: 'A', document: null }] },
    });
  });

  it('a key that stands twice anywhere in the role makes all of it unknown', async () => {
    const text = JSON.stringify(gaad([full('R')]));
    for (const [key, again] of [
      ['"Path":"/"', '"Path":"/","Tags":[]'],
      ['"Region"', String.raw`"Regio\u006e":"x","Region"`],
    ] as const) {
      const { roles } = await detailsIn([text.replace(key, again)], create);
      expect(roles, key).toEqual({ R: UNKNOWN_DETAIL });
    }
  });

  it('a role of more than a megabyte is unknown, however it is read', async () => {
    for (const size of [1_000_000, 1_100_000]) {
      const text = JSON.stringify(gaad([{ ...full('R'), Description: 'x'.repeat(size) }, full('S')]));
      const expected = { R: size > 1024 * 1024 ? UNKNOWN_DETAIL : SHOWN, S: SHOWN };
      expect((await detailsIn([text], create)).roles).toEqual(expected);
      const pieces = text.match(/.{1,70000}/gs) as string[];
      expect((await detailsIn(pieces, create)).roles).toEqual(expected);
      expect((await detailsIn([gzipSync(text)], create)).roles).toEqual(expected);
    }
  });

  it('list-roles and get-role show what they show', async () => {
    const listed = role('L', { CreateDate: '2025-01-02T03:04:05+00:00', MaxSessionDuration: 7200 });
    const fromList = { ...UNKNOWN_DETAIL, createdAt: '2025-01-02T03:04:05Z', maxSession: 7200 };
    expect((await kept({ Roles: [listed] })).roles).toEqual({ L: fromList });
    expect((await kept({ Role: { ...listed, RoleLastUsed: {} } })).roles).toEqual({
      L: { ...fromList, lastUsed: 'never', boundary: '' },
    });
  });

  it('a bare list of roles shows what it shows, in the names that IAM gives', async () => {
    const expected = { R: { ...SHOWN, boundary: null }, S: SHOWN };
    const { PermissionsBoundary: __, ...unbound } = full('R');
    expect((await kept([unbound, full('S')])).roles).toEqual(expected);
    const lines = [unbound, full('S')].map((one) => `${JSON.stringify(one)}\n`).join('');
    expect((await detailsIn([lines], create)).roles).toEqual(expected);
  });

  const configuration = {
    arn: 'arn:aws:iam::111122223333:role/R',
    roleId: 'AROAEXAMPLE0000000001',
    createDate: '2025-01-02T03:04:05.000Z',
    assumeRolePolicyDocument: encodeURIComponent(JSON.stringify(OPEN)),
    rolePolicyList: [
      { policyName: 'A', policyDocument: encodeURIComponent(JSON.stringify(INLINE)) },
      { policyName: 'B', policyDocument: encodeURIComponent(JSON.stringify(INLINE)) },
    ],
    attachedManagedPolicies: [
      { policyName: 'Own', policyArn: OWN },
      { policyName: 'AdministratorAccess', policyArn: ADMIN },
    ],
    permissionsBoundary: {
      permissionsBoundaryType: 'Policy',
      permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/Boundary',
    },
    tags: [
      { key: 'team', value: 'a' },
      { key: '__proto__x', value: 'é"}]' },
    ],
  };
  const fromConfig = { ...SHOWN, lastUsed: null };
  const item = {
    resourceType: 'AWS::IAM::Role',
    resourceId: 'AROAEXAMPLE0000000001',
    ARN: configuration.arn,
    awsAccountId: '111122223333',
    configurationItemStatus: 'OK',
    configurationItemCaptureTime: '2026-01-05T10:00:00.000Z',
    configuration,
  };

  it('AWS Config shows roles and managed policies in items', async () => {
    const policy = {
      ...item,
      resourceType: 'AWS::IAM::Policy',
      ARN: OWN,
      configuration: {
        arn: OWN,
        policyVersionList: [
          { versionId: 'v1', isDefaultVersion: true, document: encodeURIComponent(JSON.stringify(INLINE)) },
        ],
      },
    };
    const other = { ...policy, ARN: `${OWN}Other` };
    const file = { fileVersion: '1.0', configurationItems: [policy, item, other] };
    const snapshot = await kept({ configSnapshotId: 'id', ...file });
    expect(snapshot.roles).toEqual({ R: fromConfig });
    expect(snapshot.policies).toMatchObject([{ arn: OWN, document: JSON.stringify(INLINE) }]);
    // The roles that have a policy may be in another file of changes.
    expect((await kept(file)).policies.map(({ arn }) => arn)).toEqual([OWN, `${OWN}Other`]);
    const gone = { ...policy, configurationItemStatus: 'ResourceDeleted' };
    expect((await kept({ ...file, configurationItems: [item, gone] })).policies).toEqual([]);
  });

  it('AWS Config shows the same where the configuration or the row is a text', async () => {
    const api = { ...item, configuration: JSON.stringify(configuration) };
    expect((await kept({ configurationItems: [api] })).roles).toEqual({ R: fromConfig });
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const odd = api.configuration.replace(/"tags":\[.*?\]/, `"tags":${deep}`);
    expect((await kept({ configurationItems: [{ ...api, configuration: odd }] })).roles).toEqual({});
    const tags = '"tags":[],"tags"';
    const twice = api.configuration.replace('"tags"', tags);
    expect((await kept({ configurationItems: [{ ...api, configuration: twice }] })).roles).toEqual({
      R: UNKNOWN_DETAIL,
    });
    const query = {
      accountId: '111122223333',
      arn: configuration.arn,
      configurationItemStatus: 'OK',
      resourceType: 'AWS::IAM::Role',
      configuration,
    };
    expect((await kept({ Results: [JSON.stringify(query)], QueryInfo: {} })).roles).toEqual({
      R: fromConfig,
    });
  });

  it('CloudQuery shows no policies, and what its destinations wrap in texts', async () => {
    const row = {
      _cq_id: 'x',
      _cq_sync_time: '2026-02-01T00:00:00Z',
      account_id: '111122223333',
      arn: 'arn:aws:iam::111122223333:role/R',
      role_id: 'AROAEXAMPLE0000000001',
      assume_role_policy_document: OPEN,
      create_date: '2025-01-02T03:04:05Z',
      max_session_duration: 3600,
      permissions_boundary: null,
      role_last_used: { LastUsedDate: null, Region: null },
      tags: { team: 'a' },
    };
    const shown = {
      ...UNKNOWN_DETAIL,
      createdAt: '2025-01-02T03:04:05Z',
      maxSession: 3600,
      boundary: '',
      lastUsed: 'never',
      tags: { team: 'a' },
    };
    expect((await kept(row)).roles).toEqual({ R: shown });
    const texts = { ...row, tags: '{"team":"a"}', role_last_used: '{"LastUsedDate":null,"Region":null}' };
    expect((await kept(texts)).roles).toEqual({ R: shown });
    const capitals = Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key.toUpperCase(), value]),
    );
    expect((await kept(capitals)).roles).toEqual({ R: shown });
    // A row that waits for its time is told of when its text may be gone.
    const { _cq_sync_time: __, ...untimed } = row;
    expect((await kept(untimed)).roles).toEqual({ R: UNKNOWN_DETAIL });
    const details = {
      _cq_sync_time: '2026-02-01T00:00:00Z',
      account_id: '111122223333',
      role_detail_list: [full('R')],
    };
    expect((await kept(details)).roles).toEqual({ R: SHOWN });
  });

  it('an element that goes on in the next piece is found, wherever that begins', {
    timeout: 60_000,
  }, async () => {
    const users = Array.from({ length: 700 }, (_, index) => ({
      Arn: `arn:aws:iam::111122223333:user/${index}`,
      UserName: 'x'.repeat(60),
    }));
    const policies = [managed('Own', INLINE), managed('Other', INLINE)];
    const text = Buffer.from(JSON.stringify({ ...gaad([full('R')], policies), UserDetailList: users }));
    const first = text.indexOf('"RoleDetailList"');
    expect(first).toBeGreaterThan(64 * 1024);
    // All places between bytes follow below, one by one.
    const step = create === createFastReader ? 3 : 17;
    for (let at = first; at < text.length; at += step) {
      const { roles, policies } = await detailsIn([text.subarray(0, at), text.subarray(at)], create);
      expect(roles, String(at)).toEqual({ R: SHOWN });
      expect(policies, String(at)).toMatchObject([{ arn: OWN, document: JSON.stringify(INLINE) }]);
    }
    const bytes = Array.from(text.subarray(first), (byte) => Buffer.from([byte]));
    expect((await detailsIn([text.subarray(0, first), ...bytes], create)).roles).toEqual({ R: SHOWN });
  });

  it('of a whole listing those policies are kept that a failing role has, of others all', async () => {
    const boundary = managed('Boundary', INLINE);
    const policies = [
      managed('Own', INLINE),
      managed('Other', INLINE),
      boundary,
      managed('Admin', INLINE, ADMIN),
    ];
    const arns = ({ policies }: { policies: readonly { arn: string }[] }) =>
      policies.map(({ arn }) => arn).sort();
    const had = [OWN, 'arn:aws:iam::111122223333:policy/Boundary', ADMIN].sort();
    const all = [...had, 'arn:aws:iam::111122223333:policy/Other'].sort();
    const whole = gaad([full('R')], policies);
    expect(arns(await kept(whole))).toEqual(had);
    expect(arns(await kept({ Policies: policies, RoleDetailList: [full('R')] }))).toEqual(had);
    const closed = role('C', { ...full('C'), AssumeRolePolicyDocument: CLOSED });
    expect(arns(await kept(gaad([closed], policies)))).toEqual([]);
    expect(arns(await kept({ ...whole, IsTruncated: true, Marker: 'm' }))).toEqual(all);
    expect(arns(await kept({ ...gaad([closed], policies), IsTruncated: false }))).toEqual(all);
    expect(arns(await kept(gaad([], policies)))).toEqual(all);
    const cut = JSON.stringify({ RoleDetailList: [closed], Policies: policies }).slice(0, -2);
    expect(arns(await detailsIn([cut], create))).toEqual(all);
    // More roles than a page has.
    const many = Array.from({ length: 1001 }, (_, index) => ({ ...closed, Arn: `${closed['Arn']}${index}` }));
    expect(arns(await kept(gaad([full('R'), ...many], policies)))).toEqual(had);
    // A listing that is longer than policies can wait.
    const late = { Policies: policies, Filler: 'x'.repeat(17 * 1024 * 1024), RoleDetailList: [closed] };
    expect(arns(await kept(late))).toEqual(all);
  });

  it('a policy without one default version that can be read has no text', async () => {
    const versions = (...list: readonly object[]) => ({ ...managed('Own', {}), PolicyVersionList: list });
    const one = { IsDefaultVersion: true, Document: INLINE };
    for (const policy of [
      versions(),
      versions(one, one),
      versions({ ...one, Document: 'no policy' }),
      versions({ ...one, Document: { a: 'x'.repeat(131_072) } }),
    ]) {
      expect((await kept(gaad([full('R')], [policy]))).policies).toMatchObject([
        { arn: OWN, document: null },
      ]);
    }
  });

  it('agrees with what parsing the whole file gives', async () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: 'grapheme' }));
    const member = fc.oneof(
      fc.record({ Tags: fc.array(fc.record({ Key: fc.string({ unit: 'binary' }), Value: value })) }),
      fc.record({ AttachedManagedPolicies: fc.array(fc.record({ PolicyArn: value })) }),
      fc.record({ RolePolicyList: fc.array(fc.record({ PolicyName: fc.string(), PolicyDocument: value })) }),
      fc.record({ CreateDate: value, RoleLastUsed: value }),
      fc.record({ PermissionsBoundary: value, MaxSessionDuration: value }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(member, member), { maxLength: 6 }),
        fc.nat(),
        async (members, cut) => {
          const roles = members.map(([a, b], index) => ({ ...role(`R${index}`), ...a, ...b }));
          const bytes = Buffer.from(JSON.stringify(gaad(roles), null, cut % 3));
          const at = cut % bytes.length;
          const found = await detailsIn([bytes.subarray(0, at), bytes.subarray(at)], create);
          const expected = roles.map((one, index) => {
            const { text, lastUsed } = storedDetail(roleDetailOf(JSON.parse(JSON.stringify(one)), ''));
            return [`R${index}`, { ...(JSON.parse(text) as object), lastUsed }] as const;
          });
          expect(found.roles).toEqual(Object.fromEntries(expected));
        },
      ),
      { numRuns: 150 },
    );
  });
});

it('tables and YAML show nothing of a role beside its trust policy', async () => {
  const csv = `_cq_id,arn,account_id,assume_role_policy_document\nx,arn:aws:iam::111122223333:role/R,111122223333,"${JSON.stringify(OPEN).replaceAll('"', '""')}"\n`;
  expect((await detailsIn([csv], createFastReader, 'roles.csv')).roles).toEqual({ R: UNKNOWN_DETAIL });
});
