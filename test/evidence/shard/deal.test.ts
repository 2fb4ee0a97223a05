import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Dealt, deal } from '../../../src/evidence/shard/deal.ts';
import { listDigest } from '../../../src/evidence/shard/list-digest.ts';

const thing = fc.record({
  path: fc.string({ minLength: 1, maxLength: 8 }),
  size: fc.oneof(fc.constantFrom(0, 1, 5, 5), fc.nat(1_000_000)),
});
const lists = fc.uniqueArray(thing, { selector: ({ path }) => path, maxLength: 60 });
const counts = fc.integer({ min: 1, max: 70 });

function weights(things: readonly Dealt[], partOf: Uint32Array, parts: number): readonly number[] {
  const all = new Array<number>(parts).fill(0);
  for (const [index, part] of partOf.entries()) all[part] = (all[part] ?? 0) + (things[index]?.size ?? 0);
  return all;
}

it('every thing goes to one of the parts, and no two parts differ by more than the largest thing', () => {
  fc.assert(
    fc.property(lists, counts, (things, parts) => {
      const partOf = deal(things, parts);
      expect(partOf).toHaveLength(things.length);
      for (const part of partOf) expect(part).toBeLessThan(parts);
      const all = weights(things, partOf, parts);
      const largest = Math.max(0, ...things.map(({ size }) => size));
      expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(largest);
    }),
  );
});

it('the deal and the name of the list do not hang on the order', () => {
  const shuffled = lists.chain((things) =>
    fc.tuple(fc.constant(things), fc.shuffledSubarray(things, { minLength: things.length })),
  );
  fc.assert(
    fc.property(shuffled, counts, ([things, others], parts) => {
      const named = (list: readonly Dealt[]): ReadonlyMap<string, number | undefined> => {
        const partOf = deal(list, parts);
        return new Map(list.map(({ path }, index) => [path, partOf[index]]));
      };
      expect(named(others)).toEqual(named(things));
      expect(listDigest(others)).toBe(listDigest(things));
    }),
  );
});

it('the heap of parts deals as looking at every part does', () => {
  fc.assert(
    fc.property(lists, counts, (things, parts) => {
      const piles = Array.from({ length: parts }, (_, part) => ({ part, weight: 0, count: 0 }));
      const expected = new Map<string, number>();
      const order = [...things].sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1));
      for (const { path, size } of order) {
        const [lightest] = [...piles].sort(
          (a, b) => a.weight - b.weight || a.count - b.count || a.part - b.part,
        );
        if (lightest === undefined) throw new Error('there is no part');
        lightest.weight += size;
        lightest.count++;
        expected.set(path, lightest.part);
      }
      const partOf = deal(things, parts);
      expect(new Map(things.map(({ path }, index) => [path, partOf[index]]))).toEqual(expected);
    }),
  );
});

it('another size, another path and another file make another list', () => {
  const things = [
    { path: 'a', size: 1 },
    { path: 'b', size: 2 },
  ];
  const names = [
    things,
    [...things, { path: 'c', size: 0 }],
    [
      { path: 'a', size: 1 },
      { path: 'b', size: 3 },
    ],
    [
      { path: 'a', size: 1 },
      { path: 'c', size: 2 },
    ],
    [],
  ].map(listDigest);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{64}$/);
});

it('what weighs nothing is spread, and so is what weighs the same', () => {
  const empty = Array.from({ length: 9 }, (_, index) => ({ path: `f${index}`, size: 0 }));
  expect([...deal(empty, 3)]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  const same = empty.map(({ path }) => ({ path, size: 7 }));
  expect([...deal(same, 3)]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
});
