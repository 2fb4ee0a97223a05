import type { ReportSource } from '../../../model/report-source.ts';
import { nameOfArn } from '../../../model/role-arn.ts';
import type { ThirdPartyRole, ThirdPartyRow } from '../../../model/third-party.ts';
import { demandedGuards, guardWords, namesAndMore } from '../../shared/labels.ts';
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

/** Exceptions, their owners and roles named one by one. */
const NAMED = 3;

function lineOf(row: ThirdPartyRow): ThirdPartyLine {
  const { account, name, relation, roles, accepted, weak, privileges, lastUsed, firstSeen, lastSeen } = row;
  const { exceptions, exceptionsLeftOut, listed, leftOut } = row;
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
    until: [untilWords(ends, exceptionsLeftOut), ownerWords(row)].filter((words) => words !== '').join(', '),
    roles: namesAndMore(listed.slice(0, NAMED).map(roleWords), listed.length + leftOut),
    carried: row.carriedForward,
    firstSeen,
    lastSeen,
  };
}

/** Those of the exceptions that the register names; one without an owner has none to name. */
function ownerWords({ exceptions }: ThirdPartyRow): string {
  const owners = [...new Set(exceptions.map(({ owner }) => owner ?? 'no owner'))];
  return namesAndMore(owners.slice(0, NAMED), owners.length);
}

/** Name and what it demands, or why nobody can say: `ingest (external ID)`. */
function roleWords({ arn, access, guards, reason }: ThirdPartyRole): string {
  const name = nameOfArn(arn);
  const facts = reason ?? (access === 'closed' ? 'closed' : demandedGuards(guards));
  return facts === '' ? name : `${name} (${facts})`;
}

/** The ends are those of the exceptions that the register names; others may end before them. */
function untilWords([first, ...later]: readonly string[], leftOut: number): string {
  if (first === undefined) return '';
  if (leftOut > 0) return `one of them until ${first}`;
  return later.every((end) => end === first) ? `until ${first}` : `the first until ${first}`;
}
