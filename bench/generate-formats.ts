import { oddText } from './generate-odd.ts';
import type { Organisation, Role } from './generate-organisation.ts';

/** Writes the evidence of one organisation piece by piece; `roles` of them in each account. */
export type Writer = (organisation: Organisation, roles: (account: number) => number) => Generator<string>;

export const WRITERS: Readonly<Record<string, Writer>> = {
  gaad: (organisation, roles) => gaad(organisation, roles, 4),
  'gaad-compact': (organisation, roles) => gaad(organisation, roles, 0),
  cloudquery,
  'cloudquery-csv': cloudqueryCsv,
  'list-roles': listRoles,
  config,
};

/** One document per account, one after the other, as a shell loop with `>> all.json` leaves them. */
function* gaad(
  organisation: Organisation,
  roles: (account: number) => number,
  indent: number,
): Generator<string> {
  const { dice } = organisation;
  for (const [index, account] of organisation.accounts.entries()) {
    const count = roles(index);
    const text = (item: object): string => nested(item, indent);
    const list = function* (name: string, length: number, item: (number: number) => string) {
      yield indent > 0 ? `,\n    "${name}": [` : `,"${name}":[`;
      for (let number = 0; number < length; number++) yield (number > 0 ? ',' : '') + item(number);
      yield indent > 0 && length > 0 ? '\n    ]' : ']';
    };
    yield '{';
    const first = list('UserDetailList', Math.ceil(count * 0.25), (number) =>
      text(user(organisation, account, number)),
    );
    yield (first.next().value as string).slice(1);
    yield* first;
    yield* list('GroupDetailList', Math.ceil(count * 0.02), (number) =>
      text(group(organisation, account, number)),
    );
    yield* list('RoleDetailList', count, (number) => {
      const role = organisation.role(account, number);
      return oddText(role.odd, text(roleDetail(role)));
    });
    yield* list('Policies', Math.ceil(count * 0.6), (number) => {
      const versions = dice.between(1, 3);
      return text({
        PolicyName: `policy-${number}`,
        PolicyId: dice.id('ANPA', 17),
        Arn: `arn:aws:iam::${account}:policy/policy-${number}`,
        Path: '/',
        DefaultVersionId: `v${versions}`,
        AttachmentCount: dice.between(0, 9),
        PermissionsBoundaryUsageCount: 0,
        IsAttachable: true,
        CreateDate: organisation.time(),
        UpdateDate: organisation.time(),
        PolicyVersionList: Array.from({ length: versions }, (_, version) => ({
          Document: organisation.permissions(dice.between(1, 4)),
          VersionId: `v${versions - version}`,
          IsDefaultVersion: version === 0,
          CreateDate: organisation.time(),
        })),
      });
    });
    yield indent > 0 ? '\n}\n' : '}\n';
  }
}

function nested(item: object, indent: number): string {
  if (indent === 0) return JSON.stringify(item);
  return `\n        ${JSON.stringify(item, null, indent).replaceAll('\n', '\n        ')}`;
}

function roleDetail(role: Role): object {
  const instanceRole = { Path: role.path, RoleName: role.name, RoleId: role.id, Arn: role.arn };
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.created,
    AssumeRolePolicyDocument: role.trust,
    InstanceProfileList:
      role.profile === null
        ? []
        : [
            {
              Path: role.path,
              InstanceProfileName: role.name,
              InstanceProfileId: role.profile,
              Arn: role.arn.replace(':role/', ':instance-profile/'),
              CreateDate: role.created,
              Roles: [{ ...instanceRole, CreateDate: role.created, AssumeRolePolicyDocument: role.trust }],
            },
          ],
    RolePolicyList: role.inline.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: document })),
    AttachedManagedPolicies: role.attached.map((arn) => ({
      PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
      PolicyArn: arn,
    })),
    Tags: role.tags,
    RoleLastUsed: role.lastUsed === null ? {} : { LastUsedDate: role.lastUsed, Region: role.region },
  };
}

