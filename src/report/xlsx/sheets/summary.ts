import type { Completeness } from '../../../model/completeness.ts';
import type { ReportSource } from '../../../model/report-source.ts';
import { OUTCOMES } from '../../../model/verdict.ts';
import { capital } from '../../../text/capital.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { besidesCounts, severityRows, stateRows } from '../../shared/count-rows.ts';
import { evidenceDigest } from '../../shared/evidence-digest.ts';
import { formatBytes, OUTCOME_LABEL, OUTCOME_MEANING, recordSum } from '../../shared/labels.ts';
import {
  behindWords,
  days,
  MEMBERS_UNKNOWN,
  plainText,
  standingOf,
  timedWords,
} from '../../shared/missing.ts';
import { builtInRule, missingObjects } from '../../shared/missing-objects.ts';
import type { ReportOptions } from '../../shared/options.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { furtherRulesWords, headline, OPEN_MEANING, ruleCounts } from '../../shared/words/headline.ts';
import type { RegisterCounts } from '../../shared/words/third-party-words.ts';
import { isPartOf } from '../book/book.ts';
import type { Cell } from '../book/cell.ts';
import type { FreeSheet, Row, WrittenSheet } from '../book/sheet.ts';
import { headingRows, partHeading } from './heading.ts';
import { standingText } from './note.ts';

const WIDTHS = [32, 16, 100];
/** What is missing by name; the sheet Evidence has all of it. */
const NAMED = 50;

/** What the summary is made of. */
export interface SummaryContext {
  readonly options: ReportOptions;
  readonly statistics: Statistics;
  readonly missing: Completeness;
  /** The other sheets, by name. */
  readonly lists: readonly string[];
  /** Of the sheet of third parties. */
  readonly register: RegisterCounts;
  readonly written: readonly WrittenSheet[];
}

/** How it stands, whether the evidence was whole, how bad, what is missing, and what the other sheets hold. */
export function summarySheet(source: ReportSource, context: SummaryContext): FreeSheet {
  return { name: 'Summary', widths: WIDTHS, rows: rows(source, context) };
}

function* rows(source: ReportSource, context: SummaryContext): Iterable<Row> {
  const { options, statistics, missing } = context;
  const { count, rest, apart } = headline(ruleCounts(statistics, builtInRule(options)));
  const further = furtherRulesWords(statistics, options.rules);
  yield* headingRows('Cross-account trust', options.heading);
  const complete = standingOf(missing) === 'complete';
  yield across({ lines: standingText(missing), style: complete ? 'good' : 'warning' });
  yield across({ lines: `${count}${rest}`, style: 'strong' });
  for (const lines of [...apart, OPEN_MEANING, ...(further === null ? [] : [further])])
    yield across({ lines });
  yield* besides(source, context);
  yield* made(source);
  yield* countRows(statistics, missing);
  yield* missingRows(source, options, missing);
  yield* sheetRows(context);
}

/** What the headline leaves out. */
function* besides(source: ReportSource, { statistics, missing }: SummaryContext): Iterable<Row> {
  const { closed } = statistics;
  const { carriedForward, staleAfter, organizationsBehind = [], timedByModification } = missing;
  const lines = [
    closed > 0
      ? `${formatCount(closed)} more ${closed === 1 ? 'role fails' : 'roles fail'} by the trust policy alone; guardrails of the organisation close every unguarded way in.`
      : '',
    ...besidesCounts(statistics),
    carriedForward > 0
      ? `${formatCounted(carriedForward, 'account is', 'accounts are')} carried forward: last captured more than ${days(staleAfter)} before the newest capture.`
      : '',
    ...organizationsBehind.map((behind) => `${capital(behindWords(behind))}.`),
    timedByModification > 0 ? `${timedWords(timedByModification)}.` : '',
    source.exceptions().some(({ status }) => status === 'expired')
      ? 'Some exceptions have expired and accept nothing; see the sheet Exceptions.'
      : '',
  ];
  for (const line of lines) if (line !== '') yield across({ lines: line });
}

