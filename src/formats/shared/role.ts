import type { DataProblem } from '../../errors.ts';
import type { JsonElement, RowGroup } from '../../json/reader.ts';
import type { RoleRecord, TrustPolicy } from '../../model/record.ts';
import { parseRoleArn } from '../../model/role-arn.ts';
import type { CaptureTime } from './capture-time.ts';
import type { Sink } from './sink.ts';
import { decodeTrustPolicy } from './trust-policy.ts';

/** A string field's value; null when the field is missing, null, empty or not a string. */
export function stringField(element: JsonElement, name: string): string | null {
  const text = element.fields.get(name);
  if (text?.startsWith('"') !== true || text.length <= 2) return null;
  return stringValue(text);
}

/** What a JSON string says. */
export function stringValue(json: string): string {
  return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1);
}

/**
 * The trust policy in a field. A field that occurs twice is undecodable, because readers differ in which of the
 * two they take.
 */
export function trustField(element: JsonElement, name: string): TrustPolicy {
  if (element.repeated.includes(name)) {
    return { state: 'undecodable', reason: `the record holds \`${name}\` more than once` };
  }
  if (element.tooLarge.includes(name)) {
    return { state: 'undecodable', reason: `\`${name}\` is larger than any trust policy can be` };
  }
  return decodeTrustPolicy(element.fields.get(name));
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
const ROLE_ID = /^\w{1,128}$/;

const POWERSHELL =
  "PowerShell's `ConvertTo-Json` writes text for what lies deeper than 2 levels: export with `-Depth 100`";

/** What a format has read of one role. */
export interface RoleParts {
  readonly arn: string | null;
  readonly roleId: string | null;
  readonly trust: TrustPolicy;
  readonly status: RoleRecord['status'];
  readonly time: CaptureTime;
  readonly version: string;
}

/**
 * Puts a role into the sink, or rejects the record and says why.
 *
 * @param trustName the fields that hold the trust policy; a fault in them spoils the policy, not the record
 * @returns the role's account, or null when the record was rejected
 */
export function addRole(
  sink: Sink,
  element: JsonElement,
  trustName: readonly string[],
  parts: RoleParts,
): { readonly account: string } | { readonly account: null; readonly code: DataProblem } {
  const fault = identityFault(element, trustName);
  const parsed = parseRoleArn(parts.arn);
  const problem = fault ?? (parsed.ok ? null : parsed);
  if (problem !== null || !parsed.ok) {
    const { code, message } = problem as Flaw;
    sink.reject(element, code, message);
    // Only a role has a trust policy: where a record has one, its ARN is damaged, and a role is lost.
    const isLost = code === 'not-a-role' && parts.trust.state !== 'missing';
    return { account: null, code: isLost ? 'arn-invalid' : code };
  }
  const { partition, account, roleName } = parsed.arn;
  sink.role({
    account,
    partition,
    arn: parts.arn as string,
    roleName,
    roleId: ROLE_ID.test(parts.roleId ?? '') ? (parts.roleId as string) : '',
    trust: parts.trust,
    status: parts.status,
    capturedAt: parts.time.at,
    version: parts.version,
    offset: element.offset,
    pointer: element.pointer,
  });
  return { account };
}

/** What roles have in common whose ARNs begin with `prefix`, as `RowPlan.open` is given it. */
export function rowGroup(prefix: string, time: CaptureTime): RowGroup {
  const [, partition = '', , , account = ''] = prefix.split(':');
  return { partition, account, capturedAt: time.at };
}

interface Flaw {
  readonly code: DataProblem;
  readonly message: string;
}

/** What makes it unclear which role an element speaks of; null when nothing does. */
function identityFault(element: JsonElement, trustName: readonly string[]): Flaw | null {
  if (element.type !== 'object') {
    const hint = element.type === 'string' ? `; ${POWERSHELL}` : '';
    const message = `the record is ${element.type} instead of an object${hint}`;
    return { code: 'record-not-object', message };
  }
  if (element.repeated.length + element.tooLarge.length === 0) return null;
  const repeated = element.repeated.find((name) => !trustName.includes(name));
  if (repeated !== undefined) {
    return { code: 'field-repeated', message: `the record holds \`${repeated}\` more than once` };
  }
  const tooLarge = element.tooLarge.find((name) => !trustName.includes(name));
  if (tooLarge !== undefined) {
    return {
      code: 'field-too-large',
      message: `the record's \`${tooLarge}\` is larger than any export writes it`,
    };
  }
  return null;
}
