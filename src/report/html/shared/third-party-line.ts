import type { Privileges } from '../../../model/role-detail.ts';
import { NOBODY_NAMED } from '../../../model/third-party.ts';
import type { Relation } from '../../../model/verdict.ts';
import { capital } from '../../../text/capital.ts';
import { formatCount } from '../../../text/counted.ts';
import { RELATION_LABEL, shownTime } from '../../shared/labels.ts';
import { PRIVILEGES_LABEL } from '../../shared/words/impact-words.ts';
import { unnamedAccount } from '../../shared/words/third-party-words.ts';
import { tokenText } from './query.ts';

/** A row of the third-party register as the page holds it. */
export interface ThirdPartyLine {
  readonly account: string;
  readonly name: string | null;
  readonly relation: Relation;
  readonly open: number;
  readonly accepted: number;
  readonly guarded: number;
  /** What the guarded roles demand. */
  readonly guards: string;
  /** How many of them are weakly guarded, and why. */
  readonly weaklyGuarded: string;
  readonly closed: number;
  readonly weaklyClosed: string;
  readonly undecided: number;
  /** Why, by code. */
  readonly why: string;
  readonly privileges: Privileges | null;
  readonly lastUsed: string | null;
  /** Ids of the exceptions, and when the first of them ends. */
  readonly exceptions: string;
  readonly until: string;
  /** Roles of accounts that are carried forward. */
  readonly carried: number;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}

/** The first and the second line of a cell; the second may be empty. */
export type TwoLines = readonly [first: string, second: string];

export function partyName({ account, name }: ThirdPartyLine): string {
  const many = unnamedAccount({ account });
  return many === null ? (name ?? account) : capital(many);
}

/** Id and relation; of what is no account what it is. */
export function partyFacts(line: ThirdPartyLine): string {
  if (line.account === NOBODY_NAMED) return 'undecided policies that name nobody';
  const words = RELATION_LABEL[line.relation];
  return unnamedAccount(line) !== null || line.name === null ? words : `${line.account} · ${words}`;
}

export function openWords({ open, accepted }: ThirdPartyLine): TwoLines {
  return [formatCount(open), accepted === 0 ? '' : `${formatCount(accepted)} accepted`];
}

export function guardedWords({ guarded, guards, weaklyGuarded }: ThirdPartyLine): TwoLines {
  return [formatCount(guarded), [weaklyGuarded, guards].filter((words) => words !== '').join(' · ')];
}

export function closedWords({ closed, weaklyClosed }: ThirdPartyLine): TwoLines {
  return [formatCount(closed), weaklyClosed];
}

export function undecidedWords({ undecided, why }: ThirdPartyLine): TwoLines {
  return [formatCount(undecided), why];
}

export function impactWords({ privileges, lastUsed, open, guarded, closed }: ThirdPartyLine): TwoLines {
  const isLetIn = open + guarded + closed > 0;
  return [privileges === null ? '–' : PRIVILEGES_LABEL[privileges], isLetIn ? usedWords(lastUsed) : ''];
}

function usedWords(lastUsed: string | null): string {
  if (lastUsed === null) return 'last use not known';
  return lastUsed === 'never' ? 'never used' : `used ${day(lastUsed)}`;
}

export function acceptedWords({ exceptions, until }: ThirdPartyLine): TwoLines {
  return exceptions === '' ? ['–', ''] : [exceptions, `until ${until}`];
}

export function seenWords({ firstSeen, lastSeen, carried }: ThirdPartyLine): TwoLines {
  const mark = carried === 0 ? '' : `${formatCount(carried)} carried forward`;
  if (firstSeen === null || lastSeen === null) return ['–', mark];
  return [day(firstSeen), `to ${day(lastSeen)}${mark === '' ? '' : `, ${mark}`}`];
}

function day(time: string): string {
  return shownTime(time).split(' ', 1)[0] ?? time;
}

/** What shows the roles of a row among the findings. */
export function partyQuery({ account }: ThirdPartyLine): string {
  if (account === NOBODY_NAMED) return 'verdict:error';
  return tokenText('from', account === '*' ? 'anyone' : account);
}
