import { createHash } from 'node:crypto';
import type { DataProblem } from '../../../src/errors.ts';
import type { Outcome } from '../../../src/model/exposure.ts';

/** Evidence as the model of history is told it, and the real files that say the same. */

const THIRD = '444455556666';
const OTHER = '555566667777';

function trust(principal: object, condition?: object): object {
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' };
  return {
    Version: '2012-10-17',
    Statement: [condition === undefined ? statement : { ...statement, Condition: condition }],
  };
}

const root = (account: string): string => `arn:aws:iam::${account}:root`;

interface KnownPolicy {
  readonly document: object;
  readonly verdict: Outcome;
  /** Who gets in unguarded: account numbers, or `*`. */
  readonly lets: readonly string[];
}

/** Trust policies whose verdicts are plain. */
export const POLICIES = {
  third: { document: trust({ AWS: root(THIRD) }), verdict: 'fail', lets: [THIRD] },
  other: { document: trust({ AWS: root(OTHER) }), verdict: 'fail', lets: [OTHER] },
  two: { document: trust({ AWS: [root(THIRD), root(OTHER)] }), verdict: 'fail', lets: [THIRD, OTHER] },
  anyone: { document: trust({ AWS: '*' }), verdict: 'fail', lets: ['*'] },
  guarded: {
    document: trust({ AWS: root(THIRD) }, { StringEquals: { 'sts:ExternalId': '7f3c9a52-5b1e-4c0d' } }),
    verdict: 'pass',
    lets: [],
  },
  service: { document: trust({ Service: 'ec2.amazonaws.com' }), verdict: 'not-applicable', lets: [] },
  // What a shallow export leaves of a list: nobody can say whom it names.
  damaged: { document: trust({ AWS: 'System.Object[]' }), verdict: 'error', lets: [] },
} as const satisfies Record<string, KnownPolicy>;

export type PolicyName = keyof typeof POLICIES;

export function policySha256(name: PolicyName): string {
  return createHash('sha256').update(JSON.stringify(POLICIES[name].document)).digest('hex');
}

/** A role as a file shows it; the id is '' where the file has none. */
export interface Shown {
  readonly name: string;
  readonly id: string;
  readonly policy: PolicyName;
  /** Of AWS Config: when the role came to be like this; the moment of the source by default. */
  readonly since?: string;
}

export interface Gone {
  readonly name: string;
  readonly id: string;
}

/** What one file says of one account at one moment. Times are ISO 8601 UTC in whole seconds, with `Z`. */
export interface Source {
  readonly account: string;
  readonly at: string;
  /** `all`: the file shows all roles of the account. Else why not. */
  readonly claims: 'all' | DataProblem;
  /** The export that this is a file of, where one export is often several files. */
  readonly partOf: string | null;
  readonly shows: readonly Shown[];
  readonly gone: readonly Gone[];
}

export type Kind =
  | 'gaad'
  | 'gaad-cut'
  | 'list-whole'
  | 'list-maybe'
  | 'get-role'
  | 'cloudquery'
  | 'prowler'
  | 'config-snapshot'
  | 'config-without-roles'
  | 'config-history';

/** What an export of each kind claims. */
export const CLAIMS: Readonly<Record<Kind, 'all' | DataProblem>> = {
  gaad: 'all',
  'gaad-cut': 'next-page-missing',
  'list-whole': 'all',
  'list-maybe': 'maybe-filtered',
  'get-role': 'partial-inventory',
  cloudquery: 'all',
  prowler: 'partial-inventory',
  'config-snapshot': 'all',
  'config-without-roles': 'no-iam-recorded',
  'config-history': 'changes-only',
};

/** A service-linked role, which every account has: it shows that a list is whole. */
export const LINKED: Shown = {
  name: 'aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport',
  id: 'AROASUPPORT0000000000',
  policy: 'service',
  since: '2025-01-01T00:00:00Z',
};

export interface EvidenceFile {
  readonly kind: Kind;
  readonly name: string;
  readonly text: string;
  readonly source: Source;
}

export const arnOf = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;

/** A real file of this kind. The tag keeps files of one kind and moment apart. */
export function evidenceFile(
  kind: Kind,
  account: string,
  at: string,
  told: { readonly shows?: readonly Shown[]; readonly gone?: readonly Gone[]; readonly tag?: string },
): EvidenceFile {
  const { shows = [], gone = [], tag = '' } = told;
  const source: Source = { account, at, claims: CLAIMS[kind], partOf: partOf(kind), shows, gone };
  const stamp = at.replaceAll(/[-:]/g, '');
  return { kind, name: fileName(kind, account, stamp, tag), text: textOf(kind, source), source };
}

function partOf(kind: Kind): string | null {
  if (kind === 'cloudquery') return 'CloudQuery';
  return kind.startsWith('config-') ? 'AWS Config' : null;
}

function fileName(kind: Kind, account: string, stamp: string, tag: string): string {
  switch (kind) {
    case 'config-snapshot':
    case 'config-without-roles':
      return `${account}_Config_eu-west-1_ConfigSnapshot_${stamp}_${kind}${tag}.json`;
    case 'config-history':
      return `${account}_Config_eu-west-1_ConfigHistory_AWS__IAM__Role_${stamp}_${stamp}_1${tag}.json`;
    default:
      return `${kind}${tag}-${account}-${stamp}.json`;
  }
}

