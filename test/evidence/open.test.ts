import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, openSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTranscoder } from '../../src/evidence/charset.ts';
import { gunzip } from '../../src/evidence/compression/inflate.ts';
import { type EvidenceEnd, openEvidence } from '../../src/evidence/open.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { bzip2 } from './compression/bzip2.ts';

const root = temporaryFolder();

async function read(content: Uint8Array, file: string | number = join(root, 'file')) {
  if (typeof file === 'string') writeFileSync(file, content);
  const stream = await openEvidence({ kind: 'file', path: 'shown', file });
  const parts: Buffer[] = [];
  for (let bytes = await stream.next(); bytes !== null; bytes = await stream.next())
    parts.push(Buffer.from(bytes));
  const end: EvidenceEnd = await stream.finish();
  return { text: Buffer.concat(parts), stream, end };
}

const codes = (end: EvidenceEnd) => end.problems.map(({ code }) => code);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

describe('openEvidence', () => {
  it.each([
    ['nothing', Buffer.alloc(0), ''],
    ['plain text', Buffer.from('{"a":"é"}'), '{"a":"é"}'],
    ['one byte', Buffer.from('1'), '1'],
    ['a UTF-8 mark', Buffer.concat([BOM, Buffer.from('{}')]), '{}'],
    ['a UTF-8 mark alone', BOM, ''],
    ['UTF-16LE', Buffer.from('\ufeff{"a":"é😀"}\r\n', 'utf16le'), '{"a":"é😀"}\r\n'],
    ['UTF-16BE', Buffer.from('\ufeff{"a":"é😀"}', 'utf16le').swap16(), '{"a":"é😀"}'],
    ['UTF-16LE without a mark', Buffer.from('{"a":"é😀"}', 'utf16le').subarray(0), '{"a":"é😀"}'],
    ['UTF-16BE without a mark', Buffer.from('[{"arn":1}]', 'utf16le').swap16(), '[{"arn":1}]'],
    ['gzip', gzipSync('{"a":1}'), '{"a":1}'],
    ['gzip of nothing', gzipSync(''), ''],
    [
      'gzip members',
      Buffer.concat([gzipSync('{"a":1}'), gzipSync(''), gzipSync('{"b":2}')]),
      '{"a":1}{"b":2}',
    ],
    ['bzip2', bzip2('{"a":1}'), '{"a":1}'],
    ['bzip2 of nothing', bzip2(''), ''],
    ['bzip2 streams', Buffer.concat([bzip2('{"a":1}'), bzip2(''), bzip2('{"b":2}')]), '{"a":1}{"b":2}'],
    ['gzip of UTF-16LE', gzipSync(Buffer.from('\ufeff{}', 'utf16le')), '{}'],
    ['a mark inside', Buffer.from('{"a":"}\ufeffx"}\n\ufeff \n{}'), '{"a":"}\ufeffx"}\n    \n{}'],
    ['a mark inside UTF-16', Buffer.from('\ufeff[]\ufeff[]', 'utf16le'), '[]   []'],
    [
      'zero bytes inside',
      Buffer.from('a\0\0\0b\0'.repeat(3).slice(0, -1)),
      'a\0\0\0b\0'.repeat(3).slice(0, -1),
    ],
  ])('reads %s', async (_, content, expected) => {
    const { text, end } = await read(content);
    expect(text.toString()).toBe(expected);
    expect(end).toMatchObject({ truncated: false, problems: [] });
    expect(end.evidence).toMatchObject({ path: 'shown', bytes: content.length, sha256: sha256(content) });
  });

  it('blanks a mark between documents of which the first ends with a chunk, and all of it is ASCII', async () => {
    const first = `["${'x'.repeat(1024 * 1024 - 4)}"]`;
    const { text } = await read(Buffer.from(`${first}\ufeff[]`));
    expect(text.toString() === `${first}   []`).toBe(true);
    const { text: untouched } = await read(Buffer.from(`"${first.slice(2, -1)}"\ufeff[]`));
    expect(untouched.includes('\ufeff[]')).toBe(true);
  });

  it('keeps offsets those of the decompressed file', async () => {
    expect((await read(Buffer.concat([BOM, Buffer.from('{}')]))).stream.start).toBe(3);
    expect((await read(Buffer.from('\ufeff{}', 'utf16le'))).stream.start).toBe(0);
  });

  it('gives up on what unpacks to thousands of times its size', { timeout: 60_000 }, async () => {
    // Blocks of four bytes that stand for 128 KiB of blanks.
    const block = Buffer.from([0x02, 0x00, 0x10, 0x20]);
    const frame = Buffer.concat([
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3]),
      ...Array<Buffer>(16_384).fill(block),
    ]);
    const { end, length } = await readBomb(frame);
    expect(end.problems.map(({ code }) => code)).toEqual(['unpacks-too-far']);
    expect(end.truncated).toBe(true);
    expect(length).toBeLessThanOrEqual(1024 ** 3);
  });

  it('hands out what a truncated gzip holds', async () => {
    const content = randomBytes(3_000_000).toString('base64');
    const whole = gzipSync(content);
    for (const length of [2, 5, 12, 100_000, whole.length - 9, whole.length - 1]) {
      const { text, end } = await read(whole.subarray(0, length));
      expect(codes(end)).toEqual(['gzip-truncated']);
      expect(end.truncated).toBe(true);
      expect(content.startsWith(text.toString())).toBe(true);
      // Deflate hands out whole blocks late, but never holds back more than its window and one block.
      expect(text.length).toBeGreaterThan(length * 1.2 - 200_000);
      expect(end.evidence.sha256).toBe(sha256(whole.subarray(0, length)));
    }
  });

  it('names damage and what follows the data', async () => {
    const whole = gzipSync('{"a":1}');
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] as number) ^ 0xff;
    expect(codes((await read(damaged)).end)).toEqual(['gzip-damaged']);
    const padded = await read(Buffer.concat([whole, Buffer.alloc(100)]));
    expect(padded.text.toString()).toBe('{"a":1}');
    expect(codes(padded.end)).toEqual(['gzip-trailing']);
    expect(padded.end.truncated).toBe(false);
    for (const padding of [0, 1, 40_000]) {
      const content = Buffer.concat([whole, Buffer.alloc(padding), Buffer.from('{"b":2}')]);
      expect(codes((await read(content)).end)).toEqual(['gzip-damaged']);
    }
  });

  it('keeps zero bytes at the end back, and tells of them', async () => {
    for (const [content, text, padding] of [
      [Buffer.concat([Buffer.from('{}'), Buffer.alloc(3_000_000)]), '{}', 3_000_000],
      [Buffer.from('\ufeff{}\0\0', 'utf16le'), '{}', 2],
      [gzipSync('{}\0'), '{}', 1],
      [Buffer.alloc(700), '', 700],
    ] as const) {
      const found = await read(content);
      expect(found.text.toString()).toBe(text);
      expect(found.end).toMatchObject({ truncated: false, problems: [{ code: 'nul-padding' }] });
      expect(found.end.problems[0]?.message).toMatch(new RegExp(`^${padding} zero bytes follow`));
      expect(found.end.evidence).toMatchObject({ bytes: content.length, sha256: sha256(content) });
    }
  });

  it('names what is wrong with bzip2', async () => {
    const whole = bzip2('{"a":1}');
    const damaged = Buffer.from(whole);
    damaged[12] = (damaged[12] as number) ^ 1;
    for (const [content, code, truncated] of [
      [whole.subarray(0, 20), 'bzip2-truncated', true],
      [damaged, 'bzip2-damaged', true],
      [Buffer.concat([whole, Buffer.alloc(100)]), 'bzip2-trailing', false],
    ] as const) {
      const { text, end } = await read(content);
      expect(text.toString()).toBe(code === 'bzip2-trailing' ? '{"a":1}' : '');
      expect(codes(end)).toEqual([code]);
      expect(end.truncated).toBe(truncated);
      expect(end.evidence).toMatchObject({ bytes: content.length, sha256: sha256(content) });
    }
  });

  it('reads Windows-1252 for what it is', async () => {
    const text = '{"name":"café – «naïve» 10 €"}';
    const windows = (value: string) => Buffer.from(value.replace('–', '\x96').replace('€', '\x80'), 'latin1');
    for (const filling of [
      '',
      'x'.repeat(1024 * 1024 - 12),
      'x'.repeat(1024 * 1024 - 13),
      'x'.repeat(3_000_000),
    ]) {
      const { text: read1, end, stream } = await read(windows(filling + text));
      expect(read1.toString()).toBe(filling + text);
      expect(codes(end)).toEqual(['windows-1252']);
      expect(end.truncated).toBe(false);
      expect(stream.charset).toBe('windows-1252');
    }
    for (const last of ['é"', 'é"}', '«é"}']) {
      expect((await read(windows(last))).text.toString()).toBe(last);
    }
  });

  it.each([
    ['a sequence that is cut', Buffer.from('"é').subarray(0, 2)],
    ['a byte that Windows-1252 has not', Buffer.from([0x22, 0x81, 0x22, 0x22, 0x22])],
    ['binary data', Buffer.from([0, 0xe9, 0x22, 0x22, 0x22])],
  ])('does not take %s for Windows-1252', async (_, content) => {
    const { text, end } = await read(content);
    expect(text).toEqual(content);
    expect(codes(end)).toEqual(['invalid-utf8']);
  });

  it('passes invalid UTF-8 on and counts it', async () => {
    const content = Buffer.concat([
      Buffer.from('"ü caf'),
      Buffer.from([0xe9]),
      Buffer.from('" "\ufffd"'),
      Buffer.from([0xc3]),
    ]);
    const { text, end } = await read(content);
    expect(text).toEqual(content);
    expect(end.problems).toEqual([
      { code: 'invalid-utf8', message: '2 byte sequences are not UTF-8 and read as U+FFFD' },
    ]);
    expect(end.truncated).toBe(false);
  });

  it('hashes all of a file whose text was not wanted', async () => {
    const content = gzipSync(randomBytes(3_000_000));
    writeFileSync(join(root, 'file'), content);
    const stream = await openEvidence({ kind: 'file', path: 'shown', file: join(root, 'file') });
    await stream.next();
    const { evidence } = await stream.finish();
    expect(evidence).toMatchObject({ bytes: content.length, sha256: sha256(content) });
  });

  it('tells when a file was modified, in whole seconds', async () => {
    writeFileSync(join(root, 'old'), '{}');
    utimesSync(join(root, 'old'), new Date('2026-02-01T10:20:30.900Z'), new Date('2026-02-01T10:20:30.900Z'));
    const stream = await openEvidence({ kind: 'file', path: 'old', file: join(root, 'old') });
    expect((await stream.finish()).evidence.modifiedAt).toBe('2026-02-01T10:20:30Z');
  });

  it('reads a descriptor, leaves it open and knows no time', async () => {
    writeFileSync(join(root, 'piped'), '{"a":1}');
    const descriptor = openSync(join(root, 'piped'), 'r');
    const { text, end } = await read(Buffer.alloc(0), descriptor);
    expect(text.toString()).toBe('{"a":1}');
    expect(end.evidence.modifiedAt).toBeNull();
    closeSync(descriptor);
  });

  it('throws what the file system says', async () => {
    const gone = openEvidence({ kind: 'file', path: 'gone', file: join(root, 'gone') });
    await expect(gone).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('gunzip', () => {
  it('finds the members wherever the slices fall', async () => {
    const bytes = Buffer.concat([gzipSync('first,'), gzipSync('second,'), gzipSync('third')]);
    for (let slice = 1; slice <= bytes.length; slice++) {
      let pending: Uint8Array | null = bytes;
      const next = async () => {
        const chunk = pending;
        pending = null;
        return chunk;
      };
      const parts: Uint8Array[] = [];
      const inflated = gunzip(next, slice);
      let step = await inflated.next();
      for (; step.done !== true; step = await inflated.next()) parts.push(step.value);
      expect(Buffer.concat(parts).toString()).toBe('first,second,third');
      expect(step.value).toEqual({ state: 'complete' });
    }
  });
});

describe('createTranscoder', () => {
  it('gives the same text however the bytes are cut', () => {
    const byte = fc.constantFrom(0x22, 0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0x96, 0x81, 0x00);
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (bytes, step) => {
        const read = (size: number) => {
          const transcoder = createTranscoder('utf-8');
          const parts: Uint8Array[] = [];
          for (let at = 0; at < bytes.length; at += size) {
            parts.push(new Uint8Array(transcoder.push(Buffer.from(bytes.slice(at, at + size)))));
          }
          parts.push(transcoder.end());
          return [Buffer.concat(parts).toString('hex'), transcoder.charset, transcoder.invalid];
        };
        expect(read(step)).toEqual(read(100));
      }),
      { numRuns: 2000 },
    );
  });

  it('counts the same invalid sequences however the bytes are cut', () => {
    const byte = fc.constantFrom(
      0x22,
      0x61,
      0xc3,
      0xa9,
      0xe2,
      0x82,
      0xac,
      0xf0,
      0x9f,
      0x98,
      0x80,
      0xed,
      0xa0,
      0xef,
      0xbf,
      0xbd,
      0xff,
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.array(byte, { maxLength: 40 }),
        fc.nat(5),
        (noise, bytes, step) => {
          // Begins with a character that shows it to be UTF-8.
          const content = Buffer.from([0xc3, 0xbc, ...bytes, ...noise]);
          const count = (size: number) => {
            const transcoder = createTranscoder('utf-8');
            for (let at = 0; at < content.length; at += size)
              transcoder.push(content.subarray(at, at + size));
            transcoder.end();
            return transcoder.invalid;
          };
          const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
          const genuine = content.toString('latin1').split('\xef\xbf\xbd').length - 1;
          expect(count(step + 1)).toBe(text.split('\ufffd').length - 1 - genuine);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('a file that is written to while it is read', () => {
  it.each([
    ['grows', (path: string) => appendFileSync(path, '{"b":2}\n')],
    ['shrinks', (path: string) => truncateSync(path, 4)],
    ['is written anew, and as long', (path: string) => utimesSync(path, 1, 1)],
  ])('is not whole: it %s', async (_, change) => {
    const path = join(root, 'changing');
    writeFileSync(path, '{"a":1}\n');
    const stream = await openEvidence({ kind: 'file', path: 'shown', file: path });
    await stream.next();
    change(path);
    while ((await stream.next()) !== null);
    const end = await stream.finish();
    expect(codes(end)).toEqual(['evidence-changed']);
    expect(end.truncated).toBe(true);
  });

  it('is whole when it was written to before and after', async () => {
    const path = join(root, 'steady');
    const { end } = await read(Buffer.from('{"a":1}\n'), path);
    appendFileSync(path, 'more');
    expect([codes(end), end.truncated]).toEqual([[], false]);
  });
});

async function readBomb(content: Buffer): Promise<{ readonly end: EvidenceEnd; readonly length: number }> {
  const file = join(root, 'bomb');
  writeFileSync(file, content);
  const stream = await openEvidence({ kind: 'file', path: 'bomb', file });
  let length = 0;
  for (let bytes = await stream.next(); bytes !== null; bytes = await stream.next()) length += bytes.length;
  return { end: await stream.finish(), length };
}
