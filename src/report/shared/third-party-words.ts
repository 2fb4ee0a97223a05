import { NOBODY_NAMED, type ThirdPartyRole, type ThirdPartyRow } from '../../model/third-party.ts';
import { formatCount } from '../../text/counted.ts';

/** The outside account of a row where it is none of 12 digits; null where it is. */
export function unnamedAccount({ account }: Pick<ThirdPartyRow, 'account'>): string | null {
  if (account === '*') return 'anyone';
  return account === NOBODY_NAMED ? 'not known' : null;
}

/** Counts by code: `extid-any 3`, one text each. */
export function countedCodes(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([code, count]) => `${code} ${formatCount(count)}`);
}

const WEAKNESS: Readonly<Record<string, string>> = {
  'extid-any': 'any accepted',
  'extid-guessable': 'guessable',
  'extid-placeholder': 'placeholder',
  'extid-wildcard': 'wildcard',
  'extid-shared': 'shared',
};

/** What makes external IDs weak, by notes: `any accepted, guessable`. */
export function weaknessWords(notes: Readonly<Record<string, number>>): string {
  return Object.keys(notes)
    .flatMap((note) => WEAKNESS[note] ?? [])
    .join(', ');
}

/** A role by ARN, and in brackets what is known of how the account stands to it. */
export function thirdPartyRoleText(role: ThirdPartyRole): string {
  const { accountName, guards, notes, privileges, lastUsed, exception, closedBy, reason } = role;
  const facts = [
    ...(accountName === null ? [] : [`in ${accountName}`]),
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
