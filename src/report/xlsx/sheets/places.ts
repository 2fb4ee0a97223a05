import type { Cell, Place } from '../book/cell.ts';

/** Rows that are remembered, so that memory stays flat; what lies behind them is named without a link. */
const REMEMBERED = 200_000;

/** Where rows of a sheet stand that other sheets lead to. */
export class Places {
  private readonly places = new Map<string, Place>();

  /** Hears where a row stands; of several of one key, the first is led to. */
  put(key: string): (place: Place) => void {
    return (place) => {
      if (this.places.size < REMEMBERED && !this.places.has(key)) this.places.set(key, place);
    };
  }

  linkTo(key: string): Cell {
    const place = this.places.get(key);
    return place === undefined ? null : { place };
  }
}

/** The key of an evidence file. */
export function evidenceKey(path: string, sha256: string): string {
  return `${sha256} ${path}`;
}
