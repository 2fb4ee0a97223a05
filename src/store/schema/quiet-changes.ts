import type { Database, Statement } from 'better-sqlite3';

interface Changes {
  readonly total: Statement<[], number>;
  quiet: number;
}

const changes = new WeakMap<Database, Changes>();

function changesOf(db: Database): Changes {
  let known = changes.get(db);
  if (known === undefined) {
    known = { total: db.prepare<[], number>('SELECT total_changes()').pluck(), quiet: 0 };
    changes.set(db, known);
  }
  return known;
}

/** Writes what readers do not remember, so that they need not forget: neither roles nor evidence. */
export function quietly(db: Database, write: () => void): void {
  const known = changesOf(db);
  const before = known.total.get() ?? 0;
  write();
  known.quiet += (known.total.get() ?? 0) - before;
}

/** Rows that this connection wrote, but for those that were written quietly: while it is the same, so is what was read. */
export function changesSoFar(db: Database): number {
  const { total, quiet } = changesOf(db);
  return (total.get() ?? 0) - quiet;
}

/** Tells in what state the store is: while it says the same, what was read holds. */
export function openStoreState(db: Database): () => string {
  // Another scan may have written meanwhile, by this connection or another.
  const others = db.prepare<[], number>('SELECT data_version FROM pragma_data_version').pluck();
  return () => `${changesSoFar(db)} ${others.get()}`;
}
