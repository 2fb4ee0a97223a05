import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { TrustsieveError } from '../../errors.ts';
import { isNamedPipe, openWithoutWaiting, streamOf } from '../../evidence/pipe.ts';
import { errorCode, errorText } from '../../text/error-text.ts';
import { withoutByteOrderMark } from '../../text/hidden-characters.ts';

/**
 * Reads a small text file or named pipe; without its byte order mark.
 *
 * @param option that names it; null: it is an argument
 * @throws TrustsieveError `file-not-found` or `file-unreadable`
 */
export async function optionFile(option: string | null, path: string): Promise<string> {
  try {
    if (await isNamedPipe(path))
      return withoutByteOrderMark(await text(streamOf(await openWithoutWaiting(path))));
    return withoutByteOrderMark(await readFile(path, 'utf8'));
  } catch (cause) {
    const code = errorCode(cause);
    const known = code === 'ENOENT' ? 'file-not-found' : 'file-unreadable';
    const given = option === null ? '' : ` given with --${option}`;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new TrustsieveError(known, `cannot read \`${path}\`${given}: ${why}`, { cause });
  }
}

/**
 * Reads one YAML document that a user gives. Aliases are bounded, so that a small text cannot grow without end.
 *
 * @throws Error with what is wrong and where
 */
export async function parseYaml(text: string): Promise<unknown> {
  // Loaded only where it is needed, as its package is large.
  const { parse } = await import('yaml');
  return parse(text, { maxAliasCount: 100, logLevel: 'error' }) as unknown;
}

/** What a parser says is wrong, short enough for a line of its own. */
export function firstLine(error: unknown): string {
  const [line = ''] = errorText(error).split('\n');
  return line.slice(0, 200).replace(/[.:]$/, '');
}
