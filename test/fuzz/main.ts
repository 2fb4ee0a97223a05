/** Tries the program on damaged evidence; see --help. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fewestBytes, fewestEdits } from './minimise.ts';
import { mutantOf } from './mutants.ts';
import { run } from './run.ts';
import { observeBytes, tryMutant } from './try-one.ts';
import type { Find } from './worker.ts';

const HELP = `Tries the program on evidence that is damaged in every way a format knows.

  npm run fuzz -- [options]

  --seed N       another set of inputs; the same number gives the same inputs on every machine (default 1)
  --inputs N     how many (default 20000)
  --from N       the number of the first (default 0)
  --seconds N    ends after this time, if that is sooner
  --jobs N       processes (default 1)
  --out DIR      where finds are written (default build/fuzz)
  --minimise N   instead: makes the find of this number as small as it can be, and writes that

Exit code 1: something was found. Each find is two files: the input, and what was wrong with it.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      inputs: { type: 'string', default: '20000' },
      from: { type: 'string', default: '0' },
      seconds: { type: 'string', default: '1000000' },
      jobs: { type: 'string', default: '1' },
      out: { type: 'string', default: 'build/fuzz' },
      minimise: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void console.log(HELP);
  const [runSeed, inputs, from, seconds, jobs] = (['seed', 'inputs', 'from', 'seconds', 'jobs'] as const).map(
    (name) => {
      const value = Number(values[name]);
      if (!Number.isSafeInteger(value) || value < 0)
        throw new Error(`\`${values[name]}\` is no number for --${name}`);
      return value;
    },
  ) as [number, number, number, number, number];
  if (values.minimise !== undefined) return await minimise(runSeed, Number(values.minimise), values.out);
  const began = performance.now();
  const rate = (tried: number) => `${Math.round((tried * 1000) / (performance.now() - began))} a second`;
  let shown = 0;
  const summary = await run({
    runSeed,
    from,
    inputs,
    seconds,
    jobs,
    onFind: (find) => keep(find, runSeed, values.out),
    onProgress(tried) {
      if (tried < shown + 10_000) return;
      shown = tried;
      console.log(`${tried} inputs, ${rate(tried)}`);
    },
  });
  const { tried, scanned, byProgram, finds, unrepeated, next } = summary;
  console.log(
    `seed ${runSeed}: ${tried} inputs (${rate(tried)}), ${scanned} of them scanned, ${byProgram} by the built program, ${finds} finds; the next is ${next}`,
  );
  if (unrepeated > 0)
    console.log(`${unrepeated} times inputs took too long, and not when they were tried again`);
  if (finds > 0) process.exitCode = 1;
}

/** Fewer changes, and where the find needs no whole file to compare with, fewer bytes. */
async function minimise(runSeed: number, index: number, folder: string): Promise<void> {
  const whole = mutantOf(runSeed, index);
  const kind = (violations: readonly string[]) => violations.map((text) => text.slice(0, 20)).join();
  const found = kind(await tryMutant(whole));
  if (found === '') throw new Error(`input ${index} of seed ${runSeed} shows nothing`);
  const mutant = await fewestEdits(whole, async (other) => kind(await tryMutant(other)) === found);
  const faultless = async (bytes: Buffer) => {
    try {
      return (await observeBytes(mutant.base, bytes)).faults.length === 0;
    } catch {
      return false;
    }
  };
  const isAlone = !(await faultless(mutant.bytes));
  const bytes = isAlone
    ? await fewestBytes(mutant.bytes, async (other) => !(await faultless(other)))
    : mutant.bytes;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${runSeed}-${index}.small`), bytes);
  const edits = mutant.edits.map(
    ({ from, to, insert }) => `${from} to ${to}: ${JSON.stringify(Buffer.from(insert).toString('latin1'))}`,
  );
  console.log(`${mutant.base.name} (${bytes.length} bytes)\n${edits.join('\n')}`);
}

function keep({ index, violations }: Find, runSeed: number, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const name = `${runSeed}-${index ?? `scan-${Date.now()}`}`;
  const mutant = index === null ? null : mutantOf(runSeed, index);
  const lines = [mutant === null ? '' : `${mutant.base.name}, ${mutant.what}`, ...violations];
  if (mutant !== null) writeFileSync(join(folder, `${name}.input`), mutant.bytes);
  writeFileSync(join(folder, `${name}.txt`), `${lines.join('\n')}\n`);
  console.log(`find ${name}: ${lines.join('\n  ').slice(0, 600)}`);
}

main().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
});
