import { createFastReader } from '../../../src/json/fast/fast-reader.ts';
import type { JsonEvent, ReaderFactory, ReadPlan } from '../../../src/json/reader.ts';
import { createReferenceReader } from '../../../src/json/reference/reference-reader.ts';
import { readInPieces } from '../read-in-pieces.ts';
import { createInPlaceReader } from './in-place.ts';

/** What a reader says of `bytes` in pieces that end at `cuts`. */
export function readWith(
  create: ReaderFactory,
  plan: ReadPlan,
  bytes: Uint8Array,
  cuts: Iterable<number> = [],
  start = 0,
): readonly unknown[] {
  const events = readInPieces(create, plan, bytes, cuts, start);
  return numberScopes(withoutHeldNumber(events));
}

/**
 * A parser holds a number back until it sees what follows. Whether one that stands directly before a fault is handed
 * out depends on how the bytes were cut.
 */
export function withoutHeldNumber(events: readonly JsonEvent[]): readonly JsonEvent[] {
  return events.filter(
    (event, index) =>
      !(event.kind === 'element' && event.type === 'number' && events[index + 1]?.kind === 'malformed'),
  );
}

/** Both readers' events, and the fast one's of bytes in its own memory; of a fault the place is what its offset says, for the fast reader checked here. */
export function readBoth(
  plan: ReadPlan,
  bytes: Uint8Array,
  cuts: readonly number[] = [],
  start = 0,
): Readonly<Record<'fast' | 'inPlace' | 'reference', readonly unknown[]>> {
  const inPlace = readWith(createInPlaceReader, plan, bytes, cuts, start);
  const fast = readWith(createFastReader, plan, bytes, cuts, start);
  const reference = readWith(createReferenceReader, plan, bytes, [], start);
  return { fast, inPlace, reference: reference.map((event) => placed(event as JsonEvent, bytes, start)) };
}

function placed(event: JsonEvent, bytes: Uint8Array, start: number): JsonEvent {
  if (event.kind !== 'malformed') return event;
  const before = Buffer.from(bytes.subarray(0, event.offset - start));
  const line = before.reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 1);
  return { ...event, line, column: before.length - before.lastIndexOf(0x0a) };
}

/** Scopes are told apart by their numbers; which numbers those are says nothing. */
export function numberScopes(events: readonly JsonEvent[]): readonly unknown[] {
  const numbers = new Map<number, number>([[-1, -1]]);
  return events.map((event) => {
    if (event.kind === 'malformed' || event.kind === 'rows') return event;
    if (!numbers.has(event.scope)) numbers.set(event.scope, numbers.size);
    const scope = numbers.get(event.scope);
    if (event.kind === 'scope-end') return { ...event, scope };
    return { ...event, scope, fields: new Map(event.fields) };
  });
}
