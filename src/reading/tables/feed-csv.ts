import type { FormatSession } from '../../formats/shared/format.ts';
import type { Sink } from '../../formats/shared/sink.ts';
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
  private skip: number;
  private count = 0;

  /** @param start offset of the first byte pushed */
  constructor(header: CsvHeader, session: FormatSession, sink: Sink, start: number) {
    this.header = header;
    this.session = session;
    this.sink = sink;
    this.skip = header.skip;
    this.rows = new CsvRows(header.delimiter, (row) => this.take(row), start + header.skip);
    this.elements = new RowElements(session.plan, header.columns, sink);
  }

  get stopped(): boolean {
    return this.rows.stopped;
  }

  push(bytes: Uint8Array): void {
    const from = Math.min(this.skip, bytes.length);
    this.skip -= from;
    this.rows.push(bytes.subarray(from));
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
    if (!row.ended) {
      this.missing = 'truncated';
      this.elements.flush(this.session);
      const message = `row ${row.number} has no line end, so the file may be cut; add one if it is whole`;
      this.sink.problem('csv-truncated', message);
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
