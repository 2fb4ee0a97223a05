import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildIamGroup } from '../../src/gsl/entities/group.ts';
import { buildIamPolicy, defaultDocument, indexAttachments } from '../../src/gsl/entities/policy.ts';
import { buildIamRole } from '../../src/gsl/entities/role.ts';
import type { Shape } from '../../src/gsl/entities/shape.ts';
import { ENTITY_SHAPES } from '../../src/gsl/entities/shapes.ts';
import { buildIamUser } from '../../src/gsl/entities/user.ts';
import { isObject } from '../../src/gsl/values.ts';

const ACCOUNT = '001122223333';
const NEVER = -62_135_596_800;
const TRUST = {
  Version: '2012-10-17',
  Statement: { effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'STS:AssumeRole' },
};
const READ = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] };
const READ_ARN = `arn:aws:iam::${ACCOUNT}:policy/Read`;

const ROLE = {
  Path: '/ops/',
  RoleName: 'Deploy',
  RoleId: 'AROAEXAMPLEDEPLOY0000',
  Arn: `arn:aws:iam::${ACCOUNT}:role/ops/Deploy`,
  CreateDate: '2024-03-01T10:00:00+00:00',
  AssumeRolePolicyDocument: TRUST,
  InstanceProfileList: [
    { InstanceProfileName: 'Deploy', Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/Deploy` },
  ],
  RolePolicyList: [{ PolicyName: 'own', PolicyDocument: encodeURIComponent(JSON.stringify(READ)) }],
  AttachedManagedPolicies: [{ PolicyName: 'Read', PolicyArn: READ_ARN }],
  PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: READ_ARN },
  Tags: [{ Key: 'team', Value: 'ops' }],
  RoleLastUsed: { LastUsedDate: '2024-04-01 00:00:00+00:00', Region: 'eu-west-1' },
};
const USER = {
  Path: '/',
  UserName: 'ann',
  UserId: 'AIDAEXAMPLEANN000000',
  Arn: `arn:aws:iam::${ACCOUNT}:user/ann`,
  CreateDate: '2020-02-29T00:00:00Z',
  GroupList: ['Admins', 7],
  UserPolicyList: [{ PolicyName: 'own', PolicyDocument: READ }],
  AttachedManagedPolicies: [{ PolicyName: 'Read', PolicyArn: READ_ARN }],
  Tags: [],
};
const GROUP = {
  Path: '/',
  GroupName: 'Admins',
  GroupId: 'AGPAEXAMPLEADMINS000',
  Arn: `arn:aws:iam::${ACCOUNT}:group/Admins`,
  CreateDate: '2020-02-29',
  GroupPolicyList: [],
  AttachedManagedPolicies: [{ PolicyName: 'Read', PolicyArn: READ_ARN }],
};
const POLICY = {
  PolicyName: 'Read',
  PolicyId: 'ANPAEXAMPLEREAD00000',
  Arn: READ_ARN,
  Path: '/',
  DefaultVersionId: 'v2',
  AttachmentCount: 3,
  PolicyVersionList: [
    { VersionId: 'v1', IsDefaultVersion: false, Document: {} },
    { VersionId: 'v2', IsDefaultVersion: true, Document: READ },
  ],
};

describe('entities from authorization details', () => {
  it('IamRole', () => {
    const role = buildIamRole(ROLE, ACCOUNT, new Map([[READ_ARN, READ]]));
    expect(role).toEqual({
      id: 'AROAEXAMPLEDEPLOY0000',
      type: 'IamRole',
      name: 'Deploy',
      arn: ROLE.Arn,
      path: '/ops/',
      accountNumber: ACCOUNT,
      createDate: Date.UTC(2024, 2, 1, 10) / 1000,
      tags: [{ key: 'team', value: 'ops' }],
      dome9Id: null,
      region: null,
      source: null,
      vpc: null,
      assumeRolePolicy: TRUST,
      managedPolicies: [{ arn: READ_ARN, name: 'Read' }],
      inlinePolicies: [{ name: 'own', document: READ }],
      combinedPolicies: [
        { id: 'AROAEXAMPLEDEPLOY0000', name: 'Deploy', relationType: 'AssumeRole', policyDocument: TRUST },
        { id: 'own', name: 'own', relationType: 'Inline', policyDocument: READ },
        { id: READ_ARN, name: 'Read', relationType: 'DirectlyAttached', policyDocument: READ },
      ],
      roleLastUsed: { lastUsedDate: Date.UTC(2024, 3, 1) / 1000, region: 'eu-west-1' },
      permissionsBoundary: { type: 'Policy', arn: READ_ARN },
      instanceProfiles: [{ arn: ROLE.InstanceProfileList[0]?.Arn, name: 'Deploy' }],
    });
    expect(role.assumeRolePolicy).toBe(TRUST);
  });

  it.each([
    ['URL-encoded text', encodeURIComponent(JSON.stringify(TRUST)), TRUST],
    ['JSON text', JSON.stringify(TRUST), TRUST],
    ['a plus sign in encoded text', '%7B%22Id%22%3A%22a+b%22%7D', { Id: 'a+b' }],
    ['a percent sign in JSON text', '{"Id":"100%25"}', { Id: '100%25' }],
    ['broken encoding', '%E9%7B', null],
    ['other text', 'not json', null],
    ['nothing', undefined, null],
  ])('trust policy as %s', (_, AssumeRolePolicyDocument, expected) => {
    expect(buildIamRole({ AssumeRolePolicyDocument }, ACCOUNT).assumeRolePolicy).toEqual(expected);
  });

  it.each([
    ['2019-11-13T16:45:56Z', 1_573_663_556],
    ['2019-11-13 16:45:56+00:00', 1_573_663_556],
    ['2019-11-13T18:45:56.123456+0200', 1_573_663_556],
    ['2019-11-13T16:45:56', 1_573_663_556],
    [1_573_663_556.9, 1_573_663_556],
    ['', NEVER],
    ['yesterday', NEVER],
    ['2019-13-45', NEVER],
    [null, NEVER],
    [undefined, NEVER],
  ])('a role last used %j', (LastUsedDate, expected) => {
    const role = buildIamRole({ RoleLastUsed: { LastUsedDate } }, ACCOUNT);
    expect(role.roleLastUsed.lastUsedDate).toBe(expected);
  });

  it('IamUser, IamGroup', () => {
    const user = buildIamUser(USER, ACCOUNT);
    expect(user).toMatchObject({
      type: 'IamUser',
      name: 'ann',
      attachedGroups: ['Admins'],
      permissionsBoundary: null,
    });
    expect(user.combinedPolicies).toEqual([
      { id: 'own', name: 'own', relationType: 'Inline', policyDocument: READ },
      { id: READ_ARN, name: 'Read', relationType: 'DirectlyAttached', policyDocument: null },
    ]);
    const group = buildIamGroup(GROUP, ACCOUNT);
    expect(group).toMatchObject({
      type: 'IamGroup',
      name: 'Admins',
      createDate: Date.UTC(2020, 1, 29) / 1000,
    });
    expect(group.managedPolicies).toEqual([{ arn: READ_ARN, name: 'Read' }]);
  });

  it('IamPolicy, with who it is attached to', () => {
    const details = { UserDetailList: [USER], RoleDetailList: [ROLE], GroupDetailList: [GROUP] };
    const attachments = indexAttachments(details);
    const policy = buildIamPolicy(POLICY, ACCOUNT, attachments);
    expect(policy).toMatchObject({ type: 'IamPolicy', name: 'Read', document: READ, attachmentCount: 3 });
    expect([policy.users, policy.roles, policy.groups]).toEqual([['ann'], ['Deploy'], ['Admins']]);
    expect(buildIamPolicy({ ...POLICY, Arn: 'other' }, ACCOUNT, attachments).users).toEqual([]);
    expect(buildIamPolicy(POLICY, ACCOUNT).users).toBeNull();
    const named = { ...POLICY, PolicyVersionList: [{ VersionId: 'v2', Document: READ }] };
    expect(defaultDocument(named)).toEqual(READ);
    expect(defaultDocument({ PolicyVersionList: [{ VersionId: 'v2', Document: READ }] })).toBeNull();
  });

  it('never throws, whatever the export holds', () => {
    const keys = fc.constantFrom(...Object.keys({ ...ROLE, ...USER, ...GROUP, ...POLICY }));
    const detail = fc.oneof(fc.anything(), fc.dictionary(keys, fc.anything()));
    fc.assert(
      fc.property(detail, (value) => {
        for (const build of [buildIamRole, buildIamUser, buildIamGroup, buildIamPolicy]) {
          expect((build as typeof buildIamRole)(value, ACCOUNT).accountNumber).toBe(ACCOUNT);
        }
        indexAttachments(value);
      }),
    );
  });
});

/** Property paths of an entity that its shape does not know. */
function unknownPaths(value: unknown, shape: Shape, path: string): readonly string[] {
  if (shape.kind === 'any') return [];
  if (Array.isArray(value)) {
    if (shape.kind !== 'list') return [path];
    return value.flatMap((element) => unknownPaths(element, shape.of, `${path}[]`));
  }
  if (!isObject(value)) return [];
  if (shape.kind !== 'object') return [path];
  return Object.entries(value).flatMap(([key, member]) => {
    const field = shape.fields[key];
    return field === undefined ? [`${path}.${key}`] : unknownPaths(member, field, `${path}.${key}`);
  });
}

describe('entity shapes', () => {
  const trusted = { ...ROLE, AssumeRolePolicyDocument: READ };
  const built = [
    buildIamRole(trusted, ACCOUNT, new Map([[READ_ARN, READ]])),
    buildIamUser(USER, ACCOUNT),
    buildIamGroup(GROUP, ACCOUNT),
    buildIamPolicy(POLICY, ACCOUNT, indexAttachments({ RoleDetailList: [ROLE] })),
  ];
  it.each(built.map((entity) => [entity.type, entity] as const))(
    '%s knows every property that is built',
    (type, entity) => {
      const shape = ENTITY_SHAPES.get(type);
      if (shape?.kind !== 'object') throw new Error('no such shape');
      expect(unknownPaths(entity, shape, type)).toEqual([]);
      const missing = Object.entries(shape.fields).filter(
        ([key, field]) => field.source === undefined && !(key in entity),
      );
      expect(missing).toEqual([]);
    },
  );
});
