import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TrustsieveError } from '../errors.ts';
import { npm, npmFault } from './npm.ts';
import { tarMembers } from './tar-members.ts';

/** A package of the npm registry, by what it must be. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** Of the package's archive, as package-lock.json writes it: `sha512-` and base64. */
  readonly integrity: string;
}

/** Where fetched packages are kept, in the user's cache (https://specifications.freedesktop.org/basedir-spec/). */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'trustsieve', 'kit');
}

/**
 * The path of the package's archive, which is what it must be: the one that is kept, else fetched and kept.
 *
 * @param hint what can be done without a network, as a clause
 * @throws TrustsieveError `configuration-invalid` when it cannot be fetched or kept, or is another one
 */
export async function keptPackage(pinned: PinnedPackage, cache: string, hint = ''): Promise<string> {
  const kept = join(cache, `${pinned.name}-${pinned.version}.tgz`);
  if (!existsSync(kept) || (await integrityOf(kept)) !== pinned.integrity)
    await fetchPackage(pinned, kept, hint);
  return kept;
}

/** npm waits minutes for a network that is not there. */
const PATIENCE = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=1000'];

/** Fetches a package beside the cache and moves it there when it is known to be the right one. */
async function fetchPackage(pinned: PinnedPackage, kept: string, hint: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'trustsieve-kit-'));
  try {
    await npm(
      ['pack', shown(pinned), '--pack-destination', scratch, '--ignore-scripts', ...PATIENCE],
      scratch,
    ).catch((cause) => {
      throw invalid(`cannot fetch ${shown(pinned)}${hint}: ${npmFault(cause)}`, cause);
    });
    const fetched = join(scratch, `${pinned.name}-${pinned.version}.tgz`);
    if ((await integrityOf(fetched)) !== pinned.integrity) {
      throw invalid(
        `the registry gave another ${shown(pinned)} than the one known here: its integrity differs`,
      );
    }
    const temporary = `${kept}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(kept), { recursive: true });
      await copyFile(fetched, temporary);
      await rename(temporary, kept);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw invalid(`cannot keep ${shown(pinned)} in \`${dirname(kept)}\`: set XDG_CACHE_HOME`, cause);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Of a file, as package-lock.json writes it (https://www.w3.org/TR/SRI/). */
export async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return `sha512-${hash.digest('base64')}`;
}

/** The bytes of one file of a package; none where it is not there. */
export async function* memberChunks(archive: string, path: string): AsyncGenerator<Uint8Array, void> {
  for await (const { name, chunks } of tarMembers(archive)) {
    if (name !== `package/${path}`) continue;
    yield* chunks;
    return;
  }
}

export function shown({ name, version }: PinnedPackage): string {
  return `${name}@${version}`;
}

function invalid(message: string, cause?: unknown): TrustsieveError {
  return new TrustsieveError('configuration-invalid', message, { cause });
}