function textOf(kind: Kind, { account, at, shows, gone }: Source): string {
  const roles = shows.map((shown) => apiRole(account, shown));
  switch (kind) {
    case 'gaad':
      return JSON.stringify(authorizationDetails(roles));
    case 'gaad-cut':
      return JSON.stringify({ ...authorizationDetails(roles), IsTruncated: true, Marker: 'next' });
    case 'list-whole':
    case 'list-maybe':
      return JSON.stringify({ Roles: roles });
    case 'get-role':
      return roles.map((role) => `${JSON.stringify({ Role: role })}\n`).join('');
    case 'cloudquery':
      return shows.map((shown) => `${JSON.stringify(cloudqueryRow(account, at, shown))}\n`).join('');
    case 'prowler':
      return JSON.stringify(shows.map((shown) => prowlerFinding(account, shown)));
    case 'config-without-roles':
      return JSON.stringify({ ...ENVELOPE, configSnapshotId: 'x', configurationItems: [network(account)] });
    case 'config-snapshot':
      return JSON.stringify({
        ...ENVELOPE,
        configSnapshotId: 'x',
        configurationItems: shows.map((shown) => configItem(account, at, shown)),
      });
    case 'config-history':
      return JSON.stringify({
        ...ENVELOPE,
        configurationItems: [...shows, ...gone].map((one) => configItem(account, at, one)),
      });
  }
}

const ENVELOPE = { fileVersion: '1.0' };

function authorizationDetails(roles: readonly object[]): object {
  return { UserDetailList: [], GroupDetailList: [], RoleDetailList: roles, Policies: [] };
}

function apiRole(account: string, { name, id, policy }: Shown): object {
  return {
    Path: `/${name.slice(0, name.lastIndexOf('/') + 1)}`,
    RoleName: name.slice(name.lastIndexOf('/') + 1),
    ...(id !== '' && { RoleId: id }),
    Arn: arnOf(account, name),
    CreateDate: '2024-03-01T10:00:00+00:00',
    AssumeRolePolicyDocument: POLICIES[policy].document,
  };
}

function cloudqueryRow(account: string, at: string, { name, id, policy }: Shown): object {
  return {
    _cq_sync_time: at,
    _cq_source_name: 'aws',
    _cq_id: name,
    _cq_parent_id: null,
    account_id: account,
    arn: arnOf(account, name),
    assume_role_policy_document: POLICIES[policy].document,
    role_id: id === '' ? null : id,
    role_name: name.slice(name.lastIndexOf('/') + 1),
  };
}

/** A finding of Prowler, which shows no role id. */
function prowlerFinding(account: string, { name, policy }: Shown): object {
  const arn = arnOf(account, name);
  return {
    message: 'a finding',
    metadata: { event_code: 'iam_role_x', product: { name: 'Prowler', uid: 'prowler' }, version: '1.4.0' },
    status_code: 'PASS',
    finding_info: { uid: `f-${name}-${policy}`, title: 't' },
    resources: [
      {
        cloud_partition: 'aws',
        region: 'us-east-1',
        data: {
          details: '',
          metadata: {
            name,
            arn,
            assume_role_policy: POLICIES[policy].document,
            is_service_role: false,
            tags: [],
          },
        },
        group: { name: 'iam' },
        labels: [],
        name,
        type: 'AwsIamRole',
        uid: arn,
      },
    ],
    cloud: { account: { uid: account }, provider: 'aws' },
    time: 1_769_904_000,
  };
}

function configItem(account: string, at: string, one: Shown | Gone): object {
  const { name, id } = one;
  const policy = 'policy' in one ? one.policy : null;
  const time = ('since' in one ? one.since : undefined) ?? at;
  const ids = id === '' ? {} : { roleId: id };
  const arn = arnOf(account, name);
  const roleName = name.slice(name.lastIndexOf('/') + 1);
  return {
    configurationItemCaptureTime: time.replace('Z', '.000Z'),
    configurationItemStatus: policy === null ? 'ResourceDeleted' : 'OK',
    configurationStateId: Date.parse(time),
    resourceType: 'AWS::IAM::Role',
    ...(id !== '' && { resourceId: id }),
    resourceName: roleName,
    ARN: arn,
    awsAccountId: account,
    awsRegion: 'global',
    configuration:
      policy === null
        ? null
        : {
            roleName,
            ...ids,
            arn,
            assumeRolePolicyDocument: encodeURIComponent(JSON.stringify(POLICIES[policy].document)),
          },
  };
}

function network(account: string): object {
  return {
    configurationItemCaptureTime: '2025-01-01T00:00:00.000Z',
    configurationItemStatus: 'OK',
    configurationStateId: 1,
    resourceType: 'AWS::EC2::VPC',
    resourceId: 'vpc-1',
    ARN: `arn:aws:ec2:eu-west-1:${account}:vpc/vpc-1`,
    awsAccountId: account,
    awsRegion: 'eu-west-1',
    configuration: { vpcId: 'vpc-1' },
  };
}
