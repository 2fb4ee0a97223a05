import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { packTar, type TarSource } from 'modern-tar/fs';
import { type ZipMember, zipped, zipTime } from '../report/files/zip.ts';
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
export function zip(files: readonly KitFile[], { folder, seconds }: Packing): Readable {
  const members = files.map(
    (file): ZipMember => ({
      name: `${folder}/${file.name}`,
      mode: 0o100000 | modeOf(file),
      chunks: file.chunks,
    }),
  );
  return Readable.from(zipped(members, zipTime(seconds)), { objectMode: false });
}

function modeOf({ isExecutable }: KitFile): number {
  return isExecutable ? 0o755 : 0o644;
}
