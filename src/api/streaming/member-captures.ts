import { gapsOf } from '../../history/completeness/completeness.ts';
import type { MemberList } from '../../model/account-lists.ts';
import { type AccountCapture, isHarmless } from '../../model/capture.ts';
import type { AccountGap } from '../../model/completeness.ts';

/** Captures of members that are followed; more than a year of daily ones of a thousand accounts. */
const MAX_CAPTURES = 500_000;

/**
 * Follows the captures of the accounts of an organisation, and of nobody else: without a list of them there are no gaps
 * to find.
 */
export class MemberCaptures {
  private readonly list: MemberList | null;
  private readonly names: ReadonlyMap<string, string | null>;
  /** Captures that some file says are whole (true), unless another of the same time spoils them. */
  private readonly claims = new Map<string, boolean>();
  private readonly latest = new Map<string, string>();
  private shown = false;
  private full = false;

  constructor(list: MemberList | null) {
    this.list = list;
    this.names = new Map((list?.members ?? []).map(({ account, name }) => [account, name]));
  }

  /** True when any account was shown. */
  get showsRoles(): boolean {
    return this.shown;
  }

  /** More captures came than are followed, so that gaps may be missing. */
  get overflowed(): boolean {
    return this.full;
  }

  add({ account, capturedAt, complete, reasons }: AccountCapture): void {
    this.shown = true;
    if (!this.names.has(account)) return;
    const at = capturedAt.slice(0, -1);
    if ((this.latest.get(account) ?? '') < at) this.latest.set(account, at);
    if (complete || !isHarmless(reasons)) this.claim(`${account} ${at}`, complete);
  }

  /** Accounts of the organisation without complete evidence, by account; none without a list. */
  gaps(): readonly AccountGap[] {
    const complete = this.latestComplete();
    const looks = [...this.latest].map(([account, at]) => ({
      account,
      name: this.names.get(account) ?? null,
      at,
      completeAt: complete.get(account) ?? null,
    }));
    return gapsOf(looks, this.list, null);
  }

  private claim(key: string, complete: boolean): void {
    const known = this.claims.get(key);
    if (known === undefined && this.claims.size >= MAX_CAPTURES) this.full = true;
    else this.claims.set(key, complete && known !== false);
  }

  private latestComplete(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const [key, whole] of this.claims) {
      const [account, at] = key.split(' ') as [string, string];
      if (whole && (found.get(account) ?? '') < at) found.set(account, at);
    }
    return found;
  }
}
