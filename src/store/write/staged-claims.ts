import { TrustsieveError } from '../../errors.ts';
import { type AccountCapture, joinReasons } from '../../model/capture.ts';
import type { StagedClaim } from './staged-role.ts';

/** A claim, and the number that rows name it by. */
export interface NumberedClaim extends StagedClaim {
  /** From 0, in the order in which the file came to speak of them. */
  readonly index: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What one file says of accounts at times: one claim for each account and time that it speaks of. */
export class StagedClaims {
  private readonly claims = new Map<string, Mutable<NumberedClaim>>();
  /** Records of one account and time mostly come together. */
  private last: Mutable<NumberedClaim> | undefined;

  get size(): number {
    return this.claims.size;
  }

  of(account: string, capturedAt: string): NumberedClaim {
    return this.find(account, capturedAt);
  }

  /** Said twice, incomplete outweighs complete. */
  add({ account, capturedAt, complete, reasons }: AccountCapture): void {
    const claim = this.find(account, capturedAt);
    if (complete) {
      claim.complete ??= true;
    } else {
      claim.complete = false;
      claim.reasons = joinReasons(claim.reasons, reasons);
    }
  }

  all(): readonly StagedClaim[] {
    return [...this.claims.values()];
  }

  /** By account, then time. */
  inOrder(): readonly NumberedClaim[] {
    return [...this.claims.values()].sort(byAccountAndTime);
  }

  clear(): void {
    this.claims.clear();
    this.last = undefined;
  }

  private find(account: string, capturedAt: string): Mutable<NumberedClaim> {
    const last = this.last;
    if (last !== undefined && last.account === account && last.capturedAt === capturedAt) return last;
    const key = `${capturedAt} ${account}`;
    let claim = this.claims.get(key);
    if (claim === undefined) {
      if (account === '')
        throw new TrustsieveError('internal', 'a record without an account reached the store');
      claim = { account, capturedAt, index: this.claims.size, complete: null, reasons: [] };
      this.claims.set(key, claim);
    }
    this.last = claim;
    return claim;
  }
}

function byAccountAndTime(a: StagedClaim, b: StagedClaim): number {
  return order(a.account, b.account) || order(a.capturedAt, b.capturedAt);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
