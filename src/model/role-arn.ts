import type { DataProblem } from '../errors.ts';
import { escapeUnits, visible } from '../text/hidden-characters.ts';

export interface RoleArn {
  readonly partition: string;
  readonly account: string;
  readonly roleName: string;
}

export type RoleArnResult =
  | { readonly ok: true; readonly arn: RoleArn }
  | { readonly ok: false; readonly code: DataProblem; readonly message: string };

// A role's path may hold any printable ASCII, colons included; control characters would break reports.
const IAM_ARN = /^arn:([a-z0-9-]+):iam::(\d{12}):([^\p{Cc}]+)$/u;
/** What nearly all are; tried first, because it needs no table of Unicode. */
const PLAIN_ARN = /^(arn:([a-z0-9-]+):iam::(\d{12}):role\/)[!-~]*[!-.0-~]$/;
const ANY_ARN = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.*)$/s;
const MAX_ARN = 2048;

/** How the last plain ARN began: the roles of an account come one after the other. */
let last = { prefix: '\n', partition: '', account: '' };

/** What PLAIN_ARN asks of what follows the prefix. */
function isPlain(arn: string, from: number): boolean {
  for (let at = from; at < arn.length; at++) {
    const code = arn.charCodeAt(at);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return arn.length > from && !arn.endsWith('/');
}

/**
 * Takes a role's ARN apart
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns).
 */
export function parseRoleArn(text: string | null): RoleArnResult {
  if (text === null || text === '') {
    return { ok: false, code: 'arn-missing', message: 'the record names no ARN' };
  }
  if (text.startsWith(last.prefix) && text.length <= MAX_ARN && isPlain(text, last.prefix.length)) {
    return { ok: true, arn: { partition: last.partition, account: last.account, roleName: nameOfArn(text) } };
  }
  const plain = text.length > MAX_ARN ? null : PLAIN_ARN.exec(text);
  if (plain !== null) {
    const [, prefix, partition, account] = plain as unknown as [string, string, string, string];
    last = { prefix, partition, account };
    return { ok: true, arn: { partition, account, roleName: nameOfArn(text) } };
  }
  const other = ANY_ARN.exec(text)?.[1];
  if (other !== undefined && !/^role\/./s.test(other)) {
    return { ok: false, code: 'not-a-role', message: `\`${excerpt(text)}\` is not the ARN of a role` };
  }
  const match = text.length > MAX_ARN ? null : IAM_ARN.exec(text);
  if (match === null || text.endsWith('/')) {
    const message = `\`${excerpt(text)}\` is not the ARN of a role in an account of 12 digits`;
    return { ok: false, code: 'arn-invalid', message };
  }
  const [, partition, account, resource] = match as unknown as [string, string, string, string];
  return { ok: true, arn: { partition, account, roleName: nameOfArn(resource) } };
}

/** A role's name: what follows the path, which ends with the last slash. */
export function nameOfArn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** The partition of any ARN; empty for what is none. */
export function partitionOfArn(arn: string): string {
  return arn.slice(4, arn.indexOf(':', 4));
}

/** The account of any IAM ARN; null when there is none, as with what AWS owns (`arn:aws:iam::aws:policy/...`). */
export function accountOfArn(text: string | null): string | null {
  return text === null ? null : (IAM_ARN.exec(text.slice(0, MAX_ARN))?.[2] ?? null);
}

/** Short, on one line, with hidden characters as `\uXXXX`, and so with the backtick that messages put around it. */
export function excerpt(text: string): string {
  const clean = visible(text.slice(0, 100)).replaceAll('`', escapeUnits);
  return text.length > 100 ? `${clean}…` : clean;
}
