import type { JsonElement } from '../../json/reader.ts';
import { isAccountId } from '../../model/arn.ts';
import { excerpt } from '../../model/role-arn.ts';
import { stringValue } from './role.ts';
import type { Sink } from './sink.ts';

/**
 * The account number that a record names beside the ARN. As a JSON number it has lost its leading zeros, which are put
 * back and noted.
 *
 * @param text the field as JSON text
 * @returns null when there is none; otherwise what is written there, of 12 digits when it is an account number
 */
export function readAccount(sink: Sink, text: string | undefined): string | null {
  if (text === undefined || text === 'null' || text === '""') return null;
  const written = text.startsWith('"') ? stringValue(text) : text;
  if (written.length > 11 || !/^\d{1,11}$/.test(written)) return written;
  const padded = written.padStart(12, '0');
  const message = `account numbers such as ${written} lost their leading zeros and read as ${padded}`;
  sink.problem('account-number-padded', message);
  return padded;
}

/** The facts by which an object around a list of roles names their account. */
export const ACCOUNT_FACTS = [
  'AccountId',
  'accountId',
  'account_id',
  'Account',
  'account',
  'AwsAccountId',
  'awsAccountId',
] as const;

/**
 * The account that the place of a list of roles names: by a fact of the object it stands in, or by a key of 12 digits
 * that leads to it.
 *
 * @returns null when neither does
 */
export function accountOfPlace(
  sink: Sink,
  { pointer, facts }: { readonly pointer: string; readonly facts: ReadonlyMap<string, string> },
): string | null {
  for (const key of ACCOUNT_FACTS) {
    const text = facts.get(key);
    if (text !== undefined && /^(?:"\d{1,12}"|\d{1,12})$/.test(text)) return readAccount(sink, text);
  }
  return pointer.split('/').findLast(isAccountId) ?? null;
}

/** Notes a list of roles whose place names another account than their ARNs, which count. */
export function checkPlace(
  sink: Sink,
  pointer: string,
  written: string | null,
  accounts: Iterable<string>,
): void {
  for (const account of accounts) {
    if (written === null || written === account) continue;
    const message = `the list at \`${excerpt(pointer)}\` is that of account ${written}, the ARNs in it name account ${account}, which was used`;
    sink.problem('account-mismatch', message);
  }
}

/** Notes a record whose account contradicts its ARN, which counts. */
export function checkAccount(
  sink: Sink,
  element: JsonElement,
  written: string | null,
  account: string,
): void {
  if (written === null || written === account) return;
  sink.problem(
    'account-mismatch',
    `the record at offset ${element.offset} names account \`${excerpt(written)}\`, its ARN account ${account}, which was used`,
  );
}
