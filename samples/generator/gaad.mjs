import { customerPolicies, grantsOf, policyArn } from './permissions.mjs';
import { isoSeconds } from './roles.mjs';
import { iamIdFor } from './seeded.mjs';
import { policy, service, urlEncode } from './trusts.mjs';

/** `aws iam get-account-authorization-details` as the AWS CLI prints it: all pages merged, policies decoded. */
export function cliOutput(account, roles, { truncated = false, extra = [] } = {}) {
  const zone = '+00:00';
  const details = roles.map((role) => roleDetail(role, zone, (trust) => trust?.verbatim ?? trust));
  const document = {
    UserDetailList: users(account, zone),
    GroupDetailList: groups(account, zone),
    RoleDetailList: [...details, ...extra],
    Policies: managedPolicies(account, roles, zone, (document) => document),
    // Printed with `--no-paginate`: one page of several.
    ...(truncated ? { IsTruncated: true, Marker: 'EXAMPLEMARKERkV2m1uYx0' } : {}),
  };
  return `${JSON.stringify(document, null, 4)}\n`;
}

/** The raw pages of an SDK, one after the other: policies are URL-encoded. */
export function sdkPages(account, roles) {
  const zone = '.000Z';
  const encoded = (trust) => (trust === null ? null : (trust.verbatim ?? urlEncode(JSON.stringify(trust))));
  const details = roles.map((role) => roleDetail(role, zone, encoded));
  const half = Math.ceil(details.length / 2);
  const pages = [
    {
      UserDetailList: users(account, zone),
      GroupDetailList: groups(account, zone),
      RoleDetailList: details.slice(0, half),
      Policies: [],
      IsTruncated: true,
      Marker: 'EXAMPLEMARKERa81LwQe9',
    },
    {
      UserDetailList: [],
      GroupDetailList: [],
      RoleDetailList: details.slice(half),
      Policies: managedPolicies(account, roles, zone, encoded),
      IsTruncated: false,
    },
  ];
  return pages.map((page) => `${JSON.stringify(page)}\n`).join('');
}

function roleDetail(role, zone, writePolicy) {
  const { path, name, id, arn, created, used, tags } = role;
  const trust = writePolicy(role.trust);
  const { attached, inline, boundary } = grantsOf(role);
  return {
    Path: path,
    RoleName: name,
    RoleId: id,
    Arn: arn,
    CreateDate: isoSeconds(created, zone),
    AssumeRolePolicyDocument: trust,
    InstanceProfileList: name.endsWith('-runner') ? [instanceProfile(role, trust, zone)] : [],
    RolePolicyList: inline.map((policy) => ({
      PolicyName: policy.name,
      PolicyDocument: writePolicy(policy.document),
    })),
    AttachedManagedPolicies: attached.map((policy) => ({ PolicyName: policy.name, PolicyArn: policy.arn })),
    ...(boundary !== null && {
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary.arn },
    }),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    RoleLastUsed: used === null ? {} : { LastUsedDate: isoSeconds(used, zone), Region: 'eu-west-1' },
  };
}

/** Repeats its role with the trust policy; a reader must not count it again. */
function instanceProfile({ account, path, name, id, arn, created }, trust, zone) {
  const CreateDate = isoSeconds(created, zone);
  return {
    Path: '/',
    InstanceProfileName: name,
    InstanceProfileId: iamIdFor('AIPA', account, name),
    Arn: `arn:aws:iam::${account}:instance-profile/${name}`,
    CreateDate,
    Roles: [
      { Path: path, RoleName: name, RoleId: id, Arn: arn, CreateDate, AssumeRolePolicyDocument: trust },
    ],
  };
}

const FOUNDED = Date.UTC(2019, 4, 6, 8, 15);

function users(account, zone) {
  return ['break-glass-1', 'break-glass-2'].map((name) => ({
    Path: '/',
    UserName: name,
    UserId: iamIdFor('AIDA', account, name),
    Arn: `arn:aws:iam::${account}:user/${name}`,
    CreateDate: isoSeconds(FOUNDED, zone),
    GroupList: ['break-glass'],
    AttachedManagedPolicies: [],
    Tags: [],
  }));
}

function groups(account, zone) {
  return [
    {
      Path: '/',
      GroupName: 'break-glass',
      GroupId: iamIdFor('AGPA', account, 'break-glass'),
      Arn: `arn:aws:iam::${account}:group/break-glass`,
      CreateDate: isoSeconds(FOUNDED, zone),
      GroupPolicyList: [],
      AttachedManagedPolicies: [],
    },
  ];
}

/** Those of the roles, and one that allows sts:AssumeRole: it trusts nobody, and a reader must not take it for a trust policy. */
function managedPolicies(account, roles, zone, writePolicy) {
  const assuming = policy({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: 'arn:aws:iam::*:role/ci/*',
  });
  return [
    { name: 'assume-deploy-roles', document: assuming, attachments: 1, boundaries: 0 },
    ...customerPolicies(roles),
  ].map(({ name, document, attachments, boundaries }) => ({
    PolicyName: name,
    PolicyId: iamIdFor('ANPA', account, name),
    Arn: policyArn(account, name),
    Path: '/',
    DefaultVersionId: 'v1',
    AttachmentCount: attachments,
    PermissionsBoundaryUsageCount: boundaries,
    IsAttachable: true,
    CreateDate: isoSeconds(FOUNDED, zone),
    UpdateDate: isoSeconds(FOUNDED, zone),
    PolicyVersionList: [
      {
        Document: writePolicy(document),
        VersionId: 'v1',
        IsDefaultVersion: true,
        CreateDate: isoSeconds(FOUNDED, zone),
      },
    ],
  }));
}

/** Records as careless hands leave them behind: an ARN blacked out, and a role without its trust policy. */
export function damagedRecords(account) {
  const CreateDate = isoSeconds(Date.UTC(2026, 2, 3, 10, 0), '+00:00');
  return [
    {
      Path: '/',
      RoleName: 'blacked-out',
      RoleId: iamIdFor('AROA', account, 'blacked-out'),
      Arn: 'arn:aws:iam::XXXXXXXXXXXX:role/blacked-out',
      CreateDate,
      AssumeRolePolicyDocument: service('ec2'),
    },
    {
      Path: '/',
      RoleName: 'no-policy-member',
      RoleId: iamIdFor('AROA', account, 'no-policy-member'),
      Arn: `arn:aws:iam::${account}:role/no-policy-member`,
      CreateDate,
    },
  ];
}
