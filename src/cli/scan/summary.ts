import type { Report } from '../../history/report/report.ts';
import type { AccountGap, Completeness } from '../../model/completeness.ts';
import type { Outcome } from '../../model/exposure.ts';
import { effectiveVerdict } from '../../model/guardrail.ts';
import type { AccountRow } from '../../model/report-source.ts';
import { OUTCOMES } from '../../model/verdict.ts';
import { disagreementSentence, ofFirstRoles } from '../../report/shared/disagreement.ts';
import { recordSum } from '../../report/shared/labels.ts';
import { behindWords, days, gapWhy } from '../../report/shared/missing.ts';
import { counted, formatCount } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';
import { notEvaluated } from '../output/reports.ts';
import { table } from '../output/table.ts';
import { humanBytes } from './progress.ts';

const ACCOUNT_LIMIT = 20;
const GAP_LIMIT = 20;

/** What the files of a scan came to. */
export interface ScanOutcome {
  readonly files: number;
  readonly records: number;
}

/**
 * What a scan prints at its end: verdicts per account, and how the records add up.
 *
 * @param reasons why the scan is incomplete
 */
export function summary(source: Report, outcome: ScanOutcome, reasons: readonly string[]): string {
  const totals = source.totals();
  const completeness = { ...source.completeness(), reasons };
  const rows: (string | number)[][] = [];
  let further = 0;
  for (const account of source.accounts()) {
    if (rows.length >= ACCOUNT_LIMIT) {
      further++;
      continue;
    }
    rows.push([
      account.account,
      account.name ?? '',
      account.capturedAt,
      evidenceWord(account, completeness),
      account.roles,
      ...OUTCOMES.map((one) => account.verdicts[one]),
    ]);
  }
  const count = (one: Outcome): string => `${formatCount(totals.verdicts[one])} ${one}`;
  const what = source.furtherRules.length === 0 ? '' : ' verdicts';
  return [
    table(['account', 'name', 'captured', 'evidence', 'roles', ...OUTCOMES], rows),
    ...(further > 0 ? [`and ${counted(further, 'more account')}\n`] : []),
    '\n',
    `${counted(totals.roles, 'role')} in ${counted(totals.accounts, 'account')}: ${OUTCOMES.map(count).join(', ')}${what}\n`,
    ...closedLines(source, totals.closed),
    ...completenessLines(source, completeness),
    ...acceptance(source),
    ...ruleTable(source),
    `this scan: ${counted(outcome.files, 'file')}, ${counted(outcome.records, 'record')}; the store: ${counted(totals.files, 'file')}, ${humanBytes(totals.bytes)}, `,
    `${totals.recordsRead} ${totals.recordsRead === 1 ? 'record' : 'records'} = ${recordSum(totals, String)}\n`,
  ].join('');
}

/** What only guardrails close, which the counts above do not call failing. */
function closedLines(source: Report, closed: number): readonly string[] {
  if (closed === 0) return [];
  const accounts = [...source.accounts()].filter((account) => account.closed > 0);
  const named = accounts.map((account) => `  ${account.account}: ${counted(account.closed, 'role')}\n`);
  const more = accounts.length - ACCOUNT_LIMIT;
  return [
    `guardrails: ${counted(closed, 'more role fails', 'more roles fail')} by the trust policy alone; the organisation closes every unguarded way in\n`,
    ...named.slice(0, ACCOUNT_LIMIT),
    ...(more > 0 ? [`  and ${counted(more, 'more account')}\n`] : []),
  ];
}

/** Nothing is called complete where nobody knows which accounts there should be. */
function evidenceWord({ complete, carriedForward }: AccountRow, { membersKnown }: Completeness): string {
  return [
    ...(complete ? [] : ['INCOMPLETE']),
    ...(carriedForward === null ? [] : [`CARRIED ${days(carriedForward)}`]),
    ...(complete && carriedForward === null ? [membersKnown ? 'complete' : 'all roles'] : []),
  ].join(', ');
}

/** Which accounts and files are missing, old, closed, or of uncertain time. */
function completenessLines(source: Report, completeness: Completeness): readonly string[] {
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
  return lines.map((line) => `${visible(line)}\n`);
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
      if (named.length === GAP_LIMIT) break;
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
  const { rows, roles } = ofFirstRoles(source.disagreements(), GAP_LIMIT);
  return [
    `files of one moment disagree on roles: ${count}`,
    ...rows.map((row) => `  ${disagreementSentence(row)}`),
    ...(count > roles ? [`  and ${count - roles} more roles`] : []),
  ];
}

function first(lines: readonly string[], what: string, count = lines.length): readonly string[] {
  const more = count - GAP_LIMIT;
  return [
    ...lines.slice(0, GAP_LIMIT).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${counted(more, `more ${what}`)}`] : []),
  ];
}

/** How much the exceptions accept, when there are any. */
function acceptance(source: Report): readonly string[] {
  const exceptions = source.exceptions();
  if (exceptions.length === 0) return [];
  let accepted = 0;
  for (const { object } of source.verdicts({ outcomes: ['fail'] }))
    if (object.suppressedBy !== null && effectiveVerdict(object) === 'fail') accepted++;
  const expired = exceptions.filter(({ status }) => status === 'expired').length;
  const unused = exceptions.filter(({ findings }) => findings === 0).length;
  return [
    `exceptions: ${counted(exceptions.length, 'accepts', 'accept')} ${accepted} of the failing verdicts; ${expired} expired, ${counted(unused, 'covers', 'cover')} nothing\n`,
  ];
}

/** What each rule came to, when there are rules of rule files. */
function ruleTable(source: Report): readonly string[] {
  if (source.furtherRules.length === 0) return [];
  const rules = source.ruleTotals();
  const judged = rules.filter(({ further }) => further?.unjudged == null);
  const rows = judged.map(({ rule, further, verdicts }) => [
    rule,
    further?.kind ?? 'IamRole',
    ...OUTCOMES.map((one) => verdicts[one]),
  ]);
  const gaps = rules.flatMap((totals) => {
    const gap = notEvaluated(totals);
    return gap === null ? [] : [visible(`${totals.rule}: ${gap}`)];
  });
  return [
    '\n',
    table(['rule', 'entity', ...OUTCOMES], rows),
    ...(gaps.length === 0 ? [] : ['\nnot evaluated:\n']),
    ...gaps.slice(0, GAP_LIMIT).map((gap) => `  ${gap}\n`),
    ...(gaps.length > GAP_LIMIT ? [`  and ${counted(gaps.length - GAP_LIMIT, 'more rule')}\n`] : []),
    '\n',
  ];
}
