import { type CurrentRole, currentRoles } from '../look/current-roles.ts';
import { type KnownRole, tookOver } from '../look/nameless.ts';
import type { FindingChange } from './change.ts';
import { type ComparedLooks, type ComparedRule, comparePair } from './compare-pair.ts';

/**
 * Compares the findings of the roles of one ARN, which come by role id, rule by rule. A finding that is on neither
 * side gives nothing.
 */
export function* compareArn(
  roles: readonly KnownRole[],
  looks: ComparedLooks,
  rules: readonly ComparedRule[],
): Iterable<FindingChange> {
  const before = looks.from === null ? [] : currentRoles(roles, looks.from);
  const after = looks.to === null ? [] : currentRoles(roles, looks.to);
  const pairs = pairUp(before, after, roles, looks.to?.at ?? '');
  const hasSuccessor = pairs.some(([old]) => old === null);
  for (const rule of rules) {
    for (const [old, present] of pairs) {
      const change = comparePair({ old, present }, { ...looks, ...rule, roles, before, hasSuccessor });
      if (change !== null) yield change;
    }
  }
}

/** The same role at both looks: by its id, or because it took over what was seen of it without one. */
function pairUp(
  before: readonly CurrentRole[],
  after: readonly CurrentRole[],
  roles: readonly KnownRole[],
  at: string,
): (readonly [old: CurrentRole | null, present: CurrentRole | null])[] {
  const left = [...after];
  const take = (matches: (role: CurrentRole) => boolean): CurrentRole | null => {
    const index = left.findIndex(matches);
    return index < 0 ? null : (left.splice(index, 1)[0] ?? null);
  };
  // Of two without an id one can have turned out to be a role that was gone before the other came.
  const takerOf = (current: CurrentRole): KnownRole | undefined =>
    current.role.roleId === '' ? roles.find((role) => isTakenBy(role, current, at)) : undefined;
  const same = before.map((old) =>
    take((one) => one.role.roleId === old.role.roleId && takerOf(one) === takerOf(old)),
  );
  const pairs = before.map(
    (old, index) => [old, same[index] ?? take((one) => isTakenBy(one.role, old, at))] as const,
  );
  return [...pairs, ...left.map((present) => [null, present] as const)];
}

/** True when by that time the role was seen to be the one that had no id. */
function isTakenBy(role: KnownRole, { shown }: CurrentRole, by: string): boolean {
  return role.nameless !== undefined && shown.some((row) => tookOver(role, row, by));
}
