import { isTarHeader } from '../content.ts';
import type { Pull } from '../pull.ts';
import { SourceDamage } from '../source.ts';
import { TarBlocks } from './tar-blocks.ts';
import { type LongFields, octal, readExtended, readName } from './tar-header.ts';

/** One entry of a tar archive, its content read or skipped before the next entry is asked for. */
export interface TarEntry {
  readonly name: string;
  /** `other`: a link, device or pipe, or a file that holds only parts of itself. Folders are not handed out. */
  readonly kind: 'file' | 'other';
  /** Seconds since 1970. */
  readonly modified: number;
  readonly size: number;
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
  /** True behind an extended header, which speaks of the entry after it. */
  let isPending = false;
  for (;;) {
    const at = blocks.offset;
    const header = await blocks.take(512);
    // Two empty blocks end an archive. Without them nobody can tell that members are missing behind the last one.
    if (header === null) throw truncated(blocks.offset);
    if (isEmpty(header)) {
      if (isPending) throw truncated(at);
      await checkEnd(blocks);
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
      isPending = type !== 'g';
      continue;
    }
    const name = long.name ?? readName(header);
    // A sparse file's content stands in pieces.
    const kind = REGULAR.has(type) && long.sparse !== true ? 'file' : 'other';
    long = {};
    isPending = false;
    let left = size;
    const content = async () => {
      if (left === 0) return null;
      const bytes = await blocks.some(left);
      if (bytes === null) throw truncated(blocks.offset);
      left -= bytes.length;
      return bytes;
    };
    if (type !== FOLDER) yield { name, kind, modified, size, next: content };
    while ((await content()) !== null);
    await blocks.pad(size);
  }
}

/** Behind the first empty block another one must stand, and then nothing but the filling of the last record. */
async function checkEnd(blocks: TarBlocks): Promise<void> {
  const at = blocks.offset;
  const second = await blocks.take(512);
  if (second === null) throw truncated(blocks.offset);
  if (!isEmpty(second)) throw trailing(at);
  const { offset } = blocks;
  for (let rest = await blocks.some(SKIPPED); rest !== null; rest = await blocks.some(SKIPPED)) {
    if (!isEmpty(rest)) throw trailing(offset);
  }
}

function isEmpty(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

function trailing(offset: number): SourceDamage {
  const message = `more follows the end of the archive at byte ${offset} and was not read; unpack it with \`tar -i\``;
  return new SourceDamage('archive-trailing', message);
}

function truncated(offset: number): SourceDamage {
  return new SourceDamage(
    'archive-truncated',
    `the archive ends too early, at byte ${offset}; transfer it again`,
  );
}
