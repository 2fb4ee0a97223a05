import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Base, baseNamed, type Mutant } from './mutants.ts';
import { type Observation, observe, type Readers } from './observe.ts';
import { describeWhole, findViolations, type Whole } from './oracle.ts';

const wholes = new Map<string, Whole>();
let folder: string | null = null;

/** Where inputs are written that only a file can hold. */
function folderOfFiles(): string {
  if (folder === null) {
    folder = mkdtempSync(join(tmpdir(), 'trustsieve-fuzz-'));
    process.on('exit', () => rmSync(folder as string, { recursive: true, force: true }));
  }
  return folder;
}

export async function observeBytes(
  base: Base,
  bytes: Buffer,
  piece = 0,
  readers?: Readers,
): Promise<Observation> {
  if (base.seeds[0]?.kind !== 'duckdb') return observe({ path: base.path, bytes }, piece, readers);
  const file = join(folderOfFiles(), 'input.duckdb');
  writeFileSync(file, bytes);
  return observe({ path: base.path, bytes, file }, piece, readers);
}

/** What a base comes to while nothing is changed; read once. */
export async function wholeOf(base: Base): Promise<Whole> {
  let whole = wholes.get(base.name);
  if (whole === undefined) {
    const observed = await observeBytes(base, base.bytes);
    if (observed.faults.length > 0)
      throw new Error(`the seed \`${base.name}\` itself: ${observed.faults.join('; ')}`);
    whole = describeWhole(base, observed);
    wholes.set(base.name, whole);
  }
  return whole;
}

/** Reads one input and says what is wrong with how it was read; empty when nothing is. */
export async function tryMutant(mutant: Mutant, readers?: Readers): Promise<readonly string[]> {
  const { base, inside } = mutant;
  const whole = await wholeOf(inside && !base.plain ? baseNamed(base.seeds[0]?.name ?? '') : base);
  try {
    const { length } = mutant.bytes;
    // A quarter comes in up to 30 pieces, which may end anywhere.
    const piece = length % 4 === 0 ? Math.ceil((length + 1) / (2 + (length % 29))) : 0;
    return findViolations(mutant, whole, await observeBytes(base, mutant.bytes, piece, readers));
  } catch (error) {
    return [`crash: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}
