import { NO_PLACE } from '../formats/shared/sink.ts';
import type { ElementTexts } from './element-window.ts';

/**
 * The elements of one batch that offsets do not tell apart, such as rows of a row group, each under a place of its own.
 * Places are negative, so that none is an offset.
 */
export class HeldElements implements ElementTexts {
  private held: (() => unknown)[] = [];
  /** Of earlier batches. */
  private gone = 0;
  private readonly others: ElementTexts | null;

  /** @param others the elements that have offsets of their own */
  constructor(others: ElementTexts | null = null) {
    this.others = others;
  }

  /**
   * Holds an element until its batch is taken up.
   *
   * @param value its value, as `valueAt` gives it
   * @returns its place
   */
  hold(value: () => unknown): number {
    this.held.push(value);
    return -(this.gone + this.held.length);
  }

  valueAt(place: number): unknown {
    if (place >= 0) return this.others?.valueAt(place);
    return place === NO_PLACE ? undefined : this.held[-place - this.gone - 1]?.();
  }

  keepFrom(offset: number | null): boolean {
    return this.others?.keepFrom(offset) === true;
  }

  release(): void {
    this.gone += this.held.length;
    this.held = [];
    this.others?.release();
  }
}
