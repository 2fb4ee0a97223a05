import type { Dice } from '../../../bench/generate-random.ts';
import { type Edit, edit, type Range } from '../edits.ts';

const CELLS = [
  '',
  '""',
  '"',
  '"a""b"',
  'null',
  '=1+1',
  '1.23457E+10',
  '{',
  '"{}"',
  '%7B%7D',
  '\0',
  '"a\nb"',
  ',',
];

/** The rows of a table parted by commas, each with the places of its cells. */
export function csvRows(bytes: Uint8Array): readonly { readonly cells: readonly Range[] }[] {
  const rows: { cells: Range[] }[] = [];
  let cells: Range[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at <= bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x22) quoted = !quoted;
    if (quoted && at < bytes.length) continue;
    if (byte !== 0x2c && byte !== 0x0a && at < bytes.length) continue;
    cells.push({ from, to: at > from && bytes[at - 1] === 0x0d && byte !== 0x2c ? at - 1 : at });
    from = at + 1;
    if (byte === 0x2c) continue;
    if (cells.length > 1 || (cells[0] as Range).to > (cells[0] as Range).from) rows.push({ cells });
    cells = [];
  }
  return rows;
}

/** True where quotes are closed and all rows have as many cells as the first. */
export function isSoundCsv(bytes: Uint8Array): boolean {
  const quotes = bytes.reduce((sum, byte) => sum + Number(byte === 0x22), 0);
  const rows = csvRows(bytes);
  return quotes % 2 === 0 && rows.every(({ cells }) => cells.length === rows[0]?.cells.length);
}

/** A change of cells, columns, rows, separators or line ends. */
export function mutateCsv(bytes: Buffer, dice: Dice): readonly Edit[] {
  const rows = csvRows(bytes);
  const row = dice.pick(rows).cells;
  const cell = dice.pick(row);
  const column = dice.between(0, (rows[0]?.cells.length ?? 1) - 1);
  const inColumn = rows.flatMap(({ cells }) => cells.slice(column, column + 1));
  const text = (range: Range) => bytes.subarray(range.from, range.to);
  switch (dice.between(0, 9)) {
    case 0:
      return [edit(cell.from, cell.to, dice.pick(CELLS))];
    case 1:
      return inColumn.map(({ from, to }) => edit(from, Math.min(bytes.length, to + 1)));
    case 2:
      return inColumn.map(({ from }) => edit(from, from, `${dice.pick(CELLS)},`));
    case 3:
      return inColumn
        .slice(0, 1)
        .map(({ from, to }) => edit(from, to, dice.pick(['x', '', 'arn', 'ARN', '"arn"', 'role_id'])));
    case 4: {
      const other = dice.between(0, row.length - 1);
      return rows.flatMap(({ cells }) => {
        const [a, b] = [cells[column], cells[other]];
        return a === undefined || b === undefined || a === b
          ? []
          : [edit(a.from, a.to, text(b)), edit(b.from, b.to, text(a))];
      });
    }
    case 5: {
      const at = bytes.indexOf('"', cell.from);
      return at === -1 ? [] : [edit(at, at + 1, dice.pick(['', '""', "'", '\\"']))];
    }
    case 6:
      return [
        edit(cell.to, Math.min(bytes.length, cell.to + 1), dice.pick([';', '\t', '', '\r', '\n', ',,', '|'])),
      ];
    case 7: {
      const [first, last] = [row[0] as Range, row.at(-1) as Range];
      return dice.chance(0.5)
        ? [edit(first.from, last.to)]
        : [edit(first.from, first.from, `${text({ from: first.from, to: last.to })}\n`)];
    }
    case 8:
      return [edit(0, 0, dice.pick(['#TYPE x\n', 'sep=,\n', '\n', '"', ';']))];
    default:
      return row.slice(0, -1).map(({ to }) => edit(to, to + 1, ';'));
  }
}
