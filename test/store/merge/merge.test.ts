import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestFile } from '../files.ts';
import { file } from '../random-files.ts';
import { held, merged, storeOf, type TestRun } from './stores.ts';

/** Files of few paths: the same path may be read again, as it was or with another content. */
const someFile: fc.Arbitrary<TestFile> = fc
  .tuple(fc.constantFrom('a.json', 'b.json', 'c.json', 'd.json'), fc.constantFrom('1', '2', '3'))
  .chain(([path, content]) => file(path).map((one) => ({ ...one, content: `${path} ${content}` })));

const history: fc.Arbitrary<readonly TestRun[]> = fc
  .array(
    fc.record({
      files: fc.uniqueArray(someFile, { maxLength: 3, selector: ({ content }) => content }),
      lists: fc.constantFrom<TestRun['lists'][]>(undefined, undefined, 'organisation', 'vendors', 'both'),
      ends: fc.constantFrom<NonNullable<TestRun['ends']>[]>('complete', 'complete', 'interrupted'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((runs) => runs.map((run, index) => ({ ...run, at: index * 10 })));

/** How a history is dealt: the store of each run, and in which order and groups the stores are merged. */
const deal = fc.record({
  stores: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }),
  order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
  inSteps: fc.boolean(),
  again: fc.boolean(),
});

function dealt(
  runs: readonly TestRun[],
  { stores, order }: { stores: readonly number[]; order: readonly number[] },
): readonly string[] {
  const groups = order
    .map((store) => runs.filter((_, index) => stores[index] === store))
    .filter((own) => own.length > 0);
  return groups.map((own) => storeOf(own));
}

function mergedIn(paths: readonly string[], inSteps: boolean, again: boolean): string {
  if (!inSteps) return merged(again ? [...paths, paths[0] as string] : paths);
  let all = merged([paths[0] as string]);
  for (const path of paths.slice(1)) all = merged([all, path]);
  return again ? merged([all, paths[0] as string]) : all;
}

describe('stores come together to what one store would be', { timeout: 120_000 }, () => {
  it('whatever was scanned into which of them, and in which order and groups they are merged', () => {
    fc.assert(
      fc.property(history, deal, (runs, { inSteps, again, ...how }) => {
        const one = held(storeOf(runs));
        expect(held(mergedIn(dealt(runs, how), inSteps, again))).toEqual(one);
      }),
      { numRuns: 15 },
    );
  });

  it('shards become one run, also when one is read twice or was killed at first', () => {
    const files = fc.uniqueArray(someFile, {
      minLength: 1,
      maxLength: 6,
      selector: ({ content }) => content,
    });
    fc.assert(
      fc.property(files, deal, fc.boolean(), (all, { stores, order, inSteps, again }, retried) => {
        const one = held(storeOf([{ at: 5, files: all, paths: ['in'] }]));
        const parts = [0, 1, 2].map(
          (part): TestRun => ({
            at: 5 + part,
            files: all.filter((_, index) => (stores[index] ?? 0) === part),
            paths: ['in'],
            shard: { list: 'abc', parts: 3, part: part + 1 },
          }),
        );
        const paths = order.map((part) => storeOf([parts[part] as TestRun]));
        const [first] = parts as [TestRun];
        if (retried) paths.push(storeOf([{ ...first, files: first.files.slice(1), ends: 'killed' }]));
        const { runs, shards, ...rest } = held(mergedIn(paths, inSteps, again));
        const { runs: _, shards: __, ...whole } = one;
        expect(rest).toEqual(whole);
        expect(shards).toEqual([1, 2, 3].map((part) => [1, 'abc', 3, part]));
        const [expected] = one.runs as [unknown[]];
        // How the shards ended is not known yet, and the last ended two seconds later.
        expect(runs).toEqual([
          [1, expected[1], '2030-01-01T00:00:08Z', ...expected.slice(3, -1), 'incomplete'],
        ]);
      }),
      { numRuns: 10 },
    );
  });
});

describe('merging', () => {
  const run = (at: number, more: Partial<TestRun> = {}): TestRun => ({ at, files: [], ...more });

  it('changes no store that it reads', () => {
    const paths = [storeOf([run(0)]), storeOf([run(1)])];
    const before = paths.map((path) => readFileSync(path));
    merged(paths);
    expect(paths.map((path) => readFileSync(path))).toEqual(before);
  });

  it('keeps a killed shard as a gap until its part was read', () => {
    const shard = (part: number) => ({ list: 'abc', parts: 2, part });
    const killed = storeOf([run(0, { shard: shard(1), ends: 'killed', paths: ['in'] })]);
    const other = storeOf([run(3, { shard: shard(2), paths: ['in'] })]);
    const both = merged([other, killed]);
    expect(held(both).runs.map((row) => (row as unknown[]).at(-1))).toEqual(['interrupted', 'incomplete']);
    const again = storeOf([run(9, { shard: shard(1), paths: ['in'] })]);
    expect(held(merged([again, both]))).toEqual(held(merged([killed, other, again])));
    expect(held(merged([again, both])).runs).toHaveLength(1);
  });

  it('keeps the order of runs of one second as their store has it', () => {
    const two = [run(0, { paths: ['z'] }), run(0, { paths: ['a'] })];
    expect(held(merged([storeOf(two)])).runs).toEqual(held(storeOf(two)).runs);
  });

  it.each([
    [
      'shards of one list',
      { asOf: '2031-01-01T00:00:00Z', shard: { list: 'l', parts: 2, part: 1 } },
      '--as-of',
    ],
    ['shards of one list', { lists: 'both', shard: { list: 'l', parts: 2, part: 1 } }, '--accounts'],
    ['different versions', { toolVersion: '9.9.9' }, '1.2.3 and 9.9.9'],
  ] as const)('refuses %s that differ', (what, odd, name) => {
    const shard = { list: 'l', parts: 2, part: 2 };
    const paths = [storeOf([run(0, 'shard' in odd ? { shard } : {})]), storeOf([run(1, odd)])];
    expect(() => merged(paths)).toThrow(new RegExp(`${what}.*${name}`));
  });

  it('refuses to take two paths of one name for one place when something missing would look complete', () => {
    const cut: TestFile = { path: 'dump.json', content: '1', captures: [], records: [], whole: false };
    const paths = [
      storeOf([run(0, { files: [cut] })]),
      storeOf([run(5, { files: [{ ...cut, content: '2', whole: true }] })]),
    ];
    expect(() => merged(paths, false)).toThrow('`dump.json` was not read whole in one store');
    expect(held(merged(paths)).mended).toEqual([]);
    const interrupted = [
      storeOf([run(0, { ends: 'interrupted', paths: ['in'] })]),
      storeOf([run(5, { paths: ['in'] })]),
    ];
    expect(() => merged(interrupted, false)).toThrow(
      'was interrupted, and a later one of another store has its paths',
    );
    // What one store knows by itself is no question.
    const known = storeOf([
      run(0, { files: [cut] }),
      run(5, { files: [{ ...cut, content: '2', whole: true }] }),
    ]);
    expect(held(merged([known, storeOf([run(9)])], false)).mended).toEqual([]);
  });
});
