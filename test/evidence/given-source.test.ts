import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { GivenBytes } from '../../src/evidence/given-bytes.ts';
import { givenSource } from '../../src/evidence/given-source.ts';
import type { Source } from '../../src/evidence/source.ts';

const never = new AbortController().signal;

async function lengths(source: Source): Promise<readonly number[]> {
  const found: number[] = [];
  for (let bytes = await source.next(); bytes !== null; bytes = await source.next()) found.push(bytes.length);
  return found;
}

describe('bytes that a caller gives', () => {
  it('are read in pieces of a MiB at most, whatever the chunks', async () => {
    const large = Buffer.alloc(2.5 * 1024 * 1024, 'x');
    const source = givenSource([Buffer.from('ab'), new Uint8Array(), large], never);
    expect(await lengths(source)).toEqual([2, 1_048_576, 1_048_576, 524_288]);
    expect(source.bytes).toBe(large.length + 2);
    const all = createHash('sha256').update('ab').update(large).digest('hex');
    expect(await source.digest()).toBe(all);
  });

  it('are closed with the source, in every form', async () => {
    const closed: string[] = [];
    const forms: readonly GivenBytes[] = [
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(Buffer.from('a')),
        cancel: () => void closed.push('web stream'),
      }),
      (function* () {
        try {
          for (;;) yield Buffer.from('a');
        } finally {
          closed.push('generator');
        }
      })(),
      (async function* () {
        try {
          for (;;) yield Buffer.from('a');
        } finally {
          closed.push('async generator');
        }
      })(),
    ];
    for (const form of forms) {
      const source = givenSource(form, never);
      expect((await source.next())?.length).toBe(1);
      await source.close();
      expect(await source.next()).toBeNull();
    }
    expect(closed).toEqual(['web stream', 'generator', 'async generator']);
  });

  it('are not waited for after the signal, nor asked for', async () => {
    const stopper = new AbortController();
    let asked = 0;
    const silent: GivenBytes = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          asked++;
          return new Promise(() => {});
        },
      }),
    };
    const source = givenSource(silent, stopper.signal);
    const waiting = source.next();
    await delay(5);
    stopper.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(source.next()).rejects.toThrow('enough');
    await source.close();
    expect(asked).toBe(1);
  });
});
