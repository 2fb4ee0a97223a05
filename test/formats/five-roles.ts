import type { RoleRecord } from '../../src/model/record.ts';

export const ACCOUNT = '111122223333';
export const OTHER = '222233334444';

export interface SampleRole {
  readonly path: string;
  readonly name: string;
  readonly id: string;
  readonly trust: object | null;
}

const policy = (principal: object, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...more }],
});
const VENDOR = { AWS: 'arn:aws:iam::444455556666:root' };

/** One that passes, one that fails, one to which the rule does not apply, one without a policy, one for its own account. */
export const FIVE: readonly SampleRole[] = [
  {
    path: '/team/',
    name: 'Guarded',
    id: 'AROAEXAMPLE0000000001',
    trust: policy(VENDOR, { Condition: { StringEquals: { 'sts:ExternalId': 'a+b c/ä' } } }),
  },
  { path: '/', name: 'Open', id: 'AROAEXAMPLE0000000002', trust: policy(VENDOR) },
  {
    path: '/aws-service-role/ec2.amazonaws.com/',
    name: 'Service',
    id: 'AROAEXAMPLE0000000003',
    trust: policy({ Service: 'ec2.amazonaws.com' }),
  },
  { path: '/', name: 'NoPolicy', id: 'AROAEXAMPLE0000000004', trust: null },
  {
    path: '/',
    name: 'Own',
    id: 'AROAEXAMPLE0000000005',
    trust: policy({ AWS: `arn:aws:iam::${ACCOUNT}:root` }),
  },
];

export const [GUARDED, OPEN] = FIVE as readonly [SampleRole, SampleRole];

export const arnOf = (role: SampleRole) => `arn:aws:iam::${ACCOUNT}:role${role.path}${role.name}`;
/** As IAM's API returns a policy. */
export const encoded = ({ trust }: SampleRole) =>
  trust === null ? null : encodeURIComponent(JSON.stringify(trust));
export const asText = ({ trust }: SampleRole) => (trust === null ? null : JSON.stringify(trust));
/** As IAM's API describes a role. */
export const asIam = (role: SampleRole, trust: unknown = role.trust) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: arnOf(role),
  CreateDate: '2024-03-01T10:00:00+00:00',
  AssumeRolePolicyDocument: trust,
  InstanceProfileList: [{ Roles: [{ RoleName: role.name, AssumeRolePolicyDocument: {} }] }],
});
/** The role of that name in another account. */
export const elsewhere = (role: SampleRole) => ({ ...asIam(role), Arn: arnOf(role).replace(ACCOUNT, OTHER) });
/** As AWS Config describes a role. */
export const asConfiguration = (role: SampleRole) => ({
  path: role.path,
  roleName: role.name,
  roleId: role.id,
  arn: arnOf(role),
  assumeRolePolicyDocument: encoded(role),
});
export const asTerraform = (role: SampleRole) => ({
  arn: arnOf(role),
  assume_role_policy: asText(role),
  name: role.name,
  path: role.path,
  unique_id: role.id,
});

export const json = (value: unknown) => JSON.stringify(value);
export const lines = (rows: readonly unknown[]) => rows.map((row) => `${json(row)}\n`).join('');

/** What every shape must give, apart from places and times. */
export const RECORDS = FIVE.map((role) => ({
  account: ACCOUNT,
  partition: 'aws',
  arn: arnOf(role),
  roleName: role.name,
  roleId: role.id,
  trust: role.trust === null ? { state: 'missing' } : { state: 'document', text: json(role.trust) },
  status: 'live',
}));

export function essence({ account, partition, arn, roleName, roleId, trust, status }: RoleRecord): object {
  return { account, partition, arn, roleName, roleId, trust, status };
}
