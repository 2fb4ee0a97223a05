/** A cell's text; null for an empty cell of a database. */
export type Cell = string | null;

/** How other programs write that a cell has no value. */
const NULLS: ReadonlySet<string> = new Set(['<null>', '\\N', 'NULL']);
const LONGEST_NULL = 6;

export function textIn(cell: Cell): Cell {
  return cell === null || (cell.length <= LONGEST_NULL && NULLS.has(cell)) ? null : cell;
}
