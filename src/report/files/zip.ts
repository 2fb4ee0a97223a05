import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import type { ZipInputFile } from 'fflate';
import { TrustsieveError } from '../../errors.ts';

/** A member of a zip archive. */
export interface ZipMember {
  readonly name: string;
  /** File attributes of Unix; a plain file when absent. */
  readonly mode?: number;
  /** Its bytes stand in the archive as they are, for what must be found in the first of them. */
  readonly uncompressed?: boolean;
  /** Asked for once, when the member is written. */
  readonly chunks: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const LEVEL = 6;
/** Of every member: of one that is stored, some readers demand its size in front of it, where it is not yet known. */
const DEFLATED = 8;
const UNIX = 3;
/** Sizes and places are numbers of 32 bits. */
const MOST = 0xffff_ffff;

/**
 * Packs members one after the other, holding none. `mtime` is what all of them carry; see `zipTime`.
 *
 * @throws TrustsieveError `output-unwritable` when a member or the archive is larger than 4 GiB
 */
export async function* zipped(
  members: AsyncIterable<ZipMember> | Iterable<ZipMember>,
  mtime: Date,
): AsyncGenerator<Uint8Array> {
  // Few commands pack anything.
  const { Zip } = await import('fflate');
  const ready: Uint8Array[] = [];
  let written = 0;
  const archive = new Zip((error, chunk) => {
    if (error !== null) throw error;
    written += chunk.length;
    ready.push(chunk);
  });
  for await (const { name, mode = 0o100644, uncompressed = false, chunks } of members) {
    const item: ZipInputFile = {
      filename: name,
      size: 0,
      crc: 0,
      compression: DEFLATED,
      os: UNIX,
      attrs: (mode << 16) >>> 0,
      mtime,
    };
    archive.add(item);
    const counted = async function* () {
      for await (const chunk of chunks()) {
        item.crc = crc32(chunk, item.crc);
        item.size += chunk.length;
        yield chunk;
      }
    };
    for await (const chunk of deflated(counted(), uncompressed ? 0 : LEVEL)) {
      item.ondata?.(null, chunk as Uint8Array<ArrayBuffer>, false);
      if (Math.max(written, item.size) > MOST) throw tooLarge();
      yield* ready.splice(0);
    }
    item.ondata?.(null, new Uint8Array(), true);
    yield* ready.splice(0);
  }
  archive.end();
  if (written > MOST) throw tooLarge();
  yield* ready;
}

/** Fails when the content does, and lets go of it when nobody reads on. */
function deflated(chunks: AsyncIterable<Uint8Array>, level: number): Readable {
  const packed = createDeflateRaw({ level });
  const content = Readable.from(chunks);
  content.on('error', (error) => packed.destroy(error));
  packed.on('close', () => content.destroy());
  return content.pipe(packed);
}

function tooLarge(): TrustsieveError {
  return new TrustsieveError(
    'output-unwritable',
    'a zip archive would become larger than 4 GiB; ask for less',
  );
}

/** The first noon that a zip archive can name, in seconds since 1970. */
const FIRST_NOON = Date.UTC(1980, 0, 1, 12) / 1000;

/** A zip archive knows local time only. Noon of the day is everywhere, which an hour that a clock skips is not. */
export function zipTime(seconds = FIRST_NOON): Date {
  const day = new Date(Math.max(seconds, FIRST_NOON) * 1000);
  return new Date(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 12);
}
