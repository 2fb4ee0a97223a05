import { type FormatSession, handRows } from '../../formats/shared/format.ts';
import type { Sink } from '../../formats/shared/sink.ts';
import { byPolicy } from '../../formats/shared/trust-policy.ts';
import type { JsonElement, ReadPlan } from '../../json/reader.ts';
import { createReferenceReader } from '../../json/reference/reference-reader.ts';
import type { PrefixSketch, Sketch } from '../../json/sketch.ts';
import type { HeldElements } from '../held-elements.ts';
import { CellLists } from './cell-lists.ts';
import { type Cell, textIn } from './cell-text.ts';
import { DetailRow } from './detail-row.ts';
import { TableRows } from './table-rows.ts';

/**
 * A table's columns in the shape in which formats recognise JSON: one row, its values unknown. Some databases write
 * names in capitals, so each stands there in small letters too. A name with a dot, as the console of AWS Config writes
 * it, is that of a value inside of another.
 */
export function sketchColumns(columns: readonly string[]): PrefixSketch {
  const members = new Map<string, Sketch>();
  for (const column of columns.flatMap((name) => [name, name.toLowerCase()])) {
    const [name = '', ...inside] = column.split('.');
    const outer = members.get(name);
    if (inside.length === 0) members.set(column, outer ?? { kind: 'null' });
    else {
      const known = outer?.kind === 'object' ? outer.members : [];
      const inner = [[inside.join('.'), { kind: 'null' }] as const];
      members.set(name, { kind: 'object', members: new Map([...known, ...inner]) });
    }
  }
  return { documents: [{ kind: 'object', members }], lines: true };
}

/** A field of a plan and the columns that hold it. */
interface Field {
  /** As the plan names it, joined with `/`. */
  readonly name: string;
  readonly columns: readonly number[];
}

/** A column whose cells are JSON of which some fields are wanted. */
interface Nested extends Field {
  readonly plan: ReadPlan;
}

const NO_FACTS: ReadonlyMap<string, string> = new Map();
const ACCOUNTS: ReadonlySet<string> = new Set(['account_id', 'awsAccountId', 'accountId']);

/**
 * Turns the rows of a table into the elements that a format would get from the same rows in JSON: every cell is a
 * string, or null, and formats take JSON in a string for what it says. Rows of roles that look as nearly all do are handed
 * out many at once, where the format's plan says how.
 */
export class RowElements {
  /** Indices of the columns that are wanted. */
  readonly wanted: readonly number[];
  private readonly fields: readonly Field[];
  private readonly nested: readonly Nested[];
  private readonly lists: CellLists | null;
  private readonly rows: TableRows | null;
  private readonly details: DetailRow | null;
  private readonly held: HeldElements | null;
  private readonly sink: Sink;
  private readonly quoted = byPolicy((text) => JSON.stringify(text));

  /**
   * @param columns names, compared without regard to case
   * @param held where rows, or items of lists in them, wait for a second look; null where nobody will ask
   * @param hasOffsets each row has an offset of its own, by which it can be looked at
   */
  constructor(
    { plan, detailColumns = [] }: Pick<FormatSession, 'plan' | 'detailColumns'>,
    columns: readonly string[],
    sink: Sink,
    held: HeldElements | null,
    hasOffsets: boolean,
  ) {
    const folded = columns.map((name) => name.toLowerCase());
    const find = (name: string) =>
      folded.flatMap((column, index) => (column === name.toLowerCase() ? [index] : []));
    const paths = plan.sources[0]?.fields ?? [];
    this.fields = paths
      .map((path) => ({ name: path.join('/'), columns: find(path.join('.')), isNested: path.length > 1 }))
      .filter(({ columns: found, isNested }) => !isNested || found.length > 0);
    const heads = new Set(paths.flatMap(([head = '', ...rest]) => (rest.length > 0 ? [head] : [])));
    this.nested = [...heads].map((name) => ({ name, columns: find(name), plan: planBelow(paths, name) }));
    const inList = plan.sources[0]?.at.at(-1);
    this.lists =
      inList === undefined || find(inList).length === 0
        ? null
        : new CellLists(plan, inList, find, sink, held);
    this.held = hasOffsets ? null : held;
    this.details = this.held === null || this.lists !== null ? null : new DetailRow(detailColumns, find);
    const inRows = [...this.fields, ...this.nested].flatMap((field) => field.columns);
    this.wanted = this.lists?.wanted ?? [...new Set([...inRows, ...(this.details?.wanted ?? [])])];
    this.rows = this.lists === null ? TableRows.open(plan.sources[0]?.row, find) : null;
    this.sink = sink;
  }

