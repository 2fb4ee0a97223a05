import { PRIVILEGES, type Privileges } from '../../../model/role-detail.ts';
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
  /** Ids of the exceptions, and when they end and whose they are. */
  readonly exceptions: string;
  readonly until: string;
  /** The first of its roles by name, each with what it demands, and how many more there are. */
  readonly roles: string;
  /** Roles of accounts that are carried forward. */
  readonly carried: number;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}

/** The first and the second line of a cell; the second may be empty. */
export type TwoLines = readonly [first: string, second: string];

export interface RegisterColumn {
  readonly id: string;
  readonly title: string;
  readonly words: (line: ThirdPartyLine) => TwoLines;
  /** What stands below the two lines. */
  readonly more?: (line: ThirdPartyLine) => string;
  /** Sort key. */
  readonly key: (line: ThirdPartyLine) => number | string;
}

/** What the register says of a row, in the table of the script and in the one without; first whom it is of. */
export const REGISTER_COLUMNS: readonly RegisterColumn[] = [
  {
    id: 'party',
    title: 'Vendor',
    words: (line) => [partyName(line), partyFacts(line)],
    more: ({ roles }) => roles,
    key: partyName,
  },
  { id: 'open', title: 'Open', words: openWords, key: ({ open }) => open },
  { id: 'guarded', title: 'Guarded', words: guardedWords, key: ({ guarded }) => guarded },
  {
    id: 'closed',
    title: 'Closed',
    words: ({ closed, weaklyClosed }) => [formatCount(closed), weaklyClosed],
    key: ({ closed }) => closed,
  },
  {
    id: 'undecided',
    title: 'Undecided',
    words: ({ undecided, why }) => [formatCount(undecided), why],
    key: ({ undecided }) => undecided,
  },
  {
    id: 'impact',
    title: 'Leads to',
    words: impactWords,
    key: ({ privileges }) => (privileges === null ? PRIVILEGES.length : PRIVILEGES.indexOf(privileges)),
  },
  {
    id: 'accepted',
    title: 'Accepted by',
    words: ({ exceptions, until }) => (exceptions === '' ? ['–', ''] : [exceptions, until]),
    key: ({ exceptions }) => exceptions,
  },
  { id: 'span', title: 'Seen', words: seenWords, key: ({ firstSeen }) => firstSeen ?? '' },
];

function partyName({ account, name }: ThirdPartyLine): string {
  const many = unnamedAccount({ account });
  return many === null ? (name ?? account) : capital(many);
}

/** Id and relation; of what is no account what it is. */
function partyFacts(line: ThirdPartyLine): string {
  if (line.account === NOBODY_NAMED) return 'undecided policies that name nobody';
  const words = RELATION_LABEL[line.relation];
  return unnamedAccount(line) !== null || line.name === null ? words : `${line.account} · ${words}`;
}

function openWords({ open, accepted }: ThirdPartyLine): TwoLines {
  return [formatCount(open), accepted === 0 ? '' : `${formatCount(accepted)} accepted`];
}

function guardedWords({ guarded, guards, weaklyGuarded }: ThirdPartyLine): TwoLines {
  return [formatCount(guarded), [weaklyGuarded, guards].filter((words) => words !== '').join(' · ')];
}

function impactWords(line: ThirdPartyLine): TwoLines {
  const { privileges, lastUsed } = line;
  return [privileges === null ? '–' : PRIVILEGES_LABEL[privileges], isLetIn(line) ? usedWords(lastUsed) : ''];
}

/** It has a way into some role, open or not. */
function isLetIn({ open, guarded, closed }: ThirdPartyLine): boolean {
  return open + guarded + closed > 0;
}

function usedWords(lastUsed: string | null): string {
  if (lastUsed === null) return 'last use not known';
  return lastUsed === 'never' ? 'never used' : `used ${day(lastUsed)}`;
}

function seenWords({ firstSeen, lastSeen, carried }: ThirdPartyLine): TwoLines {
  const mark = carried === 0 ? '' : `${formatCount(carried)} carried forward`;
  if (firstSeen === null || lastSeen === null) return ['–', mark];
  return [day(firstSeen), `to ${day(lastSeen)}${mark === '' ? '' : `, ${mark}`}`];
}

function day(time: string): string {
  return shownTime(time).split(' ', 1)[0] ?? time;
}

/** What shows the roles of a row among the findings. Undecided ones have no ways in by which they could be found. */
export function partyQuery(line: ThirdPartyLine): string {
  if (!isLetIn(line)) return 'verdict:error';
  return tokenText('from', line.account === '*' ? 'anyone' : line.account);
}
