import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { unpackTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { type Packing, tarGz, zip } from '../../src/kit/archive.ts';
import { inOrder, madeFile } from '../../src/kit/kit-file.ts';

const LARGE = createHash('sha512').update('x').digest('hex').repeat(20_000);
const FILES = inOrder([
  madeFile('run', '#!/bin/sh\n', true),
  madeFile('b/large', LARGE),
  madeFile('b/empty', ''),
  madeFile('B', 'sorts before a'),
]);
const PACKING: Packing = { folder: 'kit', seconds: Date.UTC(2026, 10, 28, 3, 37, 28) / 1000 };
const NAMES = ['kit/B', 'kit/b/empty', 'kit/b/large', 'kit/run'];

describe('tarGz', () => {
  it('packs in order, with fixed owner, modes and times', async () => {
    const packed = await buffer(tarGz(FILES, PACKING));
    const members = await unpackTar(gunzipSync(packed));
    expect(members.map(({ header }) => header.name)).toEqual(NAMES);
    expect(members.map(({ header }) => header.mode)).toEqual([0o644, 0o644, 0o644, 0o755]);
    for (const { header } of members) {
      expect(header).toMatchObject({ uid: 0, gid: 0, mtime: new Date(PACKING.seconds * 1000) });
    }
    expect(Buffer.from(members[2]?.data as Uint8Array).toString()).toBe(LARGE);
    // No time in the header of gzip (RFC 1952).
    expect(packed.subarray(4, 8)).toEqual(Buffer.alloc(4));
  });

  it('fails when a file does not have the bytes it said', async () => {
    const longer = { ...madeFile('a', 'abc'), bytes: 4 };
    await expect(buffer(tarGz([longer], PACKING))).rejects.toThrow();
  });

  it('fails as the file fails', async () => {
    const chunks = async function* () {
      yield Buffer.from('a');
      throw new Error('the disk is gone');
    };
    await expect(buffer(tarGz([{ ...madeFile('a', 'abc'), chunks }], PACKING))).rejects.toThrow(
      'the disk is gone',
    );
    await expect(buffer(zip([{ ...madeFile('a', 'abc'), chunks }], PACKING))).rejects.toThrow(
      'the disk is gone',
    );
  });
});

describe('zip', () => {
  it('packs in order, with fixed modes and times', async () => {
    const packed = await buffer(zip(FILES, PACKING));
    expect(Object.keys(unzipSync(packed))).toEqual(NAMES);
    expect(Buffer.from(unzipSync(packed)['kit/b/large'] as Uint8Array).toString()).toBe(LARGE);
    const archive = await yauzl.fromBufferPromise(packed, { lazyEntries: true });
    const modes: number[] = [];
    for await (const entry of archive.eachEntry()) {
      modes.push(entry.externalFileAttributes >>> 16);
      // 2026-11-28 and 12:00 as MS-DOS writes them.
      expect([entry.lastModFileDate, entry.lastModFileTime]).toEqual([(46 << 9) | (11 << 5) | 28, 12 << 11]);
    }
    expect(modes).toEqual([0o100644, 0o100644, 0o100644, 0o100755]);
  });

  it('takes the first day it can name for what is older', async () => {
    expect(Object.keys(unzipSync(await buffer(zip(FILES, { ...PACKING, seconds: 0 }))))).toEqual(NAMES);
  });
});
