import { openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { bySize, type HostileCase, OPEN_POLICY } from './case.ts';

const COLUMNS =
  'arn TEXT, role_name TEXT, account_id TEXT, assume_role_policy_document TEXT, _cq_sync_time TEXT';
const ARN = 'arn:aws:iam::111122223333:role/Row';
const ROW = [ARN, 'Row', '111122223333', OPEN_POLICY, '2026-04-01T00:00:00Z'];

/** Databases and Parquet files that want to be run, or lie about what they hold. */
export const TABLE_CASES: readonly HostileCase[] = [
  {
    name: 'sqlite-view',
    what: 'an SQLite view without an end where the table is expected',
    write: (folder) => {
      sqlite(folder, (db) =>
        db.exec(
          `CREATE VIEW aws_iam_roles AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT '${ARN}' || x AS arn, 'x' AS role_name, '111122223333' AS account_id, '{}' AS assume_role_policy_document, '' AS _cq_sync_time FROM n`,
        ),
      );
    },
    seconds: 30,
    megabytes: 300,
    exit: 3,
    says: /without a table/,
  },
  {
    name: 'sqlite-schema',
    what: 'SQLite with triggers, generated columns that never end, and an index on an expression',
    write: (folder) => {
      sqlite(folder, (db) => {
        db.exec(`CREATE TABLE aws_iam_roles (${COLUMNS})`);
        db.exec('CREATE TRIGGER t AFTER INSERT ON aws_iam_roles BEGIN DELETE FROM aws_iam_roles; END');
        db.exec('DROP TRIGGER t');
        db.prepare('INSERT INTO aws_iam_roles VALUES (?, ?, ?, ?, ?)').run(ROW);
        db.exec('CREATE TRIGGER t AFTER UPDATE ON aws_iam_roles BEGIN DELETE FROM aws_iam_roles; END');
        db.exec('CREATE INDEX i ON aws_iam_roles (upper(arn))');
        db.exec('ALTER TABLE aws_iam_roles ADD COLUMN bomb TEXT AS (hex(zeroblob(400000000))) VIRTUAL');
      });
    },
    seconds: 30,
    megabytes: 300,
    exit: 0,
    says: null,
    roles: 1,
  },
  {
    name: 'sqlite-columns',
    what: 'SQLite with 2,000 columns of a name',
    write: (folder) => {
      sqlite(folder, (db) => {
        const more = Array.from({ length: 1_990 }, (_, n) => `"${'c'.repeat(200)}${n}"`).join(', ');
        db.exec(`CREATE TABLE aws_iam_roles (${COLUMNS}, ${more})`);
        db.prepare(
          'INSERT INTO aws_iam_roles (arn, role_name, account_id, assume_role_policy_document, _cq_sync_time) VALUES (?, ?, ?, ?, ?)',
        ).run(ROW);
      });
    },
    seconds: 30,
    megabytes: 300,
    exit: 0,
    says: null,
    roles: 1,
  },
  {
    name: 'sqlite-value',
    what: 'an SQLite value of 500 MB, nearly the longest that there can be',
    write: (folder, size) => {
      sqlite(folder, (db) => {
        db.exec(`CREATE TABLE aws_iam_roles (${COLUMNS})`);
        db.exec(
          `INSERT INTO aws_iam_roles VALUES ('${ARN}', 'Row', '111122223333', zeroblob(${bySize(size, 500_000_000, 40_000_000)}), '2026-04-01T00:00:00Z')`,
        );
      });
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /too large|larger than|too-large/,
  },
  {
    name: 'sqlite-shared-pages',
    what: 'SQLite of a few pages whose tree shows them 10^9 times',
    write: (folder) => {
      const file = sqlite(folder, (db) => {
        db.exec(`CREATE TABLE aws_iam_roles (${COLUMNS})`);
        const insert = db.prepare('INSERT INTO aws_iam_roles VALUES (?, ?, ?, ?, ?)');
        for (let n = 0; n < 20_000; n++)
          insert.run(`${ARN}${n}`, `Row${n}`, '111122223333', '{}', '2026-04-01T00:00:00Z');
      });
      shareChildren(file);
    },
    seconds: 120,
    megabytes: 300,
    exit: 3,
    says: /damaged|malformed/,
  },
  {
    name: 'sqlite-pages',
    what: 'SQLite with pages that are noise',
    write: (folder) => {
      const file = sqlite(folder, (db) => {
        db.exec(`CREATE TABLE aws_iam_roles (${COLUMNS})`);
        const insert = db.prepare('INSERT INTO aws_iam_roles VALUES (?, ?, ?, ?, ?)');
        for (let n = 0; n < 5_000; n++)
          insert.run(`${ARN}${n}`, `Row${n}`, '111122223333', '{}', '2026-04-01T00:00:00Z');
      });
      const bytes = readFileSync(file);
      for (let at = 3 * 4096; at < bytes.length; at += 7 * 4096) bytes.fill(0xa5, at, at + 4096);
      writeFileSync(file, bytes);
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /damaged/,
  },
  {
    name: 'parquet-counts',
    what: 'Parquet whose footer counts 2^40 rows',
    write: (folder) => {
      const bytes = parquet(1_000);
      patchAll(bytes, varint(2_000), varint(2 ** 20 * 2 - 2).subarray(0, 2));
      writeFileSync(join(folder, 'aws_iam_roles.parquet'), bytes);
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /Parquet file is cut or damaged/,
  },
  {
    name: 'parquet-footer',
    what: 'Parquet whose footer is noise of 16 MiB: lists without an end, structs in each other',
    write: (folder) => {
      for (const [name, byte] of [
        ['lists', 0x19],
        ['structs', 0x1c],
        ['counts', 0xff],
      ] as const) {
        const footer = Buffer.alloc(16 * 1024 * 1024, byte);
        const end = Buffer.alloc(8);
        end.writeUInt32LE(footer.length);
        end.write('PAR1', 4);
        const descriptor = openSync(join(folder, `${name}.parquet`), 'w');
        for (const piece of [Buffer.from('PAR1'), footer, end]) writeSync(descriptor, piece);
      }
    },
    seconds: 180,
    megabytes: 300,
    exit: 3,
    says: /Parquet file is cut or damaged/,
  },
  {
    name: 'duckdb-noise',
    what: 'DuckDB databases whose blocks are noise',
    write: (folder) => {
      for (let seed = 1; seed <= 3; seed++) {
        const bytes = Buffer.alloc(1024 * 1024);
        let state = seed;
        for (let at = 0; at < bytes.length; at++) {
          state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
          bytes[at] = state >> 16;
        }
        bytes.write('DUCK', 8);
        bytes.writeBigUInt64LE(64n, 12);
        writeFileSync(join(folder, `${seed}.duckdb`), bytes);
      }
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /DuckDB/,
  },
];

function sqlite(folder: string, fill: (db: Database.Database) => unknown): string {
  const file = join(folder, 'cloudquery.db');
  const db = new Database(file);
  db.transaction(() => fill(db))();
  db.close();
  return file;
}

/** Makes all interior pages of the tree point to one another's first child, 19 levels deep. */
function shareChildren(file: string): void {
  const bytes = readFileSync(file);
  const size = bytes.readUInt16BE(16);
  const pages = bytes.length / size;
  const interior = Array.from({ length: pages }, (_, n) => n).filter((n) => n > 0 && bytes[n * size] === 5);
  const leaf = Array.from({ length: pages }, (_, n) => n).find(
    (n) => n > 0 && bytes[n * size] === 13,
  ) as number;
  // A copy of an interior page for each level, all of whose children are the page of the next one.
  const model = Buffer.from(
    bytes.subarray((interior[0] as number) * size, ((interior[0] as number) + 1) * size),
  );
  const levels = 6;
  const copies = Array.from({ length: levels }, (_, level) => {
    const page = Buffer.from(model);
    const child = level + 1 === levels ? leaf + 1 : pages + level + 2;
    page.writeUInt32BE(child, 8);
    for (let cell = 0; cell < page.readUInt16BE(3); cell++)
      page.writeUInt32BE(child, page.readUInt16BE(12 + 2 * cell));
    return page;
  });
  const root = (interior[0] as number) * size;
  bytes.writeUInt32BE(pages + 1, root + 8);
  for (let cell = 0; cell < bytes.readUInt16BE(root + 3); cell++)
    bytes.writeUInt32BE(pages + 1, root + bytes.readUInt16BE(root + 12 + 2 * cell));
  bytes.writeUInt32BE(pages + levels, 28);
  writeFileSync(file, Buffer.concat([bytes, ...copies]));
}

function parquet(count: number): Buffer {
  const column = (name: string, value: (n: number) => string) => ({
    name,
    data: Array.from({ length: count }, (_, n) => value(n)),
    type: 'STRING' as const,
  });
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        column('arn', (n) => `${ARN}${n}`),
        column('role_name', (n) => `Row${n}`),
        column('account_id', () => '111122223333'),
        column('assume_role_policy_document', () => OPEN_POLICY),
        column('_cq_sync_time', () => '2026-04-01T00:00:00Z'),
      ],
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

function patchAll(bytes: Buffer, from: Buffer, to: Buffer): void {
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + from.length)) to.copy(bytes, at);
}
