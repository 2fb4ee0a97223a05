/** How columns are written so that the compressed page becomes small, and read again; nothing is lost. */
import type { FindingColumns } from './finding-columns.ts';
import type { PackedTime } from './packed-time.ts';

/** The columns as they are written. */
export interface PackedColumns extends Omit<FindingColumns, 'roleId' | 'created' | 'lastUsed'> {
  /** Differences, like those of `tags`. */
  readonly offset: readonly number[];
  readonly roleId: PackedIds;
  readonly created: PackedTimes;
  readonly lastUsed: PackedTimes;
}

export function packColumns(columns: FindingColumns): PackedColumns {
  return {
    ...columns,
    offset: differences(columns.offset),
    tags: differences(columns.tags),
    roleId: packIds(columns.roleId),
    created: packTimes(columns.created),
    lastUsed: packTimes(columns.lastUsed),
  };
}

export function unpackColumns(packed: PackedColumns): FindingColumns {
  return {
    ...packed,
    offset: sums(packed.offset),
    tags: sums(packed.tags),
    roleId: unpackIds(packed.roleId),
    created: unpackTimes(packed.created),
    lastUsed: unpackTimes(packed.lastUsed),
  };
}

/** Each number less the one before it. */
function differences(numbers: readonly number[]): readonly number[] {
  return numbers.map((number, at) => number - (numbers[at - 1] ?? 0));
}

function sums(steps: readonly number[]): readonly number[] {
  let sum = 0;
  return steps.map((step) => {
    sum += step;
    return sum;
  });
}

/** Ids of one length with one beginning are written without it and without anything between them. */
export type PackedIds =
  | { readonly start: string; readonly rest: number; readonly text: string }
  | readonly string[];

/** The letters with which role ids of AWS begin: `AROA`. */
const ID_START = 4;

export function packIds(ids: readonly string[]): PackedIds {
  const start = (ids[0] ?? '').slice(0, ID_START);
  const rest = (ids[0] ?? '').length - start.length;
  const alike = ids.every((id) => id.length === start.length + rest && id.startsWith(start));
  if (!alike || rest === 0) return ids;
  return { start, rest, text: ids.map((id) => id.slice(start.length)).join('') };
}

export function unpackIds(packed: PackedIds): readonly string[] {
  if (!('text' in packed)) return packed;
  const { start, rest, text } = packed;
  return piecesOf(text, rest).map((piece) => start + piece);
}

/** Times that are numbers or null are written as numbers of six digits, with blanks for null. */
export type PackedTimes = string | readonly PackedTime[];

const DIGITS = 6;
const RADIX = 36;

export function packTimes(times: readonly PackedTime[]): PackedTimes {
  const fits = (time: PackedTime): boolean =>
    time === null || (typeof time === 'number' && time >= 0 && time < RADIX ** DIGITS);
  if (!times.every(fits)) return times;
  return times.map((time) => (time?.toString(RADIX) ?? '').padStart(DIGITS)).join('');
}

export function unpackTimes(packed: PackedTimes): readonly PackedTime[] {
  if (typeof packed !== 'string') return packed;
  return piecesOf(packed, DIGITS).map((piece) =>
    piece.trim() === '' ? null : Number.parseInt(piece, RADIX),
  );
}

function piecesOf(text: string, length: number): readonly string[] {
  return Array.from({ length: text.length / length }, (_, at) => text.slice(at * length, (at + 1) * length));
}
