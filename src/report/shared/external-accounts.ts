import type { Guard } from '../../model/exposure.ts';
import { outsiderOf } from '../../model/third-party.ts';
import type { GradedPath, Relation } from '../../model/verdict.ts';

/** Distinct accounts counted one by one; beyond that the ranking says that it is partial. */
const COUNTED_ACCOUNTS = 50_000;

/** An account other than the owning one, and how many roles it gets into; a role counts once for each rule. */
export interface ExternalAccount {
  /** See `outsiderOf`. */
  readonly account: string;
  readonly name: string | null;
  readonly relation: Relation;
  /** Roles with an unguarded way in for this account. */
  readonly open: number;
  /** Roles where every way in for this account demands a guard. */
  readonly guarded: number;
  /** Of the guarded ones: what is demanded. Where either suffices, both count. */
  readonly guards: Readonly<Record<Guard, number>>;
}

interface Entry {
  readonly account: string;
  readonly name: string | null;
  readonly relation: Relation;
  open: number;
  guarded: number;
  readonly guards: Record<Guard, number>;
}

/** Counts the accounts that get in, role by role, with memory that does not grow with the result. */
export class ExternalTally {
  private readonly entries = new Map<string, Entry>();
  /** Some accounts were not counted, because there were too many. */
  partial = false;

  /** Takes the ways into one role, or into so many alike. */
  add(paths: readonly GradedPath[], times: number): void {
    if (paths.length === 0) return;
    const ways = new Map<string, { path: GradedPath; open: boolean; guards: Set<Guard> }>();
    for (const path of paths) {
      const outsider = outsiderOf(path);
      const way = ways.get(outsider) ?? { path, open: false, guards: new Set<Guard>() };
      if (path.guards.length === 0) way.open = true;
      for (const guard of path.guards) way.guards.add(guard);
      ways.set(outsider, way);
    }
    for (const { path, open, guards } of ways.values()) {
      const entry = this.entryOf(path);
      if (entry === null) continue;
      if (open) entry.open += times;
      else {
        entry.guarded += times;
        for (const guard of guards) entry.guards[guard] += times;
      }
    }
  }

  private entryOf(path: GradedPath): Entry | null {
    const { accountName, relation } = path;
    const account = outsiderOf(path);
    // That of an example is not the name of all.
    const name = account === path.account ? accountName : null;
    const known = this.entries.get(account);
    if (known !== undefined) return known;
    if (this.entries.size >= COUNTED_ACCOUNTS) {
      this.partial = true;
      return null;
    }
    const fresh: Entry = {
      account,
      name,
      relation,
      open: 0,
      guarded: 0,
      guards: { mfa: 0, 'external-id': 0 },
    };
    this.entries.set(account, fresh);
    return fresh;
  }

  /** The most unguarded roles first, then the most guarded ones. */
  ranked(): readonly ExternalAccount[] {
    return [...this.entries.values()].sort(
      (a, b) => b.open - a.open || b.guarded - a.guarded || (a.account < b.account ? -1 : 1),
    );
  }
}
