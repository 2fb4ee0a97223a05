import type { JsonElement } from '../json/reader.ts';
import { stringValue } from './role.ts';
import { excerpt } from './role-arn.ts';
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
