import { createHash } from 'node:crypto';
import { type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { TrustsieveError } from '../../errors.ts';
import { writeAll } from './stream.ts';
import { forget, openTemporary, temporaryBeside } from './unfinished.ts';

/**
 * Writes a file whole or not at all: `write` fills a temporary file beside the target, which takes the
 * target's place only when everything is on disk. A target that is no plain file (a pipe, `/dev/null`) is
 * written directly, because it must not be replaced. Only the owner may read the file: it says who gets in where.
 *
 * @throws TrustsieveError `output-unwritable` when the file cannot be written; errors of `write` as they are.
 */
export async function writeReportFile(path: string, write: (out: Writable) => Promise<void>): Promise<void> {
  const target = await resolveTarget(path);
  if (target.special) return writeInto(path, target.path, 'w', write);
  const temporary = temporaryBeside(target.path);
  try {
    await writeInto(path, temporary, 'wx', write);
    await rename(temporary, target.path).catch((cause) => {
      throw unwritable(path, cause);
    });
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    forget(temporary);
  }
}

/** Writes text as `writeReportFile` does and returns its SHA-256. */
export async function writeHashed(
  path: string,
  text: Iterable<string> | AsyncIterable<string>,
): Promise<string> {
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<string> {
    for await (const piece of text) {
      hash.update(piece, 'utf8');
      yield piece;
    }
  }
  await writeReportFile(path, (out) => writeAll(out, hashed()));
  return hash.digest('hex');
}

/** Whether a new file may take the target's place: that of a plain file or of none, never of a pipe or device. */
export async function isReplaceable(path: string): Promise<boolean> {
  return !(await resolveTarget(path)).special;
}

/** Follows links, so that a report written through a link replaces the file and not the link. */
async function resolveTarget(path: string): Promise<{ path: string; special: boolean }> {
  try {
    const stats = await stat(path);
    return { path: await realpath(path), special: !stats.isFile() && !stats.isDirectory() };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { path, special: false };
    throw unwritable(path, error);
  }
}

async function writeInto(
  shownPath: string,
  path: string,
  flags: 'w' | 'wx',
  write: (out: Writable) => Promise<void>,
): Promise<void> {
  let file: FileHandle;
  try {
    file = await (flags === 'wx' ? openTemporary(path) : open(path, flags));
  } catch (error) {
    throw unwritable(shownPath, error);
  }
  const out = file.createWriteStream({ flush: flags === 'wx' });
  let streamError: unknown;
  out.on('error', (error) => {
    streamError = error;
  });
  try {
    await write(out);
    out.end();
    await finished(out);
  } catch (error) {
    out.destroy();
    // The stream closes its handle a moment later; the file may only be removed after that.
    if (!out.closed) await new Promise<void>((resolve) => out.once('close', () => resolve()));
    throw streamError !== undefined && error === streamError ? unwritable(shownPath, error) : error;
  }
}

const FULL = 'the disk is full; make room, or name a file on another one, and write it again';
const LIMITED =
  'a limit on what you may write is reached; raise it, or name a file elsewhere, and write it again';
const FAILS = 'the disk fails; name a file on another one, and write it again';

/** What to do where it is not the name of the file that is wrong. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: FULL,
  EDQUOT: LIMITED,
  EFBIG: LIMITED,
  EIO: FAILS,
};

/** A file that cannot be written, as an error of the user. */
export function unwritable(path: string, cause: unknown): TrustsieveError {
  const why = errorCode(cause) ?? String(cause);
  const advice = ADVICE[why] ?? 'name a file in an existing folder that you may write to';
  return new TrustsieveError('output-unwritable', `cannot write \`${path}\`: ${why}; ${advice}`, { cause });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
