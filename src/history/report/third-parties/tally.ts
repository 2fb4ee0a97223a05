import { isMoreExposed, reachesSeverity } from '../../../model/grading.ts';
import { PRIVILEGES } from '../../../model/role-detail.ts';
import {
  ACCESSES,
  type ThirdPartyException,
  type ThirdPartyRole,
  type ThirdPartyRow,
  tellsWeakGuard,
  type WeakGuards,
} from '../../../model/third-party.ts';
import type { Severity } from '../../../model/verdict.ts';
import { CLASSES } from '../../../model/verdict-class.ts';
import { Counts } from './counts.ts';
import type { Standing } from './roles-of-account.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What a register of one group of accounts may hold. */
export interface TallyLimits {
  /** Accounts held at once. */
  readonly accounts: number;
  /** Roles listed of all of them together, each at least one. */
  readonly roles: number;
  /** Roles listed of one account. */
  readonly rolesOfOne: number;
  /** Exceptions listed of one account. */
  readonly exceptions: number;
}

/** What is known of the exceptions that accept something, by id. */
export type ExceptionOf = (id: string) => Omit<ThirdPartyException, 'roles'> | undefined;

/** Adds up one row, role by role, in the order of owning accounts. */
export class RowTally {
  private readonly account: string;
  private name: string | null;
  private relation: ThirdPartyRow['relation'];
  private readonly roles = { open: 0, 'not-evaluated': 0, guarded: 0, closed: 0 };
  private readonly guards = { mfa: 0, 'external-id': 0 };
  private readonly weak = { guarded: new WeakTally(), closed: new WeakTally() };
  private readonly notes = new Counts();
  private readonly reasons = new Counts();
  private readonly exceptions = new Counts();
  private readonly sums: Mutable<
    Pick<
      ThirdPartyRow,
      'accounts' | 'carriedForward' | 'accepted' | 'severity' | 'privileges' | 'firstSeen' | 'lastSeen'
    >
  > = {
    accounts: 0,
    carriedForward: 0,
    accepted: 0,
    severity: null,
    privileges: null,
    firstSeen: null,
    lastSeen: null,
  };
  private owner: string | null = null;
  private lastUsed: string | null = null;
  private neverUsed = true;
  private count = 0;
  private listed: ThirdPartyRole[] = [];

  constructor({ outside, known }: Standing) {
    this.account = outside;
    this.name = known.accountName;
    this.relation = known.relation;
  }

  /** Roles that are held. */
  get held(): number {
    return this.listed.length;
  }

  add({ known, role }: Standing): void {
    const { sums } = this;
    this.name ??= known.accountName;
    if (isMoreExposed(known.relation, this.relation)) this.relation = known.relation;
    this.roles[role.access] += 1;
    this.count += 1;
    if (role.carriedForward !== null) sums.carriedForward += 1;
    this.listed.push(role);
    for (const note of role.notes) this.notes.add(note);
    sums.severity = worse(sums.severity, role.severity);
    if (role.reason === null) this.addLetIn(role);
    else this.reasons.add(role.reason);
    switch (role.access) {
      case 'open':
        this.addOpen(role);
        break;
      case 'guarded':
        for (const guard of role.guards) this.guards[guard] += 1;
        this.weak.guarded.add(role);
        break;
      case 'closed':
        this.weak.closed.add(role);
    }
  }

  private addLetIn({ account, lastUsed, firstSeen, lastSeen }: ThirdPartyRole): void {
    const { sums } = this;
    if (sums.firstSeen === null || firstSeen < sums.firstSeen) sums.firstSeen = firstSeen;
    if (sums.lastSeen === null || lastSeen > sums.lastSeen) sums.lastSeen = lastSeen;
    if (account !== this.owner) sums.accounts += 1;
    this.owner = account;
    if (lastUsed !== 'never') this.neverUsed = false;
    if (lastUsed === null || lastUsed === 'never') return;
    if (this.lastUsed === null || lastUsed > this.lastUsed) this.lastUsed = lastUsed;
  }

  private addOpen({ privileges, exception }: ThirdPartyRole): void {
    const { sums } = this;
    if (rankOf(privileges) < rankOf(sums.privileges)) sums.privileges = privileges;
    if (exception === null) return;
    sums.accepted += 1;
    this.exceptions.add(exception);
  }

  /** Keeps the most pressing roles only. */
  keep(most: number): void {
    if (this.listed.length <= most) return;
    this.listed.sort(compareRoles);
    this.listed.length = most;
  }

  row(exceptionOf: ExceptionOf, limits: TallyLimits): ThirdPartyRow {
    const { account, name, relation, roles, guards, weak, listed, sums } = this;
    const exceptions = this.exceptions.sorted().flatMap(([id, accepted]): ThirdPartyException[] => {
      const known = exceptionOf(id);
      return known === undefined ? [] : [{ ...known, roles: accepted }];
    });
    return {
      account,
      name,
      relation,
      roles,
      guards,
      weak: { guarded: weak.guarded.sum(), closed: weak.closed.sum() },
      ...sums,
      lastUsed: this.lastUsed ?? (this.owner !== null && this.neverUsed ? 'never' : null),
      notes: this.notes.record(),
      reasons: this.reasons.record(),
      exceptions: exceptions.slice(0, limits.exceptions),
      exceptionsLeftOut: Math.max(0, exceptions.length - limits.exceptions),
      listed: listed.sort(compareRoles),
      leftOut: this.count - listed.length,
    };
  }
}

/** Adds up roles whose guard is weak. */
class WeakTally {
  private roles = 0;
  private readonly notes = new Counts();

  add({ notes }: ThirdPartyRole): void {
    const weak = notes.filter(tellsWeakGuard);
    if (weak.length > 0) this.roles += 1;
    for (const note of weak) this.notes.add(note);
  }

  sum(): WeakGuards {
    return { roles: this.roles, notes: this.notes.record() };
  }
}

/** Accounts outside of the own organisation first, then by what is most pressing. */
export function compareRows(a: ThirdPartyRow, b: ThirdPartyRow): number {
  return (
    Number(a.relation === 'same-organisation') - Number(b.relation === 'same-organisation') ||
    pressing(a) - pressing(b) ||
    severityRank(a.severity) - severityRank(b.severity) ||
    rankOf(a.privileges) - rankOf(b.privileges) ||
    mostPressing(b) - mostPressing(a) ||
    compareText(a.account, b.account)
  );
}

function pressing({ roles }: ThirdPartyRow): number {
  return ACCESSES.findIndex((access) => roles[access] > 0);
}

/** How many roles are as pressing as its most pressing one. */
function mostPressing({ roles }: ThirdPartyRow): number {
  return ACCESSES.map((access) => roles[access]).find((count) => count > 0) ?? 0;
}

function compareRoles(a: ThirdPartyRole, b: ThirdPartyRole): number {
  return (
    ACCESSES.indexOf(a.access) - ACCESSES.indexOf(b.access) ||
    severityRank(a.severity) - severityRank(b.severity) ||
    rankOf(a.privileges) - rankOf(b.privileges) ||
    compareText(a.account, b.account) ||
    compareText(a.arn, b.arn) ||
    compareText(a.roleId, b.roleId)
  );
}

function severityRank(severity: Severity | null): number {
  return severity === null ? CLASSES.length : CLASSES.indexOf(severity);
}

function rankOf(privileges: ThirdPartyRole['privileges']): number {
  return privileges === null ? PRIVILEGES.length : PRIVILEGES.indexOf(privileges);
}

function worse(a: Severity | null, b: Severity | null): Severity | null {
  return b === null || reachesSeverity(a, b) ? a : b;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
