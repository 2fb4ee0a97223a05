import type { Database } from 'better-sqlite3';

/** A moment in evidence time, and how the scans of a store lie to it. */
export interface Past {
  /** Column time. */
  readonly time: string;
  /**
   * The run of the moment: the last one after which the store had seen no capture later than it. Null when there is
   * none, as when the evidence came in another order, or all in one go.
   */
  readonly run: number | null;
  /** True when no run came after that one. */
  readonly isLast: boolean;
  /** Runs that may have read evidence of then, by what else they read: nothing later, or something not later. */
  readonly readers: readonly number[];
}

interface RunTimes {
  readonly id: number;
  /** Column times of captures; null without one. */
  readonly first: string | null;
  readonly last: string | null;
}

export function pastAt(db: Database, time: string): Past {
  const runs = db
    .prepare<[], RunTimes>(
      `SELECT r.id, min(s.captured_at) AS first, max(s.captured_at) AS last
       FROM run r LEFT JOIN run_evidence x ON x.run_id = r.id LEFT JOIN capture_source s USING (evidence_id)
       GROUP BY r.id ORDER BY r.id`,
    )
    .all();
  const later = runs.findIndex(({ last }) => last !== null && last > time);
  const run = (later === -1 ? runs.at(-1) : runs[later - 1])?.id ?? null;
  const readers = runs.filter(({ first, last }) => last === null || last <= time || (first ?? '') <= time);
  return { time, run, isLast: later === -1, readers: readers.map(({ id }) => id) };
}
