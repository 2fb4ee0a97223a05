import type { DataProblem } from '../../errors.ts';
import type { JsonElement } from '../../json/reader.ts';
import type { RoleRecord, TrustPolicy } from '../../model/record.ts';
import { excerpt, parseRoleArn } from '../../model/role-arn.ts';
import type { RoleDetail } from '../../model/role-detail.ts';
import { formatTime, normaliseTime } from '../../model/time.ts';
import { parseUnique } from '../../text/unique-json.ts';
import { expandField } from './nested.ts';
import { stringField, trustField } from './role.ts';
import { defaultVersionOf, membersOf, roleDetailOf } from './role-detail.ts';

/** Fields of a configuration item as the API of AWS Config names them, as S3 files do, and inside of it. */
const CONFIGURATION_FIELDS = [
  ['assumeRolePolicyDocument'],
  ['AssumeRolePolicyDocument'],
  ['arn'],
  ['Arn'],
  ['roleId'],
  ['RoleId'],
] as const;
export const CONFIG_ITEM_FIELDS: readonly (readonly string[])[] = [
  ['resourceType'],
  ['resourceId'],
  ['resourceName'],
  ['arn'],
  ['ARN'],
  ['accountId'],
  ['awsAccountId'],
  ['configurationItemStatus'],
  ['configurationItemCaptureTime'],
  ['configurationStateId'],
  ...CONFIGURATION_FIELDS.map((path) => ['configuration', ...path]),
];

/** A fault in one of these spoils the trust policy, not the record. */
export const CONFIG_TRUST_FIELDS: readonly string[] = [
  'configuration/assumeRolePolicyDocument',
  'configuration/AssumeRolePolicyDocument',
  'configuration',
];

export const CONFIG_ROLE = 'AWS::IAM::Role';
export const CONFIG_POLICY = 'AWS::IAM::Policy';

// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html
export const CONFIG_STATUS: ReadonlyMap<string, RoleRecord['status']> = new Map([
  ['OK', 'live'],
  ['ResourceDiscovered', 'live'],
  ['ResourceNotRecorded', 'not-recorded'],
  ['ResourceDeleted', 'deleted'],
  ['ResourceDeletedNotRecorded', 'deleted'],
]);

/** Of AWS, and of those who register types of their own: `AWS::IAM::Role`, `Example::Store::Bucket`. */
const TYPE = /^\w+(?:::\w+)+$/;

/**
 * Why an item of another type than a role, or of none, may be one all the same; null for one that is none. Most items are
 * none: for them the look at the text spares taking the ARN apart.
 */
export function doubtOfType(
  type: string | null,
  arn: string | null,
): { readonly code: DataProblem; readonly message: string } | null {
  const ofType = () => (type === null ? 'of no type' : `of type \`${excerpt(type)}\``);
  if (arn?.includes(':role/') === true && parseRoleArn(arn).ok)
    return { code: 'not-a-role', message: `the item has the ARN of a role, but is ${ofType()}` };
  if (type !== null && TYPE.test(type)) return null;
  return { code: 'resource-type-unknown', message: `the item is ${ofType()}, so it may be a role` };
}

export interface ConfigItem {
  /** With the fields of a configuration that was JSON in a string. */
  readonly element: JsonElement;
  readonly type: string | null;
  readonly arn: string | null;
  readonly roleId: string | null;
  /** As JSON text. */
  readonly account: string | undefined;
  /** Null for a status that AWS Config does not define; an item without one is live. */
  readonly status: RoleRecord['status'] | null;
  readonly trust: TrustPolicy;
  /** When the item came about; normalised. */
  readonly captured: string | null;
  /** Sorts as the states of a resource follow each other. */
  readonly version: string;
  /** True when the item holds its configuration, or says that there is none any more. */
  readonly configured: boolean;
}

