import {
  NOBODY_NAMED,
  type ThirdPartyRole,
  type ThirdPartyRow,
  type WeakGuards,
} from '../../../model/third-party.ts';
import { formatCount } from '../../../text/counted.ts';
import { exampleWords, manyWords } from './outsider-words.ts';

/** The outside account of a row where it is none of 12 digits; null where it is. */
export function unnamedAccount({ account }: Pick<ThirdPartyRow, 'account'>): string | null {
  return account === NOBODY_NAMED ? 'not known' : manyWords(account);
}

/** Counts by code: `extid-any 3`, one text each, for programs as well. */
export function countedCodes(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([code, count]) => `${code} ${count}`);
}

const WEAKNESS: Readonly<Record<string, string>> = {
  'extid-any': 'any accepted',
  'extid-guessable': 'guessable',
  'extid-placeholder': 'placeholder',
  'extid-wildcard': 'wildcard',
  'extid-shared': 'shared',
};

/** How many roles have a weak external ID, and what makes it weak: `3 weak: any accepted, guessable`; empty where none has. */
export function weakWords({ roles, notes }: WeakGuards): string {
  if (roles === 0) return '';
  const why = Object.keys(notes).map((note) => WEAKNESS[note] ?? note);
  return `${formatCount(roles)} weak: ${why.join(', ')}`;
}

/** A role by ARN, and in brackets what is known of how the account stands to it. */
export function thirdPartyRoleText(role: ThirdPartyRole): string {
  const { accountName, guards, notes, privileges, lastUsed, exception, closedBy, example, reason } = role;
  const facts = [
    ...(accountName === null ? [] : [`in ${accountName}`]),
    ...(example === null ? [] : [exampleWords(example, null)]),
    ...(guards.length === 0 ? [] : [guards.join('+')]),
    ...notes,
    ...(privileges === null ? [] : [`privileges ${privileges}`]),
    ...(lastUsed === null ? [] : [`last used ${lastUsed}`]),
    ...(exception === null ? [] : [`accepted by ${exception}`]),
    ...(closedBy.length === 0 ? [] : [`closed by ${closedBy.join(' ')}`]),
    ...(reason === null ? [] : [reason]),
  ];
  return facts.length === 0 ? role.arn : `${role.arn} (${facts.join(', ')})`;
}
