import { describe, expect, it } from 'vitest';
import { BoundedMap } from '../../src/text/bounded-map.ts';

describe('BoundedMap', () => {
  it('holds what was set, until it is full', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([1, 2, undefined, 2]);
  });

  it('never holds more than its capacity: when full, the next entry is the only one', () => {
    const map = new BoundedMap<string, number>(2);
    for (const [at, key] of ['a', 'b', 'c'].entries()) map.set(key, at);
    expect([map.has('a'), map.has('b'), map.get('c'), map.size]).toEqual([false, false, 2, 1]);
  });

  it('never holds more than weighs as much, but for one entry that weighs more alone', () => {
    const map = new BoundedMap<string, string>(10);
    for (const text of ['aaaa', 'bbbb', 'cc', 'd']) map.set(text, text, text.length);
    expect([map.has('cc'), map.has('d'), map.size]).toEqual([false, true, 1]);
    map.set('e'.repeat(11), 'long', 11);
    expect([map.get('e'.repeat(11)), map.size]).toEqual(['long', 1]);
    map.set('f', 'short', 1);
    expect(map.size).toBe(1);
  });

  it('keeps the others when a key that it has is set again', () => {
    const map = new BoundedMap<string, number>(2);
    for (const [at, key] of ['a', 'b', 'a'].entries()) map.set(key, at);
    expect([map.get('a'), map.get('b'), map.size]).toEqual([2, 1, 2]);
  });

  it('tells a remembered null or undefined from nothing', () => {
    const map = new BoundedMap<string, string | null | undefined>(2);
    map.set('null', null);
    map.set('undefined', undefined);
    expect([map.has('null'), map.has('undefined'), map.has('other')]).toEqual([true, true, false]);
    expect(map.get('null')).toBeNull();
  });

  it('can be emptied', () => {
    const map = new BoundedMap<number, number>(1);
    map.set(1, 1);
    map.clear();
    expect([map.size, map.has(1)]).toEqual([0, false]);
  });
});