/** Reads a configuration item, whichever way it came out of AWS Config; for fields as CONFIG_ITEM_FIELDS. */
export function readConfigItem(source: JsonElement): ConfigItem {
  const element = expandField(source, 'configuration', CONFIGURATION_FIELDS);
  const first = (...names: readonly string[]) => {
    for (const name of names) {
      const text = stringField(element, name);
      if (text !== null) return text;
    }
    return null;
  };
  const status = CONFIG_STATUS.get(stringField(element, 'configurationItemStatus') ?? 'OK') ?? null;
  const captured = readTime(element.fields.get('configurationItemCaptureTime'));
  return {
    element,
    type: stringField(element, 'resourceType'),
    arn: first('ARN', 'arn', 'configuration/arn', 'configuration/Arn'),
    roleId: first('configuration/roleId', 'configuration/RoleId', 'resourceId'),
    account: element.fields.get('awsAccountId') ?? element.fields.get('accountId'),
    status,
    trust: status === 'live' ? trustOf(element) : { state: 'missing' },
    captured,
    version: configVersion(captured, element.fields.get('configurationStateId')),
    configured: [...element.fields.keys(), ...element.tooLarge].some((name) =>
      /^configuration(?:\/|$)/.test(name),
    ),
  };
}

function trustOf(element: JsonElement): TrustPolicy {
  if (element.repeated.includes('configuration')) return trustField(element, 'configuration');
  const whole = element.fields.get('configuration');
  if (whole !== undefined && whole !== 'null' && whole !== '"null"') {
    return { state: 'undecodable', reason: 'the configuration of the item is not an object' };
  }
  const [camel, pascal] = CONFIG_TRUST_FIELDS as readonly [string, string];
  return trustField(element, element.fields.has(pascal) && !element.fields.has(camel) ? pascal : camel);
}

/** A time as ISO 8601, as seconds since 1970 (AWS CLI version 1), or as test recorders take datetime objects apart. */
function readTime(json: string | undefined): string | null {
  if (json === undefined) return null;
  const value = JSON.parse(json) as unknown;
  if (typeof value === 'string') return normaliseTime(value);
  if (typeof value === 'number')
    return value >= 0 && value < 250e9 ? formatTime(Math.round(value * 1000)) : null;
  if (typeof value !== 'object' || value === null || !('__class__' in value)) return null;
  const parts = value as Readonly<Record<string, unknown>>;
  const part = (name: string, width: number) => String(parts[name] ?? 0).padStart(width, '0');
  const day = `${part('year', 4)}-${part('month', 2)}-${part('day', 2)}`;
  return normaliseTime(
    `${day}T${part('hour', 2)}:${part('minute', 2)}:${part('second', 2)}.${part('microsecond', 6)}Z`,
  );
}

/** Sorts as the states of a resource follow each other; the id decides within a millisecond. */
export function configVersion(time: string | null, stateId: string | undefined): string {
  const digits = /^"?(\d{1,20})(?:\.0)?"?$/.exec(stateId ?? '')?.[1] ?? '';
  // With all three digits of the fraction: `...00Z` would sort behind `...00.500Z`.
  const at = time === null ? '' : time.includes('.') ? time : time.replace('Z', '.000Z');
  return at === '' && digits === '' ? '' : `${at} ${digits.padStart(20, '0')}`;
}

/** Gives the keys a capital letter; policy documents, which are not ours to change, stay as they are. */
export function raised(value: unknown, isDocument: boolean): unknown {
  if (isDocument || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => raised(item, false));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.charAt(0).toUpperCase() + key.slice(1),
      raised(item, /policyDocument$/i.test(key)),
    ]),
  );
}

/**
 * What a configuration item of a role shows of it beside its trust policy. Its configuration holds what authorization
 * details do, in keys that begin with a small letter
 * (https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html).
 *
 * @param item its JSON value; items and their configuration may stand in a string
 */
export function configRoleDetail(item: unknown): RoleDetail {
  return roleDetailOf(configurationOf(item), null);
}

/** The default version of the managed policy that a configuration item shows; null when it shows none. */
export function configPolicyText(item: unknown): string | null {
  return defaultVersionOf(configurationOf(item));
}

function configurationOf(item: unknown): unknown {
  const configuration = unpacked(membersOf(unpacked(item))?.['configuration']);
  // Two keys that differ in their first letter alone would become one.
  const keys = Object.keys(membersOf(configuration) ?? {});
  return new Set(keys.map((key) => key.toLowerCase())).size === keys.length
    ? raised(configuration, false)
    : null;
}

function unpacked(value: unknown): unknown {
  return typeof value === 'string' ? parseUnique(value) : value;
}
