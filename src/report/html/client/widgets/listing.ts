/** What stands at each position of a table: rows of its data, and the headings of groups among them. */
export interface Listing {
  readonly length: number;
  /** Positions of headings, ascending. */
  readonly headings: ArrayLike<number>;
  /** The row of the data; null where a heading stands. */
  rowAt(position: number): number | null;
}

export function flatListing(rows: ArrayLike<number>): Listing {
  return { length: rows.length, headings: [], rowAt: (position) => rows[position] ?? null };
}

/** Pixels of a row and of a heading, as the style sheet has them at the present width. */
export interface Heights {
  readonly row: number;
  readonly heading: number;
}

/** Browsers place nothing below some 17 million pixels. */
const MOST_PIXELS = 16_000_000;

/** How much of a listing one table can hold. */
export function reachable({ length }: Listing, { row, heading }: Heights): number {
  return Math.min(length, Math.floor(MOST_PIXELS / Math.max(row, heading)));
}

/** Where a position begins, in pixels from the top of the first. */
export function offsetOf({ headings }: Listing, { row, heading }: Heights, position: number): number {
  return position * row + headingsBefore(headings, position) * (heading - row);
}

/** The last position that begins at or above these pixels. */
export function positionAt(listing: Listing, heights: Heights, pixels: number): number {
  let low = 0;
  let high = listing.length;
  while (low < high - 1) {
    const middle = (low + high) >> 1;
    if (offsetOf(listing, heights, middle) <= pixels) low = middle;
    else high = middle;
  }
  return low;
}

function headingsBefore(headings: ArrayLike<number>, position: number): number {
  let low = 0;
  let high = headings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((headings[middle] ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
