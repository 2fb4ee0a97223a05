import { expect } from 'vitest';
import { CHUNK, Landing, SLOTS } from '../../../src/evidence/landing.ts';
import { createFastReader } from '../../../src/json/fast/fast-reader.ts';
import type { ReaderFactory } from '../../../src/json/reader.ts';

export const landing = new Landing();
/** What a chunk has behind bytes that are pushed: no end of anything. */
const BEHIND = Buffer.alloc(80, '"]}7');

/**
 * The fast reader with bytes that lie in its own memory: most of them at the beginning of a chunk, some further behind, and
 * some elsewhere. What is behind them must be there afterwards.
 */
export const createInPlaceReader: ReaderFactory = (plan, start) => {
  const reader = createFastReader(plan, start, landing);
  let pushed = 0;
  return {
    get stopped() {
      return reader.stopped;
    },
    push(bytes) {
      const turn = pushed++;
      if (turn % 5 === 3 || bytes.length + BEHIND.length > CHUNK) return reader.push(bytes);
      const at = turn % 5 === 4 ? 3 : 0;
      const end = at + bytes.length;
      const chunk = landing.chunk(turn % SLOTS, CHUNK);
      chunk.set(bytes, at);
      chunk.set(BEHIND, end);
      const events = reader.push(chunk.subarray(at, end));
      expect(BEHIND.equals(chunk.subarray(end, end + BEHIND.length))).toBe(true);
      chunk.fill(0x58, 0, end);
      return events;
    },
    end: () => reader.end(),
  };
};
