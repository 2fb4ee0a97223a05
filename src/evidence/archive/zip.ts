import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import type { FileProblem } from '../../model/file-problem.ts';
import { oneLine } from '../../text/hidden-characters.ts';
import type { RandomAccess } from '../open.ts';
import type { Pull } from '../pull.ts';
import { SourceDamage } from '../source.ts';
import { type Member, memberTime } from './member.ts';

const OPTIONS = { lazyEntries: true, autoClose: false, decodeStrings: false };
/** How an entry of the directory begins (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, section 4.3.12). */
const ENTRY = Buffer.from('PK\x01\x02', 'latin1');
/** The first member of every Office document (ECMA-376, part 2). */
const OFFICE = '[Content_Types].xml';
/** A workbook of this program begins with a part that names it, and has no others than these. */
const OWN_MARK = '<Application>trustsieve</Application>';
const OWN_FIRST = 'docProps/app.xml';
const OWN_PART =
  /^(?:xl\/(?:worksheets\/sheet\d+|styles|workbook)\.xml|xl\/_rels\/workbook\.xml\.rels|_rels\/\.rels|\[Content_Types\]\.xml)$/;
const OWN_BYTES = 4096;

/**
 * Lists the members of a zip archive in the order of its directory, holding none of their content. A member must be
 * read before the next one is asked for.
 *
 * @throws SourceDamage from the generator or from a member's `content`
 */
export async function* readZip(access: RandomAccess): AsyncGenerator<Member, void> {
  const zip = await openZip(access);
  try {
    let packed = 0;
    for await (const entry of entriesOf(zip)) {
      const name = nameOf(entry);
      if (zip.entriesRead === 1 && name === OFFICE) {
        throw new SourceDamage(
          'format-unknown',
          'is an Excel workbook or another Office document; save it as CSV',
        );
      }
      if (zip.entriesRead === 1 && name === OWN_FIRST && (await isOwnWorkbook(access))) {
        throw new SourceDamage('not-evidence', 'is a report of this program');
      }
      // Members that share bytes can make a small archive unpack for years.
      packed += entry.compressedSize;
      if (packed > zip.fileSize) throw damaged('its members lie on top of each other');
      // A folder has no content: what has some is a file, whatever damage made of its name.
      if (name.endsWith('/') && entry.uncompressedSize === 0) continue;
      const content = contentOf(zip, entry);
      try {
        yield {
          name,
          size: entry.uncompressedSize,
          modifiedAt: timeOf(entry),
          content: 'code' in content ? content : content.next,
        };
      } finally {
        if ('close' in content) content.close();
      }
    }
    if (await hasMore(zip, access)) throw damaged('its directory has more members than it counts');
  } finally {
    zip.close();
  }
}

/** True where another entry of the directory follows the last one that the archive counts. */
async function hasMore(zip: ZipFile, access: RandomAccess): Promise<boolean> {
  const at = Number(zip.readEntryCursor);
  const next = Buffer.alloc(ENTRY.length);
  if ('bytes' in access) next.set(access.bytes.subarray(at, at + next.length));
  else {
    const file = await open(access.file);
    try {
      await file.read(next, 0, next.length, at);
    } finally {
      await file.close();
    }
  }
  return next.equals(ENTRY);
}

/** With any other member it is an archive like all others, of which nothing is passed over. */
async function isOwnWorkbook(access: RandomAccess): Promise<boolean> {
  const zip = await openZip(access);
  try {
    for await (const entry of entriesOf(zip)) {
      const name = nameOf(entry);
      const isPart =
        zip.entriesRead === 1 ? name === OWN_FIRST && (await holdsMark(zip, entry)) : OWN_PART.test(name);
      if (!isPart) return false;
    }
    return zip.entriesRead > 0;
  } finally {
    zip.close();
  }
}

async function holdsMark(zip: ZipFile, entry: Entry): Promise<boolean> {
  if (entry.uncompressedSize > OWN_BYTES) return false;
  const content = contentOf(zip, entry);
  if ('code' in content) return false;
  let text = '';
  for (let bytes = await content.next(); bytes !== null; bytes = await content.next()) {
    text += Buffer.from(bytes).toString('latin1');
  }
  return text.includes(OWN_MARK);
}

async function openZip(access: RandomAccess): Promise<ZipFile> {
  try {
    if ('file' in access) return await yauzl.openPromise(access.file, OPTIONS);
    const { buffer, byteOffset, length } = access.bytes;
    return await yauzl.fromBufferPromise(Buffer.from(buffer, byteOffset, length), OPTIONS);
  } catch (error) {
    const message = `the archive has no directory, so it is cut or damaged (${describe(error)}); transfer it again`;
    throw new SourceDamage('archive-truncated', message);
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry, void> {
  const entries = zip.eachEntry();
  for (;;) {
    let step: IteratorResult<Entry>;
    try {
      step = await entries.next();
    } catch (error) {
      throw damaged(describe(error));
    }
    if (step.done === true) return;
    yield step.value;
  }
}

function nameOf(entry: Entry): string {
  try {
    return yauzl.getFileNameLowLevel(
      entry.generalPurposeBitFlag,
      entry.fileNameRaw,
      entry.extraFields,
      false,
    );
  } catch {
    return entry.fileNameRaw.toString('latin1');
  }
}

/** Zip has local time without a zone; so that it is the same on every machine it is taken for UTC. */
function timeOf(entry: Entry): string | null {
  return memberTime(entry.getLastModDate({ timezone: 'UTC' }).getTime());
}

function contentOf(zip: ZipFile, entry: Entry): FileProblem | { readonly next: Pull; close(): void } {
  if (entry.isEncrypted()) {
    return { code: 'member-encrypted', message: 'is encrypted; unpack the archive with its password' };
  }
  if (!entry.canDecodeFileData()) {
    const message = `is packed by method ${entry.compressionMethod}, which is not read; unpack the archive`;
    return { code: 'member-unreadable', message };
  }
  let stream: Readable | null = null;
  let chunks: AsyncIterator<Buffer> | null = null;
  let sum = 0;
  const next = async () => {
    try {
      stream ??= await zip.openReadStreamPromise(entry);
      chunks ??= stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      const step = await chunks.next();
      if (step.done !== true) {
        sum = crc32(step.value, sum);
        return step.value;
      }
    } catch (error) {
      throw damaged(describe(error));
    }
    if (sum !== entry.crc32) throw damaged('a member does not have the checksum it was packed with');
    return null;
  };
  return { next, close: () => stream?.destroy() };
}

function damaged(reason: string): SourceDamage {
  return new SourceDamage('archive-damaged', `the archive is damaged: ${reason}; transfer it again`);
}

function describe(error: unknown): string {
  return error instanceof Error ? oneLine(error.message) : String(error);
}
