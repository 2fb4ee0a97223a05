import type { AccountGap, ClosedAccount, Completeness } from '../../../model/completeness.ts';
import type { AccountRow, ReportSource } from '../../../model/report-source.ts';
import { OUTCOMES } from '../../../model/verdict.ts';
import { formatCounted } from '../../../text/counted.ts';
import { isGraded, OUTCOME_LABEL, SEVERITIES, SEVERITY_LABEL } from '../../shared/labels.ts';
import { ACCOUNT_NOT_WHOLE, carriedWords, gapWhy, guardrailsSentence } from '../../shared/missing.ts';
import type { Statistics } from '../../shared/statistics.ts';
import type { Cell } from '../book/cell.ts';
import type { Column, ListSheet, Row } from '../book/sheet.ts';
import { listNote } from './note.ts';
import type { Places } from './places.ts';

const COLUMNS: readonly Column[] = [
  { title: 'Account', width: 14 },
  { title: 'Name', width: 26 },
  { title: 'Standing', width: 18 },
  { title: 'What limits it', width: 60 },
  { title: 'Latest capture', width: 21 },
  { title: 'Roles', width: 9 },
  ...OUTCOMES.map((outcome) => ({ title: OUTCOME_LABEL[outcome], width: 11 })),
  ...SEVERITIES.map((severity) => ({ title: SEVERITY_LABEL[severity], width: 11 })),
  { title: 'Closed by guardrails', width: 12 },
];

/** Every account: first those that are missing, then those of the evidence, then closed ones. */
export function accountsSheet(
  source: ReportSource,
  missing: Completeness,
  { byAccount }: Statistics,
  places: Places,
): ListSheet {
  const { gaps, closed, maxAge, membersKnown, guardrailsUnknown = [] } = missing;
  const gapOf = new Map(gaps.map((gap) => [gap.account, gap]));
  const lackOf = new Map(guardrailsUnknown.map((lack) => [lack.account, guardrailsSentence(lack)]));
  const closedOf = new Map(closed.map((one) => [one.account, one]));
  const total = membersKnown
    ? `The organisation has ${formatCounted(missing.members, 'account')}.`
    : 'Which accounts there should be is not known.';
  function* rows(): Iterable<Row> {
    const seen = new Set<string>();
    for (const { account } of source.accounts())
      if (gapOf.has(account) || closedOf.has(account)) seen.add(account);
    for (const gap of gaps) if (!seen.has(gap.account)) yield uncovered(gap, maxAge, places);
    for (const row of source.accounts()) {
      const { account } = row;
      const lack = lackOf.get(account) ?? '';
      const gone = closedOf.get(account);
      const limits = [
        gone === undefined ? '' : closedWords(gone),
        ...limitsOf(row, gapOf.get(account), maxAge),
        lack,
      ];
      yield {
        placed: places.put(account),
        cells: [
          account,
          row.name,
          standingCell(row, gapOf.get(account), lack),
          limits.filter((limit) => limit !== '').join('; '),
          row.capturedAt,
          row.roles,
          ...OUTCOMES.map((outcome) => row.verdicts[outcome]),
          ...SEVERITIES.map((severity, rank) => {
            const count = byAccount.get(account)?.[rank] ?? 0;
            return isGraded(severity, count, membersKnown) ? count : 'not graded';
          }),
          row.closed,
        ],
      };
    }
    for (const one of closed) if (!seen.has(one.account)) yield closedRow(one);
  }
  return {
    name: 'Accounts',
    columns: COLUMNS,
    note: listNote(total, missing),
    rows: rows(),
  };
}

function standingCell(
  { complete, carriedForward }: AccountRow,
  gap: AccountGap | undefined,
  lack: string,
): Cell {
  if (gap !== undefined) return { text: 'Not covered', style: 'warning' };
  if (!complete) return { text: 'Incomplete', style: 'warning' };
  if (carriedForward !== null) return { text: 'Carried forward', style: 'warning' };
  if (lack !== '') return { text: 'Guardrails not known', style: 'warning' };
  return { text: 'Covered', style: 'good' };
}

function limitsOf(
  { complete, carriedForward }: AccountRow,
  gap: AccountGap | undefined,
  maxAge: number | null,
): readonly string[] {
  return [
    gap === undefined ? '' : gapWhy(gap, maxAge),
    complete ? '' : ACCOUNT_NOT_WHOLE,
    carriedForward === null ? '' : carriedWords(carriedForward),
  ];
}

function uncovered(gap: AccountGap, maxAge: number | null, places: Places): Row {
  const { account, name, capturedAt } = gap;
  const standing: Cell = { text: 'Not covered', style: 'warning' };
  return {
    placed: places.put(account),
    cells: [account, name, standing, gapWhy(gap, maxAge), capturedAt],
  };
}

function closedRow(one: ClosedAccount): Row {
  return { cells: [one.account, one.name, 'Closed', `${closedWords(one)}: its absence is no gap`] };
}

function closedWords({ status }: ClosedAccount): string {
  return `closed, as AWS Organizations has it: ${status}`;
}
