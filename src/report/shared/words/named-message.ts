import type { VerdictObject } from '../../../model/verdict.ts';
import type { StoryPiece } from './witness-story.ts';

/**
 * The message of a verdict with the names of accounts behind their ids, for people: `account 444455556666 (Example
 * Vendor)`. What the message quotes of the evidence stays as it is.
 */
export function messageWithNames({ message, paths }: Message): string {
  const names = namesIn(paths);
  return message
    .split('`')
    .map((part, index) => (index % 2 === 1 ? part : withNames(part, names)))
    .join('`');
}

/**
 * The same in pieces, what it quotes apart. Backticks of the evidence cannot be told from those of the tool, so where it
 * has any, all stays text.
 *
 * @param evidence what the message may quote beside the principals
 */
export function messagePieces(said: Message, evidence: readonly (string | null)[]): readonly StoryPiece[] {
  const { message, paths } = said;
  const quoted = [...evidence, ...paths.map(({ principal }) => principal)];
  if (quoted.some((text) => text !== null && BACKTICK.test(text))) return [messageWithNames(said)];
  const names = namesIn(paths);
  return message
    .split('`')
    .map((part, index) => (index % 2 === 1 ? { given: part } : withNames(part, names)));
}

type Message = Pick<VerdictObject, 'message' | 'paths'>;

/** As it stands, and as JSON may write it. */
const BACKTICK = /`|\\u0060/i;

function namesIn(paths: Message['paths']): ReadonlyMap<string, string | null> {
  return new Map(paths.map(({ account, accountName }) => [account, accountName]));
}

function withNames(text: string, names: ReadonlyMap<string, string | null>): string {
  return text.replace(/\baccount (\d{12})\b/g, (whole, account: string) => {
    const name = names.get(account) ?? null;
    return name === null ? whole : `${whole} (${name})`;
  });
}
