import type { AcceptedRisk } from '../../../model/exception.ts';
import type { ThirdPartyRow } from '../../../model/third-party.ts';
import { expiryStatus } from '../../exceptions/exceptions.ts';
import type { RoleWays } from './role-ways.ts';
import { type Standing, standingsOf } from './roles-of-account.ts';
import { compareRows, type ExceptionOf, RowTally, type TallyLimits } from './tally.ts';

export const REGISTER_LIMITS: TallyLimits = {
  accounts: 50_000,
  roles: 60_000,
  rolesOfOne: 100,
  exceptions: 20,
};

/** What the register rests on. */
export interface RegisterInput {
  /** Goes through all roles once more, by owning account; see `roleWays`. */
  readonly roles: () => Iterable<RoleWays>;
  /** The exceptions that apply. */
  readonly accepted: readonly AcceptedRisk[];
  /** ISO 8601 UTC. */
  readonly asOf: string;
}

/** The rows of `ReportSource.thirdParties`. */
export function* thirdPartyRows(
  { roles, accepted, asOf }: RegisterInput,
  limits: TallyLimits = REGISTER_LIMITS,
): Iterable<ThirdPartyRow> {
  const known = new Map(
    accepted.map((entry) => {
      const { id, owner, expires } = entry;
      return [id, { id, owner, expires, status: expiryStatus(entry, asOf) }];
    }),
  );
  let from: string | null = '';
  while (from !== null) {
    const group: AccountGroup = new AccountGroup(from, limits);
    for (const judged of roles()) for (const standing of standingsOf(judged)) group.add(standing);
    yield* group.rows((id) => known.get(id));
    from = group.next;
  }
}

/** The accounts from one id on, as many as may be held: of more the first by id, whatever the order they come in. */
class AccountGroup {
  private readonly from: string;
  private readonly limits: TallyLimits;
  private readonly tallies = new Map<string, RowTally>();
  private rolesOfOne: number;
  private held = 0;
  /** Where the next group begins; null: there is none. */
  next: string | null = null;

  constructor(from: string, limits: TallyLimits) {
    this.from = from;
    this.limits = limits;
    this.rolesOfOne = limits.rolesOfOne;
  }

  add(standing: Standing): void {
    const { outside } = standing;
    if (outside < this.from || (this.next !== null && outside >= this.next)) return;
    let tally = this.tallies.get(outside);
    if (tally === undefined) {
      tally = new RowTally(standing);
      this.tallies.set(outside, tally);
    }
    const before = tally.held;
    tally.add(standing);
    if (tally.held >= 2 * this.limits.rolesOfOne) tally.keep(this.rolesOfOne);
    this.held += tally.held - before;
    if (this.tallies.size >= 2 * this.limits.accounts) this.dropAccounts();
    if (this.held >= 2 * this.limits.roles) this.dropRoles();
  }

  rows(exceptionOf: ExceptionOf): readonly ThirdPartyRow[] {
    this.dropAccounts();
    this.dropRoles();
    return [...this.tallies.values()].map((tally) => tally.row(exceptionOf, this.limits)).sort(compareRows);
  }

  private dropAccounts(): void {
    const ids = [...this.tallies.keys()].sort();
    this.next = ids[this.limits.accounts] ?? this.next;
    for (const id of ids.slice(this.limits.accounts)) {
      this.held -= this.tallies.get(id)?.held ?? 0;
      this.tallies.delete(id);
    }
  }

  /** So many of each account that all of them together are few enough. */
  private dropRoles(): void {
    this.keepOfEach();
    while (this.held > this.limits.roles && this.rolesOfOne > 1) {
      this.rolesOfOne = Math.ceil(this.rolesOfOne / 2);
      this.keepOfEach();
    }
  }

  private keepOfEach(): void {
    this.held = 0;
    for (const tally of this.tallies.values()) {
      tally.keep(this.rolesOfOne);
      this.held += tally.held;
    }
  }
}
