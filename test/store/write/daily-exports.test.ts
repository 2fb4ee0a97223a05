import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { dumpStore } from '../dump.ts';
import { beginRun, roleRecord, scan, type TestFile, writeFile } from '../files.ts';
import { modelOf } from '../model.ts';

const folder = temporaryFolder();
const ACCOUNTS = ['000000000001', '000000000002'];
const ROLES = 90;
const day = (number: number) => `2026-01-${String(number).padStart(2, '0')}T00:00:00Z`;

/** The policy of a role on a day: most stay as they are, some change, come back, or are not there. */
function policyOn(account: string, role: number, date: number): string | null {
  const turn = (role * 7 + date * 3 + Number(account)) % 23;
  if (role >= 60 && date === 1) return null;
  if (turn === 0 && date > 2) return null;
  return `{"${turn < 4 ? 'fail' : 'pass'}":${role % 5}}`;
}

function exportOf(account: string, date: number, complete = true): TestFile {
  const capturedAt = day(date);
  const records = Array.from({ length: ROLES }, (_, role) => {
    const policy = policyOn(account, role, date);
    return policy === null
      ? []
      : [roleRecord({ account, roleName: `R${role}`, policy, capturedAt, offset: role * 100 + date })];
  }).flat();
  const reasons = complete ? [] : (['truncated'] as const);
  return { path: `${account}-${date}.json`, captures: [{ account, capturedAt, complete, reasons }], records };
}

describe('exports of every day', () => {
  // Both accounts are captured at the same times, and numbers of their roles lie between each other's.
  const inOrder = Array.from({ length: 9 }, (_, index) =>
    ACCOUNTS.map((account) => exportOf(account, index + 1, index !== 5)),
  ).flat();

  it.each([
    ['in order', inOrder],
    ['in reverse', inOrder.toReversed()],
    [
      'the odd ones first',
      [...inOrder.filter((_, at) => at % 4 < 2), ...inOrder.filter((_, at) => at % 4 > 1)],
    ],
  ])('come to the same %s', (name, files) => {
    const path = join(folder, `${name}.db`);
    const store = openStore(path, { mode: 'write' });
    scan(store, files);
    scan(store, files.slice(0, 3));
    store.close();
    const { captures, roles, observations, disagreements, covered } = dumpStore(path);
    expect({ captures, roles, observations, disagreements, covered }).toEqual(modelOf(inOrder));
    expect(observations.length).toBeGreaterThan(ROLES * 4);
  });
});

/** A new store whose evidence table refuses the file `bad.json`: by ending the statement, or the whole transaction. */
function refusing(name: string, how: 'ABORT' | 'ROLLBACK'): { readonly path: string; readonly store: Store } {
  const path = join(folder, `${name}.db`);
  const store = openStore(path, { mode: 'write' });
  // Once it is open: a store with a trigger is not opened.
  const db = new Database(path);
  db.exec(`CREATE TRIGGER refuse BEFORE INSERT ON evidence WHEN NEW.path = 'bad.json'
    BEGIN SELECT RAISE(${how}, 'refused'); END`);
  db.close();
  return { path, store };
}

describe('a file that cannot be written', () => {
  const file = (path: string, roleName: string): TestFile => ({
    path,
    captures: [],
    records: [roleRecord({ roleName, policy: `{"pass":"${roleName}"}` })],
  });

  it('leaves nothing but names, and others are written after it', () => {
    const { path, store } = refusing('abort', 'ABORT');
    const run = beginRun(store);
    writeFile(run, file('a.json', 'A'));
    expect(() => writeFile(run, file('bad.json', 'B'))).toThrow('refused');
    writeFile(run, file('c.json', 'C'));
    store.close();
    const { roles, observations, evidence } = dumpStore(path);
    expect([roles.length, observations.length, evidence.length]).toEqual([3, 2, 2]);
  });

  it('ends the writing when names that were given numbers went with it', () => {
    const { path, store } = refusing('rollback', 'ROLLBACK');
    const run = beginRun(store);
    writeFile(run, file('a.json', 'A'));
    expect(() => writeFile(run, file('bad.json', 'B'))).toThrow('refused');
    expect(() => writeFile(run, file('c.json', 'B'))).toThrow('refused');
    expect(() => run.finish('complete', day(1))).toThrow('refused');
    store.close();
    const { roles, observations, evidence } = dumpStore(path);
    expect([roles.length, observations.length, evidence.length]).toEqual([1, 1, 1]);
  });
});
