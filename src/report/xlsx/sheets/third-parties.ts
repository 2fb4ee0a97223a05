import type { Completeness } from '../../../model/completeness.ts';
import type { ReportSource } from '../../../model/report-source.ts';
import { capital } from '../../../text/capital.ts';
import { RELATION_LABEL, SEVERITY_LABEL } from '../../shared/labels.ts';
import { standingOf } from '../../shared/missing.ts';
import { REGISTER_COLUMNS, type RegisterLine } from '../../shared/third-party-columns.ts';
import { PRIVILEGES_LABEL } from '../../shared/words/impact-words.ts';
import type { RegisterCounts } from '../../shared/words/third-party-words.ts';
import type { Cell } from '../book/cell.ts';
import type { Column, ListSheet, Row } from '../book/sheet.ts';
import { listNote } from './note.ts';

/** Columns of the register that count. */
const COUNTS = /^(?:\w+_roles|own_accounts|roles_left_out)$/;

const COLUMNS: readonly Column[] = REGISTER_COLUMNS.map(({ name }) => ({
  title: capital(name.replaceAll('_', ' ').replace(/ arns$/, ' ARNs')),
  width: widthOf(name),
}));

/** The third-party register: every outside account, what it gets into, and how far each way is guarded. `counts`: takes who has a row. */
export function thirdPartiesSheet(
  source: ReportSource,
  missing: Completeness,
  counts: RegisterCounts,
): ListSheet {
  const evidence = standingOf(missing);
  function* rows(): Iterable<Row> {
    for (const row of source.thirdParties()) {
      counts.add(row);
      yield { cells: cellsOf({ row, evidence }) };
    }
  }
  const what =
    'Open: roles it can assume without MFA and without an external ID. Guarded: each of its ways in demands one of them. Closed: by guardrails alone. Not evaluated: the trust policy could not be decided, and names it or may admit it.';
  return { name: 'Third parties', columns: COLUMNS, note: listNote(what, missing), rows: rows() };
}

function cellsOf(line: RegisterLine): readonly Cell[] {
  const { severity, relation, privileges } = line.row;
  const inWords: Readonly<Record<string, Cell>> = {
    severity: severity && { text: SEVERITY_LABEL[severity], style: severity },
    relation: RELATION_LABEL[relation],
    worst_privileges: privileges && PRIVILEGES_LABEL[privileges],
  };
  return REGISTER_COLUMNS.map(({ name, value }): Cell => {
    if (name in inWords) return inWords[name];
    const cell = value(line);
    return typeof cell === 'string' && COUNTS.test(name) ? Number(cell) : cell;
  });
}

function widthOf(name: string): number {
  if (COUNTS.test(name)) return 10;
  if (name.endsWith('_arns')) return 60;
  if (name === 'vendor') return 28;
  return name === 'severity' ? 10 : 20;
}
