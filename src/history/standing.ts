import type { ObservationRow, ObservedRole } from '../store/role-reader.ts';

/** The complete captures of an account that a look at it rests on. Column times, comparable as text. */
export interface Base {
  /** The moment itself; nothing after it counts. */
  readonly at: string;
  /** The latest complete capture not after `at`; null when there is none. */
  readonly completeAt: string | null;
}

/** A look at an account that also says what it does not know. */
export interface Look extends Base {
  /** The latest capture after `completeAt` that should show all roles and does not; null when there is none. */
  readonly gapAt: string | null;
  /** True when all roles are known. */
  readonly complete: boolean;
}

/** What was last known of a role at a moment. */
export interface Standing {
  readonly row: ObservationRow;
  /** When it was last seen so, not after the moment. */
  readonly at: string;
}

/**
 * What is known of a role at a moment: what the latest complete capture shows, unless a later incomplete one shows
 * something else. Null when the complete capture does not show the role and nothing later does.
 */
export function standingAt(rows: readonly ObservationRow[], { at, completeAt }: Base): Standing | null {
  let standing: Standing | null = null;
  for (const row of rows) {
    const seenAt = lastSeenBy(row, at, completeAt);
    if (seenAt !== null && (standing === null || seenAt > standing.at)) standing = { row, at: seenAt };
  }
  return standing;
}

function lastSeenBy(row: ObservationRow, at: string, completeAt: string | null): string | null {
  if (!row.complete)
    return row.last <= at && (completeAt === null || row.last > completeAt) ? row.last : null;
  return completeAt !== null && row.first <= completeAt && completeAt <= row.last ? completeAt : null;
}

/** A role that exists at the moment, under one of the identities its ARN was seen with. */
export interface CurrentRole {
  readonly role: ObservedRole;
  readonly standing: Standing;
  readonly policy: number;
  /** All observations that may speak of this role, in no order. */
  readonly life: readonly ObservationRow[];
}

/**
 * The roles of one ARN that exist at the moment: one, unless evidence of one time shows several. An ARN is used again
 * when a role is deleted and made anew, so each role id is a role of its own, and whatever is seen of the ARN later
 * shows that the earlier one is gone. Exports without ids (role id '') are held to speak of the same role as those
 * with: of two at the same time that agree, the one with the id counts.
 */
export function currentRoles(roles: readonly ObservedRole[], base: Base): CurrentRole[] {
  const standing = roles.map((role) => ({ role, standing: standingAt(role.observations, base) }));
  const current: CurrentRole[] = [];
  for (const { role, standing: own } of standing) {
    if (own === null || own.row.policy === null) continue;
    const replaced = standing.some(
      (other) =>
        other.role !== role &&
        other.standing !== null &&
        (other.standing.at > own.at ||
          (other.standing.at === own.at &&
            role.roleId === '' &&
            other.standing.row.policy === own.row.policy)),
    );
    if (!replaced) current.push({ role, standing: own, policy: own.row.policy, life: lifeOf(role, roles) });
  }
  return current;
}

function lifeOf(role: ObservedRole, roles: readonly ObservedRole[]): readonly ObservationRow[] {
  if (roles.length === 1) return role.observations;
  return roles.flatMap((other) => (isSameRole(role.roleId, other) ? other.observations : []));
}

/** True when observations of `other`, which has the same ARN, may speak of the role with this id. */
export function isSameRole(roleId: string, other: ObservedRole): boolean {
  return other.roleId === roleId || other.roleId === '' || roleId === '';
}
