import { describe, expect, it } from 'vitest';
import { unzstd } from '../../../src/evidence/compression/unzstd.ts';
import { expectAnEndWhateverTheBytes, type Gathered, gather } from './inflated.ts';

/** Written by `zstd -19`. */
const COMPRESSED = Buffer.from(
  'KLUv/QRo9QMAAkgZGIBtDkAoJCZC9vusrH8AcwwEWgBIlKOoj1VTVQ1QPbn5ebitmbTOFc830+c5oD7t1cupfEN9EVtjYs1toi9iLg7cUWaN0FsWqNuYxCBkvtWSpZUwrudhLE4x+eaGuLZaDXWrnAoIAAZ1jiVs4tUqv5iREwIMAAHADQDKcqk9UQ==',
  'base64',
);
const STATEMENT = '{"Effect":"Allow","Action":"sts:AssumeRole"}';
const TEXT = `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/compressed","AssumeRolePolicyDocument":{"Statement":[${STATEMENT},${STATEMENT},${STATEMENT}]}}]}`;

async function read(content: Uint8Array, slice?: number): Promise<Gathered> {
  let pending: Uint8Array | null = content;
  const next = async () => {
    const chunk = pending;
    pending = null;
    return chunk;
  };
  return gather(unzstd(next, slice));
}

/** A frame with a window of `2 ** exponent` bytes and blocks that repeat one byte. */
function repeating(exponent: number, blocks: number, size = 128 * 1024): Buffer {
  const frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (exponent - 10) << 3];
  for (let index = 1; index <= blocks; index++) {
    const header = (size << 3) | 2 | (index === blocks ? 1 : 0);
    frame.push(header & 0xff, (header >> 8) & 0xff, header >> 16, 0x61);
  }
  return Buffer.from(frame);
}

const SKIPPABLE = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

describe('unzstd', () => {
  it('finds the frames wherever the slices fall', async () => {
    const content = Buffer.concat([SKIPPABLE, COMPRESSED, repeating(17, 2, 3), SKIPPABLE, COMPRESSED]);
    for (let slice = 1; slice <= content.length; slice += 3) {
      expect(await read(content, slice)).toEqual({
        text: `${TEXT}aaaaaa${TEXT}`,
        end: { state: 'complete' },
      });
    }
  });

  it('never takes a part for the whole', async () => {
    for (let length = 4; length < COMPRESSED.length; length++) {
      const { text, end } = await read(COMPRESSED.subarray(0, length));
      expect(end).toEqual({ state: 'truncated' });
      expect(TEXT.startsWith(text)).toBe(true);
    }
  });

  it('names what follows', async () => {
    for (const rest of ['hello', '\0'.repeat(20), `${'\0'.repeat(20)}x`]) {
      const { text, end } = await read(Buffer.concat([COMPRESSED, Buffer.from(rest)]), 7);
      expect(text).toBe(TEXT);
      expect(end.state).toBe(rest.endsWith('\0') ? 'trailing' : 'damaged');
    }
  });

  it('refuses windows that would fill the memory', async () => {
    expect((await read(repeating(25, 1))).end).toEqual({ state: 'complete' });
    const { end } = await read(repeating(31, 1));
    expect(end).toMatchObject({ state: 'damaged', reason: expect.stringContaining('2048 MiB') });
    // One segment of 4 GiB.
    const single = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 0x01, 0, 0]);
    expect((await read(single)).end).toMatchObject({ state: 'damaged' });
  });

  it('hands out what a bomb unpacks to in pieces', async () => {
    let pending: Uint8Array | null = repeating(17, 4000);
    const next = async () => {
      const chunk = pending;
      pending = null;
      return chunk;
    };
    let length = 0;
    for await (const chunk of unzstd(next)) {
      expect(chunk.length).toBeLessThanOrEqual(128 * 1024);
      length += chunk.length;
    }
    expect(length).toBe(4000 * 128 * 1024);
  });

  it('survives any bytes in the place of any others', { timeout: 60_000 }, async () => {
    await expectAnEndWhateverTheBytes(COMPRESSED, read);
  });
});
