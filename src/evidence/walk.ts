import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, stat, statfs } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join, sep } from 'node:path';
import { isatty } from 'node:tty';
import { TrustsieveError } from '../errors.ts';
import { errorCode } from '../text/error-text.ts';
import type { EvidenceInput } from './evidence.ts';
import { expandPattern } from './path-pattern.ts';

/**
 * Lists what the paths of the command line lead to: files as they are, folders with all below them, `-` for
 * standard input, patterns (see expandPattern) with all that they match. The order is that of the arguments and, inside a folder, of names by UTF-16 code unit, so it
 * is the same on every machine; links to folders come after everything else of their argument, and no folder is
 * entered twice.
 *
 * @throws TrustsieveError `file-not-found` before anything is listed, when a path does not exist
 */
export async function* walkEvidence(paths: readonly string[]): AsyncGenerator<EvidenceInput, void> {
  const roots: Root[] = [];
  for (const path of paths) {
    if (path === '-') roots.push({ path, stats: null });
    else for (const found of await expandPattern(path)) roots.push(await statRoot(found));
  }
  for (const { path, stats } of roots) {
    if (stats === null) yield { kind: 'file', path: '-', file: 0 };
    else if (stats.isDirectory()) yield* walkRoot(path, stats);
    else if (stats.isBlockDevice() || (stats.isCharacterDevice() && !(await endsByItself(path))))
      yield skipped(shown(path), 'not-a-file', 'a device is not read, because it need not end');
    // A pipe named on the command line (`<(command)`) is wanted, unlike one met in a folder.
    else yield { kind: 'file', path: shown(path), file: path };
  }
}

interface Root {
  readonly path: string;
  /** Null for standard input. */
  readonly stats: Stats | null;
}

/** Of the devices, the empty one and terminals do. */
async function endsByItself(path: string): Promise<boolean> {
  if (path === devNull) return true;
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY).catch(
    () => null,
  );
  if (file === null) return false;
  try {
    return isatty(file.fd);
  } finally {
    await file.close();
  }
}

interface Folder {
  readonly path: string;
  /** As shown, without a trailing `/`. */
  readonly shown: string;
  readonly stats: Stats;
}

async function statRoot(path: string): Promise<Root> {
  try {
    return { path, stats: await stat(path) };
  } catch (cause) {
    const code = errorCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new TrustsieveError('file-not-found', `there is no file or folder \`${path}\``, { cause });
    }
    throw new TrustsieveError('file-unreadable', `cannot look at \`${path}\`: ${code}`, { cause });
  }
}

async function* walkRoot(path: string, stats: Stats): AsyncGenerator<EvidenceInput, void> {
  const entered = new Set<string>();
  const pending: Folder[] = [{ path, shown: shown(path), stats }];
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    yield* walkFolder(folder, entered, pending);
  }
}

/** Links to folders are put on `links` and left for later. */
async function* walkFolder(
  folder: Folder,
  entered: Set<string>,
  links: Folder[],
): AsyncGenerator<EvidenceInput, void> {
  const identity = `${folder.stats.dev}:${folder.stats.ino}`;
  if (entered.has(identity)) {
    yield skipped(
      folder.shown,
      'already-listed',
      'the link leads to a folder that is listed under another name',
    );
    return;
  }
  entered.add(identity);
  let names: string[];
  try {
    names = await readdir(folder.path);
  } catch (error) {
    yield skipped(folder.shown, 'evidence-unreadable', `the folder cannot be listed: ${errorCode(error)}`);
    return;
  }
  // The default order compares UTF-16 code units and knows no locale.
  for (const name of names.sort()) {
    const path = join(folder.path, name);
    const shownPath = folder.shown === '/' ? `/${name}` : `${folder.shown}/${name}`;
    const found = await statEntry(path, shownPath);
    if ('kind' in found) {
      yield found;
    } else if (found.stats.isDirectory()) {
      const below = { path, shown: shownPath, stats: found.stats };
      if (found.link) links.push(below);
      else yield* walkFolder(below, entered, links);
    } else if (found.stats.isFile() && (await isOfKernel(path, found.stats))) {
      yield skipped(shownPath, 'not-a-file', 'what the system shows as a file is not read');
    } else if (found.stats.isFile()) {
      yield { kind: 'file', path: shownPath, file: path };
    } else {
      yield skipped(shownPath, 'not-a-file', 'a device, pipe or socket inside a folder is not read');
    }
  }
}

async function statEntry(
  path: string,
  shownPath: string,
): Promise<EvidenceInput | { readonly stats: Stats; readonly link: boolean }> {
  try {
    const own = await lstat(path);
    return own.isSymbolicLink() ? { stats: await stat(path), link: true } : { stats: own, link: false };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return skipped(shownPath, 'link-broken', 'the link points to nothing');
    if (code === 'ELOOP') return skipped(shownPath, 'link-broken', 'the link points to itself');
    return skipped(shownPath, 'evidence-unreadable', `the path cannot be looked at: ${code}`);
  }
}

/** Numbers of file systems (statfs(2)) of Linux whose files are made up when they are read: proc, sys, trace and debug. */
const KERNEL: ReadonlySet<number> = new Set([0x9fa0, 0x62656572, 0x74726163, 0x64626720]);

/** True for a file that has no content of its own: reading it may wait for ever, as that of the kernel's messages does. */
async function isOfKernel(path: string, { size }: Stats): Promise<boolean> {
  if (size > 0) return false;
  const system = await statfs(path).catch(() => null);
  return system !== null && KERNEL.has(system.type);
}

function skipped(
  path: string,
  code: Extract<EvidenceInput, { kind: 'skipped' }>['code'],
  message: string,
): EvidenceInput {
  return { kind: 'skipped', path, code, message };
}

/** With `/` separators and without a trailing one. */
function shown(path: string): string {
  const slashed = sep === '/' ? path : path.replaceAll(sep, '/');
  return slashed.length > 1 ? slashed.replace(/\/+$/, '') || '/' : slashed;
}
