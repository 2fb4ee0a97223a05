import { OUTCOMES, type Outcome } from '../audit/verdict.ts';
import type { Report, RuleStanding } from '../history/report-source.ts';
import { disagreementSentence } from '../report/shared/disagreement.ts';
import { recordSum } from '../report/shared/record-sum.ts';
import type { AccountGap, AccountRow, Completeness } from '../store/types.ts';
import { printable, table } from './printable.ts';
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
  const count = (one: Outcome): string => `${totals.verdicts[one].toLocaleString('en')} ${one}`;
  const what = source.furtherRules.length === 0 ? '' : ' verdicts';
  return [
    table(['account', 'name', 'captured', 'evidence', 'roles', ...OUTCOMES], rows),
    ...(further > 0 ? [`and ${further} more accounts\n`] : []),
    '\n',
    `${totals.roles.toLocaleString('en')} roles in ${totals.accounts} accounts: ${OUTCOMES.map(count).join(', ')}${what}\n`,
    ...standing(source, completeness),
    ...acceptance(source),
    ...ruleTable(source),
    `this scan: ${outcome.files} files, ${outcome.records.toLocaleString('en')} records; the store: ${totals.files} files, ${humanBytes(totals.bytes)}, `,
    `${totals.recordsRead} records = ${recordSum(totals, String).text}\n`,
  ].join('');
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
function standing(source: Report, completeness: Completeness): readonly string[] {
  const { membersKnown, members, gaps, closed, carriedForward, staleAfter, reasons } = completeness;
  const lines: string[] = [];
  if (membersKnown) {
    lines.push(
      `organisation: ${members} accounts${closed.length > 0 ? `, ${closed.length} more are closed` : ''}; ${gaps.length} without the evidence they should have`,
    );
  } else {
    lines.push(
      'organisation: its accounts were not given, so nobody can say which are missing, and relations are not graded (--accounts FILE tells)',
    );
    if (gaps.length > 0) lines.push(`accounts without the evidence they should have: ${gaps.length}`);
  }
  lines.push(...first(gaps.map(gapLine), 'accounts'));
  if (closed.length > 0) {
    lines.push('closed accounts:');
    const names = closed.map(({ account, name, status }) => `${account} ${name ?? ''} (${status})`);
    lines.push(...first(names, 'accounts'));
  }
  if (carriedForward > 0) {
    lines.push(
      `carried forward: ${carriedForward} of ${source.totals().accounts} accounts, whose latest capture is more than ${days(staleAfter)} older than the newest`,
    );
  }
  lines.push(...missingFiles(source, completeness));
  if (reasons.length === 0 && membersKnown && completeness.accountsIncomplete === 0) {
    lines.push('evidence: complete');
  }
  return lines.map((line) => `${printable(line)}\n`);
}

const WHY: Readonly<Record<AccountGap['why'], string>> = {
  'no-evidence': 'no evidence',
  'never-complete': 'no complete evidence',
  'too-old': 'too old',
};

function gapLine({ account, name, why, capturedAt, age }: AccountGap): string {
  const latest =
    capturedAt === null ? '' : `, latest capture ${capturedAt}, ${days(age ?? 0)} before the newest`;
  return `${account} ${name ?? ''}: ${WHY[why]}${latest}`;
}

function missingFiles(source: Report, completeness: Completeness): readonly string[] {
  const { unread, rejects, timedByModification } = completeness;
  const lines: string[] = [];
  if (unread > 0) {
    lines.push(`still missing: ${unread} ${unread === 1 ? 'file' : 'files'} that could not be read in full`);
    const named: string[] = [];
    for (const { path, status, loss, problems } of source.evidence()) {
      if (loss !== 'missing' || status === 'complete') continue;
      named.push(`${path}: ${problems[0]?.message ?? status}`);
      if (named.length === GAP_LIMIT) break;
    }
    lines.push(...first(named, 'files', unread));
  }
  if (rejects.length > 0) lines.push('rejected records:');
  for (const { code, count, example } of rejects) {
    lines.push(
      `  ${count.toLocaleString('en')} ${code}, the first in ${example.path} at ${example.pointer || `byte ${example.offset}`}: ${example.message}`,
    );
  }
  lines.push(...disagreements(source));
  if (timedByModification > 0) {
    lines.push(
      `capture time: of ${timedByModification} ${timedByModification === 1 ? 'file' : 'files'} it is the time of the last change to the file, which may be that of a copy (--captured-at tells)`,
    );
  }
  return lines;
}

function disagreements(source: Report): readonly string[] {
  const named: string[] = [];
  let count = 0;
  for (const row of source.disagreements()) {
    count += 1;
    if (named.length < GAP_LIMIT) named.push(disagreementSentence(row));
  }
  if (count === 0) return [];
  return [`files of one moment disagree on roles: ${count}`, ...first(named, 'roles', count)];
}

function first(lines: readonly string[], what: string, count = lines.length): readonly string[] {
  const more = count - GAP_LIMIT;
  return [
    ...lines.slice(0, GAP_LIMIT).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more ${what}`] : []),
  ];
}

function days(count: number): string {
  return `${count} ${count === 1 ? 'day' : 'days'}`;
}

/** How much the exceptions accept, when there are any. */
function acceptance(source: Report): readonly string[] {
  const exceptions = source.exceptions();
  if (exceptions.length === 0) return [];
  let accepted = 0;
  for (const { object } of source.verdicts({ outcomes: ['fail'] }))
    if (object.suppressedBy !== null) accepted++;
  const expired = exceptions.filter(({ status }) => status === 'expired').length;
  const unused = exceptions.filter(({ findings }) => findings === 0).length;
  return [
    `exceptions: ${exceptions.length} accept ${accepted} of the fail; ${expired} expired, ${unused} cover nothing\n`,
  ];
}

/** What each rule came to, when there are rules of rule files. */
function ruleTable(source: Report): readonly string[] {
  if (source.furtherRules.length === 0) return [];
  const standings = source.ruleStandings();
  const judged = standings.filter(({ further }) => further?.unjudged == null);
  const rows = judged.map(({ rule, further, verdicts }) => [
    rule,
    further?.kind ?? 'IamRole',
    ...OUTCOMES.map((one) => verdicts[one]),
  ]);
  const gaps = standings.flatMap((standing) => {
    const gap = notEvaluated(standing);
    return gap === null ? [] : [printable(`${standing.rule}: ${gap}`)];
  });
  return [
    '\n',
    table(['rule', 'entity', ...OUTCOMES], rows),
    ...(gaps.length === 0 ? [] : ['\nnot evaluated:\n']),
    ...gaps.slice(0, GAP_LIMIT).map((gap) => `  ${gap}\n`),
    ...(gaps.length > GAP_LIMIT ? [`  and ${gaps.length - GAP_LIMIT} more rules\n`] : []),
    '\n',
  ];
}

/** Why a rule of a rule file says nothing of some evidence; null when there is no such evidence. */
export function notEvaluated({ further, accountsWithout, entitiesWithout }: RuleStanding): string | null {
  if (further === null) return null;
  if (further.unjudged !== null) return further.unjudged;
  const parts: string[] = [];
  if (accountsWithout > 0) parts.push(`the evidence of ${accountsWithout} accounts holds no ${further.kind}`);
  if (entitiesWithout > 0)
    parts.push(`the evidence of ${entitiesWithout} entities does not hold what it looks at`);
  return parts.length === 0 ? null : parts.join('; ');
}
