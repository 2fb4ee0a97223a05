import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { batches } from '../files/stream.ts';

type Value = string | number | boolean | bigint | Date | null;

/** A column of a table: its name, its type, and what stands in it of a row. */
export interface Column<Row> {
  readonly name: string;
  readonly type: 'STRING' | 'BOOLEAN' | 'INT64' | 'TIMESTAMP';
  readonly value: (row: Row) => Value;
}

/** Characters of one group of rows: about what is held at a time. */
const GROUP = 8 * 1024 * 1024;
/** What a row counts beside its texts. */
const ROW = 200;

/**
 * Writes rows to a new Parquet file, group by group, and returns how many there were. Every column may hold null.
 *
 * Errors: those of the file system.
 */
export function writeTableFile<Row>(
  path: string,
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
): number {
  const file = openSync(path, 'wx', 0o600);
  try {
    const bytes = new ByteWriter();
    const flush = () => {
      writeWhole(file, new Uint8Array(bytes.buffer, 0, bytes.index));
      bytes.index = 0;
    };
    const writer = new ParquetWriter({
      writer: Object.assign(bytes, { flush, finish: flush }),
      schema: schemaFromColumnData({ columnData: columns.map((column) => ({ ...typed(column), data: [] })) }),
      createdBy: 'trustsieve',
    });
    let count = 0;
    const valued = (function* () {
      for (const row of rows) yield columns.map(({ value }) => value(row));
    })();
    for (const group of batches(valued, GROUP, weightOf)) {
      const columnData = columns.map((column, at) => ({
        ...typed(column),
        data: group.map((values) => values[at] ?? null),
        offsetIndex: false,
      }));
      void writer.write({ columnData, rowGroupSize: group.length });
      count += group.length;
    }
    void writer.finish();
    fsyncSync(file);
    return count;
  } finally {
    closeSync(file);
  }
}

const typed = <Row>({ name, type }: Column<Row>) => ({ name, type, nullable: true });

function weightOf(values: readonly Value[]): number {
  let weight = ROW;
  for (const value of values) if (typeof value === 'string') weight += value.length;
  return weight;
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
