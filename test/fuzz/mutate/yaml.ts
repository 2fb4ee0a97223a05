import type { Dice } from '../../../bench/generate-random.ts';
import { type Edit, edit, type Range } from '../edits.ts';

const PIECES = [
  ...[
    '&a ',
    '*a',
    '!!str ',
    '!x ',
    '|',
    '>',
    '|-\n',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '- ',
    ': ',
    '# ',
    '\t',
    '? ',
  ],
  ...['---\n', '...\n', '<<: *a\n', '%YAML 1.1\n', '~', 'null', '012', '0x1f', 'yes', '2026-01-01', '\u2028'],
] as const;

/** The lines of a text, without their ends. */
export function linesOf(bytes: Uint8Array): readonly Range[] {
  const lines: Range[] = [];
  let from = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue;
    if (at > from) lines.push({ from, to: at });
    from = at + 1;
  }
  return lines;
}

/** A change of lines, their indent, or the signs that YAML has. */
export function mutateYaml(bytes: Buffer, dice: Dice): readonly Edit[] {
  const lines = linesOf(bytes);
  const line = dice.pick(lines);
  const text = bytes.toString('utf8', line.from, line.to);
  const indent = text.length - text.trimStart().length;
  const colon = text.indexOf(': ');
  switch (dice.between(0, 8)) {
    case 0:
      return [edit(line.from, Math.min(bytes.length, line.to + 1))];
    case 1:
      return [edit(line.from, line.from, `${text}\n`)];
    case 2:
      return [edit(line.from, line.from, dice.pick([' ', '  ', '\t', '    ']))];
    case 3:
      return indent === 0 ? [] : [edit(line.from, line.from + dice.between(1, indent))];
    case 4: {
      const at = line.from + dice.between(0, text.length);
      return [edit(Math.min(at, line.to), Math.min(at, line.to), dice.pick(PIECES))];
    }
    case 5:
      return colon === -1
        ? []
        : [edit(line.from + Buffer.byteLength(text.slice(0, colon + 2)), line.to, dice.pick(PIECES))];
    case 6:
      return [edit(line.from, line.from, `${' '.repeat(indent)}${dice.pick(PIECES)}\n`)];
    case 7:
      return [edit(line.from, bytes.length)];
    default: {
      const other = dice.pick(lines);
      return [edit(line.from, line.to, bytes.subarray(other.from, other.to))];
    }
  }
}
