import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { CoveredAccount, DiffChange } from '../../history/compare/diff.ts';
import type { ToldDiff } from '../../history/report/sides.ts';
import type { Completeness } from '../../model/completeness.ts';
import { capital } from '../../text/capital.ts';
import { inOrder } from '../files/ordered.ts';
import type { HistoryOptions } from '../format.ts';
import { OUTCOME_LABEL, SEVERITY_LABEL } from '../shared/labels.ts';
import { standingOf } from '../shared/missing.ts';
import { writeBook } from '../xlsx/book/book.ts';
import type { Cell } from '../xlsx/book/cell.ts';
import type { Column, FreeSheet, ListSheet, Row } from '../xlsx/book/sheet.ts';
import { headingRows } from '../xlsx/sheets/heading.ts';
import { listNote, standingText } from '../xlsx/sheets/note.ts';
import { limitsOf } from './diff-coverage.ts';
import type { DiffReport } from './diff-html.ts';
import { headlineOf } from './headline.ts';
import { IMPORTANCES, importanceOf } from './ranked-changes.ts';
import {
  CAUSE_SENTENCE,
  outsideWords,
  paragraphOf,
  titleOf,
  type WhoClause,
  whoClauses,
  wholeWhere,
} from './words.ts';

const TABS = ['Summary', 'Changes', 'Coverage'];

/** A comparison as a workbook: the words and counts, every change in the order of importance, every account. */
export async function renderDiffXlsx(
  { diff, missing, toolVersion }: DiffReport,
  out: Writable,
  options: HistoryOptions,
): Promise<void> {
  const order = { rankOf: importanceOf, ranks: IMPORTANCES, target: join(tmpdir(), 'changes') };
  await inOrder(diff.changes, order, (changes) =>
    writeBook(out, {
      sheets: [
        () => changesSheet(changes, diff, missing),
        () => coverageSheet(diff, missing),
        () => summarySheet(diff, missing, toolVersion, options),
      ],
      tabs: TABS,
    }),
  );
}

const WIDTHS = [26, 14, 110];
const UNDECIDED = 'nobody knows whether they fail, so they are in no other number';

function summarySheet(
  diff: ToldDiff,
  missing: Completeness,
  toolVersion: string,
  { heading, evidenceDigest }: HistoryOptions,
): FreeSheet {
  const { count, rest } = headlineOf(diff);
  const across = (cell: Cell): Row => ({ cells: [cell], merged: { from: 1, to: WIDTHS.length } });
  const counted = (title: string, number: number, meaning: string): Row => ({
    cells: [title, number, meaning],
  });
  const { summary, undecided } = diff;
  return {
    name: 'Summary',
    widths: WIDTHS,
    rows: [
      ...headingRows(titleOf(diff), heading),
      across({
        lines: standingText(missing, wholeWhere(diff)),
        style: standingOf(missing) === 'complete' ? 'good' : 'warning',
      }),
      across({ lines: `${count}${rest}`, style: 'strong' }),
      ...paragraphOf(diff).map((lines) => across({ lines })),
      { cells: [] },
      { cells: [{ text: 'Findings', style: 'heading' }] },
      counted('New', summary.new, 'was not there before'),
      counted('Reopened', summary.reopened, 'had been resolved, and is there again'),
      counted(
        'Changed',
        summary.changed,
        'was there already, but who gets in or what weighs on it is not the same',
      ),
      counted('Resolved', summary.resolved, 'was there before, and no longer is'),
      counted(
        'Unchanged',
        summary.unchanged,
        'the same on both sides; not among the changes unless asked for',
      ),
      counted('Not comparable', summary.notComparable, 'of one of the two sides nothing can be said'),
      counted('Not decided, first side', undecided.from.count, UNDECIDED),
      counted('Not decided, second side', undecided.to.count, UNDECIDED),
      { cells: [] },
      { cells: ['Evidence digest', evidenceDigest] },
      { cells: ['Made by', `trustsieve ${toolVersion}`.trim()] },
    ],
  };
}

interface ChangeColumn extends Column {
  readonly cell: (one: DiffChange, diff: ToldDiff) => Cell;
}

