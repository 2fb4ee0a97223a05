import type { Database } from 'better-sqlite3';
import type { Sightings } from '../read/sightings.ts';
import { isHarmlessIn } from '../schema/sql-conditions.ts';
import type { ConfigItems } from './config-items.ts';
import type { Disagreements } from './disagreements.ts';
import { type Hold, openHold, type Shown } from './shown.ts';

interface Source {
  readonly evidence: number;
  readonly format: string | null;
  /** 1 when the file claims to show all roles, and nothing of it is missing. */
  readonly all: number;
  /** 1 unless the file was cut off: what shows no more than a part may be the page before one that shows the rest. */
  readonly uncut: number;
  readonly covered: number;
}

/** What a file shows that claims to show all roles. */
interface Whole extends Shown {
  readonly format: string | null;
}

/** Formats of which one export is often several files, by region, by table part or by role, of which none tells so. */
const IN_PARTS =
  /^(?:antiope|aws-config.*|awspx-csv|cloud-control|cloud-custodian|cloudquery.*|iam-collect|role-list|security-hub|steampipe|terraform-.*)$/;

function comesInParts(format: string | null): boolean {
  return format !== null && IN_PARTS.test(format);
}

/** Roles in memory at most, of the files that show all roles of the captures that came last. */
const REMEMBERED = 1_000_000;

const prepareStatements = (db: Database) => {
  const columns = `s.evidence_id AS evidence, e.format, s.complete = 1 AND e.whole = 1 AS "all",
      s.complete = 1 OR coalesce(${isHarmlessIn('s.reason')}, 0) AS uncut, s.covered
    FROM capture_source s JOIN evidence e ON e.id = s.evidence_id WHERE s.account_id = ? AND s.captured_at = ?`;
  return {
    sourcesAt: db.prepare<[string, string], Source>(`SELECT ${columns}`),
    showingAll: db.prepare<[string, string], Source>(`SELECT ${columns} AND s.complete = 1 AND e.whole = 1`),
    sourceOf: db.prepare<[string, string, number], Source>(`SELECT ${columns} AND s.evidence_id = ?`),
    setCovered: db.prepare(
      'UPDATE capture_source SET covered = ? WHERE account_id = ? AND captured_at = ? AND evidence_id = ?',
    ),
    complete: db
      .prepare<{ account: string; at: string }, number>(
        `SELECT EXISTS (SELECT 1 FROM capture_source WHERE account_id = $account AND captured_at = $at AND complete = 1)
         AND NOT EXISTS (SELECT 1 FROM capture_source WHERE account_id = $account AND captured_at = $at
           AND complete = 0 AND covered = 0 AND NOT coalesce(${isHarmlessIn('reason')}, 0))`,
      )
      .pluck(),
    observedAt: db
      .prepare<{ account: string; at: string; role: number }, number | null>(
        `SELECT o.policy FROM capture c JOIN observation o ON o.role = $role AND o.complete = c.complete
         AND o.first_seen <= $at AND o.last_seen >= $at
       WHERE c.account_id = $account AND c.captured_at = $at`,
      )
      .pluck(),
  };
};

/**
 * Holds the files of a capture against those that show all its roles.
 *
 * What a file lacks does not matter when such a file shows all roles that it shows: it is covered. The last page of an
 * export covers nothing: it lacks the roles of the pages before. And where such a file does not show a role that another
 * shows which was not cut off, the two disagree, unless they can be parts of one export.
 */
export class Covering {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly db: Database;
  private readonly sightings: Sightings;
  private readonly configItems: ConfigItems;
  private readonly disagreements: Disagreements;
  private readonly hold: Hold;
  private readonly remembered = new Map<string, Map<number, Whole>>();
  private roles = 0;
  private version: unknown;

  constructor(db: Database, sightings: Sightings, configItems: ConfigItems, disagreements: Disagreements) {
    this.disagreements = disagreements;
    this.configItems = configItems;
    this.sightings = sightings;
    this.db = db;
    this.sql = prepareStatements(db);
    this.hold = openHold(db);
  }

