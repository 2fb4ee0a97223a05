import { TrustsieveError } from '../../errors.ts';

type Formats<Id extends string> = Readonly<Record<Id, { readonly extension: string }>>;

/** Other endings by which files of a format are known. */
const ALSO: Readonly<Record<string, string>> = { jsonl: 'ndjson', htm: 'html', markdown: 'md' };

/**
 * The format that `--format` names, or else the one that the ending of the file does.
 *
 * @param otherwise what is written to standard output, and to a file without an ending
 * @throws TrustsieveError `usage` where nothing says what to write, or the name of the file says two things
 */
export function formatOf<Id extends string>(
  formats: Formats<Id>,
  asked: Id | undefined,
  output: string,
  otherwise?: Id,
): Id {
  if (asked !== undefined) return asked;
  const ids = Object.keys(formats) as Id[];
  // Of formats with the same ending the first.
  const byEnding = new Map(ids.toReversed().map((id) => [formats[id].extension, id]));
  const [last = '', before = ''] = output
    .toLowerCase()
    .replace(/^.*[\\/]/s, '')
    .split('.')
    .slice(1)
    .reverse();
  const ending = ALSO[last] ?? last;
  const named = ids.find((id) => id === before && formats[id].extension === ending);
  const found = named ?? byEnding.get(`${before}.${ending}`);
  if (found !== undefined) return found;
  const plain = byEnding.get(ending);
  if (plain !== undefined && !isOther(before, plain, ids)) return plain;
  if (otherwise !== undefined && (output === '-' || last === '')) return otherwise;
  const names = `give --format, one of ${ids.join(', ')}`;
  if (output === '-')
    throw new TrustsieveError('usage', `standard output has no ending that says what to write: ${names}`);
  const why = plain === undefined ? 'says no format' : `says two formats, ${before} and ${plain}`;
  throw new TrustsieveError('usage', `the ending of \`${output}\` ${why}: ${names}`);
}

/** `findings.sarif.json` may be meant either way. */
function isOther(word: string, found: string, ids: readonly string[]): boolean {
  return word !== found && ids.includes(word);
}
