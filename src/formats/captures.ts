import type { DataProblem } from '../errors.ts';
import type { CaptureTime } from './capture-time.ts';
import type { AccountCapture, CaptureTimeSource } from './record.ts';

const MAX_CAPTURES = 200_000;
const TRUST: readonly CaptureTimeSource[] = ['evidence', 'option', 'name', 'modified'];

/** Every account and time that one file speaks of, and what keeps each from being complete. */
export class Captures {
  /** True when the file held more than can be kept: the rest is left out and none is complete. */
  overflowed = false;
  private readonly known = new Map<
    string,
    { readonly account: string; readonly at: string; reason: DataProblem | null }
  >();
  private from: CaptureTimeSource | null = null;

  /** Notes a capture; the first reason given stays. */
  add(account: string, time: CaptureTime, reason: DataProblem | null = null): void {
    if (this.from === null || TRUST.indexOf(time.from) > TRUST.indexOf(this.from)) this.from = time.from;
    const key = `${account} ${time.at}`;
    const capture = this.known.get(key);
    if (capture !== undefined) capture.reason ??= reason;
    else if (this.known.size < MAX_CAPTURES) this.known.set(key, { account, at: time.at, reason });
    else this.overflowed = true;
  }

  /** Gives every capture that has none yet this reason. */
  flawAll(reason: DataProblem): void {
    for (const capture of this.known.values()) capture.reason ??= reason;
  }

  /** By account, then time. */
  list(): AccountCapture[] {
    if (this.overflowed) this.flawAll('captures-too-many');
    return [...this.known.keys()].sort().map((key) => {
      const { account, at, reason } = this.known.get(key) as NonNullable<ReturnType<typeof this.known.get>>;
      return { account, capturedAt: at, complete: reason === null, reason };
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
