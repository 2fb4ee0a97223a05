import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSightings, SightingEncoder } from '../../../src/store/schema/sighting-codec.ts';

const id = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 31 }));
const offset = fc.oneof(
  fc.integer({ min: 0, max: 10_000 }),
  fc
    .maxSafeInteger()
    .map((n) => Math.abs(n) / 4)
    .map(Math.floor),
);
const sightings = fc.array(fc.tuple(id, id, offset), { maxLength: 400 });

it('reads back what was packed, chunk after chunk', () => {
  const encoder = new SightingEncoder();
  fc.assert(
    fc.property(sightings, (expected) => {
      for (const [role, policy, at] of expected) encoder.add(role, policy, at);
      const read: [number, number, number][] = [];
      decodeSightings(encoder.take(), (role, policy, at) => read.push([role, policy, at]));
      expect(read).toEqual(expected);
    }),
  );
});

it('refuses data that ends in the middle of a number', () => {
  expect(() => decodeSightings(Uint8Array.of(0x82), () => {})).toThrow('ends early');
});
