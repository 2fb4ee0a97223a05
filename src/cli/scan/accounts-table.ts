import type { Report } from '../../history/report/report.ts';
import type { Completeness } from '../../model/completeness.ts';
import type { AccountRow } from '../../model/report-source.ts';
import { days } from '../../report/shared/missing.ts';
import { counted } from '../../text/counted.ts';
import type { Paint } from '../output/colour.ts';
import { table } from '../output/table.ts';

/** Accounts that are listed: those with the most failures, and of the others those whose evidence is incomplete or old. */
const LISTED = 20;
const LISTED_DOUBTFUL = 10;
/** From here on there is room for all outcomes, and whole names. */
const WIDE = 100;

/** The accounts by failures, fitted to the width of the terminal. */
export function accountsTable(
  source: Report,
  { membersKnown }: Pick<Completeness, 'membersKnown'>,
  width: number,
  paint: Paint,
): string {
  const all = [...source.accounts()].sort(byFailures);
  const rest = all.slice(LISTED);
  const doubtful = rest.filter(isDoubtful);
  const listed = [...all.slice(0, LISTED), ...doubtful.slice(0, LISTED_DOUBTFUL)];
  const more = all.length - listed.length;
  const moreDoubtful = doubtful.length - Math.min(doubtful.length, LISTED_DOUBTFUL);
  const isWide = width >= WIDE;
  const rows = listed.map((account) => [
    account.account,
    account.name ?? '',
    isWide ? account.capturedAt : account.capturedAt.slice(0, 'YYYY-MM-DD'.length),
    evidenceWord(account, membersKnown),
    account.roles,
    account.verdicts.fail,
    account.verdicts.error,
    ...(isWide ? [account.verdicts.pass, account.verdicts['not-applicable']] : []),
  ]);
  const header = ['account', 'name', 'captured', 'evidence', 'roles', 'fail', 'error'];
  const text = table(isWide ? [...header, 'pass', 'not-applicable'] : header, rows, {
    width,
    cut: [1],
    least: 8,
    paintTitle: (title) => paint('heading', title),
    paint: (cell, row, column) => {
      const account = listed[row];
      if (account === undefined) return cell;
      if (column === 3 && isDoubtful(account)) return paint('doubtful', cell);
      if (column === 5 && account.verdicts.fail > 0) return paint('bad', cell);
      return column === 6 && account.verdicts.error > 0 ? paint('doubtful', cell) : cell;
    },
  });
  if (more === 0) return text;
  const old = moreDoubtful === 0 ? '' : `, ${moreDoubtful} of them INCOMPLETE or CARRIED forward`;
  return `${text}and ${counted(more, 'more account')}${old}; every report has all of them\n`;
}

/** Those with the most failures first, then those with the most that is undecided, then by id. */
function byFailures(a: AccountRow, b: AccountRow): number {
  return (
    b.verdicts.fail - a.verdicts.fail ||
    b.verdicts.error - a.verdicts.error ||
    (a.account < b.account ? -1 : Number(a.account > b.account))
  );
}

function isDoubtful({ complete, carriedForward }: AccountRow): boolean {
  return !complete || carriedForward !== null;
}

/** Nothing is called complete where nobody knows which accounts there should be. */
function evidenceWord({ complete, carriedForward }: AccountRow, membersKnown: boolean): string {
  const age = carriedForward === null ? null : days(carriedForward);
  if (!complete) return age === null ? 'INCOMPLETE' : `INCOMPLETE, ${age} old`;
  if (age !== null) return `CARRIED ${age}`;
  return membersKnown ? 'complete' : 'all roles';
}
