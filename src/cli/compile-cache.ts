import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * Keeps what V8 makes of the program's files for the next run, in the user's own cache. Whoever can write there decides
 * what runs, so a folder that anybody else could have written is left alone, and nothing is kept. Nor is it where Node.js
 * is told not to (`NODE_DISABLE_COMPILE_CACHE`) or has been told another place (`NODE_COMPILE_CACHE`).
 */
export function useCompileCache(): void {
  const { NODE_DISABLE_COMPILE_CACHE, NODE_COMPILE_CACHE } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE !== undefined || NODE_COMPILE_CACHE !== undefined) return;
  const cache = userCache(process.platform, process.env);
  const folder = cache === null ? null : privateFolder(join(cache, 'trustsieve', 'compiled'));
  // It says how it went only to who asks.
  if (folder !== null) enableCompileCache(folder);
}

/** Where programs keep what they can make again; null where the environment does not say. */
export function userCache(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const { LOCALAPPDATA, XDG_CACHE_HOME, HOME } = env;
  if (platform === 'win32') return absolute(LOCALAPPDATA);
  const home = absolute(HOME);
  if (platform === 'darwin') return home === null ? null : join(home, 'Library', 'Caches');
  return absolute(XDG_CACHE_HOME) ?? (home === null ? null : join(home, '.cache'));
}

function absolute(path: string | undefined): string | null {
  return path !== undefined && isAbsolute(path) ? path : null;
}

/**
 * Makes the folder where it is missing. Returns its real path, or null where anybody but this user and the
 * administrator could put something there or in its stead. `user`: the number of a user; undefined on Windows.
 */
export function privateFolder(path: string, user = process.geteuid?.()): string | null {
  try {
    // Windows, where what is below LOCALAPPDATA is the user's own.
    if (user === undefined) {
      mkdirSync(path, { recursive: true });
      return path;
    }
    if (!isOutOfReach(realpathSync(existing(path)), user)) return null;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const folder = realpathSync(path);
    const { uid, mode } = lstatSync(folder);
    return uid === user && (mode & 0o077) === 0 && isOutOfReach(dirname(folder), user) ? folder : null;
  } catch {
    // A full disk, one that is read only, no permission: the program runs without.
    return null;
  }
}

function existing(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? existing(dirname(path)) : path;
}

/** Whether only this user and the administrator can change what stands at this path. */
function isOutOfReach(folder: string, user: number): boolean {
  const { uid, mode } = lstatSync(folder);
  // In a sticky folder, such as /tmp, each user can move only what is theirs.
  const writtenByOthers = (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
  if (writtenByOthers || (uid !== user && uid !== 0)) return false;
  return folder === dirname(folder) || isOutOfReach(dirname(folder), user);
}
