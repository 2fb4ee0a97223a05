import type { Dice } from '../../../bench/generate-random.ts';
import { type Edit, edit } from '../edits.ts';

/** Another writing of a whole text. `keeps`: every role is to come out of it as out of the text itself. */
export interface Rewritten {
  readonly what: string;
  readonly edits: readonly Edit[];
  readonly keeps: boolean;
}

const utf16 = (bytes: Buffer, big: boolean) => {
  const text = Buffer.from(`\ufeff${bytes.toString('utf8')}`, 'utf16le');
  return big ? text.swap16() : text;
};

/** What shells, editors and other programs make of a file. */
export function rewriteText(bytes: Buffer, kind: string, dice: Dice): Rewritten {
  const end = bytes.length;
  const all = (what: string, content: Uint8Array | string, keeps = true): Rewritten => ({
    what,
    edits: [edit(0, end, content)],
    keeps,
  });
  const around = (what: string, before: string, after: string, keeps = false): Rewritten => ({
    what,
    edits: [...(before === '' ? [] : [edit(0, 0, before)]), ...(after === '' ? [] : [edit(end, end, after)])],
    keeps,
  });
  const text = bytes.toString('utf8');
  const any = [
    () => all('UTF-16, little end first', utf16(bytes, false)),
    () => all('UTF-16, big end first', utf16(bytes, true)),
    () => around('a byte order mark', '\ufeff', '', true),
    () => all('line ends of Windows', text.replaceAll('\n', '\r\n'), kind !== 'yaml'),
    () => around('zero bytes behind it', '', '\0'.repeat(dice.between(1, 600))),
    () => around('a prompt before it', '$ aws iam x\n', ''),
    () => around('colour codes', '\u001b[32m', '\u001b[0m'),
    () =>
      around(
        'an error message behind it',
        '',
        '\nAn error occurred (Throttling) when calling x: Rate exceeded\n',
      ),
    () =>
      around('text behind it', '', dice.pick(['}', ']', ',', 'x', '"', '\n{', '\n[', '\nnull', '{}', '[]'])),
    () => all('UTF-16 cut in the middle of a character', utf16(bytes, false).subarray(0, -1), false),
  ];
  const ofJson = [
    () => all('twice', `${text}\n${text}`),
    () => around('in a list', '[', ']'),
    () => around('under a key', '{"x":', '}'),
    () => around('under an account', '{"111122223333":', '}'),
    () => all('as text in JSON', JSON.stringify(text)),
    () => around('with a comma behind it', '', ','),
    () => around('with a comment before it', '// x\n', ''),
  ];
  return dice.pick(kind === 'json' ? [...any, ...ofJson] : any)();
}
