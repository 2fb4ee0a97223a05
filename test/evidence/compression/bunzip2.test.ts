import { describe, expect, it } from 'vitest';
import { bunzip2 } from '../../../src/evidence/compression/bunzip2.ts';
import { expectAnEndWhateverTheBytes, type Gathered, gather } from './inflated.ts';

/** Written by `bzip2`. */
const COMPRESSED = Buffer.from(
  'QlpoOTFBWSZTWfjkI+8AAHrfgEAAEAS4ECYEWAovJ96qIACSDalNTymm09U9IANGmZQZBJpqPIQ9QDTZRo8MLmtj7AQyPE/lQhQPBmBuFmXmaUKRJf59LCiwYAQKS3U2YBURxMZ2dX6YGpvFpA5AXOXBlXzE9D363meLhxJErJUaLsNBPoQZaVmYHKzvlka9aSSw7m5LEb2pbTiRBuhC6q2WdJq5rL+LuSKcKEh8chH3gA==',
  'base64',
);
/** A stream without a block. */
const NOTHING = Buffer.from('QlpoORdyRThQkAAAAAA=', 'base64');
/** 100,000,000 zero bytes in 113. */
const BOMB = Buffer.from(
  'QlpoOTFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1nEYApVAD7RQALAAABAAAggADDMCapppUiDaipEHi7kinChIcCoiS4=',
  'base64',
);
const STATEMENT = '{"Effect":"Allow","Action":"sts:AssumeRole"}';
const TEXT = `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/compressed","AssumeRolePolicyDocument":{"Statement":[${STATEMENT},${STATEMENT},${STATEMENT}]}}]}`;

/** @param slice bytes that come at a time */
async function read(content: Uint8Array, slice = content.length): Promise<Gathered> {
  let at = 0;
  const buffer = new Uint8Array(slice);
  const next = async () => {
    const part = content.subarray(at, at + slice);
    at += slice;
    // The same memory each time, as a file is read.
    buffer.set(part);
    return part.length > 0 ? buffer.subarray(0, part.length) : null;
  };
  return gather(bunzip2(next));
}

describe('bunzip2', () => {
  it('reads all streams, however their bytes come', async () => {
    const content = Buffer.concat([NOTHING, COMPRESSED, NOTHING, COMPRESSED]);
    for (let slice = 1; slice <= content.length; slice += 3) {
      expect(await read(content, slice)).toEqual({ text: `${TEXT}${TEXT}`, end: { state: 'complete' } });
    }
  });

  it('never takes a part for the whole', async () => {
    for (let length = 3; length < COMPRESSED.length; length++) {
      const { text, end } = await read(COMPRESSED.subarray(0, length), 50);
      expect(end).toEqual({ state: 'truncated' });
      expect(['', TEXT]).toContain(text);
    }
  });

  it('names what follows', async () => {
    for (const rest of ['hello', '\0\0\0\0', 'BZ', '\0\0\0\0x']) {
      const { text, end } = await read(Buffer.concat([COMPRESSED, Buffer.from(rest)]));
      expect(text).toBe(TEXT);
      expect(end.state).toBe(rest === '\0\0\0\0' ? 'trailing' : 'damaged');
    }
  });

  it('hands out nothing whose checksum is wrong', { timeout: 60_000 }, async () => {
    for (let bit = 32; bit < COMPRESSED.length * 8; bit++) {
      const spoilt = Buffer.from(COMPRESSED);
      spoilt[bit >> 3] = (spoilt[bit >> 3] as number) ^ (1 << (bit & 7));
      const { text, end } = await read(spoilt);
      expect(['', TEXT]).toContain(text);
      // The last bits fill up the last byte.
      if (text === '') expect(['damaged', 'truncated']).toContain(end.state);
    }
    const sum = Buffer.from(COMPRESSED);
    sum[10] = 0;
    expect((await read(sum)).end).toEqual({ state: 'damaged', reason: 'its checksum is wrong' });
  });

  it('keeps the blocks before the damaged one', async () => {
    const spoilt = Buffer.concat([COMPRESSED, COMPRESSED]);
    spoilt[COMPRESSED.length + 40] = 0;
    const { text, end } = await read(spoilt);
    expect(text).toBe(TEXT);
    expect(end.state).toBe('damaged');
  });

  it('hands out what a bomb unpacks to in pieces, block by block', { timeout: 60_000 }, async () => {
    let length = 0;
    let largest = 0;
    let pending: Uint8Array | null = BOMB;
    const inflated = bunzip2(async () => {
      const bytes = pending;
      pending = null;
      return bytes;
    });
    let step = await inflated.next();
    for (; step.done !== true; step = await inflated.next()) {
      length += step.value.length;
      largest = Math.max(largest, step.value.length);
    }
    expect(step.value).toEqual({ state: 'complete' });
    expect(length).toBe(100_000_000);
    expect(largest).toBeLessThanOrEqual(256 * 1024);
  });

  it('gives up on a block that has no end', async () => {
    expect(await read(endlessBlock(3 * 1024 * 1024), 64 * 1024)).toEqual({
      text: '',
      end: { state: 'damaged', reason: 'a block has no end' },
    });
  });

  it('survives any bytes in the place of any others', async () => {
    await expectAnEndWhateverTheBytes(COMPRESSED, read);
  });
});

/** A block whose first table of codes has no end: a code's length may go up (`10`) and down (`11`) without one. */
function endlessBlock(size: number): Buffer {
  const bytes = (text: string) =>
    [...Buffer.from(text, 'latin1')].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const bits = [
    bytes('BZh11AY&SY'),
    // The checksum, not randomised, the pointer.
    '0'.repeat(32 + 1 + 24),
    // Only the byte `a` occurs.
    '0000001000000000',
    '0100000000000000',
    // Two tables, one selector, the first one.
    '010',
    '000000000000001',
    '0',
    // Codes begin with a length of 5.
    '00101',
  ].join('');
  const block = `${bits}${'1011'.repeat(4)}`;
  const head = block.slice(0, bits.length + 8 - (bits.length % 8) + 8);
  const content = Buffer.alloc(size, Number.parseInt(head.slice(-8), 2));
  content.set((head.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  return content;
}
