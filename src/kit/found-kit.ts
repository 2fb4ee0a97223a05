import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import yauzl from 'yauzl';
import { TrustsieveError } from '../errors.ts';
import { type FoundKit, SUMS, SUMS_SIGNATURE } from './sums.ts';
import { tarMembers } from './tar-members.ts';

type Chunks = AsyncIterable<Uint8Array>;

/** What lies in a kit: of SHA256SUMS and its signature no more than this is held. */
const HELD = 4 * 1024 * 1024;

/**
 * Reads a kit as it lies there: the archive, whose members share one folder, or that folder unpacked. Nothing is
 * unpacked, and of the files only their sums are kept.
 *
 * @throws TrustsieveError `file-not-found`, `file-unreadable` where it is no archive or breaks off
 */
export async function readKit(path: string): Promise<FoundKit> {
  const stats = await stat(path).catch((cause) => {
    throw new TrustsieveError('file-not-found', `there is no kit \`${path}\``, { cause });
  });
  const found = new Found();
  try {
    if (stats.isDirectory()) await readFolder(path, '', found);
    else if (await isZip(path)) await readZip(path, found);
    else await readTarGz(path, found);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    const message = `\`${path}\` is no kit, or was cut off or damaged on the way: ${why}`;
    throw new TrustsieveError('file-unreadable', message, { cause });
  }
  return found;
}

class Found implements FoundKit {
  readonly files = new Map<string, string>();
  readonly strays: string[] = [];
  sums: Buffer | null = null;
  signature: Buffer | null = null;
  private readonly seen = new Set<string>();

  async take(name: string, chunks: Chunks): Promise<void> {
    // Of two files of one name, only one would be left after unpacking.
    if (this.seen.has(name)) this.strays.push(name);
    this.seen.add(name);
    if (name === SUMS) this.sums = await held(chunks);
    else if (name === SUMS_SIGNATURE) this.signature = await held(chunks);
    else this.files.set(name, await sumOf(chunks));
  }
}

async function readFolder(root: string, below: string, found: Found): Promise<void> {
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) await readFolder(root, name, found);
    else if (entry.isFile()) await found.take(name, createReadStream(join(root, name)));
    else found.strays.push(name);
  }
}

async function readTarGz(path: string, found: Found): Promise<void> {
  const inner = new InnerNames();
  for await (const { name: member, type, chunks } of tarMembers(path)) {
    if (type === 'directory') continue;
    const name = type === 'file' ? inner.of(member) : null;
    if (name === null) found.strays.push(member);
    else await found.take(name, chunks);
  }
}

async function readZip(path: string, found: Found): Promise<void> {
  const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false });
  try {
    const inner = new InnerNames();
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      const name = inner.of(entry.fileName);
      if (name === null) found.strays.push(entry.fileName);
      else await found.take(name, await zip.openReadStreamPromise(entry));
    }
  } finally {
    zip.close();
  }
}

/** Takes the one folder off the names of an archive's members. */
class InnerNames {
  private folder: string | null = null;

  /** Null for what lies elsewhere. */
  of(name: string): string | null {
    const slash = name.indexOf('/');
    const folder = name.slice(0, slash);
    this.folder ??= folder;
    const isPlain = name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
    return slash > 0 && folder === this.folder && isPlain ? name.slice(slash + 1) : null;
  }
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === 'PK\x03\x04';
  } finally {
    await file.close();
  }
}

async function sumOf(chunks: Chunks): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

async function held(chunks: Chunks): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > HELD) throw new Error('its sums are longer than those of any kit');
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
