import type { DataProblem } from '../../errors.ts';
import type { AccountCapture, CaptureTimeSource } from '../../model/capture.ts';
import type { CaptureTime } from './capture-time.ts';

const MAX_CAPTURES = 200_000;
const TRUST: readonly CaptureTimeSource[] = ['evidence', 'option', 'name', 'modified'];

function lessTrusted(a: CaptureTimeSource | null, b: CaptureTimeSource): CaptureTimeSource {
  return a !== null && TRUST.indexOf(a) > TRUST.indexOf(b) ? a : b;
}

interface Noted {
  readonly account: string;
  readonly at: string;
  readonly reasons: Set<DataProblem>;
}

/** Every account and time that one file speaks of, and what keeps each from being complete. */
export class FileCaptures {
  /** True when the file held more than can be kept: the rest is left out and none is complete. */
  overflowed = false;
  private readonly known = new Map<string, Noted>();
  private last: Noted | null = null;
  private from: CaptureTimeSource | null = null;

  /** Notes a capture; every reason ever given for it stays. */
  add(account: string, time: CaptureTime, reason: DataProblem | null = null): void {
    if (time.from !== this.from) this.from = lessTrusted(this.from, time.from);
    if (this.last?.account !== account || this.last.at !== time.at) this.last = this.note(account, time.at);
    if (reason !== null) this.last?.reasons.add(reason);
  }

  /** Null when there is no room. */
  private note(account: string, at: string): Noted | null {
    const key = `${account} ${at}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.known.size >= MAX_CAPTURES) {
      this.overflowed = true;
      return null;
    }
    const noted: Noted = { account, at, reasons: new Set() };
    this.known.set(key, noted);
    return noted;
  }

  /** Gives every capture of the account this reason. */
  flaw(account: string, reason: DataProblem): void {
    for (const noted of this.known.values()) if (noted.account === account) noted.reasons.add(reason);
  }

  /** Gives every capture this reason. */
  flawAll(reason: DataProblem): void {
    for (const { reasons } of this.known.values()) reasons.add(reason);
  }

  /** By account, then time. */
  list(): AccountCapture[] {
    if (this.overflowed) this.flawAll('captures-too-many');
    return [...this.known.keys()].sort().map((key) => {
      const { account, at, reasons } = this.known.get(key) as Noted;
      return { account, capturedAt: at, complete: reasons.size === 0, reasons: [...reasons].sort() };
    });
  }

  /** What all captures have in common; null where they differ. */
  summary(): {
    readonly account: string | null;
    readonly capturedAt: string | null;
    readonly capturedFrom: CaptureTimeSource | null;
  } {
    const captures = [...this.known.values()];
    const [first] = captures;
    const same = (test: (capture: (typeof captures)[number]) => boolean) => captures.every(test);
    return {
      account: first !== undefined && same(({ account }) => account === first.account) ? first.account : null,
      capturedAt: first !== undefined && same(({ at }) => at === first.at) ? first.at : null,
      capturedFrom: this.from,
    };
  }
}
