import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../src/store/index.ts';
import { spanRoles } from '../../../src/store/read/span-roles.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { roleRecord, scan, type TestFile } from '../files.ts';

const account = '111122223333';
const day = (number: number): string => `2026-01-0${number}T00:00:00Z`;
const span = { first: '2026-01-01T00:00:00', last: '2026-01-02T00:00:00' };
const arnOf = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

/** A policy by role name. */
const exported = (number: number, roles: Readonly<Record<string, string>>): TestFile => ({
  path: `export-${number}.json`,
  captures: [{ account, capturedAt: day(number), complete: true, reasons: [] }],
  records: Object.entries(roles).map(([roleName, policy]) =>
    roleRecord({ roleName, policy, account, capturedAt: day(number) }),
  ),
});

describe('the roles of a span', () => {
  let db: Database.Database;

  beforeAll(() => {
    const path = join(temporaryFolder(), 'store.db');
    const store = openStore(path, { mode: 'write' });
    const throughout = { A: '{"pass":1}', B: '{"pass":2}', C: '{"fail":1}' };
    scan(store, [
      exported(1, { ...throughout, D: '{"pass":1}', E: '{"pass":1}' }),
      exported(2, { ...throughout, D: '{"fail":1}', F: '{"pass":1}' }),
    ]);
    store.close();
    db = new Database(path, { readonly: true });
  });

  afterAll(() => db.close());

  it('are counted by what was judged of them where nothing else was seen; all others are named', () => {
    const { steady, others } = spanRoles(db, account, span);
    expect(steady.map(({ count }) => count).sort()).toEqual([1, 2]);
    expect(others).toEqual(['D', 'E', 'F'].map(arnOf));
  });

  it('are counted all the same where the others are too many to be named', () => {
    const { steady } = spanRoles(db, account, span);
    expect(spanRoles(db, account, span, 3)).toEqual({ steady, others: ['D', 'E', 'F'].map(arnOf) });
    expect(spanRoles(db, account, span, 2)).toEqual({ steady, others: null });
  });

  it('of one capture are all that it shows and that were never seen otherwise', () => {
    const { steady, others } = spanRoles(db, account, { first: span.first, last: span.first });
    expect(steady.map(({ count }) => count).sort()).toEqual([1, 3]);
    expect(others).toEqual(['D', 'F'].map(arnOf));
  });

  it('of an account that was never seen are none', () => {
    expect(spanRoles(db, '999988887777', span)).toEqual({ steady: [], others: [] });
  });
});
