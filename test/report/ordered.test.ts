import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { inOrder } from '../../src/report/files/ordered.ts';
import { temporaryFolder } from '../temporary-folder.ts';

interface Item {
  readonly rank: number;
  readonly number: number;
  readonly text: string;
}

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const order = () => ({ ranks: 3, rankOf: ({ rank }: Item) => rank, target: join(folder, 'report.csv') });

function* items(count: number, text = 'x'): Generator<Item> {
  for (let number = 0; number < count; number++) yield { rank: (number * 7) % 3, number, text };
}

function expected(count: number, text?: string): readonly Item[] {
  return [...items(count, text)].sort((a, b) => a.rank - b.rank || a.number - b.number);
}

describe('items in order', () => {
  it('come by rank, and as they came within one, without a file where they are few', async () => {
    const found = await inOrder(items(10), order(), async (all) => {
      expect(readdirSync(folder)).toEqual([]);
      return [...all];
    });
    expect(found).toEqual(expected(10));
  });

  it('wait in one file that only the owner may read, and that is gone at the end', async () => {
    const text = 'é\ud800"\n\u2028'.repeat(20);
    const found = await inOrder(items(20_000, text), order(), async (all) => {
      const [name = '', ...more] = readdirSync(folder);
      expect(more).toEqual([]);
      expect(name).toMatch(/^\.report\.csv\.trustsieve-.*\.tmp$/);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      return [...all];
    });
    expect(found).toEqual(expected(20_000, text));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are handed on one at a time', async () => {
    let handed = 0;
    await inOrder(items(20_000, 'x'.repeat(100)), order(), async (all) => {
      for (const _ of all) {
        handed++;
        if (handed === 5) break;
      }
    });
    expect(handed).toBe(5);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leave no file behind when their source or their use fails', async () => {
    function* failing(): Generator<Item> {
      yield* items(20_000, 'x'.repeat(100));
      throw new Error('the source');
    }
    await expect(inOrder(failing(), order(), async (all) => [...all])).rejects.toThrow('the source');
    const use = async (all: Iterable<Item>): Promise<void> => {
      for (const { number } of all) if (number === 4_000) throw new Error('the use');
    };
    await expect(inOrder(items(20_000, 'x'.repeat(100)), order(), use)).rejects.toThrow('the use');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that find no room are an error of the user', async () => {
    const target = join(folder, 'missing', 'report.csv');
    const wanting = inOrder(items(20_000, 'x'.repeat(100)), { ...order(), target }, async (all) => [...all]);
    await expect(wanting).rejects.toMatchObject({ code: 'output-unwritable' });
    mkdirSync(join(folder, 'missing'));
    const found = await inOrder(items(20_000), { ...order(), target }, async (all) => [...all]);
    expect(found).toHaveLength(20_000);
  });
});
