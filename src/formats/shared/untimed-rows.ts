import type { JsonElement } from '../../json/reader.ts';
import type { CaptureTime } from './capture-time.ts';

/** What may wait for the rest of the table: rows, and characters in their fields. */
const MAX_ROWS = 4096;
const MAX_CHARACTERS = 8_000_000;

interface Waiting {
  readonly element: JsonElement;
  readonly account: string | null;
}

/** How many accounts are remembered with their newest time. */
const MAX_ACCOUNTS = 100_000;

/**
 * Rows of a table that do not tell their time although the table has times. They wait, so that each can be given the
 * newest time of its account, or else of the table; where that are too many, the newest so far.
 */
export class UntimedRows {
  private readonly give: (element: JsonElement, time: CaptureTime) => void;
  private readonly fallback: CaptureTime;
  private readonly newestOf = new Map<string, CaptureTime>();
  private newest: CaptureTime | null = null;
  private waiting: Waiting[] = [];
  private characters = 0;

  /**
   * @param fallback the time of the file, for a table in which no row has a time
   * @param give takes up a row
   */
  constructor(fallback: CaptureTime, give: UntimedRows['give']) {
    this.fallback = fallback;
    this.give = give;
  }

  /** True when a row told its time. */
  get timed(): boolean {
    return this.newest !== null;
  }

  /** A row that told its time. */
  note(account: string, time: CaptureTime): void {
    if (this.newest === null || time.at > this.newest.at) this.newest = time;
    const known = this.newestOf.get(account);
    if (known !== undefined ? time.at > known.at : this.newestOf.size < MAX_ACCOUNTS) {
      this.newestOf.set(account, time);
    }
  }

  wait(element: JsonElement, account: string | null): void {
    this.waiting.push({ element, account });
    for (const text of element.fields.values()) this.characters += text.length;
    if (this.waiting.length >= MAX_ROWS || this.characters >= MAX_CHARACTERS) this.flush();
  }

  /** Call when all is read. */
  flush(): void {
    const waiting = this.waiting;
    this.waiting = [];
    this.characters = 0;
    for (const { element, account } of waiting) {
      const own = account === null ? undefined : this.newestOf.get(account);
      this.give(element, own ?? this.newest ?? this.fallback);
    }
  }
}
