import { describe, expect, it } from 'vitest';
import { NATIVE, unzstd, viaFzstd } from '../../../src/evidence/compression/unzstd.ts';
import { expectAnEndWhateverTheBytes, type Gathered, gather } from './inflated.ts';

/** Written by `zstd -19`. */
const COMPRESSED = Buffer.from(
  'KLUv/QRo9QMAAkgZGIBtDkAoJCZC9vusrH8AcwwEWgBIlKOoj1VTVQ1QPbn5ebitmbTOFc830+c5oD7t1cupfEN9EVtjYs1toi9iLg7cUWaN0FsWqNuYxCBkvtWSpZUwrudhLE4x+eaGuLZaDXWrnAoIAAZ1jiVs4tUqv5iREwIMAAHADQDKcqk9UQ==',
  'base64',
);
const STATEMENT = '{"Effect":"Allow","Action":"sts:AssumeRole"}';
const TEXT = `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/compressed","AssumeRolePolicyDocument":{"Statement":[${STATEMENT},${STATEMENT},${STATEMENT}]}}]}`;

type Decoder = typeof viaFzstd;

/** What Node.js brings along, and what stands in for it before 22.15. */
const DECODERS: readonly (readonly [string, Decoder | undefined])[] = [
  ['fzstd', viaFzstd],
  ...(NATIVE === null ? [] : [['node:zlib', undefined] as const]),
];

function once(content: Uint8Array): () => Promise<Uint8Array | null> {
  let pending: Uint8Array | null = content;
  return async () => {
    const chunk = pending;
    pending = null;
    return chunk;
  };
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

/** One frame with these blocks, each of a type with its content and the size that its header says. */
function frame(
  blocks: readonly { readonly type: number; readonly size: number; readonly content: Buffer }[],
): Buffer {
  const parts = blocks.map(({ type, size, content }, index) => {
    const header = (size << 3) | (type << 1) | (index + 1 === blocks.length ? 1 : 0);
    return Buffer.concat([Buffer.from([header & 0xff, (header >> 8) & 0xff, header >> 16]), content]);
  });
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3]), ...parts]);
}

/** Weights of a Huffman table that never end: fzstd asks for one more for ever. */
const ENDLESS_WEIGHTS = Buffer.from(
  'KLUv/QRo9QMAAkgZGPGPE0AoJCZC9vusrH8AcwwEWgBIlKOoj1VTVQ1QPbn5ebitmbTOFc830+c5oD7t1cupfEN9EVtjYs1toi9iLg7cUWaN0FsWqNuYxCBkvtWSpZUwrudhLE4x+eaGuLZaDXWrnAoIAAZ1jiVs4tUqv5iREwIMAAHADQDKcqk9UQ==',
  'base64',
);
/** 98,047 sequences of 65,539 and 65,536 bytes, all in a block of 12 bytes: fzstd copies for minutes. */
const ENDLESS_SEQUENCES = frame([
  { type: 2, size: 12, content: Buffer.from([0x08, 0x61, 0xff, 0xff, 0xff, 0x54, 35, 0, 52, 0, 0, 0x80]) },
]);

describe.each(DECODERS)('unzstd by %s', (_, decoder) => {
  const read = (content: Uint8Array, slice?: number): Promise<Gathered> =>
    gather(unzstd(once(content), slice, decoder));

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
    let length = 0;
    for await (const chunk of unzstd(once(repeating(17, 4000)), undefined, decoder)) {
      expect(chunk.length).toBeLessThanOrEqual(256 * 1024);
      length += chunk.length;
    }
    expect(length).toBe(4000 * 128 * 1024);
  });

  it('refuses a block that stands for more than a block may', async () => {
    expect((await read(repeating(25, 1, 128 * 1024 + 1))).end).toMatchObject({ state: 'damaged' });
  });

  it('survives any bytes in the place of any others', { timeout: 60_000 }, async () => {
    await expectAnEndWhateverTheBytes(COMPRESSED, (content) =>
      gather(unzstd(once(content), undefined, decoder && ((next) => decoder(next, 300)))),
    );
  });
});

it.each([
  ['weights', ENDLESS_WEIGHTS],
  ['sequences', ENDLESS_SEQUENCES],
])('data whose %s have no end is called damaged', async (_, content) => {
  for (const [name, decoder] of DECODERS) {
    const limited =
      decoder === undefined ? undefined : (next: () => Promise<Uint8Array | null>) => decoder(next, 200);
    const began = performance.now();
    const { end } = await gather(unzstd(once(content), undefined, limited));
    const reason =
      decoder === undefined ? expect.any(String) : 'unpacking a piece of it takes longer than 0.2 seconds';
    expect([name, end]).toEqual([name, { state: 'damaged', reason }]);
    expect(performance.now() - began).toBeLessThan(10_000);
  }
});

it('checksums are checked where Node.js can', async () => {
  const spoilt = Buffer.from(COMPRESSED);
  spoilt[spoilt.length - 1] = 0;
  const { text, end } = await gather(unzstd(once(spoilt)));
  expect(end.state).toBe(NATIVE === null ? 'complete' : 'damaged');
  expect(TEXT.startsWith(text)).toBe(true);
});
