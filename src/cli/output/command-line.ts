import { visible } from '../../text/hidden-characters.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { CliContext } from '../context.ts';
import { STORE_OPTION } from '../input/arguments.ts';
import { NAME } from '../invocation.ts';

/** A command over the same store that works as it is shown; null where a word holds what cannot be shown. */
export function commandLine(
  words: readonly string[],
  db: string,
  { calledAs = NAME }: Pick<CliContext, 'calledAs'>,
): string | null {
  const store = db === STORE_OPTION.db.default ? [] : ['--db', db];
  const typed = (word: string): string => (/^--?[a-z-]+$/.test(word) ? word : shellWord(word));
  const line = [calledAs, ...[...words, ...store].map(typed)].join(' ');
  return visible(line) === line ? line : null;
}
