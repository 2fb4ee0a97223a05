import { documentOf } from '../gsl/entities/fields.ts';
import { buildIamGroup } from '../gsl/entities/group.ts';
import { type Attachments, buildIamPolicy, defaultDocument } from '../gsl/entities/policy.ts';
import { buildIamRole } from '../gsl/entities/role.ts';
import { buildIamUser } from '../gsl/entities/user.ts';
import type { EntityRecord, EntityType } from '../model/record.ts';

/** An entity as rules see it, and the properties that the evidence says nothing, or nothing readable, of. */
export interface EntityView {
  readonly entity: object;
  /** Properties that this evidence does not hold. A rule that looks at one is not evaluated. */
  readonly absent: ReadonlySet<string>;
  /** Properties it holds in a form that cannot be read. A rule that looks at one ends in an error. */
  readonly unreadable: ReadonlySet<string>;
}

interface Origin {
  /** Key in authorization details. */
  readonly key: string;
  readonly properties: readonly string[];
}

const IDENTITY: readonly Origin[] = [
  { key: 'Path', properties: ['path'] },
  { key: 'CreateDate', properties: ['createDate'] },
];
const ATTACHED: Origin = {
  key: 'AttachedManagedPolicies',
  properties: ['managedPolicies', 'combinedPolicies'],
};
const inline = (key: string): Origin => ({ key, properties: ['inlinePolicies', 'combinedPolicies'] });

/** Keys that authorization details always carry, so that a missing one means that the evidence does not hold it. */
const ORIGINS: Readonly<Record<EntityType, readonly Origin[]>> = {
  IamRole: [
    ...IDENTITY,
    ATTACHED,
    inline('RolePolicyList'),
    { key: 'AssumeRolePolicyDocument', properties: ['assumeRolePolicy', 'combinedPolicies'] },
    { key: 'InstanceProfileList', properties: ['instanceProfiles'] },
    { key: 'RoleLastUsed', properties: ['roleLastUsed'] },
    { key: 'RoleId', properties: ['id'] },
  ],
  IamUser: [
    ...IDENTITY,
    ATTACHED,
    inline('UserPolicyList'),
    { key: 'GroupList', properties: ['attachedGroups'] },
    { key: 'UserId', properties: ['id'] },
  ],
  IamGroup: [...IDENTITY, ATTACHED, inline('GroupPolicyList'), { key: 'GroupId', properties: ['id'] }],
  IamPolicy: [
    ...IDENTITY,
    { key: 'PolicyVersionList', properties: ['document'] },
    { key: 'AttachmentCount', properties: ['attachmentCount'] },
    { key: 'PolicyId', properties: ['id'] },
  ],
};
/** Keys left out where there is nothing to say. */
const OPTIONAL: readonly Origin[] = [
  { key: 'Tags', properties: ['tags'] },
  { key: 'PermissionsBoundary', properties: ['permissionsBoundary'] },
];

/** Builds what rules see of a live entity. */
export function viewEntity({ type, account, name, detail, unreadable: spoilt }: EntityRecord): EntityView {
  const absent = new Set<string>();
  const unreadable = new Set<string>();
  const add = (to: Set<string>, { properties }: Origin): void => {
    for (const property of properties) to.add(property);
  };
  for (const origin of ORIGINS[type]) {
    if (spoilt.includes(origin.key)) add(unreadable, origin);
    else if ((detail[origin.key] ?? null) === null) add(absent, origin);
    else if (!hasShape(origin.key, detail[origin.key])) add(unreadable, origin);
  }
  for (const origin of OPTIONAL) if (spoilt.includes(origin.key)) add(unreadable, origin);
  if (type === 'IamPolicy') {
    // Who a policy is attached to stands with the users, roles and groups; only "nobody" stands with the policy.
    if (detail['AttachmentCount'] !== 0)
      for (const property of ['users', 'roles', 'groups']) absent.add(property);
    if (spoilt.includes('DefaultVersionId')) unreadable.add('document');
    else if (!absent.has('document') && defaultDocument(detail) === null) unreadable.add('document');
  } else if (hasItems(detail['AttachedManagedPolicies'])) {
    // The documents of attached policies stand in another list of the export.
    absent.add('combinedPolicies');
  }
  const named = { ...detail, [`${type.slice(3)}Name`]: name };
  return { entity: { ...build(type, named, account) }, absent, unreadable };
}

const NOBODY: ReadonlyMap<string, Attachments> = new Map();

function build(type: EntityType, detail: EntityRecord['detail'], account: string): object {
  switch (type) {
    case 'IamRole':
      return buildIamRole(detail, account);
    case 'IamUser':
      return buildIamUser(detail, account);
    case 'IamGroup':
      return buildIamGroup(detail, account);
    case 'IamPolicy':
      return buildIamPolicy(detail, account, detail['AttachmentCount'] === 0 ? NOBODY : null);
  }
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** Could the value be what the export means by this key? What could not is never taken for empty. */
function hasShape(key: string, value: unknown): boolean {
  switch (key) {
    case 'AssumeRolePolicyDocument':
      return documentOf({ value }, 'value') !== null;
    case 'RoleLastUsed':
      return typeof value === 'object' && !Array.isArray(value);
    case 'RolePolicyList':
    case 'UserPolicyList':
    case 'GroupPolicyList':
      return Array.isArray(value) && value.every((policy) => documentOf(policy, 'PolicyDocument') !== null);
    case 'GroupList':
      return Array.isArray(value) && value.every((group) => typeof group === 'string');
    case 'AttachedManagedPolicies':
    case 'InstanceProfileList':
    case 'PolicyVersionList':
      return Array.isArray(value);
    case 'AttachmentCount':
      return typeof value === 'number';
    default:
      return typeof value === 'string' || typeof value === 'number';
  }
}
