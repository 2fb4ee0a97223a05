import type { ReportSource } from '../../../model/report-source.ts';
import type { ThirdPartyRow } from '../../../model/third-party.ts';
import { guardWords, namesAndMore } from '../../shared/labels.ts';
import { countedCodes, RegisterCounts, weakWords } from '../../shared/words/third-party-words.ts';
import type { ThirdPartyLine } from '../shared/third-party-line.ts';

/** The third-party register as the page needs it. */
export interface PageRegister {
  /** As many as the page lists, the most pressing first. */
  readonly lines: readonly ThirdPartyLine[];
  /** All rows. */
  readonly total: number;
  /** Who has a row; see `RegisterCounts`. */
  readonly who: string;
  /** Rows with an open role. */
  readonly open: number;
}

/** Reads the register once, and holds `most` rows of it. */
export function pageRegister(source: ReportSource, most: number): PageRegister {
  const lines: ThirdPartyLine[] = [];
  const counts = { total: 0, open: 0 };
  const who = new RegisterCounts();
  for (const row of source.thirdParties()) {
    counts.total += 1;
    who.add(row);
    if (row.roles.open > 0) counts.open += 1;
    if (lines.length < most) lines.push(lineOf(row));
  }
  return { lines, who: who.words(), ...counts };
}

/** Exceptions named one by one. */
const NAMED = 3;

function lineOf(row: ThirdPartyRow): ThirdPartyLine {
  const { account, name, relation, roles, accepted, weak, privileges, lastUsed, firstSeen, lastSeen } = row;
  const { exceptions, exceptionsLeftOut } = row;
  const ends = exceptions.map(({ expires }) => expires).sort();
  const named = exceptions.slice(0, NAMED).map(({ id }) => id);
  return {
    account,
    name,
    relation,
    open: roles.open,
    accepted,
    guarded: roles.guarded,
    guards: guardWords(row),
    weaklyGuarded: weakWords(weak.guarded),
    closed: roles.closed,
    weaklyClosed: weakWords(weak.closed),
    undecided: roles['not-evaluated'],
    why: countedCodes(row.reasons).join(', '),
    privileges,
    lastUsed,
    exceptions: namesAndMore(named, exceptions.length + exceptionsLeftOut),
    until: ends[0] ?? '',
    carried: row.carriedForward,
    firstSeen,
    lastSeen,
  };
}
