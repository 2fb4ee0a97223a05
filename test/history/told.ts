import type { LookTimes } from '../../src/history/look/looks.ts';
import { joinNameless, type KnownRole } from '../../src/history/look/nameless.ts';
import type { ObservationRow, ObservedRole } from '../../src/store/read/role-reader.ts';

/** One row: policy, first and last day, whether of an incomplete capture. */
export type Told = readonly [policy: number | null, first: number, last: number, kind?: 'point'];

/** A column time. */
export const time = (n: number): string => `2026-01-0${n}T00:00:00`;

export function rowsOf(told: readonly Told[], role = 1): ObservationRow[] {
  return told.map(([policy, first, last, kind]) => ({
    role,
    policy,
    first: time(first),
    last: time(last),
    complete: kind === undefined,
    evidence: 1,
    offset: 0,
  }));
}

export function roleOf(roleId: string, told: readonly Told[], role = 1): ObservedRole {
  return { arn: 'arn:x', roleName: 'x', roleId, partition: 'aws', observations: rowsOf(told, role) };
}

export const lookAt = (at: number, completeAt: number | null): LookTimes => ({
  at: time(at),
  completeAt: completeAt === null ? null : time(completeAt),
});

/** Captures of five days, all of them complete. */
export const TIMES = [1, 2, 3, 4, 5].map(time);

export function joined(roles: readonly ObservedRole[]): readonly KnownRole[] {
  return roles[0]?.roleId === '' ? joinNameless(roles, TIMES.slice(0, 3)) : roles;
}