function user(organisation: Organisation, account: string, number: number): object {
  const { dice } = organisation;
  return {
    Path: '/',
    UserName: `user-${number}`,
    UserId: dice.id('AIDA', 17),
    Arn: `arn:aws:iam::${account}:user/user-${number}`,
    CreateDate: organisation.time(),
    UserPolicyList: dice.chance(0.2)
      ? [{ PolicyName: `user-${number}`, PolicyDocument: organisation.permissions(2) }]
      : [],
    GroupList: ['everyone'],
    AttachedManagedPolicies: [
      { PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    ],
    Tags: [],
  };
}

function group(organisation: Organisation, account: string, number: number): object {
  return {
    Path: '/',
    GroupName: `group-${number}`,
    GroupId: organisation.dice.id('AGPA', 17),
    Arn: `arn:aws:iam::${account}:group/group-${number}`,
    CreateDate: organisation.time(),
    GroupPolicyList: [{ PolicyName: `group-${number}`, PolicyDocument: organisation.permissions(1) }],
    AttachedManagedPolicies: [],
  };
}

/** One row per line, keys in alphabetical order as Go writes maps. */
function* cloudquery(organisation: Organisation, roles: (account: number) => number): Generator<string> {
  for (const role of rolesOf(organisation, roles)) {
    yield `${oddText(role.odd, JSON.stringify(cloudqueryRow(organisation, role)))}\n`;
  }
}

/** The same rows; JSON stands in cells as text. */
function* cloudqueryCsv(organisation: Organisation, roles: (account: number) => number): Generator<string> {
  let header = true;
  for (const role of rolesOf(organisation, roles)) {
    const row = cloudqueryRow(organisation, role);
    if (header) yield `${Object.keys(row).join(',')}\n`;
    header = false;
    yield `${Object.values(row).map(csvCell).join(',')}\n`;
  }
}

function csvCell(value: unknown): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cloudqueryRow({ dice }: Organisation, role: Role): object {
  return {
    _cq_id: uuid(dice.id('', 26)),
    _cq_parent_id: null,
    _cq_source_name: 'aws',
    _cq_sync_time: '2026-02-01T00:00:00Z',
    account_id: role.account,
    arn: role.arn,
    assume_role_policy_document: role.trust,
    create_date: role.created,
    instance_profile_arns: role.profile === null ? null : [role.arn.replace(':role/', ':instance-profile/')],
    description: `Used by ${role.name}; ask the team before you change or delete it`,
    max_session_duration: 3600,
    path: role.path,
    permissions_boundary: null,
    role_id: role.id,
    role_last_used: role.lastUsed === null ? null : { LastUsedDate: role.lastUsed, Region: role.region },
    role_name: role.name,
    tags: Object.fromEntries(role.tags.map(({ Key, Value }) => [Key, Value])),
  };
}

/** `aws iam list-roles`, compact, a document for each account. */
function* listRoles(organisation: Organisation, roles: (account: number) => number): Generator<string> {
  for (const [index, account] of organisation.accounts.entries()) {
    const count = roles(index);
    yield '{"Roles":[';
    for (let number = 0; number < count; number++) {
      const role = organisation.role(account, number);
      const listed = {
        Path: role.path,
        RoleName: role.name,
        RoleId: role.id,
        Arn: role.arn,
        CreateDate: role.created,
        AssumeRolePolicyDocument: role.trust,
        MaxSessionDuration: 3600,
      };
      yield (number > 0 ? ',' : '') + oddText(role.odd, JSON.stringify(listed));
    }
    yield ']}\n';
  }
}

function* rolesOf(organisation: Organisation, roles: (account: number) => number): Generator<Role> {
  for (const [index, account] of organisation.accounts.entries()) {
    const count = roles(index);
    for (let number = 0; number < count; number++) yield organisation.role(account, number);
  }
}

/** A snapshot: one line, four other resources per role, trust policies URL-encoded. */
function* config(organisation: Organisation, roles: (account: number) => number): Generator<string> {
  const { dice } = organisation;
  yield `{"fileVersion":"1.0","configSnapshotId":"${uuid(dice.id('', 26))}","configurationItems":[`;
  let comma = '';
  for (const [index, account] of organisation.accounts.entries()) {
    const count = roles(index);
    for (let number = 0; number < count; number++) {
      const role = organisation.role(account, number);
      const configuration = {
        path: role.path,
        roleName: role.name,
        roleId: role.id,
        arn: role.arn,
        createDate: role.created,
        assumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trust)),
        instanceProfileList: [],
        rolePolicyList: role.inline.map(({ name, document }) => ({
          policyName: name,
          policyDocument: encodeURIComponent(JSON.stringify(document)),
        })),
        attachedManagedPolicies: role.attached.map((policyArn) => ({ policyName: 'p', policyArn })),
        permissionsBoundary: null,
        tags: role.tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
        roleLastUsed: null,
      };
      yield `${comma}${item(role, 'AWS::IAM::Role', role.id, role.arn, 'global', configuration)}`;
      comma = ',';
      for (let other = 0; other < 4; other++) {
        const id = `i-${dice.id('', 17).toLowerCase()}`;
        const arn = `arn:aws:ec2:${role.region}:${account}:instance/${id}`;
        const instance = {
          instanceId: id,
          instanceType: dice.pick(['t3.micro', 'm6i.large', 'c7g.xlarge']),
          privateIpAddress: `10.${dice.between(0, 255)}.${dice.between(0, 255)}.${dice.between(1, 254)}`,
          state: { code: 16, name: 'running' },
          monitoring: { state: 'disabled' },
          tags: role.tags,
        };
        yield `,${item(role, 'AWS::EC2::Instance', id, arn, role.region, instance)}`;
      }
    }
  }
  yield ']}\n';
}

function item(
  role: Role,
  resourceType: string,
  resourceId: string,
  arn: string,
  region: string,
  configuration: object,
): string {
  const captured = Date.parse(role.created) % 1_000_000_000;
  return JSON.stringify({
    relatedEvents: [],
    relationships: [],
    configuration,
    supplementaryConfiguration: {},
    tags: Object.fromEntries(role.tags.map(({ Key, Value }) => [Key, Value])),
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: new Date(1_769_904_000_000 + captured).toISOString(),
    configurationStateId: 1_769_904_000_000 + captured,
    awsAccountId: role.account,
    configurationItemStatus: 'OK',
    resourceType,
    resourceId,
    resourceName: resourceId,
    ARN: arn,
    awsRegion: region,
    availabilityZone: 'Not Applicable',
    configurationStateMd5Hash: '',
    resourceCreationTime: role.created,
  });
}

function uuid(text: string): string {
  const hex = Buffer.from(text).toString('hex').padEnd(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
