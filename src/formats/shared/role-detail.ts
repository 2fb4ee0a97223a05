import { MAX_PERMISSIONS_POLICY } from '../../model/record.ts';
import type { InlinePolicy, RoleDetail } from '../../model/role-detail.ts';
import { UNKNOWN_DETAIL } from '../../model/role-detail-text.ts';
import { normaliseTime } from '../../model/time.ts';
import { parseUnique } from '../../text/unique-json.ts';
import { decodeTrustPolicy } from './trust-policy.ts';

/** A JSON object. */
export type Members = Readonly<Record<string, unknown>>;

export function membersOf(value: unknown): Members | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
}

/** A row with the names of its columns in small letters; null where two would be one, and for what is no row. */
export function inSmallKeys(row: unknown): Members | null {
  const entries = Object.entries(membersOf(row) ?? {}).map(
    ([key, value]) => [key.toLowerCase(), value] as const,
  );
  const small = new Map(entries);
  return small.size === 0 || small.size < entries.length ? null : Object.fromEntries(small);
}

/**
 * What a role shows beside its trust policy, in the keys of authorization details
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleDetail.html). A member of another shape than IAM gives it
 * is as good as absent.
 *
 * @param absentBoundary what it means that there is no key for a boundary: '' where the export writes every role in full,
 *   for IAM leaves the key out of a role without one
 */
export function roleDetailOf(value: unknown, absentBoundary: '' | null): RoleDetail {
  const role = membersOf(value);
  if (role === null) return UNKNOWN_DETAIL;
  const { PermissionsBoundary: boundary } = role;
  return {
    createdAt: timeOf(role['CreateDate']),
    lastUsed: lastUsedOf(role['RoleLastUsed']),
    maxSession: sessionOf(role['MaxSessionDuration']),
    tags: tagsOf(role['Tags']),
    boundary: boundary === undefined ? absentBoundary : boundaryOf(boundary),
    attached: attachedOf(role['AttachedManagedPolicies']),
    inline: inlineOf(role['RolePolicyList']),
  };
}

/**
 * A value as it was before a table made it text: JSON in a cell, or in a string of JSON. A key that stands twice in it makes
 * it undefined.
 */
export function unpackedCell(value: unknown): unknown {
  return typeof value === 'string' && /^\s*[{[]/.test(value) ? parseUnique(value) : value;
}

function timeOf(value: unknown): string | null {
  // As the AWS CLI writes it, in the form that is recognised at a glance.
  return typeof value === 'string' ? normaliseTime(value.replace(/\+00:00$/, 'Z')) : null;
}

/** IAM returns an empty object for a role that was not used in the period it keeps. */
function lastUsedOf(value: unknown): string | null {
  const members = membersOf(value);
  if (members === null) return null;
  const isEmpty = Object.keys(members).every(
    (key) => (key === 'LastUsedDate' || key === 'Region') && members[key] === null,
  );
  return isEmpty ? 'never' : timeOf(members['LastUsedDate']);
}

/** @param written in tables as text */
function sessionOf(written: unknown): number | null {
  const value = typeof written === 'string' && /^\d{1,9}$/.test(written) ? Number(written) : written;
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** A key that stands twice says nothing that can be relied on, and neither does a list with it. */
function tagsOf(value: unknown): RoleDetail['tags'] {
  const tags = new Map<string, string>();
  for (const item of Array.isArray(value) ? (value as readonly unknown[]) : []) {
    const tag = membersOf(item);
    const { Key: key, Value: text } = tag ?? {};
    if (typeof key !== 'string' || typeof text !== 'string' || tags.has(key)) return null;
    tags.set(key, text);
  }
  return Array.isArray(value) ? Object.fromEntries(tags) : null;
}

function boundaryOf(value: unknown): string | null {
  if (value === null) return '';
  const arn = membersOf(value)?.['PermissionsBoundaryArn'];
  return typeof arn === 'string' && arn !== '' ? arn : null;
}

function attachedOf(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const arns = (value as readonly unknown[]).map((item) => membersOf(item)?.['PolicyArn']);
  return arns.every((arn) => typeof arn === 'string') ? arns : null;
}

function inlineOf(value: unknown): readonly InlinePolicy[] | null {
  if (!Array.isArray(value)) return null;
  const policies: InlinePolicy[] = [];
  for (const item of value as readonly unknown[]) {
    const { PolicyName: name, PolicyDocument: document } = membersOf(item) ?? {};
    if (typeof name !== 'string') return null;
    policies.push({ name, document: permissionsPolicy(document) });
  }
  return policies;
}

/** A permissions policy as JSON text, out of whatever the export wraps it in; null for what is none, or too long. */
export function permissionsPolicy(value: unknown): string | null {
  if (value === undefined) return null;
  const policy = decodeTrustPolicy(JSON.stringify(value));
  return policy.state === 'document' && policy.text.length <= MAX_PERMISSIONS_POLICY ? policy.text : null;
}

/**
 * The text of a managed policy's default version; null when the element shows none, or several.
 *
 * @param value in the keys of authorization details
 *   (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ManagedPolicyDetail.html)
 */
export function defaultVersionOf(value: unknown): string | null {
  const versions = membersOf(value)?.['PolicyVersionList'];
  if (!Array.isArray(versions)) return null;
  const [first, ...others] = (versions as readonly unknown[])
    .map(membersOf)
    .filter((version) => version?.['IsDefaultVersion'] === true);
  return first == null || others.length > 0 ? null : permissionsPolicy(first['Document']);
}
