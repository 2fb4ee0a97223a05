import Database from 'better-sqlite3';
import { schemaOf } from './migrations.ts';

/** Stores up to this size are checked in full whenever they are opened, which takes a moment; larger ones in haste. */
const CHECKED_IN_FULL = 16 * 1024 * 1024;
const MOST_PROBLEMS = 20;

/**
 * What SQLite finds wrong with the file, one line each; empty when nothing is. The hasty check reads every page too,
 * but does not compare indexes with their tables.
 *
 * @throws SqliteError where the damage stops even the check
 */
export function damageOf(db: Database.Database, depth: 'hasty' | 'full'): readonly string[] {
  const check = depth === 'full' ? 'integrity_check' : 'quick_check';
  const rows = db.prepare<[], string>(`PRAGMA ${check}(${MOST_PROBLEMS})`).pluck().all();
  return rows.length === 1 && rows[0] === 'ok' ? [] : rows.flatMap((row) => row.split('\n'));
}

/** The check that opening a store can afford. */
export function depthFor(db: Database.Database): 'hasty' | 'full' {
  const pages = Number(db.pragma('page_count', { simple: true }));
  const bytes = pages * Number(db.pragma('page_size', { simple: true }));
  return bytes <= CHECKED_IN_FULL ? 'full' : 'hasty';
}

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

/**
 * The name of a table, index or view that a store of this version has and this database has not, or has otherwise;
 * null when there is none. What others have added is their business.
 */
export function strangeTo(db: Database.Database, version: number): string | null {
  const found = new Map(objectsIn(db).map((one) => [one.name, one]));
  const strange = objectsOf(version).find(({ type, name, sql }) => {
    const one = found.get(name);
    return one?.type !== type || one.sql !== sql;
  });
  return strange?.name ?? null;
}

const known = new Map<number, readonly SchemaObject[]>();

/** Those of a store of this version; remembered, as making them takes most of the time of opening a store. */
function objectsOf(version: number): readonly SchemaObject[] {
  let objects = known.get(version);
  if (objects === undefined) {
    const model = new Database(':memory:');
    try {
      model.exec(schemaOf(version));
      objects = objectsIn(model);
    } finally {
      model.close();
    }
    known.set(version, objects);
  }
  return objects;
}

function objectsIn(db: Database.Database): readonly SchemaObject[] {
  return db.prepare<[], SchemaObject>('SELECT type, name, sql FROM sqlite_schema').all();
}
