import { type Mutant, remade } from './mutants.ts';

/** True while an input still shows what was found. */
export type Shows<Input> = (input: Input) => Promise<boolean>;

/** What one find may take. */
const MOST_TRIES = 400;

/**
 * Leaves out parts as long as what is left still shows it: halves first, then smaller pieces, in the end one by one
 * (delta debugging, Zeller and Hildebrandt 2002).
 *
 * @param join puts parts together to an input
 */
export async function fewest<Part, Input>(
  parts: readonly Part[],
  join: (parts: readonly Part[]) => Input,
  shows: Shows<Input>,
): Promise<readonly Part[]> {
  let left = parts;
  let tries = 0;
  for (let size = Math.ceil(left.length / 2); size >= 1 && left.length > 1; ) {
    let smaller: readonly Part[] | null = null;
    for (let at = 0; at < left.length && smaller === null; at += size) {
      if (++tries > MOST_TRIES) return left;
      const without = [...left.slice(0, at), ...left.slice(at + size)];
      if (without.length > 0 && (await shows(join(without)))) smaller = without;
    }
    if (smaller !== null) left = smaller;
    else size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return left;
}

/** The same find by as few of its changes as do it. */
export async function fewestEdits(mutant: Mutant, shows: Shows<Mutant>): Promise<Mutant> {
  const join = (edits: Mutant['edits']): Mutant => remade(mutant, edits);
  return join(await fewest(mutant.edits, join, shows));
}

/** The same find in as few bytes, for what shows without a file to compare with. */
export async function fewestBytes(bytes: Buffer, shows: Shows<Buffer>): Promise<Buffer> {
  const join = (parts: readonly Buffer[]): Buffer => Buffer.concat(parts);
  let left = bytes;
  for (const length of [256, 32, 4, 1]) {
    const parts = Array.from({ length: Math.ceil(left.length / length) }, (_, index) =>
      left.subarray(index * length, (index + 1) * length),
    );
    left = join(await fewest(parts, join, shows));
  }
  return left;
}
