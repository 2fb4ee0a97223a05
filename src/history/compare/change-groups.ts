import { SEVERITIES, type Severity } from '../../model/verdict.ts';
import type { Change, ChangeCause } from './change.ts';
import type { Direction } from './change-details.ts';

/** What becomes of findings, but that nothing does. */
export type ToldChange = Exclude<Change, 'unchanged'>;

/** The changes of one kind. */
export interface ChangeGroup {
  readonly count: number;
  /** Accounts that have one. */
  readonly accounts: number;
  /** Those that are graded, by severity. */
  readonly severities: Readonly<Record<Severity, number>>;
  /** By cause, in the order of their names. */
  readonly causes: Readonly<Partial<Record<ChangeCause, number>>>;
  readonly directions: Readonly<Record<Direction, number>>;
}

export type ChangeGroups = Readonly<Record<ToldChange, ChangeGroup>>;

/** What is counted of a change. */
export interface GroupedChange {
  readonly change: Change;
  readonly cause: ChangeCause | null;
  readonly account: string;
  readonly severity: Severity | null;
  readonly direction: Direction | null;
}

interface Group extends ChangeGroup {
  count: number;
  accounts: number;
  last: string;
  readonly severities: Record<Severity, number>;
  readonly causes: Partial<Record<ChangeCause, number>>;
  readonly directions: Record<Direction, number>;
}

/** Counts changes, which come by account; what is unchanged is left out. */
export class ChangeGroupTally {
  private readonly groups: Readonly<Record<ToldChange, Group>> = {
    new: emptyGroup(),
    resolved: emptyGroup(),
    changed: emptyGroup(),
    reopened: emptyGroup(),
    'not-comparable': emptyGroup(),
  };

  add({ change, cause, account, severity, direction }: GroupedChange): void {
    if (change === 'unchanged') return;
    const group = this.groups[change];
    group.count++;
    if (group.last !== account) group.accounts++;
    group.last = account;
    if (severity !== null) group.severities[severity]++;
    if (cause !== null) group.causes[cause] = (group.causes[cause] ?? 0) + 1;
    if (direction !== null) group.directions[direction]++;
  }

  counts(): ChangeGroups {
    const { new: fresh, resolved, changed, reopened, 'not-comparable': apart } = this.groups;
    return {
      new: told(fresh),
      resolved: told(resolved),
      changed: told(changed),
      reopened: told(reopened),
      'not-comparable': told(apart),
    };
  }
}

function emptyGroup(): Group {
  const severities = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Group['severities'];
  return {
    count: 0,
    accounts: 0,
    last: '',
    severities,
    causes: {},
    directions: { worse: 0, better: 0, other: 0 },
  };
}

function told({ last: _, causes, ...group }: Group): ChangeGroup {
  const sorted = Object.entries(causes).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...group, causes: Object.fromEntries(sorted) };
}
