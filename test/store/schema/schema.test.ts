import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../src/store/index.ts';
import { inCheckout } from '../../checkout.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** Tables and views with their columns, as docs/schema.md lists them. */
function documented(): Map<string, string[]> {
  const text = readFileSync(inCheckout('docs', 'schema.md'), 'utf8');
  const sections = text.split(/^### /m).slice(1);
  return new Map(
    sections.map((section) => {
      const columns = [...section.matchAll(/^\| `(\w+)` \|/gm)].map((match) => String(match[1]));
      return [section.slice(0, section.indexOf('\n')), columns];
    }),
  );
}

describe('docs/schema.md', () => {
  it('names every table, view and column of the store, in order, and no other', () => {
    const path = join(temporaryFolder(), 'new.db');
    openStore(path, { mode: 'write' }).close();
    const db = new Database(path, { readonly: true });
    const names = db
      .prepare<[], string>(
        `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'`,
      )
      .pluck()
      .all();
    const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck();
    const stored = new Map(names.map((name) => [name, columns.all(name)]));
    db.close();
    expect(names.length).toBeGreaterThan(15);
    expect(documented()).toEqual(stored);
  });
});

describe('views', () => {
  it('are nested no deeper than the parsers of older SQLite programs hold', () => {
    const path = join(temporaryFolder(), 'views.db');
    openStore(path, { mode: 'write' }).close();
    const db = new Database(path, { readonly: true });
    const views = db
      .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'view'`)
      .all();
    db.close();
    expect(views.length).toBeGreaterThan(8);
    for (const { name, sql } of views) {
      let depth = 0;
      for (const character of sql) {
        if (character === '(') depth++;
        if (character === ')') depth--;
        expect(depth, name).toBeLessThan(20);
      }
    }
  });

  it('can be joined with each other: SQLite counts the tables of all views that a statement names', {
    timeout: 60_000,
  }, () => {
    const path = join(temporaryFolder(), 'joined.db');
    openStore(path, { mode: 'write' }).close();
    const db = new Database(path, { readonly: true });
    const views = db.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'view'`).pluck().all();
    for (const [index, one] of views.entries()) {
      for (const other of views.slice(index)) {
        expect(db.prepare(`SELECT 1 FROM ${one} a, ${other} b`).all(), `${one}, ${other}`).toEqual([]);
      }
    }
    db.close();
  });
});
