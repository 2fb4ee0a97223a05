import { Readable } from 'node:stream';
import { crc32, createDeflateRaw, createGzip } from 'node:zlib';
import { Zip, type ZipInputFile } from 'fflate';
import { packTar, type TarSource } from 'modern-tar/fs';
import type { KitFile } from './kit-file.ts';

/** How a kit is packed. Who packs, where, when, with which umask or time zone never shows in the bytes. */
export interface Packing {
  /** The one folder that everything lies in. */
  readonly folder: string;
  /** Seconds since 1970 that all files carry. */
  readonly seconds: number;
}

const LEVEL = 6;

/** Packs files one after the other into a tar archive, compressed with gzip. */
export function tarGz(files: readonly KitFile[], { folder, seconds }: Packing): Readable {
  const sources = files.map((file): TarSource => {
    const target = `${folder}/${file.name}`;
    const common = {
      target,
      mode: modeOf(file),
      mtime: new Date(seconds * 1000),
      uid: 0,
      gid: 0,
      uname: 'root',
      gname: 'root',
    };
    // It takes no stream that is empty.
    if (file.bytes === 0) return { type: 'content', content: '', ...common };
    return { type: 'stream', content: Readable.from(file.chunks()), size: file.bytes, ...common };
  });
  const tar = packTar(sources, { concurrency: 1 });
  // Node.js writes neither a time nor a name into the header; what system it names is the same for all of Unix.
  const packed = createGzip({ level: LEVEL });
  tar.on('error', (error) => packed.destroy(error));
  packed.on('close', () => tar.destroy());
  return tar.pipe(packed);
}

/** Packs files one after the other into a zip archive. */
export function zip(files: readonly KitFile[], packing: Packing): Readable {
  return Readable.from(zipped(files, packing), { objectMode: false });
}

async function* zipped(files: readonly KitFile[], { folder, seconds }: Packing): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const archive = new Zip((error, chunk) => {
    if (error !== null) throw error;
    ready.push(chunk);
  });
  const mtime = noonOf(seconds);
  for (const file of files) {
    const item: ZipInputFile = {
      filename: `${folder}/${file.name}`,
      size: 0,
      crc: 0,
      compression: 8,
      os: 3,
      attrs: ((0o100000 | modeOf(file)) << 16) >>> 0,
      mtime,
    };
    archive.add(item);
    const counted = async function* () {
      for await (const chunk of file.chunks()) {
        item.crc = crc32(chunk, item.crc);
        item.size += chunk.length;
        yield chunk;
      }
    };
    const deflated = createDeflateRaw({ level: LEVEL });
    const content = Readable.from(counted());
    content.on('error', (error) => deflated.destroy(error));
    for await (const chunk of content.pipe(deflated)) {
      item.ondata?.(null, chunk as Uint8Array<ArrayBuffer>, false);
      yield* ready.splice(0);
    }
    item.ondata?.(null, new Uint8Array(), true);
    yield* ready.splice(0);
  }
  archive.end();
  yield* ready;
}

function modeOf({ isExecutable }: KitFile): number {
  return isExecutable ? 0o755 : 0o644;
}

/** The first noon that a zip archive can name. */
const FIRST_NOON = Date.UTC(1980, 0, 1, 12) / 1000;

/** A zip archive knows local time only. Noon of the day is everywhere, which an hour that a clock skips is not. */
function noonOf(seconds: number): Date {
  const day = new Date(Math.max(seconds, FIRST_NOON) * 1000);
  return new Date(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 12);
}
