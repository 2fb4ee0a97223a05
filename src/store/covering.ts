import type { Database } from 'better-sqlite3';
import { isHarmlessIn } from './capture-reasons.ts';
import { type ConfigItems, holdsConfigItems } from './config-items.ts';
import type { Disagreements } from './disagreements.ts';
import { openHold, type Shown } from './shown.ts';
import type { Sightings } from './sightings.ts';

interface Source {
  readonly evidence: number;
  readonly format: string | null;
  /** 1 when the file claims to show all roles, and nothing of it is missing. */
  readonly all: number;
  /** 1 unless the file was cut off: what shows no more than a part may be the page before one that shows the rest. */
  readonly uncut: number;
  readonly covered: number;
}

/**
 * Holds the files of a capture against those that show all its roles.
 *
 * What a file lacks does not matter when such a file shows all roles that it shows: it is covered. The last page of an
 * export covers nothing: it lacks the roles of the pages before. And where such a file does not show a role that another
 * shows which was not cut off, the two disagree, unless they can be parts of one export.
 */
export interface Covering {
  /** A file has come to a capture that other files show too. */
  arrive(account: string, at: string, evidence: number): void;
  /** Works out anew what files of the capture cover, and where they disagree on what there is. */
  rebuild(account: string, at: string): void;
  /** True when a source claims to show all roles, and every other is complete, harmless or covered. */
  isComplete(account: string, at: string): boolean;
  /** To be called whenever files are taken out of captures, or a transaction was rolled back. */
  forget(): void;
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

export function openCovering(
  db: Database,
  sightings: Sightings,
  configItems: ConfigItems,
  disagreements: Disagreements,
): Covering {
  const columns = `s.evidence_id AS evidence, e.format, s.complete = 1 AND e.whole = 1 AS "all",
      s.complete = 1 OR coalesce(${isHarmlessIn('s.reason')}, 0) AS uncut, s.covered
    FROM capture_source s JOIN evidence e ON e.id = s.evidence_id WHERE s.account_id = ? AND s.captured_at = ?`;
  const sourcesAt = db.prepare<[string, string], Source>(`SELECT ${columns}`);
  const showingAll = db.prepare<[string, string], Source>(
    `SELECT ${columns} AND s.complete = 1 AND e.whole = 1`,
  );
  const sourceOf = db.prepare<[string, string, number], Source>(`SELECT ${columns} AND s.evidence_id = ?`);
  const setCovered = db.prepare(
    'UPDATE capture_source SET covered = ? WHERE account_id = ? AND captured_at = ? AND evidence_id = ?',
  );
  const complete = db
    .prepare<{ account: string; at: string }, number>(
      `SELECT EXISTS (SELECT 1 FROM capture_source WHERE account_id = $account AND captured_at = $at AND complete = 1)
         AND NOT EXISTS (SELECT 1 FROM capture_source WHERE account_id = $account AND captured_at = $at
           AND complete = 0 AND covered = 0 AND NOT coalesce(${isHarmlessIn('reason')}, 0))`,
    )
    .pluck();
  const observedAt = db
    .prepare<{ account: string; at: string; role: number }, number | null>(
      `SELECT o.policy FROM capture c JOIN observation o ON o.role = $role AND o.complete = c.complete
         AND o.first_seen <= $at AND o.last_seen >= $at
       WHERE c.account_id = $account AND c.captured_at = $at`,
    )
    .pluck();
  const hold = openHold(db);

  const remembered = new Map<string, Map<number, Whole>>();
  let roles = 0;
  let version: unknown;

  function forget(): void {
    remembered.clear();
    roles = 0;
  }

  /** The files of a capture that show all its roles. */
  function wholesAt(account: string, at: string): Map<number, Whole> {
    // Changes when another program has written into the store.
    const now = db.pragma('data_version', { simple: true });
    if (now !== version || roles > REMEMBERED) forget();
    version = now;
    const key = `${account} ${at}`;
    let wholes = remembered.get(key);
    if (wholes === undefined) {
      wholes = new Map();
      for (const source of showingAll.all(account, at)) remember(wholes, account, at, source);
      remembered.set(key, wholes);
    }
    return wholes;
  }

  function remember(wholes: Map<number, Whole>, account: string, at: string, source: Source): Whole {
    const whole = { ...shownBy(account, at, source), format: source.format };
    wholes.set(source.evidence, whole);
    roles += whole.roles.length;
    return whole;
  }

  function visit(
    account: string,
    at: string,
    { evidence, format }: Source,
    each: (role: number, policies: readonly number[]) => void,
  ): void {
    const hasItems = holdsConfigItems(format);
    for (const chunk of sightings.chunksOf(account, at, evidence)) {
      sightings.read(chunk, (role, policy) =>
        each(role, hasItems ? configItems.standing(role, policy, at) : [policy]),
      );
    }
  }

  function shownBy(account: string, at: string, source: Source): Shown {
    const found: number[] = [];
    const live: number[] = [];
    visit(account, at, source, (role, policies) => {
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
  function compare(account: string, at: string, other: Source, shown: Shown, whole: Whole): boolean {
    const { covered, absent } = hold(account, shown, whole);
    const isPart = other.format === whole.format && comesInParts(other.format);
    if (absent.length > 0 && other.uncut === 1 && !isPart) {
      const wanted = new Set(absent);
      visit(account, at, other, (role, policies) => {
        if (!wanted.has(role)) return;
        // Of policies that say the same another file may have shown the one that stands for all.
        const observed = observedAt.get({ account, at, role }) ?? 0;
        disagreements.add(account, at, role, [...policies, observed, 0]);
      });
    }
    return covered;
  }

  /** Holds a file against all that show all roles. */
  function place(account: string, at: string, source: Source, shown: Shown): void {
    let covered = 0;
    for (const [evidence, whole] of wholesAt(account, at)) {
      if (evidence !== source.evidence && compare(account, at, source, shown, whole)) covered = 1;
    }
    if (source.all === 1) covered = 0;
    if (covered !== source.covered) setCovered.run(covered, account, at, source.evidence);
  }

  return {
    arrive(account, at, evidence) {
      const source = sourceOf.get(account, at, evidence);
      if (source === undefined) return;
      const wholes = wholesAt(account, at);
      if (source.all === 0) {
        if (wholes.size > 0) place(account, at, source, shownBy(account, at, source));
        return;
      }
      const whole = wholes.get(evidence) ?? remember(wholes, account, at, source);
      place(account, at, source, whole);
      for (const other of sourcesAt.all(account, at)) {
        if (other.evidence === evidence) continue;
        const shown = wholes.get(other.evidence) ?? shownBy(account, at, other);
        const covers = compare(account, at, other, shown, whole);
        if (covers && other.all === 0 && other.covered === 0) setCovered.run(1, account, at, other.evidence);
      }
    },
    rebuild(account, at) {
      const sources = sourcesAt.all(account, at);
      const alone = sources.length === 1 || sources.every(({ all }) => all === 0);
      for (const source of sources) {
        if (alone) {
          if (source.covered === 1) setCovered.run(0, account, at, source.evidence);
          continue;
        }
        const known = wholesAt(account, at).get(source.evidence);
        place(account, at, source, known ?? shownBy(account, at, source));
      }
    },
    isComplete: (account, at) => complete.get({ account, at }) === 1,
    forget,
  };
}
