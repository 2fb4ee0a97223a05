import type { JudgedAs, ObservationRow, PolicyCount, Span, StoreReader } from '../../store/index.ts';
import { rolesByArn } from './arn-roles.ts';
import type { KnownRole } from './nameless.ts';

/** The roles of one ARN, which stand for those of so many. */
export interface CountedGroup {
  readonly group: readonly KnownRole[];
  readonly count: number;
}

/** Roles that have one policy. */
export interface SteadyGroup extends CountedGroup {
  readonly policy: number;
}

/** The roles of an account or a ledger: most stand for each other, and the others have to be looked at one by one. */
export interface GroupedRoles {
  readonly steady: readonly SteadyGroup[];
  /** By ARN; `judged` as in `RoleChoice`. */
  others(judged?: JudgedAs): Iterable<readonly KnownRole[]>;
}

/**
 * Roles that are steady over the span stand for each other where their policies were judged alike.
 *
 * @param apart those that fail only where they have the same policy
 */
export function groupedOver(
  reader: StoreReader,
  book: string,
  span: Span,
  apart: boolean = false,
): GroupedRoles {
  const { steady, others } = reader.spanRoles(book, span, apart);
  return {
    steady: steadyGroups(steady, span),
    others: (judged) =>
      others?.length === 0 ? [] : rolesByArn(reader, book, { judged, among: others ?? span }),
  };
}

/**
 * What stands for the roles that are steady over the span: for each of these policies the only role of an ARN. Whatever is
 * made of it is made of each of them, but for their names and ids, and for who gets in.
 */
export function steadyGroups(
  policies: readonly PolicyCount[],
  { first, last }: Span,
): readonly SteadyGroup[] {
  return policies.map(({ policy, count }) => {
    const seen = { first, last, complete: true, evidence: null, offset: null };
    const observations: readonly ObservationRow[] = [{ role: 0, policy, ...seen }];
    return {
      group: [{ arn: '', roleName: '', roleId: 'steady', partition: '', observations }],
      count,
      policy,
    };
  });
}
