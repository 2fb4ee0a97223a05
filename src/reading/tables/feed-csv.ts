import type { FormatSession } from '../../formats/shared/format.ts';
import type { Sink } from '../../formats/shared/sink.ts';
import type { ElementWindow } from '../element-window.ts';
import { HeldElements } from '../held-elements.ts';
import type { RoleDetails } from '../role-details.ts';
import { openCsvWindow } from './csv-window.ts';
import { RowElements } from './row-elements.ts';
import { type CsvRow, CsvRows, MAX_ROW } from './rows-csv.ts';
import type { CsvHeader } from './sniff-csv.ts';

/** Hands the rows of a CSV text to a format, and turns broken rows into problems and rejects. */
export class CsvFeed {
  missing: 'truncated' | 'records-rejected' | null = null;
  private readonly rows: CsvRows;
  private readonly elements: RowElements;
  private readonly header: CsvHeader;
  private readonly session: FormatSession;
  private readonly sink: Sink;
  private readonly window: ElementWindow | null;
  private skip: number;
  private count = 0;

  /**
   * @param start offset of the first byte pushed
   * @param details told of the text; null where nobody asks
   */
  constructor(
    header: CsvHeader,
    session: FormatSession,
    sink: Sink,
    start: number,
    details: RoleDetails | null,
  ) {
    this.header = header;
    this.session = session;
    this.sink = sink;
    this.skip = header.skip;
    this.rows = new CsvRows(header.delimiter, (row) => this.take(row), start + header.skip);
    this.window =
      details === null ? null : openCsvWindow(header, session.detailColumns ?? [], start + header.skip);
    const held = details?.lookInto(new HeldElements(this.window)) ?? null;
    this.elements = new RowElements(session, header.columns, sink, held, true);
  }

  get stopped(): boolean {
    return this.rows.stopped;
  }

  push(bytes: Uint8Array): void {
    const from = Math.min(this.skip, bytes.length);
    this.skip -= from;
    const text = bytes.subarray(from);
    this.window?.push(text);
    this.rows.push(text);
    this.elements.flush(this.session);
    if (!this.rows.stopped) return;
    this.missing = 'truncated';
    const held = MAX_ROW / 1024 / 1024;
    this.sink.problem(
      'csv-row-too-long',
      `row ${this.count + 1} is longer than ${held} MiB; a quote may be missing`,
    );
  }

  end(): void {
    this.rows.end();
    this.elements.flush(this.session);
    if (this.count <= 1 && !this.rows.stopped) {
      this.missing ??= 'truncated';
      this.sink.problem('no-roles', 'the table has no row below its header');
    }
  }

  private take(row: CsvRow): void {
    this.count = row.number;
    this.window?.handedOut(row.offset);
    if (!row.ended) {
      this.missing = 'truncated';
      this.elements.flush(this.session);
      const message = `row ${row.number} has no line end, so the file may be cut; add one if it is whole`;
      this.sink.problem('csv-truncated', message);
    }
    if (row.unopened) {
      this.missing ??= 'truncated';
      this.elements.flush(this.session);
      const fault = 'a cell ends with a quote and does not begin with one, so the table is damaged';
      this.sink.problem('row-malformed', `row ${row.number}, at byte ${row.offset}: ${fault}`);
    }
    if (row.number === 1) return;
    const place = { offset: row.offset, pointer: `#${row.number}` };
    const fault = row.fault ?? this.lengthFault(row);
    if (fault !== null) {
      this.missing ??= 'records-rejected';
      this.elements.flush(this.session);
      this.sink.reject(place, 'row-malformed', fault);
      this.sink.problem('row-malformed', `row ${row.number}, at byte ${row.offset}: ${fault}`);
      return;
    }
    this.elements.hand(this.session, (column) => row.cell(column), place.offset, place.pointer);
  }

  private lengthFault(row: CsvRow): string | null {
    const { length } = this.header.columns;
    return row.length === length ? null : `the row has ${row.length} cells, the header ${length}`;
  }
}
