import type { JsonEvent, ReaderFactory, ReadPlan } from '../../src/json/reader.ts';

/** Reads `bytes` in pieces that end at `cuts`; every piece is wiped afterwards, for readers must not keep it. */
export function readInPieces(
  create: ReaderFactory,
  plan: ReadPlan,
  bytes: Uint8Array,
  cuts: Iterable<number> = [],
  start = 0,
): JsonEvent[] {
  const reader = create(plan, start);
  const events: JsonEvent[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    const chunk = Buffer.from(bytes.subarray(from, cut));
    events.push(...reader.push(chunk));
    chunk.fill(0x58);
    from = cut;
  }
  events.push(...reader.end());
  return events;
}
