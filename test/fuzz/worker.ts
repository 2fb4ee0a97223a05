/** Tries one block of inputs after the other for the process that started this one; see run.ts. */
import { isMainThread } from 'node:worker_threads';
import { PATIENCE } from '../../src/evidence/tables/parquet.ts';
import { type Mutant, mutantOf } from './mutants.ts';
import { tryMutant } from './try-one.ts';
import { scanFolder, scanWithProgram } from './whole-scan.ts';

/** Inputs from `from` up to but not with `to`; with `careful` each is announced before it is begun. */
export interface Block {
  readonly runSeed: number;
  readonly from: number;
  readonly to: number;
  readonly careful: boolean;
}

export interface Find {
  /** Of the input; null for what only several inputs together show. */
  readonly index: number | null;
  readonly violations: readonly string[];
}

/** `at`: the input that is begun. `end`: all of the block were tried. */
export type Report =
  | { readonly kind: 'at'; readonly index: number }
  | { readonly kind: 'find'; readonly find: Find }
  | { readonly kind: 'end'; readonly tried: number; readonly scanned: number; readonly byProgram: number };

/** Milliseconds without a word that are an ordinary input or scan. */
const QUIET = 1_000;
/** What one input may add to the memory of the process; 300 MB is the promise for all of the program. */
const MAX_GROWTH = 300 * 1024 * 1024;

// One damaged file in forty makes the decoder loop until its time is over, in each of its readings.
PATIENCE.parquet = 5_000;

function tell(report: Report): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(report, undefined, undefined, () => resolve());
  });
}

async function tryBlock({ runSeed, from, to, careful }: Block): Promise<void> {
  const scanned: Mutant[] = [];
  const byProgram: Mutant[] = [];
  let told = performance.now();
  for (let index = from; index < to; index++) {
    if (careful || performance.now() - told > QUIET) {
      await tell({ kind: 'at', index });
      told = performance.now();
    }
    const mutant = mutantOf(runSeed, index);
    const before = process.memoryUsage.rss();
    const violations = [...(await tryMutant(mutant))];
    // What hangs on the time that a decoder is given is not there again.
    if (violations.length > 0) violations.splice(0, violations.length, ...(await tryMutant(mutant)));
    const growth = process.memoryUsage.rss() - before;
    if (growth > MAX_GROWTH)
      violations.push(`memory: ${Math.round(growth / 1024 / 1024)} MB more for one input`);
    if (violations.length > 0) await tell({ kind: 'find', find: { index, violations } });
    if (violations.length > 0 || careful) continue;
    if (index % 40 === 3) scanned.push(mutant);
    if (index % 400 === 13) byProgram.push(mutant);
  }
  if (careful) return;
  for (const scan of [() => scanFolder(scanned), () => scanWithProgram(byProgram)]) {
    await tell({ kind: 'at', index: -1 });
    for (const violation of await scan())
      await tell({ kind: 'find', find: { index: null, violations: [violation] } });
  }
  await tell({ kind: 'end', tried: to - from, scanned: scanned.length, byProgram: byProgram.length });
}

if (isMainThread && process.send !== undefined) {
  process.on('message', (block: Block) => {
    tryBlock(block).then(
      async () => {
        if (block.careful)
          await tell({ kind: 'end', tried: block.to - block.from, scanned: 0, byProgram: 0 });
      },
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
