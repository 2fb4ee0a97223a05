import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DataProblem } from '../../../src/errors.ts';
import { openReport } from '../../../src/history/report/report.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { AT, beginRun, judge, roleRecord, sha256Of } from '../files.ts';

const folder = temporaryFolder();
let stores = 0;
const account = '111122223333';
const DAY = '2026-01-01T00:00:00Z';

interface Read {
  readonly path: string;
  readonly content: string;
  /** Names of roles. */
  readonly roles?: readonly string[];
  readonly capturedAt?: string;
  /** Why the file is not whole. */
  readonly lacks?: DataProblem;
}

/** Reads each in a run of its own. */
function stored(...reads: readonly Read[]): Store {
  const store = openStore(join(folder, `${stores++}.db`), { mode: 'write' });
  for (const { path, content, roles, capturedAt = DAY, lacks } of reads) {
    const run = beginRun(store);
    const writer = run.evidence();
    for (const roleName of roles ?? []) {
      const record = roleRecord({ roleName, capturedAt });
      writer.add(record, judge(record));
    }
    writer.finish({
      evidence: { path, sha256: sha256Of(content), bytes: 9, modifiedAt: null },
      format: roles === undefined ? null : 'test',
      capturedFrom: null,
      captures:
        roles === undefined
          ? []
          : [
              {
                account,
                capturedAt,
                complete: lacks === undefined,
                reasons: lacks === undefined ? [] : [lacks],
              },
            ],
      recordsRead: roles?.length ?? 0,
      status: lacks === undefined ? 'complete' : roles === undefined ? 'unreadable' : 'incomplete',
      problems: lacks === undefined ? [] : [{ code: lacks, message: lacks }],
    });
    run.finish('complete', AT);
  }
  return store;
}

function standing(...reads: readonly Read[]): {
  readonly unread: number;
  readonly complete: readonly boolean[];
} {
  const store = stored(...reads);
  const report = openReport(store, { asOf: AT });
  const { unread } = report.completeness();
  const complete = [...report.accounts()].map((row) => row.complete);
  store.close();
  return { unread, complete };
}

const bad = (path: string): Read => ({ path, content: 'error', lacks: 'command-failed' });
const cut: Read = { path: 'cut.json', content: 'cut', roles: ['A', 'B'], lacks: 'truncated' };
const whole: Read = { path: 'whole.json', content: 'whole', roles: ['A', 'B', 'C'] };

it.each<[string, readonly Read[], number]>([
  ['another path', [bad('a'), whole], 1],
  ['the same path', [bad('whole.json'), whole], 0],
  ['the same path, read before', [whole, bad('whole.json')], 1],
  ['the same path, read before and again', [whole, bad('whole.json'), whole], 0],
  ['the same path, unreadable again', [bad('a'), { ...bad('a'), content: 'other' }], 1],
  ['the same path, left aside as no evidence', [bad('a'), { path: 'a', content: 'note' }], 1],
  ['standard input', [bad('-'), { ...whole, path: '-' }], 1],
])('an unreadable file and then %s', (_, reads, unread) => {
  expect(standing(...reads).unread).toBe(unread);
});

it.each<[string, readonly Read[], number, boolean]>([
  ['alone', [cut], 1, false],
  ['with the whole at the same time', [cut, whole], 0, true],
  ['after the whole of the same time', [whole, cut], 0, true],
  ['with the whole of another time', [cut, { ...whole, capturedAt: '2026-02-01T00:00:00Z' }], 1, true],
  ['with another part of the same time', [cut, { ...whole, roles: ['A', 'C'] }], 1, false],
  ['with the last page of the same time', [cut, { ...whole, roles: ['C'] }], 1, false],
  ['with another cut file', [cut, { ...cut, path: 'other.json' }], 2, false],
  ['with the whole of the same time, cut itself', [cut, { ...whole, lacks: 'truncated' }], 2, false],
])('a cut file %s', (_, reads, unread, complete) => {
  expect(standing(...reads)).toEqual({ unread, complete: [complete] });
});

it('is missing again when the run that brought the whole is taken back', () => {
  const store = stored(cut, whole);
  expect(store.forgetRun(2)).toBe(1);
  const report = openReport(store, { asOf: AT });
  expect(report.completeness().unread).toBe(1);
  expect([...report.accounts()]).toMatchObject([{ complete: false, roles: 2 }]);
  expect([...report.evidence()]).toMatchObject([{ path: 'cut.json', loss: 'missing' }]);
  store.close();
});

it('a file that another run read too stays when one of them is taken back', () => {
  const store = stored(whole, whole);
  expect(store.forgetRun(1)).toBe(0);
  expect([...openReport(store, { asOf: AT }).accounts()]).toMatchObject([{ complete: true, roles: 3 }]);
  expect(store.listRuns()).toMatchObject([{ id: 2, files: 1 }]);
  expect(() => store.forgetRun(1)).toThrow('no run `1`');
  store.close();
});
