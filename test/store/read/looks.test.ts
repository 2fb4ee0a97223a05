import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { DataProblem } from '../../../src/errors.ts';
import { openReport } from '../../../src/history/report/report.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { AT, roleRecord, scan, type TestFile } from '../files.ts';

const folder = temporaryFolder();
let stores = 0;
const account = '111122223333';
const day = (number: number) => `2026-01-0${number}T00:00:00Z`;
const column = (number: number) => day(number).slice(0, -1);

const exported = (number: number): TestFile => ({
  path: `export-${number}.json`,
  captures: [{ account, capturedAt: day(number), complete: true, reasons: [] }],
  records: [roleRecord({ capturedAt: day(number) })],
});
const without = (number: number, ...reasons: readonly DataProblem[]): TestFile => ({
  path: `region-${number}.json`,
  format: 'aws-config',
  captures: [{ account, capturedAt: day(number), complete: false, reasons: ['no-iam-recorded', ...reasons] }],
  records: [],
});

/** Each file in a run of its own. */
function stored(...files: readonly TestFile[]): Store {
  const store = openStore(join(folder, `${stores++}.db`), { mode: 'write' });
  for (const file of files) scan(store, [file]);
  return store;
}

it('a snapshot without roles moves no look, no trend and no age', () => {
  const store = stored(exported(1), without(2), without(3), exported(4), without(5), without(4));
  const look = { account, name: null, at: column(4), completeAt: column(4), gapAt: null, complete: true };
  const { reader } = store;
  expect(reader.accountLooks({ kind: 'all' })).toEqual([look]);
  expect(reader.accountLooks({ kind: 'at', time: column(9) })).toEqual([look]);
  expect(reader.accountLooks({ kind: 'at', time: column(3) })).toMatchObject([
    { at: column(1), complete: true },
  ]);
  expect(reader.accountLooks({ kind: 'before-run', run: 4 })).toMatchObject([
    { at: column(1), complete: true },
  ]);
  expect([...reader.capturesOf(account, column(9))].map(({ at }) => at)).toEqual([column(1), column(4)]);
  expect([...reader.capturesBefore(account, column(4))].map(({ at }) => at)).toEqual([column(1)]);
  const report = openReport(store, { asOf: AT });
  expect(report.completeness().reasons).toEqual([]);
  expect([...report.accounts()]).toMatchObject([{ capturedAt: day(4), complete: true }]);
  expect(report.trend('day').map(({ at }) => at)).toEqual(['2026-01-01', '2026-01-04']);
  expect([...report.evidence()]).toHaveLength(6);
  store.close();
  const db = new Database(store.path, { readonly: true });
  expect(db.prepare('SELECT captured_at, complete FROM v_account').raw().all()).toEqual([[day(4), 1]]);
  db.close();
});

it('a snapshot without roles is the capture of an account that has no other, and no role was recorded', () => {
  const store = stored(without(1), without(2), exported(3));
  const last = { account, name: null, at: column(2), completeAt: null, gapAt: null, complete: false };
  expect(store.reader.accountLooks({ kind: 'at', time: column(2) })).toEqual([last]);
  expect(store.reader.accountLooks({ kind: 'run', run: 2 })).toEqual([last]);
  expect(openReport(store, { asOf: AT, run: 2 }).completeness().reasons).toEqual([
    `AWS Config recorded no role of account ${account}`,
  ]);
  expect([...store.reader.capturesOf(account, column(2))]).toEqual([]);
  expect(openReport(store, { asOf: AT, run: 2 }).trend('day')).toEqual([]);
  expect([...store.reader.capturesBefore(account, column(3))]).toEqual([]);
  store.close();
});

it('a cut snapshot without roles is a capture that leaves a gap', () => {
  const store = stored(exported(1), without(2, 'truncated'));
  expect(store.reader.accountLooks({ kind: 'all' })).toMatchObject([
    { at: column(2), completeAt: column(1), gapAt: column(2), complete: false },
  ]);
  store.close();
});
