/** Thrown where policies ask for more comparisons than anybody's own policies do. */
export class TooMuchWork extends Error {}

/** Counts comparisons, not time, so that every machine decides alike. */
export interface Work {
  left: number;
}

/** A second or two. The policies of a role, at most 30 of 10 240 characters, ask for a few hundred thousand. */
export function fullWork(): Work {
  return { left: 40_000_000 };
}

export function spend(work: Work, steps: number): void {
  work.left -= steps;
  if (work.left < 0) throw new TooMuchWork();
}
