import type { VerdictObject } from '../../../model/verdict.ts';

/**
 * The message of a verdict with the names of accounts behind their ids, for people: `account 444455556666 (Example
 * Vendor)`. What the message quotes of the evidence stays as it is.
 */
export function messageWithNames({ message, paths }: Pick<VerdictObject, 'message' | 'paths'>): string {
  const names = new Map(paths.map(({ account, accountName }) => [account, accountName]));
  return message
    .split('`')
    .map((part, index) => (index % 2 === 1 ? part : withNames(part, names)))
    .join('`');
}

function withNames(text: string, names: ReadonlyMap<string, string | null>): string {
  return text.replace(/\baccount (\d{12})\b/g, (whole, account: string) => {
    const name = names.get(account) ?? null;
    return name === null ? whole : `${whole} (${name})`;
  });
}
