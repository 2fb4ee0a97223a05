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

/** The candidate that was most likely meant, the first of equals; null when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let most = farthest(word);
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate, most);
    if (distance === null) continue;
    if (distance === 0) return candidate;
    best = candidate;
    most = distance - 1;
  }
  return best;
}
