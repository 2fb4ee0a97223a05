import type { Database } from 'better-sqlite3';
import type { Guard, Outcome, PathIn, Witness } from '../../model/exposure.ts';
import { MAX_REMEMBERED_POLICY } from '../../model/record.ts';
import type { PolicyVerdict } from '../../model/verdict.ts';
import { BoundedMap } from '../../text/bounded-map.ts';

/** A trust policy with the verdicts that hold for one owning account. */
export interface JudgedPolicy {
  /** Null when the export had none that could be read. */
  readonly document: string | null;
  /** By rule id; a rule is missing when this policy never was judged under it. */
  readonly verdicts: ReadonlyMap<string, JudgedVerdict>;
}

export interface JudgedVerdict extends PolicyVerdict {
  /** Of the rule when it judged; see rules/digest.ts. */
  readonly ruleDigest: string;
}

interface CacheEntry {
  readonly general: JudgedPolicy;
  /** Accounts for which some rule has a verdict of its own. */
  readonly specific: ReadonlySet<string>;
}

interface VerdictRow {
  readonly id: number;
  readonly rule: string;
  readonly ruleDigest: string;
  readonly verdict: Outcome;
  readonly literal: Outcome;
  readonly reason: string;
  readonly notes: string;
  readonly message: string;
  readonly witness: string | null;
}

interface PathRow extends Omit<PathIn, 'guards'> {
  readonly guards: string;
}

const REMEMBERED = 4096;

interface OutcomeRow {
  readonly rule: string;
  readonly account: string;
  readonly verdict: Outcome;
}

/** Reads no more than what each rule came to; for counting, where a policy is asked for once an account. */
export function openOutcomeReader(
  db: Database,
): (policy: number, account: string) => ReadonlyMap<string, Outcome> {
  // What holds for the account comes last, and so stands.
  const rowsOf = db.prepare<[number], OutcomeRow>(
    'SELECT rule_id AS rule, account, verdict FROM verdict WHERE policy_id = ? ORDER BY account',
  );
  const cache = new BoundedMap<number, readonly OutcomeRow[]>(REMEMBERED);
  return (policy, account) => {
    let rows = cache.get(policy);
    if (rows === undefined) {
      rows = rowsOf.all(policy);
      cache.set(policy, rows);
    }
    const wanted = rows.filter((row) => row.account === '' || row.account === account);
    return new Map(wanted.map(({ rule, verdict }) => [rule, verdict]));
  };
}

/** True when no verdict is an error and no trust policy lacks a verdict of these rules: much sooner known than counts. */
export function everyPolicyIsDecided(db: Database, rules: readonly string[]): boolean {
  const undecided = db
    .prepare<[string], number>(
      `SELECT EXISTS (SELECT 1 FROM verdict WHERE verdict = 'error') OR EXISTS (
         SELECT 1 FROM policy p CROSS JOIN json_each(?) r WHERE p.state <> 'outcomes'
           AND NOT EXISTS (SELECT 1 FROM verdict v WHERE v.policy_id = p.id AND v.rule_id = r.value)
       )`,
    )
    .pluck();
  return undecided.get(JSON.stringify(rules)) === 0;
}

/** True for a policy that is not kept for a second role. */
function isLong({ document }: JudgedPolicy): boolean {
  return (document?.length ?? 0) > MAX_REMEMBERED_POLICY;
}

/** Reads policies and verdicts; remembers those read last, because many roles share one. */
export function openPolicyReader(db: Database): (policy: number, account: string) => JudgedPolicy {
  const documentOf = db.prepare<[number], string | null>('SELECT document FROM policy WHERE id = ?').pluck();
  const accountsOf = db
    .prepare<[number], string>(`SELECT DISTINCT account FROM verdict WHERE policy_id = ? AND account <> ''`)
    .pluck();
  const verdictsOf = db.prepare<[number, string], VerdictRow>(
    `SELECT id, rule_id AS rule, rule_digest AS ruleDigest, verdict, literal, reason, notes, message, witness FROM verdict
     WHERE policy_id = ? AND account = ? ORDER BY rule_id`,
  );
  const pathsOf = db.prepare<[number], PathRow>(
    'SELECT statement, sid, principal, account, guards FROM path WHERE verdict_id = ? ORDER BY ordinal',
  );
  const cache = new BoundedMap<number, CacheEntry>(REMEMBERED);
  const specificCache = new BoundedMap<string, JudgedPolicy>(REMEMBERED);

  function verdictOf({ id, ...row }: VerdictRow): JudgedVerdict {
    return {
      ...row,
      notes: JSON.parse(row.notes) as readonly string[],
      paths: pathsOf
        .all(id)
        .map((path) => ({ ...path, guards: JSON.parse(path.guards) as readonly Guard[] })),
      witness: row.witness === null ? null : (JSON.parse(row.witness) as Witness),
    };
  }

  function read(policy: number, account: string): [string, JudgedVerdict][] {
    return verdictsOf.all(policy, account).map((row) => [row.rule, verdictOf(row)]);
  }

  function entryOf(policy: number): CacheEntry {
    const known = cache.get(policy);
    if (known !== undefined) return known;
    const entry: CacheEntry = {
      general: { document: documentOf.get(policy) ?? null, verdicts: new Map(read(policy, '')) },
      specific: new Set(accountsOf.all(policy)),
    };
    if (isLong(entry.general)) return entry;
    cache.set(policy, entry);
    return entry;
  }

  return (policy, account) => {
    const { general, specific } = entryOf(policy);
    if (!specific.has(account)) return general;
    const key = `${policy} ${account}`;
    let judged = specificCache.get(key);
    if (judged === undefined) {
      const verdicts = new Map([...general.verdicts, ...read(policy, account)]);
      judged = { document: general.document, verdicts };
      if (isLong(judged)) return judged;
      specificCache.set(key, judged);
    }
    return judged;
  };
}
