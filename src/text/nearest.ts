/**
 * How many letters have to be added, left out, changed or swapped with the next one to make one word of the other; null
 * when these are more than `most`. Upper and lower case are the same.
 */
export function editDistance(one: string, other: string, most: number): number | null {
  if (Math.abs(one.length - other.length) > most) return null;
  const a = one.toLowerCase();
  const b = other.toLowerCase();
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(before, column - 2) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return null;
    before = last;
    last = current;
  }
  const distance = at(last, b.length);
  return distance > most ? null : distance;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** So far may a word be from what was meant: a third of its letters, at most three. */
export function farthest(word: string): number {
  return Math.min(3, Math.max(1, Math.floor(word.length / 3)));
}

/** The candidate that was most likely meant, of equals the first by name; null when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  return allNearest(word, candidates, farthest(word), 1)[0] ?? null;
}

/**
 * The candidates that were most likely meant, by name: the first of those that are equally near.
 *
 * @param within how far they may be from the word
 * @param most how many
 */
export function allNearest(
  word: string,
  candidates: Iterable<string>,
  within: number,
  most: number,
): readonly string[] {
  let reach = within;
  const best = new Set<string>();
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate, reach);
    if (distance === null) continue;
    if (distance < reach) best.clear();
    reach = distance;
    best.add(candidate);
    if (best.size > most) best.delete([...best].sort().at(-1) ?? '');
  }
  return [...best].sort();
}
