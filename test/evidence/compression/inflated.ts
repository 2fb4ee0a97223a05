import fc from 'fast-check';
import { expect } from 'vitest';
import type { Inflated, InflateEnd } from '../../../src/evidence/compression/inflate.ts';

export interface Gathered {
  readonly text: string;
  readonly end: InflateEnd;
}

/** All that is handed out, and how it ends. */
export async function gather(inflated: Inflated): Promise<Gathered> {
  const parts: Uint8Array[] = [];
  let step = await inflated.next();
  for (; step.done !== true; step = await inflated.next()) parts.push(step.value);
  return { text: Buffer.concat(parts).toString(), end: step.value };
}

/** Puts any bytes in the place of any others: every reading must come to an end of a known kind. */
export async function expectAnEndWhateverTheBytes(
  compressed: Uint8Array,
  read: (content: Uint8Array) => Promise<Gathered>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 }), async (at, noise) => {
      const spoilt = Buffer.from(compressed);
      spoilt.set(noise, at % (spoilt.length - noise.length));
      const { end } = await read(spoilt);
      expect(['complete', 'truncated', 'damaged', 'trailing']).toContain(end.state);
    }),
    { numRuns: 500 },
  );
}
