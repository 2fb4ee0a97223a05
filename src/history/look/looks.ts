import type { TrendPeriod } from '../../model/trend.ts';
import type { CaptureRow, StoreReader } from '../../store/index.ts';
import { periodEnd } from '../calendar.ts';

/**
 * How an account, or a ledger, is known at one moment: by which of its captures. Column times, comparable as text. The
 * store has the same with the account's name (`AccountLook`).
 */
export interface Look {
  /** The moment itself; nothing after it counts. */
  readonly at: string;
  /** The latest complete capture not after `at`; null when there is none. */
  readonly completeAt: string | null;
  /** The latest capture after `completeAt` that should show all roles and does not; null when there is none. */
  readonly gapAt: string | null;
  /** True when all roles are known. */
  readonly complete: boolean;
  /** What the organisation was like after that moment does not count; absent: up to the next capture it does. */
  readonly until?: string;
}

/** What it takes to say what stands. */
export type LookTimes = Pick<Look, 'at' | 'completeAt'>;

/**
 * The looks at one account at the end of each period: its latest capture by then; null before the first. A period
 * without a capture has the very look of the one before.
 *
 * @param periods last days, ascending
 * @param captures of the account, oldest first
 */
export function looksAt(
  periods: readonly string[],
  captures: Iterable<CaptureRow>,
  by: TrendPeriod,
): (Look | null)[] {
  const looks: (Look | null)[] = [];
  let look = null as Look | null;
  for (const capture of captures) {
    const index = periods.indexOf(periodEnd(capture.at, by), looks.length);
    while (looks.length < index) looks.push(look);
    look = lookOn(look, capture);
  }
  while (looks.length < periods.length) looks.push(look);
  return looks;
}

/** The looks from which on something else may stand of roles with these observations, ascending, each once. */
export function turningPoints(
  rows: Iterable<{ readonly first: string; readonly last: string; readonly complete: boolean }>,
  looks: readonly (Look | null)[],
): readonly number[] {
  const points = new Set<number>();
  for (const row of rows) {
    if (row.complete) {
      points.add(firstIndex(looks, (look) => (look.completeAt ?? '') >= row.first));
      points.add(firstIndex(looks, (look) => (look.completeAt ?? '') > row.last));
    } else {
      points.add(firstIndex(looks, (look) => look.at >= row.last));
      points.add(firstIndex(looks, (look) => (look.completeAt ?? '') >= row.last));
    }
  }
  points.delete(looks.length);
  return [...points].sort((a, b) => a - b);
}

/** Looks only ever move on in time, so once true is always true. */
function firstIndex(looks: readonly (Look | null)[], reached: (look: Look) => boolean): number {
  let low = 0;
  let high = looks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const look = looks[middle] ?? null;
    if (look !== null && reached(look)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The look that one at `at` is compared with: the latest complete one of an earlier day (UTC), because what several
 * exports of one day show is one look to people. Where there is none, the latest complete one earlier that day. Where
 * there is no complete one at all, the latest. Null when there is no capture before `at`.
 */
export function lookBefore(reader: StoreReader, book: string, at: string): Look | null {
  const ofEarlierDay = latestLook(reader.capturesBefore(book, at.slice(0, 10)));
  return ofEarlierDay?.complete === true ? ofEarlierDay : latestLook(reader.capturesBefore(book, at));
}

/** The look itself when it is complete, else the latest complete one before it; itself when there is none. */
export function completeLook(reader: StoreReader, book: string, look: Look): Look {
  if (look.complete) return look;
  const before = latestLook(reader.capturesBefore(book, look.at));
  return before?.complete === true ? before : look;
}

/** The latest look that is complete, or the latest when none is; null without a capture. */
function latestLook(newestFirst: Iterable<CaptureRow>): Look | null {
  let latest: string | null = null;
  let gapAt: string | null = null;
  // The latest of the captures that only add to the one before them.
  let added: string | null = null;
  for (const { at, complete, gap } of newestFirst) {
    if (complete) return { at: added ?? at, completeAt: at, gapAt: null, complete: true };
    latest ??= at;
    if (gap) {
      gapAt ??= at;
      added = null;
    } else added ??= at;
  }
  return latest === null ? null : { at: latest, completeAt: null, gapAt, complete: false };
}

/** The look at the next capture. */
function lookOn(look: Look | null, { at, complete, gap }: CaptureRow): Look {
  const completeAt = complete ? at : (look?.completeAt ?? null);
  const gapAt = complete ? null : gap ? at : (look?.gapAt ?? null);
  return { at, completeAt, gapAt, complete: completeAt !== null && gapAt === null };
}
