import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TrustsieveError } from '../errors.ts';
import { fileOnDisk, type KitFile } from './kit-file.ts';
import { npm, npmFault } from './npm.ts';
import type { PinnedPackage, Platform } from './platforms.ts';
import { tarMembers } from './tar-members.ts';

/** The files of Node.js in a kit. */
export interface CarriedNode {
  readonly binary: KitFile;
  readonly licence: string;
}

/** Where packages may come from. */
export interface NodeSources {
  /** The checkout, which may have the package installed. */
  readonly root: string;
  /** Archives of packages given by hand. */
  readonly given: readonly string[];
  /** Where fetched packages are kept. */
  readonly cache: string;
}

/** The folder of the user's cache (https://specifications.freedesktop.org/basedir-spec/). */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'trustsieve', 'kit');
}

/**
 * Gets the Node.js of a platform: from the checkout, from an archive given by hand, from the cache, from the registry,
 * whichever is first. Wherever it comes from, it is held against what is known of it.
 *
 * @throws TrustsieveError `configuration-invalid` when it cannot be fetched or is another one
 */
export async function carriedNode(platform: Platform, sources: NodeSources): Promise<CarriedNode> {
  const { node, binary, licenceFrom, system } = platform;
  const needed = [node, ...(licenceFrom === null ? [] : [licenceFrom])];
  const given = await givenPackages(sources.given, needed);
  const from = (pinned: PinnedPackage) => placeOf(pinned, given.get(pinned.integrity), sources);
  const place = await from(node);
  const licence = await licenceOf(
    licenceFrom === null ? place : await from(licenceFrom),
    licenceFrom ?? node,
  );
  const name = `node/${system === 'windows' ? 'node.exe' : 'node'}`;
  const raw =
    'folder' in place
      ? await fileOnDisk(name, join(place.folder, binary.path), true)
      : {
          name,
          isExecutable: true,
          bytes: binary.bytes,
          chunks: () => memberChunks(place.archive, binary.path),
        };
  return { licence, binary: { ...raw, chunks: () => demanded(raw.chunks(), platform) } };
}

/** The bytes of the binary; behind the last one it is known whether they were the right ones. */
async function* demanded(chunks: ReturnType<KitFile['chunks']>, { node, binary }: Platform) {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') === binary.sha256) return;
  throw invalid(`${shown(node)} holds another \`${binary.path}\` than it should, so no kit was made of it`);
}

/** Where a package lies: installed, or as an archive whose integrity was checked. */
type Place = { readonly folder: string } | { readonly archive: string };

async function placeOf(
  pinned: PinnedPackage,
  given: string | undefined,
  sources: NodeSources,
): Promise<Place> {
  if (given !== undefined) return { archive: given };
  const folder = join(sources.root, 'node_modules', pinned.name);
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => null);
  if (text !== null && (JSON.parse(text) as { version: string }).version === pinned.version)
    return { folder };
  const kept = join(sources.cache, `${pinned.name}-${pinned.version}.tgz`);
  if (existsSync(kept) && (await integrityOf(kept)) === pinned.integrity) return { archive: kept };
  await fetchPackage(pinned, kept);
  return { archive: kept };
}

async function givenPackages(
  files: readonly string[],
  needed: readonly PinnedPackage[],
): Promise<ReadonlyMap<string, string>> {
  const given = new Map<string, string>();
  for (const file of files) {
    const stats = await stat(file).catch(() => null);
    if (stats?.isFile() !== true) throw new TrustsieveError('file-not-found', `there is no file \`${file}\``);
    const integrity = await integrityOf(file);
    if (!needed.some((pinned) => pinned.integrity === integrity)) {
      const names = needed.map(shown).join(' and ');
      throw invalid(
        `\`${file}\` is not what the kit needs, or is damaged: its integrity is not that of ${names}`,
      );
    }
    given.set(integrity, file);
  }
  return given;
}

/** npm waits minutes for a network that is not there. */
const PATIENCE = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=1000'];

/** Fetches a package beside the cache and moves it there when it is known to be the right one. */
async function fetchPackage(pinned: PinnedPackage, kept: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'trustsieve-kit-'));
  try {
    await npm(
      ['pack', shown(pinned), '--pack-destination', scratch, '--ignore-scripts', ...PATIENCE],
      scratch,
    ).catch((cause) => {
      const why = npmFault(cause);
      throw invalid(
        `cannot fetch ${shown(pinned)}, which --node-package can give without a network: ${why}`,
        cause,
      );
    });
    const fetched = join(scratch, `${pinned.name}-${pinned.version}.tgz`);
    if ((await integrityOf(fetched)) !== pinned.integrity) {
      throw invalid(
        `the registry gave another ${shown(pinned)} than the one known here: its integrity differs`,
      );
    }
    const temporary = `${kept}.${process.pid}.tmp`;
    try {
      await mkdir(join(kept, '..'), { recursive: true });
      await copyFile(fetched, temporary);
      await rename(temporary, kept);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw invalid(`cannot keep ${shown(pinned)} in \`${join(kept, '..')}\`: set XDG_CACHE_HOME`, cause);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** As package-lock.json writes it (https://www.w3.org/TR/SRI/). */
async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return `sha512-${hash.digest('base64')}`;
}

async function licenceOf(place: Place, pinned: PinnedPackage): Promise<string> {
  if ('folder' in place) return readFile(join(place.folder, 'LICENSE'), 'utf8');
  const parts: Uint8Array[] = [];
  for await (const chunk of memberChunks(place.archive, 'LICENSE')) parts.push(chunk);
  const text = Buffer.concat(parts).toString('utf8');
  if (text !== '') return text;
  throw invalid(`${shown(pinned)} has no LICENSE, without which Node.js must not be handed on`);
}

/** The bytes of one file of a package; none where it is not there. */
async function* memberChunks(archive: string, path: string): AsyncGenerator<Uint8Array, void> {
  for await (const { name, chunks } of tarMembers(archive)) {
    if (name !== `package/${path}`) continue;
    yield* chunks;
    return;
  }
}

function shown({ name, version }: PinnedPackage): string {
  return `${name}@${version}`;
}

function invalid(message: string, cause?: unknown): TrustsieveError {
  return new TrustsieveError('configuration-invalid', message, { cause });
}
