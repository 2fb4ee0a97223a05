import type { Report } from '../../history/report/report.ts';
import type { AccountGap, Completeness } from '../../model/completeness.ts';
import { disagreementSentence, ofFirstRoles } from '../../report/shared/disagreement.ts';
import { behindWords, days, gapWhy } from '../../report/shared/missing.ts';
import { counted, formatCount } from '../../text/counted.ts';

/** Accounts, files and roles that are named of each kind. */
export const NAMED = 20;

/** Which accounts and files are missing, old, closed, or of uncertain time. */
export function missingLines(source: Report, completeness: Completeness): readonly string[] {
  const { membersKnown, members, gaps, closed, carriedForward, staleAfter, maxAge, reasons } = completeness;
  const lines: string[] = [];
  if (membersKnown) {
    lines.push(
      `organisation: ${counted(members, 'account')}${closed.length > 0 ? `, ${counted(closed.length, 'more is', 'more are')} closed` : ''}; ${gaps.length} without the evidence they should have`,
    );
  } else {
    lines.push(
      'organisation: its accounts were not given, so nobody can say which are missing, and relations are not graded (--accounts FILE tells)',
    );
    if (gaps.length > 0) lines.push(`accounts without the evidence they should have: ${gaps.length}`);
  }
  const whyGap = (gap: AccountGap): string => `${accountWords(gap)}: ${gapWhy(gap, maxAge)}`;
  lines.push(...first(gaps.map(whyGap), 'account'));
  if (closed.length > 0) {
    lines.push('closed accounts:');
    const names = closed.map((one) => `${accountWords(one)} (${one.status})`);
    lines.push(...first(names, 'account'));
  }
  if (carriedForward > 0) {
    lines.push(
      `carried forward: ${carriedForward} of ${counted(source.totals().accounts, 'account')}, whose latest capture is more than ${days(staleAfter)} older than the newest`,
    );
  }
  lines.push(...(completeness.organizationsBehind ?? []).map(behindWords));
  lines.push(...missingFiles(source, completeness));
  if (reasons.length === 0 && membersKnown && completeness.accountsIncomplete === 0) {
    lines.push('evidence: complete');
  }
  return lines;
}

function accountWords({ account, name }: Pick<AccountGap, 'account' | 'name'>): string {
  return name === null ? account : `${account} ${name}`;
}

function missingFiles(source: Report, completeness: Completeness): readonly string[] {
  const { unread, rejects, timedByModification } = completeness;
  const lines: string[] = [];
  if (unread > 0) {
    lines.push(`still missing: ${counted(unread, 'file')} that could not be read in full`);
    const named: string[] = [];
    for (const { path, status, loss, problems } of source.evidence()) {
      if (loss !== 'missing' || status === 'complete') continue;
      named.push(`${path}: ${problems[0]?.message ?? status}`);
      if (named.length === NAMED) break;
    }
    lines.push(...first(named, 'file', unread));
  }
  if (rejects.length > 0) lines.push('rejected records:');
  for (const { code, count, example } of rejects) {
    lines.push(
      `  ${formatCount(count)} ${code}, the first in ${example.path} at ${example.pointer || `byte ${example.offset}`}: ${example.message}`,
    );
  }
  lines.push(...disagreements(source));
  if (timedByModification > 0) {
    lines.push(
      `capture time: of ${counted(timedByModification, 'file')} it is the time of the last change to the file, which may be that of a copy (--captured-at tells)`,
    );
  }
  return lines;
}

function disagreements(source: Report): readonly string[] {
  const { disagreements: count } = source.completeness();
  if (count === 0) return [];
  const { rows, roles } = ofFirstRoles(source.disagreements(), NAMED);
  return [
    `files of one moment disagree on roles: ${count}`,
    ...rows.map((row) => `  ${disagreementSentence(row)}`),
    ...(count > roles ? [`  and ${count - roles} more roles`] : []),
  ];
}

function first(lines: readonly string[], what: string, count = lines.length): readonly string[] {
  const more = count - NAMED;
  return [
    ...lines.slice(0, NAMED).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${counted(more, `more ${what}`)}`] : []),
  ];
}
