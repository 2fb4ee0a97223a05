import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTime, unpackTime } from '../../../../src/report/html/shared/packed-time.ts';
import { packIds, packTimes, unpackIds, unpackTimes } from '../../../../src/report/html/shared/packing.ts';
import { BytesOfText, TextOfBytes } from '../../../../src/report/html/shared/text-bytes.ts';

describe('a packed time', () => {
  it.each([
    '2026-02-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '2026-02-01T00:00:00.123Z',
    '2026-02-01',
    '2026-02-01T01:00:00+01:00',
    '+275760-09-13T00:00:00Z',
    'never',
    '',
    null,
  ])('is the same when it is unpacked: %j', (time) => {
    expect(unpackTime(packTime(time))).toBe(time);
  });

  it('is a number where that says the same', () => {
    expect(packTime('2026-02-01T00:00:00Z')).toBe(1_769_904_000);
    expect(packTime('2026-02-01T00:00:00.000Z')).toBe('2026-02-01T00:00:00.000Z');
  });
});

describe('packed role ids', () => {
  it.each([
    [['AROAONE', 'AROATWO']],
    [['AROAONE', 'AROATHREE']],
    [['AROAONE', 'AIDATWO']],
    [['AROA', 'AROA']],
    [['AROA😀', 'AROA..']],
    [['', '']],
    [[]],
  ])('are the same when they are unpacked: %j', (ids) => {
    expect(unpackIds(packIds(ids))).toEqual(ids);
  });

  it('are one text where they are alike', () => {
    expect(packIds(['AROAONE', 'AROATWO'])).toEqual({ start: 'AROA', rest: 3, text: 'ONETWO' });
  });
});

describe('packed times', () => {
  it.each([
    [[0, 1, null, 1_769_904_000]],
    [[null, null]],
    [[36 ** 6 - 1]],
    [[36 ** 6]],
    [[-1, 1]],
    [['2026-02-01', 1, null]],
    [[]],
  ])('are the same when they are unpacked: %j', (times) => {
    expect(unpackTimes(packTimes(times))).toEqual(times);
  });

  it('are one text where all fit', () => {
    expect(packTimes([35, null])).toBe(`     z${' '.repeat(6)}`);
  });
});

describe('bytes as text', () => {
  const textOf = (pieces: readonly Uint8Array[]): string => {
    const packed = new TextOfBytes();
    return pieces.map((piece) => packed.add(piece)).join('') + packed.end();
  };
  const bytesOf = (...pieces: readonly string[]): Uint8Array => {
    const bytes = new BytesOfText();
    return Buffer.concat([...pieces.map((piece) => bytes.add(piece)), bytes.end()]);
  };

  it('are the same again, whatever pieces they and their text come in', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
    fc.assert(
      fc.property(pieces, fc.nat(200), (parts, cut) => {
        const whole = Buffer.concat(parts);
        const text = textOf(parts);
        expect(text).toBe(textOf([whole]));
        expect(text).toMatch(/^[!-~]*$/);
        expect(text).not.toMatch(/[<>&]/);
        expect(Buffer.from(bytesOf(`${text.slice(0, cut)}\n`, text.slice(cut)))).toEqual(whole);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([0x00, 0x58, 0x59, 0xff])('of one kind (%i) are the same again at every length', (byte) => {
    for (let length = 0; length < 60; length++) {
      const bytes = Buffer.alloc(length, byte);
      expect(Buffer.from(bytesOf(textOf([bytes])))).toEqual(bytes);
    }
  });

  it('are refused where a character is none of theirs', () => {
    expect(() => bytesOf('AB<C')).toThrow('damaged');
    expect(() => bytesOf('ABÿ')).toThrow('damaged');
  });
});
