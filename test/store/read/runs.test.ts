import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { MissingParts } from '../../../src/model/completeness.ts';
import { missingPartsText } from '../../../src/report/shared/missing.ts';
import { openStore } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { AT, RULE } from '../files.ts';

const folder = temporaryFolder();
const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

type Status = 'complete' | 'incomplete' | 'interrupted';
type RunOfPart = readonly [status: Status, list: string, part: number, parts: number] | readonly [Status];

/** What the store says to be missing, and what the views say. */
function told(name: string, runs: readonly RunOfPart[]) {
  const file = join(folder, `${name}.db`);
  const store = openStore(file, { mode: 'write' });
  for (const [status, list, part, parts] of runs) {
    const facts = { startedAt: AT, asOf: AT, toolVersion: '1', rules: [RULE], options: { paths: ['in'] } };
    const shard =
      list === undefined || part === undefined || parts === undefined ? null : { list, part, parts };
    store.beginRun({ ...facts, ...(shard !== null && { shards: [shard] }) }).finish(status, AT);
  }
  const db = new Database(file, { readonly: true });
  const view = db.prepare('SELECT list, parts, first_part, last_part FROM v_missing_part').raw().all();
  const interruptedView = db.prepare('SELECT run_id FROM v_interrupted_run').pluck().all();
  db.close();
  const missing = store.reader.missingParts(null);
  const interrupted = store.reader.interruptedRuns(null).map(({ id }) => id);
  const ofRuns = runs.map((_, index) => store.reader.missingParts(index + 1));
  const first = store.reader.firstOfSet(runs.length);
  store.close();
  return { missing, view, interrupted, interruptedView, ofRuns, first };
}

const lost = (list: string, parts: number, ...missing: [number, number][]): MissingParts => ({
  list,
  parts,
  missing,
  run: null,
});

it.each<
  readonly [
    what: string,
    runs: readonly RunOfPart[],
    missing: readonly MissingParts[],
    interrupted: readonly number[],
  ]
>([
  ['no parts', [['complete']], [], []],
  ['one part of three', [['complete', A, 2, 3]], [lost(A, 3, [1, 1], [3, 3])], []],
  [
    'all parts',
    [
      ['complete', A, 2, 2],
      ['incomplete', A, 1, 2],
    ],
    [],
    [],
  ],
  ['a list of one part', [['complete', A, 1, 1]], [], []],
  [
    'parts of two lists',
    [
      ['complete', A, 2, 2],
      ['complete', B, 1, 2],
    ],
    [lost(A, 2, [1, 1]), lost(B, 2, [2, 2])],
    [],
  ],
  [
    'parts of one list dealt out in two ways',
    [
      ['complete', A, 1, 2],
      ['complete', A, 2, 3],
    ],
    [lost(A, 2, [2, 2]), lost(A, 3, [1, 1], [3, 3])],
    [],
  ],
  [
    'one way that is whole',
    [
      ['complete', A, 1, 3],
      ['complete', A, 1, 2],
      ['complete', A, 2, 2],
    ],
    [],
    [],
  ],
  [
    'a scan of the whole list',
    [
      ['complete', A, 1, 3],
      ['complete', A, 1, 1],
    ],
    [],
    [],
  ],
  ['stretches', [['complete', A, 4, 100_000]], [lost(A, 100_000, [1, 3], [5, 100_000])], []],
  [
    'an interrupted part, which its neighbour of the same paths does not make up for',
    [
      ['interrupted', A, 1, 2],
      ['complete', A, 2, 2],
    ],
    [lost(A, 2, [1, 1])],
    [1],
  ],
  [
    'an interrupted part that was read once more',
    [
      ['interrupted', A, 1, 2],
      ['complete', A, 2, 2],
      ['complete', A, 1, 2],
    ],
    [],
    [],
  ],
  [
    'an interrupted part, and a scan of the same paths',
    [['interrupted', A, 1, 2], ['complete']],
    [lost(A, 2, [1, 2])],
    [],
  ],
  [
    'an interrupted scan, and one part of its paths',
    [['interrupted'], ['complete', A, 1, 2]],
    [lost(A, 2, [2, 2])],
    [1],
  ],
  [
    'an interrupted scan, and all parts',
    [['interrupted'], ['complete', A, 1, 2], ['complete', A, 2, 2]],
    [],
    [],
  ],
  [
    'an interrupted scan between two parts',
    [['complete', A, 1, 2], ['interrupted'], ['complete', A, 2, 2]],
    [],
    [2],
  ],
  [
    'a part that was interrupted twice',
    [
      ['interrupted', A, 1, 2],
      ['interrupted', A, 1, 2],
    ],
    [lost(A, 2, [1, 2])],
    [2],
  ],
])('%s: reports and views tell the same', (what, runs, missing, interrupted) => {
  const found = told(what, runs);
  expect(found.missing).toEqual(missing);
  expect(found.view).toEqual(
    missing.flatMap((one) => one.missing.map(([first, last]) => [one.list, one.parts, first, last])),
  );
  expect(found.interrupted).toEqual(interrupted);
  expect(found.interruptedView).toEqual(interrupted);
});

it('a run alone lacks what it did not read itself', () => {
  const { ofRuns } = told('alone', [['complete', A, 1, 2], ['complete', A, 2, 2], ['complete']]);
  expect(ofRuns.map(([one]) => one)).toEqual([
    { list: A, parts: 2, missing: [[2, 2]], run: 1 },
    { list: A, parts: 2, missing: [[1, 1]], run: 2 },
    undefined,
  ]);
});

it.each<readonly [what: string, runs: readonly RunOfPart[], first: number]>([
  ['no part', [['complete'], ['complete']], 2],
  ['parts one after the other', [['complete'], ['complete', A, 3, 3], ['complete', A, 1, 3]], 2],
  [
    'a part read again',
    [
      ['complete', A, 1, 2],
      ['complete', A, 2, 2],
      ['complete', A, 1, 2],
    ],
    2,
  ],
  [
    'another list between',
    [
      ['complete', A, 1, 2],
      ['complete', B, 1, 2],
      ['complete', A, 2, 2],
    ],
    3,
  ],
  [
    'the same list in other parts',
    [
      ['complete', A, 1, 3],
      ['complete', A, 2, 2],
    ],
    2,
  ],
])('first of set: %s', (what, runs, first) => {
  expect(told(`first ${what}`, runs).first).toBe(first);
});

it('the sentence on ten thousand missing parts is short, and counts all of them', () => {
  const missing = Array.from({ length: 10_000 }, (_, index): [number, number] => [
    2 * index + 1,
    2 * index + 1,
  ]);
  const text = missingPartsText({ list: A, parts: 20_000, missing, run: null });
  expect(text).toBe(
    'parts 1, 3, 5, 7, 9, 11, 13, 15 and 9,992 more of 20,000 of a scan (list aaaaaaaaaaaa) are not in this store: merge their stores (`trustsieve merge`), or scan them (`trustsieve scan --shard 1/20000`)',
  );
});
