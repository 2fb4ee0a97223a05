import { createHash, randomInt } from 'node:crypto';
import { expect } from 'vitest';

/** What all chances of one run hang on: `TRUSTSIEVE_FAULT_SEED`, or a fresh one. */
export const SEED = Number(process.env.TRUSTSIEVE_FAULT_SEED ?? randomInt(1_000_000));
/** `TRUSTSIEVE_FAULT_ROUNDS`: how many rounds every test makes instead of its own number. */
const ROUNDS = process.env.TRUSTSIEVE_FAULT_ROUNDS;
/** `TRUSTSIEVE_FAULT_ROUND`: the only round that every test makes. */
const ONLY = process.env.TRUSTSIEVE_FAULT_ROUND;
/** How many failed rounds are told in full. */
const TOLD = 5;

/** Chances of one round: a function of the seed, the name of the test and the number of the round. */
export class Chance {
  private count = 0;
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Evenly spread in [0, 1). */
  fraction(): number {
    const digest = createHash('sha256')
      .update(`${this.name}/${this.count++}`)
      .digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  }

  /** From 1 to `most`. */
  upTo(most: number): number {
    return 1 + Math.floor(this.fraction() * most);
  }

  of<T>(list: readonly T[]): T {
    return list[Math.floor(this.fraction() * list.length)] as T;
  }
}

/**
 * Does as many rounds of a test. Those that fail keep no other from being made; at the end it throws what they said, and how
 * to repeat each. `one` notes what is done in the round, for
 * the report. Returns how many were made.
 */
export async function rounds(
  test: string,
  count: number,
  one: (chance: Chance, note: (what: string) => void) => Promise<void>,
): Promise<number> {
  const numbers =
    ONLY === undefined
      ? Array.from({ length: ROUNDS === undefined ? count : Number(ROUNDS) }, (_, index) => index + 1)
      : [Number(ONLY)];
  const failures: string[] = [];
  const began = performance.now();
  for (const number of numbers) {
    const notes: string[] = [];
    try {
      await one(new Chance(`${SEED}/${test}/${number}`), (what) => notes.push(what));
    } catch (error) {
      const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const failure =
        `round ${number} of ${test} (${notes.join('; ')}):\n${said}\n` +
        `repeat it: TRUSTSIEVE_FAULT_SEED=${SEED} TRUSTSIEVE_FAULT_ROUND=${number} npm run test:faults -- -t '${expect.getState().currentTestName ?? ''}'`;
      failures.push(failure);
      // At once, so that a run that is ended early has told it.
      console.log(failure);
    }
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${test}: ${numbers.length} rounds, ${failures.length} failed, ${seconds} s, seed ${SEED}`);
  if (failures.length > 0)
    throw new Error(
      `${failures.length} of ${numbers.length} rounds failed\n${failures.slice(0, TOLD).join('\n\n')}`,
    );
  return numbers.length;
}
