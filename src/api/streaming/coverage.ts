import type { MemberList } from '../../audit/account-lists.ts';
import type { AccountCapture } from '../../formats/record.ts';
import { gapsOf } from '../../history/completeness.ts';
import { isHarmless } from '../../store/capture-reasons.ts';
import type { AccountGap } from '../../store/types.ts';

/** Captures of members that are followed; more than a year of daily ones of a thousand accounts. */
const MAX_CAPTURES = 500_000;

/** Which accounts of the organisation the evidence shows whole. */
export interface Coverage {
  /** True when any account was shown. */
  readonly showsRoles: boolean;
  /** More captures came than are followed, so that gaps may be missing. */
  readonly overflowed: boolean;
  add(capture: AccountCapture): void;
  /** By account; none without a member list. */
  gaps(): readonly AccountGap[];
}

/** Follows the captures of the members, and of nobody else: without a list there are no gaps to find. */
export function openCoverage(list: MemberList | null): Coverage {
  const members = new Map((list?.members ?? []).map((member) => [member.account, member]));
  /** Captures that some file says are whole (true), unless another of the same time spoils them. */
  const claims = new Map<string, boolean>();
  const latest = new Map<string, string>();
  let showsRoles = false;
  let overflowed = false;

  function completeAt(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const [key, whole] of claims) {
      const [account, at] = key.split(' ') as [string, string];
      if (whole && (found.get(account) ?? '') < at) found.set(account, at);
    }
    return found;
  }

  return {
    get showsRoles() {
      return showsRoles;
    },
    get overflowed() {
      return overflowed;
    },
    add({ account, capturedAt, complete, reasons }) {
      showsRoles = true;
      if (!members.has(account)) return;
      const at = capturedAt.slice(0, -1);
      if ((latest.get(account) ?? '') < at) latest.set(account, at);
      if (!complete && isHarmless(reasons)) return;
      const key = `${account} ${at}`;
      const known = claims.get(key);
      if (known === undefined && claims.size >= MAX_CAPTURES) overflowed = true;
      else claims.set(key, complete && known !== false);
    },
    gaps() {
      const whole = completeAt();
      const moments = [...latest].map(([account, at]) => ({
        account,
        name: members.get(account)?.name ?? null,
        at,
        completeAt: whole.get(account) ?? null,
      }));
      return gapsOf(moments, list, null);
    },
  };
}
