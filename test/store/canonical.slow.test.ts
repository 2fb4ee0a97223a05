import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore, STAGING_LIMITS, type StagingLimits } from '../../src/store/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Dump, dumpStore } from './dump.ts';
import { beginRun, roleRecord, scan, type TestFile, writeFile } from './files.ts';
import { modelOf } from './model.ts';
import { file, files, times } from './random-files.ts';

const folder = temporaryFolder();
let stores = 0;

/** Scans the groups one run each into a new store and returns all it then holds. */
function stored(groups: readonly (readonly TestFile[])[], limits: StagingLimits = STAGING_LIMITS): Dump {
  const path = join(folder, `${stores++}.db`);
  const store = openStore(path, { mode: 'write', limits });
  for (const files of groups) scan(store, files);
  store.close();
  return dumpStore(path);
}

function facts({ captures, roles, observations, disagreements, covered }: Dump): ReturnType<typeof modelOf> {
  return { captures, roles, observations, disagreements, covered };
}

/** The files in any order, some more than once, dealt into runs. */
const scans = files.chain((all) =>
  fc
    .tuple(
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.array(fc.constantFrom(...all), { maxLength: 3 }),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    )
    .map(([order, again, breaks]) => {
      const groups: TestFile[][] = [[]];
      for (const [index, one] of [...order, ...again].entries()) {
        if (breaks[index] === true) groups.push([]);
        groups.at(-1)?.push(one);
      }
      return { all, groups };
    }),
);

describe('the tables are a function of the evidence alone', { timeout: 600_000 }, () => {
  it('whatever the order, repetition and grouping of files', () => {
    fc.assert(
      fc.property(scans, ({ all, groups }) => {
        expect(facts(stored(groups))).toEqual(modelOf(all));
      }),
      { numRuns: 100 },
    );
  });

  it('down to one role, two policies and three times', () => {
    const tiny = fc
      .record({
        capturedAt: fc.constantFrom(...times.slice(0, 3)),
        complete: fc.constantFrom(true, true, true, true, false),
        policy: fc.constantFrom('{"pass":1}', '{"pass":1}', '{"fail":1}', null),
      })
      .map(({ capturedAt, complete, policy }) => ({
        captures: [
          {
            account: '111122223333',
            capturedAt,
            complete,
            reasons: complete ? [] : (['truncated'] as const),
          },
        ],
        records: policy === null ? [] : [roleRecord({ capturedAt, policy })],
      }));
    fc.assert(
      fc.property(fc.array(tiny, { minLength: 3, maxLength: 8 }), (parts) => {
        const all = parts.map((part, index) => ({ path: `${index}.json`, ...part }));
        expect(facts(stored([all]))).toEqual(modelOf(all));
      }),
      { numRuns: 120 },
    );
  });

  it('and whether a file fits into memory or not', () => {
    fc.assert(
      fc.property(files, fc.integer({ min: 1, max: 4 }), (all, rows) => {
        const inMemory = stored([all]);
        expect(stored([all], { rows })).toEqual(inMemory);
        expect(stored([all], { rows: 1000 })).toEqual(inMemory);
      }),
      { numRuns: 20 },
    );
  });

  it('also when a file is read anew with another result', () => {
    fc.assert(
      fc.property(files, file('folder/0.json'), (all, other) => {
        const path = join(folder, `${stores++}.db`);
        const store = openStore(path, { mode: 'write' });
        scan(store, all);
        scan(store, [other]);
        store.close();
        // Names of roles stay, though no observation uses them.
        const { roles: _, ...held } = facts(dumpStore(path));
        const { roles: __, ...expected } = modelOf([other, ...all.slice(1)]);
        expect(held).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('and when files are written at the same time', () => {
    fc.assert(
      fc.property(files, (all) => {
        const path = join(folder, `${stores++}.db`);
        const store = openStore(path, { mode: 'write', limits: { rows: 2 } });
        const run = beginRun(store);
        const abandoned = run.evidence();
        for (const one of all.flatMap((item) => item.records))
          abandoned.add(one, { account: '', verdicts: [] });
        for (const one of all) writeFile(run, one);
        abandoned.abandon();
        store.close();
        expect(facts(dumpStore(path))).toEqual(modelOf(all));
      }),
      { numRuns: 10 },
    );
  });
});
