import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { bySize, GAAD_HEAD, GAAD_TAIL, type HostileCase, openRole, soundExport } from './case.ts';
import { tarEnd, tarHeader, type ZipMember, zipOf } from './containers.ts';
import { Writing } from './writing.ts';

const MIB = 1024 * 1024;

/** Packed data that unpacks to far more than it is, or to nothing at all, or for ever. */
export const PACKED_CASES: readonly HostileCase[] = [
  {
    name: 'gzip-bomb',
    what: '4 GiB of blanks in front of an export, in gzip of 4 MiB',
    write: (folder, size) => {
      const out = new Writing(folder, 'bomb.json.gz');
      out.repeat(gzipSync(Buffer.alloc(16 * MIB, ' ')), bySize(size, 256, 8));
      out.put(gzipSync(`${GAAD_HEAD}${openRole('Behind')}${GAAD_TAIL}`)).close();
    },
    seconds: 180,
    megabytes: 300,
    exit: 3,
    says: /bomb\.json\.gz/,
  },
  {
    name: 'gzip-in-gzip',
    what: 'gzip in gzip: 8 GiB in a few kilobytes',
    write: (folder, size) => {
      const inner = gzipSync(Buffer.alloc(16 * MIB, ' '));
      const many = Buffer.concat(Array<Buffer>(bySize(size, 512, 16)).fill(inner));
      new Writing(folder, 'bomb.json.gz').put(gzipSync(many, { level: 9 })).close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /bomb\.json\.gz/,
  },
  {
    name: 'zstd-bomb',
    what: 'Zstandard of 4 MiB that unpacks to 128 GiB',
    write: (folder, size) => {
      const out = new Writing(folder, 'bomb.json.zst').put(zstdHead());
      out.repeat(zstdBlock(1, 128 * 1024, Buffer.from(' ')), bySize(size, MIB, 16 * 1024)).close();
    },
    seconds: 180,
    megabytes: 300,
    exit: 3,
    says: /times its size/,
  },
  {
    name: 'zstd-endless',
    what: 'Zstandard of a kilobyte whose sequences copy for days',
    write: (folder) => {
      const content = Buffer.from([0x08, 0x61, 0xff, 0xff, 0xff, 0x54, 35, 0, 52, 0, 0, 0x80]);
      const out = new Writing(folder, 'endless.json.zst').put(zstdHead());
      out.repeat(zstdBlock(2, content.length, content), 64).close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /compressed data is damaged/,
  },
  {
    name: 'zstd-frames',
    what: '10^6 empty frames of Zstandard',
    write: (folder, size) => {
      const empty = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0]);
      new Writing(folder, 'frames.json.zst').repeat(empty, bySize(size, 1_000_000, 20_000)).close();
    },
    seconds: 300,
    megabytes: 300,
    exit: 3,
    says: /frames\.json\.zst/,
  },
  {
    name: 'zip-bomb',
    what: 'a zip of 16 members of 1 GiB each',
    write: (folder, size) => {
      const packed = deflateRawSync(Buffer.alloc(bySize(size, 1024, 64) * MIB, ' '));
      const crc = 0;
      const members: ZipMember[] = Array.from({ length: 16 }, (_, n) => ({
        name: `m${n}.json`,
        packed,
        method: 8,
        size: bySize(size, 1024, 64) * MIB,
        crc,
      }));
      zipOf(new Writing(folder, 'bomb.zip'), members);
    },
    seconds: 300,
    megabytes: 300,
    exit: 3,
    says: /bomb\.zip/,
  },
  {
    name: 'zip-of-gzip',
    what: 'a zip of gzip of 64 GiB in 64 kilobytes',
    write: (folder, size) => {
      const inner = Buffer.concat(
        Array<Buffer>(bySize(size, 4096, 128)).fill(gzipSync(Buffer.alloc(16 * MIB, ' '))),
      );
      const packed = deflateRawSync(inner, { level: 9 });
      zipOf(new Writing(folder, 'bomb.zip'), [
        { name: 'm.json.gz', packed, method: 8, size: inner.length, crc: crc32(inner) },
      ]);
    },
    seconds: 180,
    megabytes: 300,
    exit: 3,
    says: /times its size|bomb\.zip/,
  },
  {
    name: 'zip-nested',
    what: 'zips in each other, five deep, 16 in each',
    write: (folder) => {
      let content: Buffer = Buffer.from(soundExport('Deep', '111122223333'));
      for (let level = 0; level < 5; level++) {
        const name = `${level}.${level === 0 ? 'json' : 'zip'}`;
        const packed = deflateRawSync(content);
        const members = Array.from({ length: 16 }, (_, n) => ({
          name: `${n}-${name}`,
          packed,
          method: 8,
          size: content.length,
          crc: crc32(content),
        }));
        zipOf(new Writing(folder, 'nested.zip'), members);
        content = readFileSync(join(folder, 'nested.zip'));
      }
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /inside an archive|nested/,
  },
  {
    name: 'zip-overlapping',
    what: 'a zip of 20,000 members that share the same bytes',
    write: (folder, size) => {
      const packed = deflateRawSync(Buffer.alloc(16 * MIB, ' '));
      const crc = crc32(Buffer.alloc(16 * MIB, ' '));
      const members = Array.from({ length: bySize(size, 20_000, 2_000) }, (_, n) => ({
        name: `m${n}.json`,
        packed,
        method: 8,
        size: 16 * MIB,
        crc,
      }));
      zipOf(new Writing(folder, 'overlapping.zip'), members, true);
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /lie on top of each other/,
  },
  {
    name: 'zip-sizes',
    what: 'a zip whose member says 10 bytes and unpacks to 1 GiB, and one that says 4 GiB and has 10',
    write: (folder) => {
      const long = deflateRawSync(Buffer.alloc(1024 * MIB, ' '));
      const short = deflateRawSync('0123456789');
      zipOf(new Writing(folder, 'sizes.zip'), [
        { name: 'long.json', packed: long, method: 8, size: 10, crc: 0 },
        { name: 'short.json', packed: short, method: 8, size: 0xfffffffe, crc: 0 },
      ]);
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /archive is damaged/,
  },
  {
    name: 'tar-bomb',
    what: 'a compressed tar with a member of 8 GiB',
    write: (folder, size) => {
      const pieces = bySize(size, 512, 8);
      const out = new Writing(folder, 'bomb.tar.gz').put(gzipSync(tarHeader('bomb.json', pieces * 16 * MIB)));
      out
        .repeat(gzipSync(Buffer.alloc(16 * MIB, ' ')), pieces)
        .put(gzipSync(tarEnd()))
        .close();
    },
    seconds: 180,
    megabytes: 300,
    exit: 3,
    says: /bomb\.tar/,
  },
  {
    name: 'tar-sizes',
    what: 'a tar whose member says it has 8 EiB',
    write: (folder) => {
      const header = tarHeader('endless.json', 0);
      header.fill(0xff, 124, 136);
      header[124] = 0x80;
      header[128] = 0x7f;
      new Writing(folder, 'sizes.tar').put(header).put(soundExport('Cut', '111122223333')).close();
    },
    seconds: 30,
    megabytes: 300,
    exit: 3,
    says: /sizes\.tar/,
  },
  {
    name: 'tar-long-name',
    what: 'a tar with a name of 1 GiB and extended fields of 1 GiB',
    write: (folder, size) => {
      const length = bySize(size, 1024, 64) * MIB;
      for (const [name, type] of [
        ['name', 'L'],
        ['fields', 'x'],
      ] as const) {
        const out = new Writing(folder, `${name}.tar`).put(tarHeader('long', length, type));
        out
          .repeat('a'.repeat(MIB), length / MIB)
          .put(tarHeader('a.json', 0))
          .put(tarEnd())
          .close();
      }
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /name\.tar/,
  },
  {
    name: 'tar-members',
    what: 'a compressed tar of 20,000 empty members',
    write: (folder, size) => {
      const one = tarHeader('empty.json', 0);
      const out = new Writing(folder, 'members.tar.gz');
      out
        .put(gzipSync(Buffer.concat(Array<Buffer>(bySize(size, 20_000, 500)).fill(one))))
        .put(gzipSync(tarEnd()))
        .close();
    },
    seconds: 300,
    megabytes: 300,
    exit: 3,
    says: /members\.tar/,
  },
  {
    name: 'archive-paths',
    what: 'tar members with paths outside, links, devices and pipes',
    write: (folder) => {
      const out = new Writing(folder, 'paths.tar');
      const content = Buffer.from(soundExport('Outside', '111122223333'));
      for (const name of ['../../../outside.json', '/tmp/trustsieve-outside.json', 'a/../../b.json']) {
        out
          .put(tarHeader(name, content.length))
          .put(content)
          .put(Buffer.alloc((512 - (content.length % 512)) % 512));
      }
      for (const type of ['1', '2', '3', '4', '6'])
        out.put(tarHeader(`special-${type}`, 0, type, '../../../../etc/passwd'));
      out.put(tarEnd()).close();
    },
    seconds: 30,
    megabytes: 300,
    exit: 3,
    says: /link, device, pipe/,
    roles: 1,
  },
];

function zstdHead(): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3]);
}

function zstdBlock(type: number, size: number, content: Buffer): Buffer {
  const header = (size << 3) | (type << 1);
  return Buffer.concat([Buffer.from([header & 0xff, (header >> 8) & 0xff, header >> 16]), content]);
}