  /**
   * Gives a row to a format: one element, or those of the list in one of its cells.
   *
   * @param cell gives the text in a column
   */
  hand(session: FormatSession, cell: (column: number) => Cell, offset: number, pointer: string): void {
    if (this.lists !== null) {
      this.lists.hand(session, (columns) => cellText(columns, cell), { offset, pointer });
      return;
    }
    const { details, sink } = this;
    const place = details === null ? null : (this.held?.hold(() => details.value(cell)) ?? null);
    if (this.rows?.add((column) => textIn(cell(column)), offset, pointer, place) === true) {
      if (this.rows.full) this.flush(session);
    } else {
      this.flush(session);
      sink.place = place;
      session.element(this.element(cell, offset, pointer));
    }
  }

  /** Hands out the rows that were gathered; call before anything else is said of the table, and when there is no more. */
  flush(session: FormatSession): void {
    const rows = this.rows?.take() ?? null;
    if (rows !== null) handRows(session, rows);
  }

  private element(cell: (column: number) => Cell, offset: number, pointer: string): JsonElement {
    const fields = new Map<string, string>();
    const repeated: string[] = [];
    for (const { name, columns } of this.fields) {
      const text = cellText(columns, cell);
      if (text !== null && !this.isChangedNumber(name, text))
        fields.set(name, text.includes('"') ? this.quoted(text) : JSON.stringify(text));
      if (columns.length > 1) repeated.push(name);
    }
    for (const { name, columns, plan } of this.nested) {
      const text = cellText(columns, cell);
      const below = text === null ? null : readBelow(text, plan);
      if (below === null && text !== null) fields.set(name, JSON.stringify(text));
      for (const [key, value] of below?.fields ?? []) fields.set(`${name}/${key}`, value);
      for (const key of below?.repeated ?? []) repeated.push(`${name}/${key}`);
      if (columns.length > 1) repeated.push(name);
    }
    return {
      kind: 'element',
      source: 0,
      type: 'object',
      offset,
      pointer,
      scope: -1,
      facts: NO_FACTS,
      fields,
      repeated,
      tooLarge: [],
    };
  }

  /** Spreadsheets take account numbers for numbers: they drop leading zeros or write `1.11E+11`. */
  private isChangedNumber(name: string, text: string): boolean {
    if (!ACCOUNTS.has(name) || !/^(?:\d{1,11}|\d+(?:[.,]\d+)?E\+?\d+|\d+[.,]0+)$/i.test(text)) return false;
    const message = 'account numbers lost their form in a spreadsheet; those in the ARNs were used';
    this.sink.problem('account-number-changed', message);
    return true;
  }
}

function cellText(columns: readonly number[], cell: (column: number) => Cell): Cell {
  const [first] = columns;
  return first === undefined ? null : textIn(cell(first));
}

function planBelow(paths: readonly (readonly string[])[], name: string): ReadPlan {
  const fields = paths.filter((path) => path.length > 1 && path[0] === name).map((path) => path.slice(1));
  return { sources: [{ at: [], shape: 'list', fields }], facts: [], framing: 'stream' };
}

/** The wanted fields of a JSON object in a cell; null when the cell holds anything else. */
function readBelow(text: string, plan: ReadPlan): JsonElement | null {
  if (!text.trimStart().startsWith('{')) return null;
  const reader = createReferenceReader(plan);
  const events = [...reader.push(Buffer.from(text)), ...reader.end()];
  const [element] = events;
  return events.length === 1 && element?.kind === 'element' ? element : null;
}
