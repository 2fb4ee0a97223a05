import { describe, expect, it } from 'vitest';
import type { Group } from '../../../src/report/html/client/data/groups.ts';
import { findingAddress, placeOf } from '../../../src/report/html/client/findings/address.ts';
import { GroupedListing } from '../../../src/report/html/client/findings/grouped.ts';
import {
  flatListing,
  offsetOf,
  positionAt,
  reachable,
} from '../../../src/report/html/client/widgets/listing.ts';

const heights = { row: 10, heading: 4 };

function group(key: string, remainder: number, size: number): Group {
  return { key, counts: [size], first: remainder, texts: new Set([remainder]) };
}

const textOf = (row: number): number => row % 3;

describe('a listing', () => {
  it('knows where rows begin, and what begins where', () => {
    const flat = flatListing([7, 8, 9]);
    expect([0, 1, 2].map((position) => offsetOf(flat, heights, position))).toEqual([0, 10, 20]);
    expect([0, 9, 10, 29, 500].map((pixels) => positionAt(flat, heights, pixels))).toEqual([0, 0, 1, 2, 2]);
  });

  it('opens and closes groups, whose headings are of another height', () => {
    const rows = Uint32Array.from({ length: 9 }, (_, row) => row);
    const listing = new GroupedListing(
      { groups: [group('a', 0, 3), group('b', 1, 3), group('c', 2, 3)], textOf },
      rows,
    );
    expect([listing.length, listing.rowAt(1)]).toEqual([3, null]);
    listing.toggle(1);
    expect(Array.from({ length: listing.length }, (_, position) => listing.rowAt(position))).toEqual([
      null,
      null,
      1,
      4,
      7,
      null,
    ]);
    expect(offsetOf(listing, heights, 5)).toBe(4 + 4 + 30);
    for (let position = 0; position < listing.length; position++) {
      expect(positionAt(listing, heights, offsetOf(listing, heights, position))).toBe(position);
    }
    expect([2, 4, 5].map((position) => listing.groupAt(position))).toEqual([1, 1, 2]);
    listing.setAll(true);
    expect(listing.length).toBe(12);
    expect([0, 1, 2].map((group) => [...listing.rowsOf(group)])).toEqual([
      [0, 3, 6],
      [1, 4, 7],
      [2, 5, 8],
    ]);
    expect(listing.groupOf(5)).toBe(2);
    listing.setAll(false);
    expect(listing.length).toBe(3);
  });

  it('does not open more groups at once than a table holds', () => {
    const listing = new GroupedListing(
      { groups: [group('a', 0, 900_000), group('b', 1, 200_000)], textOf },
      new Uint32Array(9),
    );
    expect(listing.canOpenAll()).toBe(false);
    listing.setAll(true);
    expect(listing.length).toBe(2);
  });

  it('ends where browsers place nothing any more', () => {
    const high = { row: 200, heading: 40 };
    expect(reachable({ ...flatListing([]), length: 200_000 }, high)).toBe(80_000);
    expect(reachable({ ...flatListing([]), length: 70_000 }, high)).toBe(70_000);
  });
});

describe('the address of a view', () => {
  const isSortKey = (key: string): boolean => ['severity', 'role'].includes(key);
  const read = (address: string) => placeOf(address, isSortKey);

  it('holds filter, order, groups and the opened finding', () => {
    const place = {
      query: 'verdict:pass "a b"',
      sort: { key: 'role', direction: 'descending' },
      group: 'from',
      open: 'arn:aws:iam::111122223333:role/a/b',
      under: 'D9.AWS.IAM.99',
    } as const;
    expect(read(findingAddress(place))).toEqual(place);
  });

  it('leaves out what is as at first', () => {
    expect(findingAddress({})).toBe('#findings');
    expect(findingAddress({ query: '' })).toBe('#findings?q=');
    expect(findingAddress({ sort: { key: 'severity', direction: 'descending' } })).toBe(
      '#findings?sort=-severity',
    );
  });

  it('of an older report means what it meant', () => {
    expect(read('#findings?q=verdict%3Apass&open=arn%3Aaws&under=R')).toMatchObject({
      query: 'verdict:pass',
      sort: { key: 'severity', direction: 'ascending' },
      group: null,
      open: 'arn:aws',
      under: 'R',
    });
    expect(read('#findings')).toBeNull();
  });

  it('may say what nobody knows', () => {
    expect(read('#findings?sort=__proto__&group=constructor')).toMatchObject({
      sort: { key: 'severity', direction: 'ascending' },
      group: null,
    });
  });
});
