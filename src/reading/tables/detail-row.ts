import { type Cell, textIn } from './cell-text.ts';

/** The columns of a table that a format looks at beside those of every row, as one object for each row. */
export class DetailRow {
  /** Indices of the columns. */
  readonly wanted: readonly number[];
  private readonly columns: readonly (readonly [string, number])[];
  private readonly isUnclear: boolean;

  /**
   * @param names as the format spells them
   * @param find gives the indices of the columns of a name
   */
  constructor(names: readonly string[], find: (name: string) => readonly number[]) {
    const found = names.map((name) => [name, find(name)] as const);
    this.isUnclear = found.some(([, columns]) => columns.length > 1);
    this.columns = found.flatMap(([name, [column]]) =>
      column === undefined ? [] : [[name, column] as const],
    );
    this.wanted = this.columns.map(([, column]) => column);
  }

  /** Undefined where the table has two columns of one name. An empty cell has no value. */
  value(cell: (column: number) => Cell): Readonly<Record<string, string | null>> | undefined {
    if (this.isUnclear) return undefined;
    return Object.fromEntries(this.columns.map(([name, column]) => [name, textIn(cell(column)) || null]));
  }
}
