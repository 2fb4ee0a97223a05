import { accountsOf, capturesOf, distinct, lookAt, speaks, until } from './captures.ts';
import { type Change, compare } from './differences.ts';
import type { Source } from './evidence.ts';
import { type Standing, standingAt } from './standing.ts';

export type State = Exclude<Change, 'resolved'> | 'baseline' | null;

/** The moment of the look before the present one; null where there is none. */
export function lookBefore(sources: readonly Source[], account: string, moment: string): string | null {
  const moments = until(sources, account, moment).map(({ at }) => at);
  const present = moments.pop();
  if (present === undefined) return null;
  const day = present.slice(0, 10);
  const whole = moments.filter((at) => lookAt(sources, account, at)?.complete);
  return whole.findLast((at) => at.slice(0, 10) < day) ?? whole.at(-1) ?? moments.at(-1) ?? null;
}

export interface Row extends Standing {
  readonly state: State;
}

/** What a report says at a moment: one row for each role. */
export function reportAt(sources: readonly Source[], moment: string): readonly Row[] {
  return standingAt(sources, moment).map((role) => {
    // What a role that passes was before is told by `diff`.
    if (role.verdict !== 'fail' && role.verdict !== 'error') return { ...role, state: null };
    const before = lookBefore(sources, role.account, moment);
    if (before === null) return { ...role, state: role.verdict === 'fail' ? 'baseline' : null };
    const present = lookAt(sources, role.account, moment)?.at ?? '';
    // One that was gone before may have been known by the same id, or like this one by none.
    const state = compare(sources, role.account, before, present)
      .filter(({ arn, roleId }) => arn === role.arn && roleId === role.roleId)
      .map(({ change }) => change)
      .find((change) => change !== 'resolved');
    return { ...role, state: state ?? null };
  });
}

export interface Point {
  readonly at: string;
  readonly accounts: number;
  readonly carriedForward: number;
  readonly roles: number;
  readonly fail: number;
  readonly new: number;
  readonly resolved: number;
  readonly comparableAccounts: number;
  readonly comparableRoles: number;
  readonly comparableFail: number;
  readonly error: number;
  readonly comparableError: number;
  readonly incompleteAccounts: number;
  readonly captured: string;
  readonly toDate: boolean;
}

/** Accounts of whose roles something was said by then. */
function coveredBy(sources: readonly Source[], moment: string): readonly string[] {
  return accountsOf(sources).filter((account) => until(sources, account, moment).some(speaks));
}

const endOf = (day: string): string => `${day}T23:59:59Z`;

/** One point for each day with a capture. */
export function trendOf(sources: readonly Source[]): readonly Point[] {
  const captures = capturesOf(sources).filter(speaks);
  const days = distinct(captures.map(({ at }) => at.slice(0, 10)));
  const first = coveredBy(sources, endOf(days[0] ?? ''));
  return days.map((day, index) => {
    const end = endOf(day);
    const previous = days[index - 1];
    const covered = coveredBy(sources, end);
    const before = previous === undefined ? [] : coveredBy(sources, endOf(previous));
    const roles = standingAt(sources, end);
    const comparable = roles.filter(({ account }) => first.includes(account));
    const changes = before.flatMap((account) => {
      const from = lookAt(sources, account, endOf(previous ?? ''));
      const to = lookAt(sources, account, end);
      return from === null || to === null ? [] : compare(sources, account, from.at, to.at, true);
    });
    const count = (...kinds: readonly Change[]): number =>
      changes.filter(({ change }) => kinds.includes(change)).length;
    const captured = (account: string): boolean =>
      until(sources, account, end).at(-1)?.at.startsWith(day) === true;
    return {
      at: day,
      accounts: covered.length,
      carriedForward: covered.filter((account) => !captured(account)).length,
      roles: roles.length,
      fail: roles.filter(({ verdict }) => verdict === 'fail').length,
      new: count('new', 'reopened'),
      resolved: count('resolved'),
      comparableAccounts: covered.filter((account) => first.includes(account)).length,
      comparableRoles: comparable.length,
      comparableFail: comparable.filter(({ verdict }) => verdict === 'fail').length,
      error: roles.filter(({ verdict }) => verdict === 'error').length,
      comparableError: comparable.filter(({ verdict }) => verdict === 'error').length,
      incompleteAccounts: covered.filter((account) => lookAt(sources, account, end)?.complete !== true)
        .length,
      captured: day,
      toDate: false,
    };
  });
}