  /** A file has come to a capture that other files show too. */
  arrive(account: string, at: string, evidence: number): void {
    const source = this.sql.sourceOf.get(account, at, evidence);
    if (source === undefined) return;
    const wholes = this.wholesAt(account, at);
    if (source.all === 0) {
      if (wholes.size > 0) this.place(account, at, source, this.shownBy(account, at, source));
      return;
    }
    const whole = wholes.get(evidence) ?? this.remember(wholes, account, at, source);
    this.place(account, at, source, whole);
    for (const other of this.sql.sourcesAt.all(account, at)) {
      if (other.evidence === evidence) continue;
      const shown = wholes.get(other.evidence) ?? this.shownBy(account, at, other);
      const covers = this.compare(account, at, other, shown, whole);
      if (covers && other.all === 0 && other.covered === 0)
        this.sql.setCovered.run(1, account, at, other.evidence);
    }
  }

  /** Works out anew what files of the capture cover, and where they disagree on what there is. */
  rebuild(account: string, at: string): void {
    const sources = this.sql.sourcesAt.all(account, at);
    const alone = sources.length === 1 || sources.every(({ all }) => all === 0);
    for (const source of sources) {
      if (alone) {
        if (source.covered === 1) this.sql.setCovered.run(0, account, at, source.evidence);
        continue;
      }
      const known = this.wholesAt(account, at).get(source.evidence);
      this.place(account, at, source, known ?? this.shownBy(account, at, source));
    }
  }

  /** True when a source claims to show all roles, and every other is complete, harmless or covered. */
  isComplete(account: string, at: string): boolean {
    return this.sql.complete.get({ account, at }) === 1;
  }

  /** To be called whenever files are taken out of captures, or a transaction was rolled back. */
  forget(): void {
    this.remembered.clear();
    this.roles = 0;
  }

  /** The files of a capture that show all its roles. */
  private wholesAt(account: string, at: string): Map<number, Whole> {
    // Changes when another program has written into the store.
    const now = this.db.pragma('data_version', { simple: true });
    if (now !== this.version || this.roles > REMEMBERED) this.forget();
    this.version = now;
    const key = `${account} ${at}`;
    let wholes = this.remembered.get(key);
    if (wholes === undefined) {
      wholes = new Map();
      for (const source of this.sql.showingAll.all(account, at)) this.remember(wholes, account, at, source);
      this.remembered.set(key, wholes);
    }
    return wholes;
  }

  private remember(wholes: Map<number, Whole>, account: string, at: string, source: Source): Whole {
    const whole = { ...this.shownBy(account, at, source), format: source.format };
    wholes.set(source.evidence, whole);
    this.roles += whole.roles.length;
    return whole;
  }

  private visit(
    account: string,
    at: string,
    { evidence, format }: Source,
    each: (role: number, policies: readonly number[]) => void,
  ): void {
    const standing = this.configItems.standingIn(format);
    for (const chunk of this.sightings.chunksOf(account, at, evidence)) {
      this.sightings.read(chunk, (role, policy) => each(role, standing(role, policy, at)));
    }
  }

  private shownBy(account: string, at: string, source: Source): Shown {
    const found: number[] = [];
    const live: number[] = [];
    this.visit(account, at, source, (role, policies) => {
      const isLive = Number(policies.some((policy) => policy !== 0));
      const last = found.length - 1;
      if (last >= 0 && found[last] === role) live[last] = Math.max(live[last] ?? 0, isLive);
      else {
        found.push(role);
        live.push(isLive);
      }
    });
    return { roles: Int32Array.from(found), live: Uint8Array.from(live) };
  }

  /** Notes what a file that shows all roles says of another. Returns true when it covers it. */
  private compare(account: string, at: string, other: Source, shown: Shown, whole: Whole): boolean {
    const { covered, absent } = this.hold(account, shown, whole);
    const isPart = other.format === whole.format && comesInParts(other.format);
    if (absent.length > 0 && other.uncut === 1 && !isPart) {
      const wanted = new Set(absent);
      this.visit(account, at, other, (role, policies) => {
        if (!wanted.has(role)) return;
        // Of policies that say the same another file may have shown the one that stands for all.
        const observed = this.sql.observedAt.get({ account, at, role }) ?? 0;
        this.disagreements.add(account, at, role, [...policies, observed, 0]);
      });
    }
    return covered;
  }

  /** Holds a file against all that show all roles. */
  private place(account: string, at: string, source: Source, shown: Shown): void {
    let covered = 0;
    for (const [evidence, whole] of this.wholesAt(account, at)) {
      if (evidence !== source.evidence && this.compare(account, at, source, shown, whole)) covered = 1;
    }
    if (source.all === 1) covered = 0;
    if (covered !== source.covered) this.sql.setCovered.run(covered, account, at, source.evidence);
  }
}
