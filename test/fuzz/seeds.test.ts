import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/formats/index.ts';
import { applyEdits, edit, inOrder, touches } from './edits.ts';
import { everyPlace, jsonPlaces } from './json-places.ts';
import { baseNamed, mutantOf } from './mutants.ts';
import { SEEDS } from './seeds.ts';
import { wholeOf } from './try-one.ts';

describe('the seeds', () => {
  it('are of every format that is read, and sound', { timeout: 120_000 }, async () => {
    const formats = new Set<string | null>();
    for (const { name } of SEEDS) for (const id of (await wholeOf(baseNamed(name))).formats) formats.add(id);
    expect(FORMATS.map(({ id }) => id).filter((id) => !formats.has(id))).toEqual([]);
    const kinds = new Set(SEEDS.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['csv', 'duckdb', 'js', 'json', 'parquet', 'sqlite', 'yaml']);
  });

  it('give the same inputs for the same number, and others for another', () => {
    const inputs = (seed: number) => Array.from({ length: 100 }, (_, index) => mutantOf(seed, index));
    const [first, again, other] = [inputs(7), inputs(7).reverse().reverse(), inputs(8)];
    expect(again.map(({ bytes }) => bytes)).toEqual(first.map(({ bytes }) => bytes));
    expect(
      other.filter(({ bytes }, index) => bytes.equals(first[index]?.bytes as Buffer)).length,
    ).toBeLessThan(20);
    expect(new Set(first.map(({ what }) => what)).size).toBeGreaterThan(5);
    // In any order, and from any beginning.
    expect(mutantOf(7, 42).bytes).toEqual(first[42]?.bytes);
  });
});

describe('edits', () => {
  it('are applied in order, and say what they touch', () => {
    const edits = inOrder([edit(4, 6, 'XY'), edit(0, 1), edit(5, 9, '-'), edit(3, 3, '+')]);
    expect(applyEdits(Buffer.from('0123456789'), edits).toString()).toBe('12+3XY6789');
    const range = { from: 3, to: 5 };
    expect([edit(3, 3, 'x'), edit(5, 7), edit(0, 3)].filter((one) => touches(one, range))).toEqual([]);
    expect([edit(4, 4, 'x'), edit(4, 9), edit(0, 9)].filter((one) => !touches(one, range))).toEqual([]);
  });
});

describe('jsonPlaces', () => {
  it('finds what JSON.parse finds, and refuses what it refuses', () => {
    const text = ' {"a":[1,"é\\n",{"b":null}]}\n[]';
    const [first, second] = jsonPlaces(Buffer.from(text)) ?? [];
    const texts = everyPlace(first as NonNullable<typeof first>).values.map(({ from, to }) =>
      JSON.parse(Buffer.from(text).toString('utf8', from, to)),
    );
    const inner = { b: null };
    expect(texts).toEqual([{ a: [1, 'é\n', inner] }, [1, 'é\n', inner], 1, 'é\n', inner, null]);
    expect(second?.kind).toBe('array');
    for (const broken of ['{"a":1', '[1,]', '01', '"\n"', '{a:1}', '', 'nul', '[1 2]', '"\\x"']) {
      expect([broken, jsonPlaces(Buffer.from(broken))]).toEqual([broken, null]);
    }
    expect(jsonPlaces(Buffer.from([0x22, 0xff, 0x22]))).toMatchObject([{ kind: 'string', from: 0, to: 3 }]);
  });
});
