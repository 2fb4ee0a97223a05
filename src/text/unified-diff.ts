/** Lines around a change that are shown for orientation. */
const CONTEXT = 3;
/** Bounds the table of the comparison; policies have a hundred lines. */
const MOST_CELLS = 4_000_000;

interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** The differences of two texts in unified form, without a header; empty when there are none. */
export function unifiedDiff(before: string, after: string): readonly string[] {
  const lines = compare(before.split('\n'), after.split('\n'));
  const wanted = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== ' '),
  );
  const output: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let at = 0; at < lines.length; ) {
    if (wanted[at] !== true) {
      oldLine++;
      newLine++;
      at++;
      continue;
    }
    let end = at;
    while (wanted[end] === true) end++;
    const hunk = lines.slice(at, end);
    const removed = hunk.filter(({ sign }) => sign !== '+').length;
    const added = hunk.filter(({ sign }) => sign !== '-').length;
    output.push(`@@ -${oldLine},${removed} +${newLine},${added} @@`);
    output.push(...hunk.map(({ sign, text }) => sign + text));
    oldLine += removed;
    newLine += added;
    at = end;
  }
  return output;
}

function compare(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (text: string): DiffLine => ({ sign: ' ', text });
  return [
    ...before.slice(0, head).map(same),
    ...compareMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** By the longest common subsequence; removals stand before additions. */
function compareMiddle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const removed = (text: string): DiffLine => ({ sign: '-', text });
  const added = (text: string): DiffLine => ({ sign: '+', text });
  if ((before.length + 1) * (after.length + 1) > MOST_CELLS)
    return [...before.map(removed), ...after.map(added)];
  const width = after.length + 1;
  const longest = new Uint32Array((before.length + 1) * width);
  const cell = (b: number, a: number): number => longest[b * width + a] as number;
  for (let b = before.length - 1; b >= 0; b--) {
    for (let a = after.length - 1; a >= 0; a--) {
      longest[b * width + a] =
        before[b] === after[a] ? cell(b + 1, a + 1) + 1 : Math.max(cell(b + 1, a), cell(b, a + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [b, a] = [0, 0];
  while (b < before.length && a < after.length) {
    if (before[b] === after[a]) {
      lines.push({ sign: ' ', text: before[b] as string });
      b++;
      a++;
    } else if (cell(b + 1, a) >= cell(b, a + 1)) lines.push(removed(before[b++] as string));
    else lines.push(added(after[a++] as string));
  }
  return [...lines, ...before.slice(b).map(removed), ...after.slice(a).map(added)];
}
