import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openStore } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { AT, RULE, roleRecord, writeFile } from '../files.ts';

const folder = temporaryFolder();

type RunOfPaths = readonly [status: 'complete' | 'incomplete' | 'interrupted', ...paths: string[]];

it.each<readonly [what: string, runs: readonly RunOfPaths[], left: readonly number[]]>([
  ['a whole scan', [['complete', 'a']], []],
  ['an interrupted one', [['interrupted', 'a']], [1]],
  [
    'one that a later scan makes up for',
    [
      ['interrupted', 'a', 'b'],
      ['incomplete', 'b', 'a', 'c'],
    ],
    [],
  ],
  [
    'one of which a later scan lacks a path',
    [
      ['interrupted', 'a', 'b'],
      ['complete', 'a'],
    ],
    [1],
  ],
  [
    'a folder in place of its files',
    [
      ['interrupted', './x/a', 'x/y/b'],
      ['complete', 'x/'],
    ],
    [],
  ],
  [
    'a folder whose name begins alike',
    [
      ['interrupted', 'xa/b'],
      ['complete', 'x'],
    ],
    [1],
  ],
  [
    'a file in place of its folder',
    [
      ['interrupted', 'x'],
      ['complete', 'x/a'],
    ],
    [1],
  ],
  [
    'letters that mean something in patterns',
    [
      ['interrupted', 'a_b'],
      ['complete', 'axb'],
      ['complete', '%'],
    ],
    [1],
  ],
  [
    'a later one that was interrupted as well',
    [
      ['interrupted', 'a'],
      ['interrupted', 'a'],
    ],
    [2],
  ],
  [
    'standard input',
    [
      ['interrupted', '-'],
      ['complete', '-'],
    ],
    [1],
  ],
  ['no paths', [['interrupted'], ['complete', 'a']], [1]],
])('%s: reports and the view v_interrupted_run tell the same scans', (what, runs, left) => {
  const file = join(folder, `${what}.db`);
  const store = openStore(file, { mode: 'write' });
  for (const [status, ...paths] of runs) {
    const facts = { startedAt: AT, asOf: AT, toolVersion: '1.2.3', rules: [RULE], options: { paths } };
    store.beginRun(facts).finish(status, AT);
  }
  const db = new Database(file, { readonly: true });
  const view = db.prepare<[], number>('SELECT run_id FROM v_interrupted_run').pluck().all();
  db.close();
  expect(store.reader.interruptedRuns(null).map(({ id }) => id)).toEqual(left);
  expect(view).toEqual(left);
  store.close();
});

it('a scan that never ended is there', () => {
  const file = join(folder, 'killed.db');
  const store = openStore(file, { mode: 'write' });
  store.beginRun({ startedAt: AT, asOf: AT, toolVersion: '1.2.3', rules: [RULE], options: { paths: ['a'] } });
  const db = new Database(file, { readonly: true });
  expect(db.prepare('SELECT * FROM v_interrupted_run').raw().all()).toEqual([
    [1, AT, AT, 'running', '["a"]'],
  ]);
  db.close();
  store.close();
});

const day = (n: number) => `2026-01-0${n}T00:00:00Z`;

it.each<readonly [what: string, days: readonly number[], isOfThen: boolean]>([
  ['nothing', [], true],
  ['something of then', [2], true],
  ['something of then and something later', [2, 5], true],
  ['later evidence only', [5], false],
])('of a moment: a later scan that read %s', (what, days, isOfThen) => {
  const store = openStore(join(folder, `${what}.db`), { mode: 'write' });
  const scan = (status: 'complete' | 'interrupted', path: string, read: readonly number[]): void => {
    const facts = {
      startedAt: AT,
      asOf: AT,
      toolVersion: '1.2.3',
      rules: [RULE],
      options: { paths: [path] },
    };
    const run = store.beginRun(facts);
    for (const n of read) {
      const capturedAt = day(n);
      writeFile(run, {
        path: `${path}/${n}.json`,
        captures: [{ account: '111122223333', capturedAt, complete: true, reasons: [] }],
        records: [roleRecord({ capturedAt, policy: '{}' })],
      });
    }
    run.finish(status, AT);
  };
  const told = () =>
    store
      .readerAt('2026-01-03T00:00:00')
      .interruptedRuns(null)
      .map(({ id }) => id);
  scan('complete', 'a', [1]);
  scan('complete', 'b', [4]);
  scan('interrupted', 'c', days);
  expect(told()).toEqual(isOfThen ? [3] : []);
  scan('complete', 'c', [2, 5]);
  expect(told()).toEqual([]);
  store.close();
});
