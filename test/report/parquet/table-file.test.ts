import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Column, writeTableFile } from '../../../src/report/parquet/table-file.ts';
import { folderOfTest } from '../../temporary-folder.ts';
import { queried } from './duckdb.ts';

interface Row {
  readonly n: number;
  readonly text: string | null;
}

const at = folderOfTest();
const COLUMNS: readonly Column<Row>[] = [
  { name: 'n', type: 'INT64', value: ({ n }) => BigInt(n) },
  { name: 'text', type: 'STRING', value: ({ text }) => text },
  { name: 'even', type: 'BOOLEAN', value: ({ n }) => (n % 7 === 0 ? null : n % 2 === 0) },
  { name: 'at', type: 'TIMESTAMP', value: ({ n }) => (n % 5 === 0 ? null : new Date(n * 1000)) },
];

describe('writeTableFile', () => {
  it('writes any number of groups of rows, each when it is full', async () => {
    const sizes = new Set<number>();
    function* rows(): Iterable<Row> {
      for (let n = 0; n < 3000; n++) {
        sizes.add(statSync(at('t.parquet')).size);
        yield { n, text: n % 3 === 0 ? null : `${n} ä\u0000 ${'x'.repeat(20_000)}` };
      }
    }
    expect(writeTableFile(at('t.parquet'), COLUMNS, rows())).toBe(3000);
    expect(sizes.size).toBeGreaterThan(3);
    expect(statSync(at('t.parquet')).mode & 0o777).toBe(0o600);
    expect(
      await queried(`SELECT count(*) AS rows, sum(n)::INT AS sum, count(text) AS texts, count(even) AS evens,
        count("at") AS times, max("at") AS last, min(text) AS first_text, count(DISTINCT length(text)) AS lengths
        FROM '${at('t.parquet')}'`),
    ).toEqual([
      {
        rows: '3000',
        sum: 4_498_500,
        texts: '2000',
        evens: '2571',
        times: '2400',
        last: '1970-01-01 00:49:59',
        first_text: `1 ä\u0000 ${'x'.repeat(20_000)}`,
        lengths: '4',
      },
    ]);
    const [{ groups } = {}] = await queried(
      `SELECT count(DISTINCT row_group_id)::INT AS groups FROM parquet_metadata('${at('t.parquet')}')`,
    );
    expect(groups).toBeGreaterThan(3);
  });

  it('writes a table without rows, with its columns', async () => {
    expect(writeTableFile(at('t.parquet'), COLUMNS, [])).toBe(0);
    expect(await queried(`SELECT count(*) AS rows, count("at") AS times FROM '${at('t.parquet')}'`)).toEqual([
      { rows: '0', times: '0' },
    ]);
  });

  it('never writes into a file that is there', () => {
    writeTableFile(at('t.parquet'), COLUMNS, []);
    expect(() => writeTableFile(at('t.parquet'), COLUMNS, [])).toThrow('EEXIST');
  });
});
