import {
  ANY_MEMBER,
  NOBODY_NAMED,
  type ThirdPartyRole,
  type ThirdPartyRow,
  type WeakGuards,
} from '../../../model/third-party.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { carriedWords } from '../missing.ts';
import { ANY_MEMBER_WORDS, exampleWords, manyWords } from './outsider-words.ts';

/** The outside account of a row where it is none of 12 digits; null where it is. */
export function unnamedAccount({ account }: Pick<ThirdPartyRow, 'account'>): string | null {
  return account === NOBODY_NAMED ? 'not known' : manyWords(account);
}

/** How many rows of a register there are of each kind. */
export class RegisterCounts {
  private anyone = 0;
  private anyMember = 0;
  private outside = 0;
  private own = 0;
  private unnamed = 0;

  add({ account, relation }: Pick<ThirdPartyRow, 'account' | 'relation'>): void {
    if (account === '*') this.anyone += 1;
    else if (account === ANY_MEMBER) this.anyMember += 1;
    else if (account === NOBODY_NAMED) this.unnamed += 1;
    else if (relation === 'same-organisation') this.own += 1;
    else this.outside += 1;
  }

  /** `anyone, 11 outside accounts, 5 of the own organisation`; what is not known is no account. */
  words(): string {
    return [
      ...(this.anyone === 0 ? [] : ['anyone']),
      formatCounted(this.outside, 'outside account'),
      ...(this.own === 0 ? [] : [`${formatCount(this.own)} of the own organisation`]),
      ...(this.anyMember === 0 ? [] : [this.own === 0 ? ANY_MEMBER_WORDS : 'any account of it']),
      ...(this.unnamed === 0 ? [] : ['whoever undecided roles let in']),
    ].join(', ');
  }
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
  const {
    accountName,
    guards,
    notes,
    privileges,
    lastUsed,
    exception,
    closedBy,
    example,
    carriedForward,
    reason,
  } = role;
  const facts = [
    ...(accountName === null ? [] : [`in ${accountName}`]),
    ...(carriedForward === null ? [] : [`account ${carriedWords(carriedForward)}`]),
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
