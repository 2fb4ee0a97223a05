import { describe, expect, it } from 'vitest';
import { readClean } from '../../src/json/clean-json.ts';
import { sketchAny, sketchClean } from '../../src/json/sketch.ts';

/** The same numbers on every machine. */
function openRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PLAIN = ['a', 'Arn', '', 'arn:aws:iam::1:role/x', 'é', '{', ']', ':,'];

function randomValue(random: (below: number) => number, depth: number): unknown {
  const kind = random(depth > 0 ? 8 : 5);
  if (kind === 0) return random(2) === 0 ? -random(9) / 4 : random(1000) * 1e21;
  if (kind === 1) return [true, false, null][random(3)];
  if (kind < 5) return PLAIN[random(PLAIN.length)];
  const items = Array.from({ length: random(7) }, () => randomValue(random, depth - 1));
  if (kind === 5) return items;
  return Object.fromEntries(items.map((item) => [`${PLAIN[random(PLAIN.length)]}${random(3)}`, item]));
}

describe('readClean', () => {
  it.each([
    '{"a":"\\n"}',
    '{"a":1,}',
    '[1 2]',
    '[01]',
    '{"a" 1}',
    '[}',
    '{]',
    'null',
    '[tru]',
    '[1,]',
    '{"a":}',
    '[\u00a0]',
    '{1:2}',
    '["\t"]',
  ])('leaves %j to others', (text) => {
    expect(readClean(`${text}\n`, () => Number.POSITIVE_INFINITY)).toBe(false);
  });

  it('reads what exports begin with', () => {
    const tokens: string[] = [];
    const text = '{"a": [1, true, null, "x y", {}]}\n[-1.5e3 ]\n{"b';
    const isClean = readClean(text, (token, from, to) => {
      tokens.push(token, text.slice(from, to));
      return text.length;
    });
    expect(isClean).toBe(true);
    expect(tokens.join(' ')).toBe(
      'startObject { key a startArray [ number 1 boolean true null null string x y startObject { endObject } endArray ] ' +
        'endObject } startArray [ number -1.5e3 endArray ] startObject {',
    );
  });
});

describe('sketchClean', () => {
  it('sketches a clean text as the parser for any text does, and takes no other for clean', () => {
    const random = openRandom(7);
    let clean = 0;
    for (let round = 0; round < 5000; round++) {
      const documents = Array.from({ length: 1 + random(5) }, () => {
        const value = random(12) === 0 ? Array.from({ length: 400 }, () => 'long') : [randomValue(random, 4)];
        return JSON.stringify(value, null, random(3));
      });
      let text = documents.join(['\n', ' ', '\r\n', ''][random(4)]);
      const mutations = random(4) - 1;
      for (let count = 0; count < mutations; count++) {
        const at = random(text.length + 1);
        const inserted = ['', '"', ',', '}', ']', ':', '\\', '\n', 'x', '1', '-', 'null', ' '][random(13)];
        text =
          random(4) === 0 ? text.slice(0, at) : text.slice(0, at) + inserted + text.slice(at + random(2));
      }
      const sketch = sketchClean(text);
      if (sketch === null) continue;
      clean++;
      expect(sketch, text).toEqual(sketchAny(text));
    }
    expect(clean).toBeGreaterThan(2000);
  });

  it('stops where the parser for any text stops', () => {
    const line = `{"k":"${'v'.repeat(2000)}"}\n`;
    for (const text of [
      `${line.repeat(3)}{"a":`,
      `${line.repeat(2)}{} ,`,
      `{}\n{}\n{}\nx`,
      `{} {} {} ${' '.repeat(1100)}x`,
    ]) {
      const sketch = sketchClean(text);
      if (sketch !== null) expect(sketch).toEqual(sketchAny(text));
    }
    expect(sketchClean(`{}\n{}\n{}\nx`)).not.toBeNull();
  });
});
