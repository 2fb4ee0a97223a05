import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../src/reading/read-evidence.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { OPTIONS, readContent } from './read.ts';
import { CLOUDQUERY_ROWS, withoutPlaces } from './tables.ts';

const root = temporaryFolder();
let count = 0;

type Rows = readonly (typeof CLOUDQUERY_ROWS)[number][];

/** A folder with nothing but a database in it. */
function makeDatabase(
  rows: Rows,
  setup: (database: Database.Database) => void = () => {},
  table = 'aws_iam_roles',
) {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  const file = join(folder, 'roles.db');
  const database = new Database(file);
  setup(database);
  const columns = Object.keys(CLOUDQUERY_ROWS[0] ?? {});
  database.exec(`CREATE TABLE other (x); CREATE TABLE ${table} (${columns.map((name) => `${name} text`)})`);
  const insert = database.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?')})`);
  database.exec('BEGIN');
  for (const row of rows) {
    const values = Object.values(row);
    insert.run(values.map((value) => (value instanceof Object ? JSON.stringify(value) : value)));
  }
  database.exec('COMMIT');
  database.close();
  return { folder, file };
}

const many: Rows = Array.from({ length: 1200 }, (_, index) => ({
  ...(CLOUDQUERY_ROWS[0] as Rows[number]),
  arn: `arn:aws:iam::111122223333:role/r${index}`,
}));
const asJson = (rows: Rows) => rows.map((row) => JSON.stringify(row)).join('\n');
const wal = (database: Database.Database) => void database.pragma('journal_mode = WAL');

async function read(file: string) {
  const batches = readEvidence({ kind: 'file', path: 'roles.db', file }, OPTIONS);
  let roles = 0;
  let step = await batches.next();
  for (; step.done !== true; step = await batches.next()) {
    roles += step.value.filter(({ kind }) => kind === 'role').length;
  }
  return { roles, reading: step.value };
}

describe('CloudQuery SQLite', () => {
  it.each([
    ['zeros with which a program makes room', Buffer.alloc(70_000), 'complete'],
    [
      'anything else',
      Buffer.concat([Buffer.alloc(70_000), Buffer.from('{"RoleDetailList":[]}')]),
      'incomplete',
    ],
  ])('reads the rows and says whether more follows: %s', async (_, rest, status) => {
    const { file } = makeDatabase(many);
    const sound = readFileSync(file);
    writeFileSync(file, Buffer.concat([sound, rest]));
    const { roles, reading } = await read(file);
    expect(roles).toBe(many.length);
    expect(reading.status).toBe(status);
    const problem = { code: 'table-damaged', message: expect.stringContaining(`the ${sound.length} bytes`) };
    expect(reading.problems).toMatchObject(status === 'complete' ? [] : [problem]);
    const piped = await readContent(readFileSync(file), {}, 'roles.db');
    expect(piped.reading).toEqual({ ...reading, evidence: piped.reading.evidence });
  });

  it('gives the same records as JSON lines', async () => {
    const json = await readContent(asJson(many));
    const content = readFileSync(makeDatabase(many).file);
    for (const bytes of [content, gzipSync(content)]) {
      const sqlite = await readContent(bytes, {}, 'roles.db');
      expect(withoutPlaces(sqlite.roles)).toEqual(withoutPlaces(json.roles));
      expect(sqlite.captures).toEqual(json.captures);
      expect(sqlite.roles.map(({ pointer }) => pointer).slice(0, 2)).toEqual(['#1', '#2']);
      expect(sqlite.reading).toMatchObject({ format: 'cloudquery', status: 'complete', problems: [] });
    }
  });

  it.each([
    ['rollback journal', () => {}],
    ['write-ahead log', wal],
  ])('leaves no trace beside a database with %s', async (_, setup) => {
    const { folder, file } = makeDatabase(many, setup);
    const before = { names: readdirSync(folder), bytes: readFileSync(file), time: statSync(file).mtimeMs };
    expect(before.names).toEqual(['roles.db']);
    expect(await read(file)).toMatchObject({ roles: many.length, reading: { status: 'complete' } });
    expect({ names: readdirSync(folder), bytes: readFileSync(file), time: statSync(file).mtimeMs }).toEqual(
      before,
    );
  });

  it('does not overlook changes that are still in the log', async () => {
    const { file } = makeDatabase(many, wal);
    writeFileSync(`${file}-wal`, 'x');
    const { reading } = await read(file);
    expect(reading).toMatchObject({ status: 'unreadable', problems: [{ code: 'table-damaged' }] });
    expect(reading.problems[0]?.message).toMatch(/-wal/);
  });

  it('runs nothing that the file says', async () => {
    const view = makeDatabase(
      [],
      (database) => database.exec('CREATE VIEW aws_iam_roles AS SELECT 1 AS arn'),
      'roles',
    );
    expect((await read(view.file)).reading).toMatchObject({
      status: 'unreadable',
      problems: [{ code: 'format-unknown' }],
    });
    const generated = makeDatabase(many.slice(0, 1));
    const database = new Database(generated.file);
    database.exec('ALTER TABLE aws_iam_roles RENAME COLUMN role_id TO old');
    database.exec('ALTER TABLE aws_iam_roles ADD COLUMN role_id AS (zeroblob(1000000000))');
    database.close();
    expect(await read(generated.file)).toMatchObject({ roles: 1, reading: { status: 'complete' } });
  });

  it('names values and tables that cannot be roles', async () => {
    const row = { ...(CLOUDQUERY_ROWS[0] as Rows[number]), arn: 'x'.repeat(34_000_000) };
    const long = await read(makeDatabase([...many.slice(0, 3), row, ...many.slice(3, 5)]).file);
    expect(long).toMatchObject({
      roles: 5,
      reading: {
        status: 'incomplete',
        recordsRead: 6,
        recordsRejected: 1,
        problems: [{ code: 'table-too-large', message: 'row 4 holds a value of more than 32 MiB' }],
      },
    });
    const empty = await read(makeDatabase([]).file);
    expect(empty.reading).toMatchObject({ status: 'incomplete', problems: [{ code: 'no-roles' }] });
  });

  it('never calls a cut or damaged database complete unless all rows are there', async () => {
    const content = readFileSync(makeDatabase(many).file);
    for (const length of [16, 99, 4096, content.length >> 1, content.length - 4096]) {
      expect((await readContent(content.subarray(0, length))).reading.status).not.toBe('complete');
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 6 }), async (at, noise) => {
        const spoilt = Buffer.from(content);
        spoilt.set(noise, at % (spoilt.length - noise.length));
        const { reading, roles, rejects } = await readContent(spoilt);
        expect(reading.recordsRead).toBe(roles.length + rejects.length);
      }),
      { numRuns: 60 },
    );
  });
});
