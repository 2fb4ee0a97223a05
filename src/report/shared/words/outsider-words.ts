import { ANY_MEMBER } from '../../../model/third-party.ts';
import type { GradedPath } from '../../../model/verdict.ts';
import { relationWords } from '../labels.ts';

/** Whom a way in lets in that is open to every account of the organisation. */
export const ANY_MEMBER_WORDS = 'any account of the own organisation';

/** What many accounts are called, see `outsiderOf`; null where it is one account. */
export function manyWords(outsider: string): string | null {
  if (outsider === '*') return 'anyone';
  return outsider === ANY_MEMBER ? ANY_MEMBER_WORDS : null;
}

/** The account that stands for others, as an example: `for example 111122223333 Example Archive`. */
export function exampleWords(account: string, name: string | null): string {
  return `for example ${account}${name === null ? '' : ` ${name}`}`;
}

type Outsider = Pick<GradedPath, 'account' | 'accountName' | 'relation' | 'anyMember'>;

/** Who comes this way, with id, name and relation, as plain text. */
export function outsiderWords({ account, accountName, relation, anyMember }: Outsider): string {
  if (account === '*') return 'anyone';
  if (anyMember === true) return `${ANY_MEMBER_WORDS}, ${exampleWords(account, accountName)}`;
  return `${account}${accountName === null ? '' : ` ${accountName}`}, ${relationWords(relation)}`;
}
