import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TrustsieveError } from '../errors.ts';
import { fileOnDisk, type KitFile } from './kit-file.ts';
import { integrityOf, keptPackage, memberChunks, type PinnedPackage, shown } from './pinned-package.ts';
import type { Platform } from './platforms.ts';

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
type PackagePlace = { readonly folder: string } | { readonly archive: string };

async function placeOf(
  pinned: PinnedPackage,
  given: string | undefined,
  sources: NodeSources,
): Promise<PackagePlace> {
  if (given !== undefined) return { archive: given };
  const folder = join(sources.root, 'node_modules', pinned.name);
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => null);
  if (text !== null && (JSON.parse(text) as { version: string }).version === pinned.version)
    return { folder };
  return {
    archive: await keptPackage(pinned, sources.cache, ', which --node-package can give without a network'),
  };
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

async function licenceOf(place: PackagePlace, pinned: PinnedPackage): Promise<string> {
  if ('folder' in place) return readFile(join(place.folder, 'LICENSE'), 'utf8');
  const parts: Uint8Array[] = [];
  for await (const chunk of memberChunks(place.archive, 'LICENSE')) parts.push(chunk);
  const text = Buffer.concat(parts).toString('utf8');
  if (text !== '') return text;
  throw invalid(`${shown(pinned)} has no LICENSE, without which Node.js must not be handed on`);
}

function invalid(message: string): TrustsieveError {
  return new TrustsieveError('configuration-invalid', message);
}
