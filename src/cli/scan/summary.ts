import type { Report } from '../../history/report/report.ts';
import { OUTCOMES } from '../../model/verdict.ts';
import { recordSum } from '../../report/shared/labels.ts';
import { acceptedBy } from '../../report/shared/words/exception-words.ts';
import { ofAllSeverities } from '../../report/shared/words/headline.ts';
import { D9_AWS_IAM_99 } from '../../rules/d9-aws-iam-99/rule.ts';
import { counted, formatCount } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';
import type { CliContext } from '../context.ts';
import type { Paint } from '../output/colour.ts';
import { commandLine } from '../output/command-line.ts';
import { screenOf } from '../output/screen.ts';
import { accountsTable } from './accounts-table.ts';
import { headlineLines, severityTable, worstTable } from './findings-lines.ts';
import { type FindingsTally, tallyFindings } from './findings-tally.ts';
import { missingLines } from './missing-lines.ts';
import { humanBytes } from './progress.ts';
import { ruleLines } from './rule-lines.ts';

/** Findings that are named. */
const WORST = 5;
const NAMED_ACCOUNTS = 20;
/** Files of one report that are named. */
const NAMED_FILES = 3;

/** What a scan did, beside what its store says. */
export interface ScanOutcome {
  readonly files: number;
  readonly records: number;
  /** Which part of its inputs it read; null: all. */
  readonly shard: string | null;
  /** Why the scan is incomplete. */
  readonly reasons: readonly string[];
  /** The store, as typed. */
  readonly db: string;
  /** What was written, by what it is, in order; paths as typed. */
  readonly written: readonly (readonly [what: string, paths: readonly string[]])[];
}

/** What the summary has to know of where it is shown. */
type Shown = Pick<CliContext, 'stdout' | 'colour' | 'calledAs'>;

/** What a scan prints at its end: the answer, the accounts, what is missing, what was written, and what to do next. */
export function summary(source: Report, outcome: ScanOutcome, context: Shown): string {
  const screen = screenOf(context);
  const { fitLine, paint, width } = screen;
  const completeness = { ...source.completeness(), reasons: outcome.reasons };
  const { membersKnown } = completeness;
  const totals = source.totals();
  const findings = tallyFindings(source, D9_AWS_IAM_99.id, WORST);
  const open = ofAllSeverities(findings.all.open);
  const [answer, ...more] = headlineLines(findings, completeness, totals.roles);
  const lineOf = (line: string): string => `${fitLine(line)}\n`;
  const verdicts = OUTCOMES.map((one) => `${formatCount(totals.verdicts[one])} ${one}`).join(', ');
  const what = source.furtherRules.length === 0 ? '' : ' verdicts';
  const sum = `${totals.recordsRead} ${totals.recordsRead === 1 ? 'record' : 'records'} = ${recordSum(totals, String)}`;
  return [
    `${paint(open > 0 ? 'bad' : 'heading', fitLine(answer))}\n`,
    ...more.map(lineOf),
    severityTable(source, findings, membersKnown, paint),
    worstTable(source, findings, width, paint),
    '\n',
    totals.accounts === 0 ? '' : accountsTable(source, completeness, width, paint),
    lineOf(`${counted(totals.roles, 'role')} in ${counted(totals.accounts, 'account')}: ${verdicts}${what}`),
    ...closedLines(source, totals.closed).map(lineOf),
    ...ruleLines(source, screen),
    '\n',
    ...missingLines(source, completeness).map(lineOf),
    ...exceptionLines(source, findings).map(lineOf),
    ...(outcome.shard === null ? [] : [lineOf(outcome.shard)]),
    lineOf(
      `this scan: ${counted(outcome.files, 'file')}, ${counted(outcome.records, 'record')}; the store: ${counted(totals.files, 'file')}, ${humanBytes(totals.bytes)}, ${sum}`,
    ),
    '\n',
    ...writtenLines(outcome, paint),
    ...nextLines(findings, outcome, paint, context),
  ].join('');
}

/** What only guardrails close, which the counts above do not call failing. */
function closedLines(source: Report, closed: number): readonly string[] {
  if (closed === 0) return [];
  const accounts = [...source.accounts()].filter((account) => account.closed > 0);
  const named = accounts.map((account) => `  ${account.account}: ${counted(account.closed, 'role')}`);
  const more = accounts.length - NAMED_ACCOUNTS;
  return [
    `guardrails: ${counted(closed, 'more role fails', 'more roles fail')} by the trust policy alone; the organisation closes every unguarded way in`,
    ...named.slice(0, NAMED_ACCOUNTS),
    ...(more > 0 ? [`  and ${counted(more, 'more account')}`] : []),
  ];
}

/** How much the exceptions accept, when there are any. */
function exceptionLines(source: Report, { all: { accepted } }: FindingsTally): readonly string[] {
  const exceptions = source.exceptions();
  if (exceptions.length === 0) return [];
  const expired = exceptions.filter(({ status }) => status === 'expired').length;
  const accepting = exceptions.filter((row) => acceptedBy(row) > 0).length;
  const unused = exceptions.filter(({ findings }) => findings === 0).length;
  return [
    `exceptions: ${counted(accepting, 'accepts', 'accept')} ${ofAllSeverities(accepted)} of the failing verdicts; ${expired} expired, ${counted(unused, 'covers', 'cover')} nothing`,
  ];
}

function writtenLines({ db, written }: ScanOutcome, paint: Paint): readonly string[] {
  const all = [['store', [db]] as const, ...written];
  const longest = Math.max(...all.map(([what]) => what.length));
  return [
    `${paint('heading', 'written')}\n`,
    ...all.flatMap(([what, paths]) => {
      const more = paths.length - NAMED_FILES;
      const named = paths
        .slice(0, NAMED_FILES)
        .map((path, index) => `  ${(index === 0 ? what : '').padEnd(longest)}  ${visible(path)}\n`);
      return more > 0 ? [...named, `  ${' '.repeat(longest)}  and ${counted(more, 'more file')}\n`] : named;
    }),
  ];
}

/** Commands that work as they are shown. */
function nextLines(
  { worst: [first] }: FindingsTally,
  { db, written }: ScanOutcome,
  paint: Paint,
  context: Shown,
): readonly string[] {
  const commands = [
    ...(first === undefined ? [] : [['explain', first.arn]]),
    ...(written.some(([what]) => what === 'html') ? [] : [['report', '-o', 'report.html']]),
    ...(first === undefined ? [] : [['fix', '--out', 'proposals']]),
  ];
  const lines = commands.slice(0, 2).map((words) => commandLine(words, db, context));
  return [
    `${paint('heading', 'next')}\n`,
    ...lines.flatMap((line) => (line === null ? [] : [`  ${paint('command', line)}\n`])),
  ];
}