function* made(source: ReportSource): Iterable<Row> {
  const totals = source.totals();
  yield* partHeading('Basis');
  yield fact('Judged as of', source.asOf);
  yield fact('Evidence digest', evidenceDigest(source.evidence()));
  yield fact('Made by', `trustsieve ${source.toolVersion}`.trim());
  yield number('Roles', totals.roles, `of ${formatCounted(totals.accounts, 'account')}`);
  yield number('Evidence files', totals.files, formatBytes(totals.bytes));
  yield number('Records read', totals.recordsRead, recordSum(totals, formatCount));
}

function* countRows(statistics: Statistics, { membersKnown }: Completeness): Iterable<Row> {
  const { outcomes } = statistics;
  yield* partHeading('Verdicts');
  for (const name of OUTCOMES) yield number(OUTCOME_LABEL[name], outcomes[name], OUTCOME_MEANING[name]);
  yield* partHeading('Severity of the failing');
  for (const { severity, name, count, meaning } of severityRows(statistics, membersKnown)) {
    yield { cells: [{ text: name, style: severity }, count ?? 'not graded', plainText(meaning)] };
  }
  yield* partHeading('Findings since the look before');
  for (const { name, count, meaning } of stateRows(statistics)) yield number(name, count, meaning);
}

/** Everything that is missing by name, the first of it. */
function* missingRows(source: ReportSource, options: ReportOptions, missing: Completeness): Iterable<Row> {
  if (standingOf(missing) === 'complete') return;
  yield* partHeading('What is missing');
  if (!missing.membersKnown) {
    yield {
      cells: [
        { text: 'List of accounts', style: 'warning' },
        null,
        `${capital(plainText(MEMBERS_UNKNOWN))}.`,
      ],
    };
  }
  let count = 0;
  for (const { account, message, reason, evidence } of missingObjects(source, options)) {
    count += 1;
    if (count > NAMED) continue;
    const what = capital(reason.replaceAll('-', ' '));
    const told = evidence.source === '' ? message : `${evidence.source}: ${message}`;
    yield { cells: [{ text: what, style: 'warning' }, account, told] };
  }
  if (count > NAMED) {
    yield across({
      lines: `And ${formatCount(count - NAMED)} more; the sheet Evidence has all.`,
      style: 'warning',
    });
  }
  const { error } = source.totals().verdicts;
  if (error > 0) {
    const words = `undecided, so nothing is claimed of ${error === 1 ? 'it' : 'them'}`;
    yield { cells: [{ text: OUTCOME_LABEL.error, style: 'error' }, error, words] };
  }
}

const HOLDS: Readonly<Record<string, string>> = {
  Findings: 'Roles by verdict, the worst first, with who gets in, proof and place in the evidence.',
  Accounts: 'Every account, those that are missing first, with its counts.',
  'Third parties': 'with what each reaches and by which guard.',
  Evidence: 'What is missing, every file with its SHA-256 and counts, every rejected record.',
  Exceptions: 'What is accepted, for whom and until when.',
  Method: 'The rules with their controls, the two readings, severities, notes, and what is out of reach.',
};

function* sheetRows({ lists, register, written }: SummaryContext): Iterable<Row> {
  yield* partHeading('Sheets');
  for (const list of lists) {
    const parts = written.filter((sheet) => isPartOf(sheet, list));
    const items = parts.reduce((sum, part) => sum + part.items, 0);
    const among = parts.length > 1 ? ` In ${formatCount(parts.length)} sheets, because one is full.` : '';
    const isList = parts.some(({ list: area }) => area !== null);
    yield {
      cells: [
        { text: list, style: 'strong' },
        isList ? items : null,
        `${list === 'Third parties' ? `${capital(register.words())}; ` : ''}${HOLDS[list] ?? ''}${among}`,
      ],
    };
  }
}

function across(cell: Cell): Row {
  return { cells: [cell], merged: { from: 1, to: WIDTHS.length } };
}

function fact(name: string, text: string): Row {
  return {
    cells: [{ text: name, style: 'strong' }, text],
    merged: { from: 2, to: WIDTHS.length },
  };
}

function number(name: string, count: number, meaning: string): Row {
  return { cells: [name, count, meaning] };
}
