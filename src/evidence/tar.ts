import { isTarHeader } from './content.ts';
import type { Pull } from './pull.ts';
import { SourceDamage } from './source.ts';
import { TarBlocks } from './tar-blocks.ts';
import { type LongFields, octal, readExtended, readName } from './tar-header.ts';

/** One entry of a tar archive, its content read or skipped before the next entry is asked for. */
export interface TarEntry {
  readonly name: string;
  /** `other`: a link, device or pipe, or a file that holds only parts of itself. Folders are not handed out. */
  readonly kind: 'file' | 'other';
  /** Seconds since 1970. */
  readonly modified: number;
  /** Gives the content, valid until the next call; null at its end. */
  readonly next: Pull;
}

const REGULAR = new Set(['0', '\0', '7']);
const FOLDER = '5';
/** Links, devices, folders and pipes: the size of what they stand for may be written, but no content follows. */
const BODILESS = new Set(['1', '2', '3', '4', FOLDER, '6']);
/** Longest extended header: names, mostly. */
const MAX_EXTENDED = 1024 * 1024;
const SKIPPED = 64 * 1024;

/**
 * Lists a tar archive (POSIX ustar and pax:
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13; GNU's long names) in the order
 * of its bytes, and holds none of its content.
 *
 * @throws SourceDamage `archive-truncated` or `archive-damaged`, from the generator or from an entry's `next`
 */
export async function* readTar(next: Pull): AsyncGenerator<TarEntry, void> {
  const blocks = new TarBlocks(next);
  let long: LongFields = {};
  for (;;) {
    const at = blocks.offset;
    const header = await blocks.take(512);
    // Two empty blocks end an archive, or its bytes do, where a writer left the blocks out.
    if (header === null || header.every((byte) => byte === 0)) {
      if (header === null && blocks.offset !== at) throw truncated(blocks.offset);
      await checkRest(blocks);
      return;
    }
    if (!isTarHeader(header)) {
      throw new SourceDamage(
        'archive-damaged',
        `the archive is damaged at byte ${at}: there is no member's header`,
      );
    }
    const type = String.fromCharCode(header[156] as number);
    const size = BODILESS.has(type) ? 0 : (long.size ?? octal(header, 124, 12));
    const modified = long.modified ?? octal(header, 136, 12) ?? 0;
    if (size === null) {
      throw new SourceDamage('archive-damaged', `the archive is damaged at byte ${at}: a member has no size`);
    }
    if ('LKxg'.includes(type)) {
      if (size > MAX_EXTENDED) {
        throw new SourceDamage(
          'archive-damaged',
          `the archive is damaged at byte ${at}: a name of ${size} bytes`,
        );
      }
      const text = await blocks.take(size);
      if (text === null) throw truncated(blocks.offset);
      long = { ...long, ...readExtended(type, new Uint8Array(text)) };
      await blocks.pad(size);
      continue;
    }
    const name = long.name ?? readName(header);
    // A sparse file's content stands in pieces.
    const kind = REGULAR.has(type) && long.sparse !== true ? 'file' : 'other';
    long = {};
    let left = size;
    const content = async () => {
      if (left === 0) return null;
      const bytes = await blocks.some(left);
      if (bytes === null) throw truncated(blocks.offset);
      left -= bytes.length;
      return bytes;
    };
    if (type !== FOLDER) yield { name, kind, modified, next: content };
    while ((await content()) !== null);
    await blocks.pad(size);
  }
}

/** Behind an archive nothing but the filling of its last record may stand; most readers would not see it. */
async function checkRest(blocks: TarBlocks): Promise<void> {
  const { offset } = blocks;
  for (let rest = await blocks.some(SKIPPED); rest !== null; rest = await blocks.some(SKIPPED)) {
    if (rest.some((byte) => byte !== 0)) {
      const message = `more follows the end of the archive at byte ${offset} and was not read; unpack it with \`tar -i\``;
      throw new SourceDamage('archive-trailing', message);
    }
  }
}

function truncated(offset: number): SourceDamage {
  return new SourceDamage(
    'archive-truncated',
    `the archive ends too early, at byte ${offset}; transfer it again`,
  );
}
