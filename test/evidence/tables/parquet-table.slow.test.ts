import { brotliCompressSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { SourceDamage } from '../../../src/evidence/source.ts';
import { openParquet } from '../../../src/evidence/tables/parquet.ts';

const COUNT = 25;
const content = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: 'name', data: Array.from({ length: COUNT }, (_, index) => `n${index}`), type: 'STRING' },
      { name: 'number', data: Array.from({ length: COUNT }, (_, index) => BigInt(index)), type: 'INT64' },
      {
        name: 'policy',
        data: Array.from({ length: COUNT }, (_, index) => (index % 2 ? { index } : null)),
        type: 'JSON',
      },
      {
        name: 'at',
        data: Array.from({ length: COUNT }, () => new Date('2026-02-01T00:00:00.5Z')),
        type: 'TIMESTAMP',
      },
    ],
    rowGroupSize: 10,
  }),
);

async function read(bytes: Uint8Array, maxTime?: number) {
  const table = await openParquet({ bytes }, maxTime);
  try {
    const rows = [];
    for await (const batch of table.rows(table.columns.map((_, index) => index))) rows.push(...batch);
    return { columns: table.columns, rows };
  } finally {
    await table.close();
  }
}

describe('openParquet', () => {
  it('gives all values as text', async () => {
    const { columns, rows } = await read(content);
    expect(columns).toEqual(['name', 'number', 'policy', 'at']);
    expect(rows).toHaveLength(COUNT);
    expect(rows[1]).toMatchObject({
      number: 2,
      cells: ['n1', '1', '{"index":1}', '2026-02-01T00:00:00.500Z'],
    });
    expect(rows[24]).toMatchObject({ number: 25, cells: ['n24', '24', null, '2026-02-01T00:00:00.500Z'] });
  });

  it('gives every row its values where they are decoded in several steps', { timeout: 60_000 }, async () => {
    const count = 40_000;
    const policy = (index: number) => `${'policy '.repeat(20)}${index % 100}`;
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'name', data: Array.from({ length: count }, (_, index) => `n${index}`), type: 'STRING' },
        {
          name: 'text',
          data: Array.from({ length: count }, (_, index) =>
            index % 7 ? `${'long '.repeat(40)}${index}` : null,
          ),
          type: 'STRING',
        },
        { name: 'policy', data: Array.from({ length: count }, (_, index) => policy(index)), type: 'STRING' },
      ],
      rowGroupSize: 30_000,
    });
    const { rows } = await read(Buffer.from(bytes));
    expect(rows).toHaveLength(count);
    const wrong = rows.filter(({ number, cells }, index) => {
      const text = index % 7 ? `${'long '.repeat(40)}${index}` : null;
      return number !== index + 1 || cells.join() !== [`n${index}`, text, policy(index)].join();
    });
    expect(wrong).toEqual([]);
  });

  it('ends the worker when a caller stops early', async () => {
    const table = await openParquet({ bytes: content });
    for await (const batch of table.rows([0])) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    await table.close();
  });

  it('loses no row where the footer does not say how large a column is', async () => {
    const spoilt = Buffer.from(content);
    // The second row group's first column: its sizes become something else.
    spoilt.set([65, 33], 1083);
    await expect(read(spoilt)).rejects.toMatchObject({ code: 'table-damaged' });
  });

  it('is not led by a few bytes to more values than its thread can hold, which would end the process', async () => {
    const rows = (count: number) =>
      Buffer.from(
        parquetWriteBuffer({
          columnData: [{ name: 'name', data: Array<string>(count).fill('same'), type: 'STRING' }],
          rowGroupSize: count,
          pageSize: 1e12,
        }),
      );
    const most = 2 * 1024 * 1024;
    expect((await read(rows(most))).rows).toHaveLength(most);
    const larger = rows(most + 1);
    expect(larger.length).toBeLessThan(1_000);
    await expect(read(larger)).rejects.toMatchObject({
      code: 'table-too-large',
      message: expect.stringContaining('a page of more than 2,097,152 values'),
    });
  });

  it.each<readonly ['ZSTD' | 'BROTLI', Buffer]>([
    ['ZSTD', zstdCompressSync(Buffer.alloc(50_000_000))],
    ['BROTLI', brotliCompressSync(Buffer.alloc(50_000_000))],
  ])('unpacks no more of a page than it claims: %s', async (codec, bomb) => {
    const unpacked = (pack: (bytes: Uint8Array) => Uint8Array) =>
      Buffer.from(
        parquetWriteBuffer({
          columnData: [
            { name: 'name', data: Array.from({ length: 300 }, (_, index) => `n${index}`), type: 'STRING' },
          ],
          codec,
          compressors: { [codec]: pack },
        }),
      );
    const whole = unpacked(
      codec === 'ZSTD' ? (bytes) => zstdCompressSync(bytes) : (bytes) => brotliCompressSync(bytes),
    );
    expect((await read(whole)).rows.map(({ cells }) => cells[0])).toEqual(
      Array.from({ length: 300 }, (_, index) => `n${index}`),
    );
    await expect(read(unpacked(() => bomb))).rejects.toMatchObject({ code: 'table-damaged' });
  });

  it('reads a page of two frames of Zstandard', async () => {
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'name', data: Array.from({ length: 300 }, (_, index) => `n${index}`), type: 'STRING' },
      ],
      codec: 'ZSTD',
      compressors: {
        ZSTD: (page) =>
          Buffer.concat([zstdCompressSync(page.subarray(0, 100)), zstdCompressSync(page.subarray(100))]),
      },
    });
    expect((await read(Buffer.from(bytes))).rows).toHaveLength(300);
  });

  it('gives the rows that stand before a damaged page', async () => {
    const bytes = Buffer.from(
      parquetWriteBuffer({
        columnData: [
          {
            name: 'name',
            data: Array.from({ length: 20_000 }, (_, n) => `name-${n}-${'x'.repeat(200)}`),
            type: 'STRING',
          },
        ],
        rowGroupSize: 20_000,
        codec: 'UNCOMPRESSED',
        pageSize: 500_000,
      }),
    );
    const header = bytes.indexOf(Buffer.from([0x15, 0x00, 0x15]), bytes.indexOf('name-15000-'));
    bytes.fill(0xff, header, header + 12);
    const table = await openParquet({ bytes });
    let given = 0;
    const all = async () => {
      for await (const batch of table.rows([0])) given += batch.length;
    };
    await expect(all()).rejects.toMatchObject({ code: 'table-damaged' });
    await table.close();
    // Pieces of 2 MiB are decoded at a time, and the page stands in the second.
    expect(given).toBeGreaterThan(9_000);
  });

  it('is not led by a list of the footer either', async () => {
    // A struct whose first field is a list of 30,000,000 empty structs.
    const items = Buffer.alloc(30_000_000);
    const list = Buffer.from([0x19, 0xfc, 0x80, 0x87, 0xa7, 0x0e]);
    const end = Buffer.alloc(8);
    end.writeUInt32LE(list.length + items.length);
    end.write('PAR1', 4);
    await expect(read(Buffer.concat([Buffer.from('PAR1'), list, items, end]))).rejects.toMatchObject({
      code: 'table-damaged',
      message: expect.stringContaining('a list claims 30000000 items'),
    });
  });

  it('damages nothing but the reading, whatever the bytes are', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 6 }), async (at, noise) => {
        const spoilt = Buffer.from(content);
        spoilt.set(noise, at % (spoilt.length - noise.length));
        // A decoder may be led to loop for ever.
        const found = await read(spoilt, 500).catch((error: unknown) => error);
        // Spoilt sizes can say that the table is larger than any that is read.
        if (found instanceof SourceDamage) expect(['table-damaged', 'table-too-large']).toContain(found.code);
        else expect(found).toMatchObject({ rows: { length: COUNT } });
      }),
      { numRuns: 60 },
    );
  });
});
