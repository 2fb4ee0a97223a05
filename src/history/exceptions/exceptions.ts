import { hasWildcard } from '../../iam/glob.ts';
import type { AcceptedRisk, ExceptionRow } from '../../model/exception.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { RULES } from '../../rules/index.ts';
import { dayNumber } from '../calendar.ts';
import { type Coverable, compileException } from './cover.ts';

/** Covering more failing verdicts than this is worth a second look. */
const MANY_FINDINGS = 100;

/** The exceptions of a report at its moment. */
export interface Exceptions {
  /** The id of the first exception that covers the verdict and has not expired; null when there is none. */
  suppressing(verdict: Coverable): string | null;
  /** What each came to over all failing verdicts, in the order of their file. */
  rowsFor(verdicts: Iterable<VerdictObject>): readonly ExceptionRow[];
}

/** @param asOf ISO 8601 UTC */
export function openExceptions(entries: readonly AcceptedRisk[], asOf: string): Exceptions {
  const all = entries.map((entry) => ({
    entry,
    status: expiryStatus(entry, asOf),
    coverOf: compileException(entry),
  }));
  // Most exceptions speak of one account; only those are looked at which can speak of the one at hand.
  const byAccount = new Map<string, typeof all>();
  const anywhere = new Set(all.filter(({ entry }) => entry.account === null || hasWildcard(entry.account)));
  const candidates = (account: string): typeof all => {
    let known = byAccount.get(account);
    if (known === undefined) {
      known = all.filter((one) => one.entry.account === account || anywhere.has(one));
      byAccount.set(account, known);
    }
    return known;
  };

  return {
    suppressing(verdict) {
      if (all.length === 0 || verdict.verdict !== 'fail') return null;
      const found = candidates(verdict.account).find(
        ({ status, coverOf }) => status !== 'expired' && coverOf(verdict) === 'whole',
      );
      return found?.entry.id ?? null;
    },
    rowsFor(verdicts) {
      if (all.length === 0) return [];
      const counts = new Map(all.map((one) => [one, { whole: 0, partly: 0, none: 0 }]));
      for (const verdict of verdicts) {
        for (const one of candidates(verdict.account)) {
          const count = counts.get(one);
          if (count !== undefined) count[one.coverOf(verdict)]++;
        }
      }
      return all.map((one) => {
        const { whole = 0, partly = 0 } = counts.get(one) ?? {};
        return {
          ...one.entry,
          status: one.status,
          findings: whole,
          partly,
          overBroad: overBroad(one.entry, whole),
        };
      });
    },
  };
}

/** Why an exception covers more than one would expect, one sentence each. */
function overBroad(entry: AcceptedRisk, findings: number): readonly string[] {
  const { rule, account, role, principals, principalAccounts } = entry;
  const reasons: string[] = [];
  const knowsWaysIn = rule === null || hasWildcard(rule) || RULES.some(({ id }) => id === rule);
  if (knowsWaysIn && isAny(principals) && isAny(principalAccounts)) {
    reasons.push(
      'it accepts every principal, those that are let in later included; name principal or principalAccount',
    );
  }
  if (isAny([role]) && isAny([account])) reasons.push('it covers every role of every account');
  if (findings > MANY_FINDINGS) reasons.push(`it covers ${findings} findings`);
  return reasons;
}

/** True when one of the patterns matches everything, or there is none. */
function isAny(patterns: readonly (string | null)[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => pattern === null || /^\**$/.test(pattern));
}

const EXPIRING_DAYS = 30;

/** @param asOf ISO 8601 UTC */
export function expiryStatus(
  { expires }: Pick<AcceptedRisk, 'expires'>,
  asOf: string,
): ExceptionRow['status'] {
  if (Date.parse(asOf) > endOf(expires)) return 'expired';
  return dayNumber(expires) - dayNumber(asOf) <= EXPIRING_DAYS ? 'expiring' : 'active';
}

/** The last millisecond at which it holds. */
function endOf(expires: string): number {
  return expires.length === 10 ? (dayNumber(expires) + 1) * 86_400_000 - 1 : Date.parse(expires);
}
