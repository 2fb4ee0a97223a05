import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RoleRecord } from '../../../src/model/record.ts';
import { openStore } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { dumpStore } from '../dump.ts';
import { roleRecord, scan, sha256Of, type TestFile } from '../files.ts';

const folder = temporaryFolder();
let stores = 0;

const NEW = '{"new":1}';
const OLD = '{"old":1}';
const day = (number: number, clock = '00:00:00') => `2026-01-0${number}T${clock}Z`;
const version = (time: string, state = 1) =>
  `${time.replace('Z', '.000Z')} ${String(state).padStart(20, '0')}`;

/** A file that shows the role at a time in the state that another time left. */
function file(
  path: string,
  at: string,
  changed: string,
  more: Partial<RoleRecord> & { policy?: string },
): TestFile {
  return {
    path,
    format: 'aws-config',
    captures: [{ account: '111122223333', capturedAt: at, complete: true, reasons: [] }],
    records: [roleRecord({ capturedAt: at, version: version(changed), ...more })],
  };
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest] as const),
  );
}

interface Told {
  /** First and last time of each policy. */
  readonly spans: readonly (readonly unknown[])[];
  /** Times and policies on which files disagree. */
  readonly disputed: readonly (readonly unknown[])[];
}

/** The same whatever the order of the files and however often they are scanned. */
function told(files: readonly TestFile[]): Told {
  const dumps = permutations(files).map((order) => {
    const path = join(folder, `${stores++}.db`);
    const store = openStore(path, { mode: 'write', limits: { rows: 1 } });
    for (const one of order) scan(store, [one]);
    scan(store, order);
    store.close();
    const { captures, observations, disagreements } = dumpStore(path);
    return { captures, observations, disagreements };
  });
  for (const dump of dumps) expect(dump).toEqual(dumps[0]);
  const names = new Map([NEW, OLD].map((text) => [sha256Of(text), text]));
  const nameOf = (policy = ''): string => names.get(policy) ?? policy;
  return {
    spans: (dumps[0]?.observations ?? []).map((row) => {
      const [, , , policy, first, last] = row as readonly string[];
      return [nameOf(policy), first, last];
    }),
    disputed: (dumps[0]?.disagreements ?? []).map((row) => {
      const [, at, , , policy] = row as readonly string[];
      return [at, nameOf(policy)];
    }),
  };
}

/** Where files do not disagree. */
function observed(files: readonly TestFile[]): Told['spans'] {
  const { spans, disputed } = told(files);
  expect(disputed).toEqual([]);
  return spans;
}

describe('copies of a role of different age', () => {
  const newest = file('b/new.json', day(3), day(2), { policy: NEW });

  it('do not win by being delivered later', () => {
    const older = file('a/old.json', day(3, '06:00:00'), day(1), { policy: OLD });
    expect(observed([newest, older])).toEqual([[NEW, '2026-01-03T00:00:00', '2026-01-03T06:00:00']]);
  });

  it('do not win by their text at the same time, and are no contradiction', () => {
    for (const [was, is] of [
      [OLD, NEW],
      [NEW, OLD],
    ] as const) {
      const files = [file('a', day(3), day(1), { policy: was }), file('b', day(3), day(2), { policy: is })];
      expect(observed(files)).toEqual([[is, '2026-01-03T00:00:00', '2026-01-03T00:00:00']]);
    }
  });

  it('do not bring back what is deleted', () => {
    const gone = file('h', day(2), day(2), { status: 'deleted' });
    const stale = file('s', day(3), day(1), { policy: OLD });
    const first = file('f', day(1), day(1), { policy: OLD });
    expect(observed([gone, stale, first])).toEqual([
      [OLD, '2026-01-01T00:00:00', '2026-01-01T00:00:00'],
      ['', '2026-01-02T00:00:00', '2026-01-03T00:00:00'],
    ]);
  });

  it('stand before the newer state came about', () => {
    const before = file('a', day(1), day(1), { policy: OLD });
    const later = file('c', day(4), day(2), { policy: NEW });
    expect(observed([before, newest, later])).toEqual([
      [OLD, '2026-01-01T00:00:00', '2026-01-01T00:00:00'],
      [NEW, '2026-01-03T00:00:00', '2026-01-04T00:00:00'],
    ]);
  });

  it('of one time are told apart by their state id', () => {
    const two = { policy: NEW, version: version(day(2), 2) };
    const files = [
      file('a', day(3), day(2), two),
      file('b', day(4), day(2), { policy: OLD, version: version(day(2), 1) }),
    ];
    expect(observed(files)).toEqual([[NEW, '2026-01-03T00:00:00', '2026-01-04T00:00:00']]);
  });

  it('yield to evidence that shows the role itself', () => {
    const look = { ...file('g', day(4), day(4), { policy: OLD, version: '' }), format: 'gaad' };
    const older = file('a', day(1), day(1), { policy: OLD });
    expect(observed([newest, older, look])).toEqual([
      [OLD, '2026-01-01T00:00:00', '2026-01-01T00:00:00'],
      [NEW, '2026-01-03T00:00:00', '2026-01-03T00:00:00'],
      [OLD, '2026-01-04T00:00:00', '2026-01-04T00:00:00'],
    ]);
  });
});

describe('states of one version that differ', () => {
  const greater = sha256Of(NEW) > sha256Of(OLD) ? NEW : OLD;
  const both = (at: string): unknown[][] =>
    [NEW, OLD].toSorted((a, b) => (sha256Of(a) < sha256Of(b) ? -1 : 1)).map((policy) => [at, policy]);

  it('are a disagreement, in two files and in one', () => {
    const files = [file('a', day(3), day(2), { policy: OLD }), file('b', day(3), day(2), { policy: NEW })];
    const expected = {
      spans: [[greater, '2026-01-03T00:00:00', '2026-01-03T00:00:00']],
      disputed: both('2026-01-03T00:00:00'),
    };
    expect(told(files)).toEqual(expected);
    const records = files.flatMap((one) => one.records);
    expect(told([{ ...(files[0] as TestFile), records }])).toEqual(expected);
  });

  it('are one at every moment that a file shows the role in that state, or an older one', () => {
    const files = [
      file('a', day(3), day(2), { policy: OLD }),
      file('b', day(4), day(2), { policy: NEW }),
      file('c', day(5), day(1), { policy: '{"older":1}' }),
    ];
    expect(told(files).disputed).toEqual([3, 4, 5].flatMap((number) => both(`2026-01-0${number}T00:00:00`)));
  });

  it('are none any more once a newer state is known', () => {
    const files = [
      file('a', day(3), day(1), { policy: OLD }),
      file('b', day(3), day(1), { policy: NEW }),
      file('c', day(4), day(2), { policy: NEW }),
    ];
    expect(observed(files)).toEqual([[NEW, '2026-01-03T00:00:00', '2026-01-04T00:00:00']]);
  });
});

it('an older state of AWS Config contradicts no other evidence that shows the newest', () => {
  const look = { ...file('g', day(3), day(3), { policy: NEW, version: '' }), format: 'gaad' };
  const files = [look, file('a', day(3), day(1), { policy: OLD })];
  expect(told(files).disputed).toHaveLength(2);
  expect(observed([...files, file('b', day(4), day(2), { policy: NEW })])).toEqual([
    [NEW, '2026-01-03T00:00:00', '2026-01-04T00:00:00'],
  ]);
});
