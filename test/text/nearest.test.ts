import { describe, expect, it } from 'vitest';
import { allNearest, editDistance, nearest } from '../../src/text/nearest.ts';

describe('the distance of two words', () => {
  it.each([
    ['scan', 'scan', 0],
    ['Scan', 'sCAN', 0],
    ['scna', 'scan', 1],
    ['foramt', 'format', 1],
    ['captured', 'capturd', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('%s, %s', (one, other, distance) => {
    expect(editDistance(one, other, 3)).toBe(distance);
    expect(editDistance(other, one, 3)).toBe(distance);
    if (distance > 0) expect(editDistance(one, other, distance - 1)).toBeNull();
  });
});

it('offers the nearest, of equals the first by name, and nothing that is far', () => {
  expect(nearest('cvs', ['json', 'csv', 'md'])).toBe('csv');
  expect(nearest('bat', ['cat', 'bad'])).toBe('bad');
  expect(allNearest('bat', ['cat', 'bad', 'bar', 'boot'], 2, 2)).toEqual(['bad', 'bar']);
  expect(allNearest('bat', ['boot', 'far'], 2, 2)).toEqual(['boot', 'far']);
  expect(nearest('bogus', ['format', 'output'])).toBeNull();
});
