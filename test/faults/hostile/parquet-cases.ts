import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { bySize, type HostileCase, OPEN_POLICY } from './case.ts';

/** Parquet files of which a few bytes stand for more than any memory holds. */
export const PARQUET_CASES: readonly HostileCase[] = [
  {
    name: 'parquet-values',
    what: 'Parquet of some hundred bytes that stand for 12,000,000 equal rows in one page',
    write: (folder, size) => {
      const count = bySize(size, 12_000_000, 3_000_000);
      writeFileSync(join(folder, 'aws_iam_roles.parquet'), parquet(count, { pageSize: 1e12 }));
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /a page of more than 2,097,152 values/,
  },
  {
    name: 'parquet-bombs',
    what: 'Parquet pages that claim a few bytes and unpack to 1 GiB, in Zstandard and Brotli',
    write: (folder, size) => {
      const blanks = Buffer.alloc(bySize(size, 1024, 64) * 1024 * 1024);
      for (const [codec, bomb] of [
        ['ZSTD', zstdCompressSync(blanks)],
        ['BROTLI', brotliCompressSync(blanks)],
      ] as const) {
        const bytes = parquet(10, { codec, compressors: { [codec]: () => bomb } });
        writeFileSync(join(folder, `${codec.toLowerCase()}-aws_iam_roles.parquet`), bytes);
      }
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /Parquet file is cut or damaged/,
  },
];

type Options = Partial<Parameters<typeof parquetWriteBuffer>[0]>;

/** A table of CloudQuery with one role so many times. */
function parquet(count: number, options: Options): Buffer {
  const row = {
    arn: 'arn:aws:iam::111122223333:role/Row',
    role_name: 'Row',
    account_id: '111122223333',
    assume_role_policy_document: OPEN_POLICY,
    _cq_sync_time: '2026-04-01T00:00:00Z',
  };
  return Buffer.from(
    parquetWriteBuffer({
      columnData: Object.entries(row).map(([name, value]) => ({
        name,
        data: Array<string>(count).fill(value),
        type: 'STRING' as const,
      })),
      rowGroupSize: count,
      ...options,
    }),
  );
}
