import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { TrustsieveError } from '../../src/errors.ts';
import { openStore } from '../../src/store/index.ts';
import { errorOfReplacement, guarded, guardedReading, storeUnfinished } from '../../src/store/store-error.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const sound = join(folder, 'sound.db');
openStore(sound, { mode: 'write' }).close();
const damaged = join(folder, 'damaged.db');
writeFileSync(damaged, readFileSync(sound).subarray(0, 9000));

const constraint = (): never => {
  throw new Database.SqliteError('UNIQUE constraint failed: role.arn', 'SQLITE_CONSTRAINT_UNIQUE');
};

describe('what SQLite refuses to write', () => {
  it('is a mistake of the program in a sound store, and damage in another', () => {
    expect(() => guarded(sound, constraint)).toThrow(expect.objectContaining({ code: 'internal' }));
    expect(() => guarded(damaged, constraint)).toThrow(expect.objectContaining({ code: 'store-damaged' }));
  });
});

describe('a disk that takes or gives no more', () => {
  it.each([
    ['SQLITE_FULL', 'is full; make room and try again'],
    ['SQLITE_IOERR_WRITE', 'fails or has reached a limit; repair that and try again'],
  ])('%s is one line that says what to do', (code, advice) => {
    const failing = (): never => {
      throw new Database.SqliteError('disk I/O error', code);
    };
    const message = `cannot use the store \`${sound}\`: its disk, or that of temporary files (SQLITE_TMPDIR), ${advice}`;
    expect(() => guarded(sound, failing)).toThrow(
      expect.objectContaining({ code: 'store-unwritable', message }),
    );
  });
});

describe('what reading stumbles over', () => {
  const broken = {
    parse: (text: string): unknown => JSON.parse(text),
    *rows(): Generator<number> {
      yield 1;
      throw new TypeError('no such row');
    },
    makes: () => (): never => {
      throw new RangeError('offset');
    },
    list: (): readonly number[] => [1, 2],
  };
  const reading = guardedReading(sound, broken);
  const isDamage = expect.objectContaining({
    code: 'store-damaged',
    message: expect.stringMatching(
      /^the store `[^\n]*` is damaged \([^\n]*\): restore it, or rebuild it with `trustsieve runs --repair`$/,
    ),
  });

  it('is damage, in functions, in what they return, and in rows', () => {
    expect(() => reading.parse('{\n')).toThrow(isDamage);
    expect(() => [...reading.rows()]).toThrow(isDamage);
    expect(() => reading.makes()()).toThrow(isDamage);
  });

  it('changes nothing that works', () => {
    expect(reading.parse('[1]')).toEqual([1]);
    expect(reading.list()).toEqual([1, 2]);
    expect(reading.rows().next().value).toBe(1);
  });
});

describe('a store under a temporary name that cannot be written', () => {
  const told = (error: unknown): unknown => errorOfReplacement(error, '.all.db.tmp', 'all.db', 'merge again');
  const full = new Database.SqliteError('database or disk is full', 'SQLITE_FULL');

  it('is called by the name of the store that it was to become, of which nothing else is true', () => {
    const message =
      'cannot use the store `all.db`: its disk, or that of temporary files (SQLITE_TMPDIR), is full; make room and merge again';
    expect(told(storeUnfinished('.all.db.tmp', ['.all.db.tmp-wal'], full))).toMatchObject({ message });
    const system = Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync' });
    expect(told(system)).toMatchObject({
      code: 'store-unwritable',
      message: expect.stringContaining('`all.db`: EIO'),
    });
  });

  it('is not blamed for another one, nor for a mistake of the program', () => {
    const other = new TrustsieveError('store-damaged', 'the store `part-1.db` is damaged', { cause: full });
    const mistake = new TypeError('undefined is not a function');
    expect(told(other)).toBe(other);
    expect(told(mistake)).toBe(mistake);
  });
});

it('says what is left beside a store that could not be closed', () => {
  const full = new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
  expect(storeUnfinished('s.db', ['s.db-wal'], full).message).toMatch(
    /^cannot finish the store `s\.db`: .*`s\.db-wal`/,
  );
  expect(storeUnfinished('s.db', [], full).message).toMatch(
    /^cannot seal the store `s\.db`: its disk is full;/,
  );
});