const CHANGES: readonly ChangeColumn[] = [
  { title: 'Change', width: 14, cell: ({ change }) => capital(change.replace('-', ' ')) },
  { title: 'Severity', width: 10, cell: severityCell },
  { title: 'Account', width: 14, cell: ({ account }) => account },
  { title: 'Account name', width: 22, cell: ({ accountName }) => accountName },
  { title: 'Role', width: 32, cell: ({ roleName }) => roleName },
  { title: 'Who', width: 60, cell: (one) => whoClauses(one).map(clauseText).join('; ') },
  { title: 'Why', width: 44, cell: ({ cause }) => cause && capital(CAUSE_SENTENCE[cause]) },
  { title: 'For the worse or the better', width: 12, cell: ({ direction }) => direction },
  {
    title: 'Verdict before',
    width: 14,
    cell: ({ fromVerdict }) => fromVerdict && OUTCOME_LABEL[fromVerdict],
  },
  { title: 'Verdict after', width: 14, cell: ({ toVerdict }) => toVerdict && OUTCOME_LABEL[toVerdict] },
  {
    title: 'Severity before',
    width: 10,
    cell: ({ fromSeverity }) => fromSeverity && SEVERITY_LABEL[fromSeverity],
  },
  { title: 'Severity after', width: 10, cell: ({ toSeverity }) => toSeverity && SEVERITY_LABEL[toSeverity] },
  { title: 'Rule', width: 18, cell: ({ rule }) => rule },
  { title: 'ARN', width: 56, cell: ({ arn }) => ({ text: arn, style: 'code' }) },
  { title: 'Role id', width: 24, cell: ({ roleId }) => ({ text: roleId, style: 'code' }) },
  { title: 'Trust policy before', width: 60, cell: ({ fromPolicy }, diff) => policyCell(fromPolicy, diff) },
  { title: 'Trust policy after', width: 60, cell: ({ toPolicy }, diff) => policyCell(toPolicy, diff) },
];

function changesSheet(changes: Iterable<DiffChange>, diff: ToldDiff, missing: Completeness): ListSheet {
  function* rows(): Iterable<Row> {
    for (const one of changes) yield { cells: CHANGES.map(({ cell }) => cell(one, diff)) };
  }
  const note = listNote(`${titleOf(diff)}, the most important first.`, missing, wholeWhere(diff));
  return { name: 'Changes', columns: CHANGES, note, rows: rows() };
}

function severityCell({ severity }: DiffChange): Cell {
  return severity === null ? null : { text: SEVERITY_LABEL[severity], style: severity };
}

function clauseText({ before, who, after }: WhoClause): string {
  return `${before}${who.map(outsideWords).join(', ')}${after}`;
}

function policyCell(policy: number | null, diff: ToldDiff): Cell {
  return policy === null ? null : { lines: diff.policyLines(policy)?.join('\n') ?? 'could not be read' };
}

interface CoverageColumn extends Column {
  readonly cell: (one: CoveredAccount) => Cell;
}

const COVERAGE: readonly CoverageColumn[] = [
  { title: 'Account', width: 14, cell: ({ account }) => account },
  { title: 'Name', width: 26, cell: ({ name }) => name },
  { title: 'Standing', width: 18, cell: standingCell },
  { title: 'Captured, first side', width: 22, cell: ({ from }) => from ?? 'never' },
  { title: 'Captured, second side', width: 22, cell: ({ to }) => to ?? 'never' },
  { title: 'What limits it', width: 60, cell: (one) => limitsOf(one).join('; ') },
];

function coverageSheet(diff: ToldDiff, missing: Completeness): ListSheet {
  const what = 'Every account of either side. Counts speak only of what both sides cover.';
  const note = listNote(what, missing, wholeWhere(diff));
  const rows = diff.accounts.map((one): Row => ({ cells: COVERAGE.map(({ cell }) => cell(one)) }));
  return { name: 'Coverage', columns: COVERAGE, note, rows };
}

function standingCell(one: CoveredAccount): Cell {
  return limitsOf(one).length === 0
    ? { text: 'Covered', style: 'good' }
    : { text: 'Limited', style: 'warning' };
}
