import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { TrustsieveError } from '../errors.ts';
import { isNamedPipe, openWithoutWaiting, streamOf } from '../evidence/pipe.ts';
import { normaliseTime } from '../formats/times.ts';
import { isAccountId } from '../iam/arn.ts';

/** Reads `--account`: 12 digits. */
export function accountArgument(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (isAccountId(value)) return value;
  throw new TrustsieveError('usage', `\`${value}\` is no account id: give the 12 digits`);
}

/** Reads a time option to `2026-02-01T00:00:00Z`. */
export function timeArgument(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  const time = normaliseTime(value);
  if (time !== null) return time;
  throw new TrustsieveError(
    'usage',
    `\`${value}\` is no time for --${name}: write it like 2026-02-01 or 2026-02-01T12:00:00Z`,
  );
}

/** Reads a small file that an option names. */
export async function optionFile(name: string, path: string): Promise<string> {
  try {
    if (await isNamedPipe(path)) return await text(streamOf(await openWithoutWaiting(path)));
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const known = code === 'ENOENT' ? 'file-not-found' : 'file-unreadable';
    throw new TrustsieveError(known, `cannot read \`${path}\` given with --${name}: ${code}`, { cause });
  }
}
