import type { ExceptionRow } from './exception.ts';
import type { Guard, PathIn } from './exposure.ts';
import { WEAK_GUARD_NOTES } from './grading.ts';
import type { Privileges } from './role-detail.ts';
import type { Relation, Severity } from './verdict.ts';

/**
 * How an outside account stands to a role, the most pressing first. `open`: it has an unguarded way in. `not-evaluated`:
 * the trust policy could not be decided, and names it or may admit it. `closed`: the trust policy leaves it an unguarded way
 * in, and guardrails of the organisation close that, or demand a guard. `guarded`: each way in that the trust policy leaves
 * it demands MFA or an external id.
 */
export const ACCESSES = ['open', 'not-evaluated', 'closed', 'guarded'] as const;
export type Access = (typeof ACCESSES)[number];

/** The account of a row for roles that could not be decided and name no outside account: nobody knows who gets in. */
export const NOBODY_NAMED = '';

/** The account of a row for any account of the own organisation, as `*` is that of a row for any account. */
export const ANY_MEMBER = 'any-member';

/**
 * Whom a way in lets in: an account of 12 digits, `*` for any account, or `ANY_MEMBER`, of which it does not matter what
 * account is the example.
 */
export function outsiderOf({ account, anyMember }: Pick<PathIn, 'account' | 'anyMember'>): string {
  return anyMember === true ? ANY_MEMBER : account;
}

/** One role that an outside account gets into, or may get into. */
export interface ThirdPartyRole {
  /** That owns the role. */
  readonly account: string;
  readonly accountName: string | null;
  readonly arn: string;
  readonly roleId: string;
  readonly access: Access;
  /** What the ways in demand that are left to this account, where none is open. Where either suffices, both. */
  readonly guards: readonly Guard[];
  /** Those notes of the role that tell how strong this is. They are of the whole role, whoever they are due to. */
  readonly notes: readonly string[];
  /** By the ways in of this account alone. */
  readonly severity: Severity | null;
  /** Null: nothing was worked out, because the trust policy does not fail. */
  readonly privileges: Privileges | null;
  /** Of the role, whoever used it. ISO 8601 UTC; `never`; null: not known. */
  readonly lastUsed: string | null;
  /** Id of the exception that accepts it; of an open role only. */
  readonly exception: string | null;
  /** Of a closed role: ids of the policies that close it. */
  readonly closedBy: readonly string[];
  /** Where any account of the own organisation gets in: one of them, 12 digits; else null. */
  readonly example: string | null;
  /** Days, where the owning account is carried forward; see `AccountRow`. */
  readonly carriedForward: number | null;
  /** Of a role that was not evaluated: the code that says why. */
  readonly reason: string | null;
  /** The first time at which evidence shows a trust policy of the role that lets this account in; ISO 8601 UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** Roles whose guard is too weak to rely on, or used for others, too, and how many of them have each note that says so. */
export interface WeakGuards {
  readonly roles: number;
  readonly notes: Readonly<Record<string, number>>;
}

/** An exception that accepts open roles of an outside account. */
export interface ThirdPartyException extends Pick<ExceptionRow, 'id' | 'owner' | 'expires' | 'status'> {
  /** Open roles of the account that it accepts. */
  readonly roles: number;
}

/** An account other than the owning ones, and the roles that D9.AWS.IAM.99 shows it in. */
export interface ThirdPartyRow {
  /** 12 digits, `*` for any account, `ANY_MEMBER`, or `NOBODY_NAMED`. */
  readonly account: string;
  readonly name: string | null;
  /** Where it differs from owning account to owning account, the most exposed. */
  readonly relation: Relation;
  readonly roles: Readonly<Record<Access, number>>;
  /** Own accounts with a role whose trust policy lets it in. */
  readonly accounts: number;
  /** Roles of accounts that are carried forward, see `AccountRow`, however it stands to them. */
  readonly carriedForward: number;
  /** Open roles that an exception accepts. */
  readonly accepted: number;
  /** Of the guarded roles: what is demanded. Where either suffices, both count. */
  readonly guards: Readonly<Record<Guard, number>>;
  /** Of the guarded roles, and of the closed ones where that is all that guardrails demand. */
  readonly weak: Readonly<Record<'guarded' | 'closed', WeakGuards>>;
  /** How many roles have each note of `ThirdPartyRole.notes`. */
  readonly notes: Readonly<Record<string, number>>;
  /** The worst of its roles. */
  readonly severity: Severity | null;
  /** The worst of its open roles; null without one. */
  readonly privileges: Privileges | null;
  /** The latest of the roles whose trust policy lets it in, as far as it is known; `never` where that is known of all. */
  readonly lastUsed: string | null;
  /** By id; the first of them. */
  readonly exceptions: readonly ThirdPartyException[];
  readonly exceptionsLeftOut: number;
  /** The first and last time at which evidence shows it in a trust policy that was evaluated; null where there is none. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** Roles that were not evaluated, by the code that says why. */
  readonly reasons: Readonly<Record<string, number>>;
  /** The most pressing of its roles. */
  readonly listed: readonly ThirdPartyRole[];
  /** Roles that are counted and not listed. */
  readonly leftOut: number;
}

/** Whether a note tells of a guard that is too weak to rely on, or used for others, too. */
export function tellsWeakGuard(note: string): boolean {
  return WEAK_GUARD_NOTES.has(note) || note === 'extid-shared';
}
