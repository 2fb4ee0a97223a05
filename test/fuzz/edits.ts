/** Bytes `from` up to but not with `to` of a seed, and what stands in their place. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: Uint8Array;
}

/** From the first byte up to but not with the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export const edit = (from: number, to: number, insert: Uint8Array | string = ''): Edit => ({
  from,
  to,
  insert: typeof insert === 'string' ? Buffer.from(insert) : insert,
});

/** Puts edits in order and leaves out those that overlap one before. */
export function inOrder(edits: readonly Edit[]): readonly Edit[] {
  const sorted = [...edits].sort((a, b) => a.from - b.from || a.to - b.to);
  let end = -1;
  return sorted.filter(({ from, to }) => {
    if (from < end || (from === end && to === from)) return false;
    end = Math.max(to, from + 1);
    return true;
  });
}

/** @param edits in order, none overlapping another */
export function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Buffer {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { from, to, insert } of edits) {
    pieces.push(bytes.subarray(at, from), insert);
    at = to;
  }
  pieces.push(bytes.subarray(at));
  return Buffer.concat(pieces);
}

/** True where an edit changes a byte of the range, or puts something between two of its bytes. */
export function touches({ from, to }: Edit, range: Range): boolean {
  return from === to ? from > range.from && from < range.to : from < range.to && to > range.from;
}
