import type { JsonElement } from '../../json/reader.ts';
import type { EntityRecord, EntityType } from '../../model/record.ts';
import type { CaptureTime } from './capture-time.ts';
import { stringField } from './role.ts';
import type { Sink } from './sink.ts';

/** Keys of the elements of account authorization details beside those that tell who the element is. */
const COMMON = ['Path', 'CreateDate', 'Tags'] as const;
const KEYS: Readonly<Record<EntityType, readonly string[]>> = {
  IamRole: [
    'RoleName',
    'AssumeRolePolicyDocument',
    'InstanceProfileList',
    'RolePolicyList',
    'AttachedManagedPolicies',
    'PermissionsBoundary',
    'RoleLastUsed',
  ],
  IamUser: [
    'UserName',
    'UserId',
    'UserPolicyList',
    'GroupList',
    'AttachedManagedPolicies',
    'PermissionsBoundary',
  ],
  IamGroup: ['GroupName', 'GroupId', 'GroupPolicyList', 'AttachedManagedPolicies'],
  IamPolicy: ['PolicyName', 'PolicyId', 'DefaultVersionId', 'AttachmentCount', 'PolicyVersionList'],
};

const ID_KEYS: Readonly<Record<EntityType, string>> = {
  IamRole: 'RoleId',
  IamUser: 'UserId',
  IamGroup: 'GroupId',
  IamPolicy: 'PolicyId',
};

const RESOURCES: Readonly<Record<EntityType, string>> = {
  IamRole: 'role',
  IamUser: 'user',
  IamGroup: 'group',
  IamPolicy: 'policy',
};

/** The keys of a whole element, without `Arn`, as authorization details write them. */
export function entityKeys(type: EntityType): readonly string[] {
  return [...KEYS[type], ...COMMON];
}

/** How an export other than authorization details writes the fields of an element. */
export interface FieldMapping {
  /** Name of a field in the reader's plan by its name in authorization details. */
  readonly fields: ReadonlyMap<string, string>;
  /** Writes a value as authorization details do. */
  readonly convert: (key: string, value: unknown) => unknown;
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
const ARN = /^arn:([a-z0-9-]+):iam::(\d{12}|aws):(role|user|group|policy)\/([^\p{Cc}]*[^\p{Cc}/])$/u;
const MAX_ARN = 2048;
const ID = /^\w{1,128}$/;

/**
 * Puts an element of a list of authorization details into the sink as an entity of the rule language.
 *
 * @param owner the account of what AWS owns (`arn:aws:iam::aws:policy/...`); null when it is not known
 * @returns the account, or null when nothing tells it
 */
export function addEntity(
  sink: Sink,
  type: EntityType,
  element: JsonElement,
  {
    time,
    owner,
    version = '',
    status = 'live',
  }: {
    readonly time: CaptureTime;
    readonly owner: string | null;
    readonly version?: string;
    readonly status?: EntityRecord['status'];
  },
  names: FieldMapping | null = null,
): string | null {
  const named = (key: string): string => names?.fields.get(key) ?? key;
  const arn = stringField(element, named('Arn'));
  const match = arn === null || arn.length > MAX_ARN ? null : ARN.exec(arn);
  if (match === null || arn === null || match[3] !== RESOURCES[type] || element.type !== 'object')
    return null;
  const [, partition = '', owning = '', , resource = ''] = match;
  const account = owning === 'aws' ? owner : owning;
  if (account === null || element.repeated.includes(named('Arn'))) return null;
  const id = stringField(element, named(ID_KEYS[type])) ?? '';
  const unreadable: string[] = [];
  const keys = [ID_KEYS[type], ...entityKeys(type)];
  const detail: Record<string, unknown> = { Arn: arn };
  if (status === 'live') {
    for (const key of keys) {
      const name = named(key);
      if (isSpoilt(element, name)) {
        unreadable.push(key);
        continue;
      }
      const text = element.fields.get(name);
      if (text === undefined) continue;
      const value: unknown = JSON.parse(text);
      detail[key] = names === null ? value : names.convert(key, value);
    }
  }
  sink.entity({
    type,
    account,
    partition,
    arn,
    name: resource.slice(resource.lastIndexOf('/') + 1),
    id: ID.test(id) ? id : '',
    status,
    detail,
    unreadable,
    capturedAt: time.at,
    version,
    offset: element.offset,
    pointer: element.pointer,
  });
  return account;
}

/** A field, or one around it, that occurs twice or is too large says nothing that can be relied on. */
function isSpoilt(element: JsonElement, name: string): boolean {
  const [head = ''] = name.split('/');
  return [name, head].some((one) => element.repeated.includes(one) || element.tooLarge.includes(one));
}
