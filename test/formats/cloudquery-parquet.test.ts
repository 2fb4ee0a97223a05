import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { readContent } from './read.ts';
import { CLOUDQUERY_ROWS, withoutPlaces } from './tables.ts';

type Rows = typeof CLOUDQUERY_ROWS;
const JSON_COLUMN = 'assume_role_policy_document';

function asParquet(rows: Rows, options: { json?: 'STRING' | 'JSON'; rowGroupSize?: number } = {}): Buffer {
  const { json = 'STRING', rowGroupSize = 1000 } = options;
  const columnData = Object.keys(CLOUDQUERY_ROWS[0] ?? {}).map((name) => {
    const values = rows.map((row) => row[name as keyof Rows[number]]);
    if (name === '_cq_sync_time') {
      return { name, type: 'TIMESTAMP' as const, data: values.map((value) => new Date(String(value))) };
    }
    if (name === JSON_COLUMN && json === 'JSON') return { name, type: 'JSON' as const, data: values };
    const data = values.map((value) => (value instanceof Object ? JSON.stringify(value) : value));
    return { name, type: 'STRING' as const, data };
  });
  return Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize }));
}

const many: Rows = Array.from({ length: 25 }, (_, index) => ({
  ...(CLOUDQUERY_ROWS[index % 2] as Rows[number]),
  arn: `arn:aws:iam::111122223333:role/r${index}`,
}));
const asJson = (rows: Rows) => rows.map((row) => JSON.stringify(row)).join('\n');

describe('CloudQuery Parquet', () => {
  it.each([
    ['text', asParquet(many)],
    ['JSON columns', asParquet(many, { json: 'JSON' })],
    ['several row groups', asParquet(many, { rowGroupSize: 10 })],
    ['gzip around it', gzipSync(asParquet(many))],
  ])('gives the same records as JSON lines: %s', async (_, content) => {
    const json = await readContent(asJson(many));
    const parquet = await readContent(content, {}, 'aws_iam_roles.parquet');
    expect(withoutPlaces(parquet.roles)).toEqual(withoutPlaces(json.roles));
    expect(parquet.captures).toEqual(json.captures);
    expect(parquet.roles.map(({ pointer }) => pointer)).toEqual(many.map((_row, index) => `#${index + 1}`));
    const { format, status, evidence, problems } = parquet.reading;
    expect({ format, status, codes: problems.map(({ code }) => code) }).toEqual({
      format: 'cloudquery',
      status: 'complete',
      codes: json.codes,
    });
    expect(evidence.bytes).toBe(content.length);
  });

  it('gives the offset of the row group', async () => {
    const { roles } = await readContent(asParquet(many, { rowGroupSize: 10 }));
    expect(new Set(roles.map(({ offset }) => offset)).size).toBe(3);
  });

  it('names a table without rows, and one of something else', async () => {
    const empty = await readContent(asParquet([]));
    expect(empty.reading).toMatchObject({ status: 'incomplete', problems: [{ code: 'no-roles' }] });
    const other = Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'a', data: ['x'] }] }));
    expect((await readContent(other)).reading).toMatchObject({
      status: 'unreadable',
      problems: [{ code: 'format-unknown' }],
    });
  });

  it('never calls a cut file complete', async () => {
    const whole = asParquet(many, { rowGroupSize: 10 });
    for (const length of [4, 8, 11, 100, whole.length >> 1, whole.length - 8, whole.length - 1]) {
      const { reading, roles, codes } = await readContent(whole.subarray(0, length));
      expect(reading.status).toBe('unreadable');
      expect(roles).toEqual([]);
      expect(codes).toEqual(['table-damaged']);
    }
  });

  it('refuses a footer that claims to be large', async () => {
    const content = asParquet(many);
    content.writeUInt32LE(0x7fffffff, content.length - 8);
    expect((await readContent(content)).codes).toEqual(['table-damaged']);
  });
});
