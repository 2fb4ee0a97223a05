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
  readonly isLong: boolean;
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
/** A few dozen bytes each. */
const REMEMBERED_OUTCOMES = 65_536;

/** What one rule came to on a policy. */
export interface JudgedOutcome {
  readonly verdict: Outcome;
  readonly literal: Outcome;
  /** A principal of another account gets in, guarded or not. */
  readonly hasWays: boolean;
  /** One of the ways in demands an external id. */
  readonly demandsId: boolean;
  /** One of its notes tells of an external id. */
  readonly notesId: boolean;
}

interface OutcomeRow extends JudgedOutcome {
  readonly rule: string;
  readonly account: string;
}

type OutcomeColumns = [
  rule: string,
  account: string,
  verdict: Outcome,
  literal: Outcome,
  ways: number,
  demandsId: number,
  notesId: number,
];

/** Reads no more than what each rule came to; for counting, where a policy is asked for once an account. */
export function openOutcomeReader(
  db: Database,
): (policy: number, account: string) => ReadonlyMap<string, JudgedOutcome> {
  // What holds for the account comes last, and so stands.
  const rowsOf = db
    .prepare<[number], OutcomeColumns>(
      `SELECT rule_id, account, verdict, literal, EXISTS (SELECT 1 FROM path WHERE verdict_id = verdict.id),
         EXISTS (SELECT 1 FROM path WHERE verdict_id = verdict.id AND instr(guards, '"external-id"') > 0),
         instr(notes, '"extid-') > 0
       FROM verdict WHERE policy_id = ? ORDER BY account`,
    )
    .raw();
  const read = (policy: number): readonly OutcomeRow[] =>
    rowsOf.all(policy).map(([rule, account, verdict, literal, ways, demandsId, notesId]) => ({
      rule,
      account,
      verdict,
      literal,
      hasWays: ways === 1,
      demandsId: demandsId === 1,
      notesId: notesId === 1,
    }));
  const cache = new BoundedMap<number, readonly OutcomeRow[]>(REMEMBERED_OUTCOMES);
  return (policy, account) => {
    let rows = cache.get(policy);
    if (rows === undefined) {
      rows = read(policy);
      cache.set(policy, rows);
    }
    const wanted = rows.filter((row) => row.account === '' || row.account === account);
    return new Map(wanted.map((row) => [row.rule, row]));
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

/** A judged policy whose document is read when it is asked for. */
class StoredPolicy implements JudgedPolicy {
  readonly verdicts: ReadonlyMap<string, JudgedVerdict>;
  private readonly read: () => string | null;
  private text: string | null | undefined;

  constructor(verdicts: ReadonlyMap<string, JudgedVerdict>, read: () => string | null) {
    this.verdicts = verdicts;
    this.read = read;
  }

  get document(): string | null {
    if (this.text === undefined) this.text = this.read();
    return this.text;
  }
}

/** Reads policies and verdicts; remembers those read last, because many roles share one. */
export function openPolicyReader(db: Database): (policy: number, account: string) => JudgedPolicy {
  const documentOf = db.prepare<[number], string | null>('SELECT document FROM policy WHERE id = ?').pluck();
  const bytesOf = db
    .prepare<[number], number | null>('SELECT octet_length(document) FROM policy WHERE id = ?')
    .pluck();
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

  // A long policy is kept until the next one only, for the role at hand asks for it more than once.
  let long: { readonly policy: number; readonly entry: CacheEntry } | undefined;
  let longSpecific: { readonly key: string; readonly judged: JudgedPolicy } | undefined;

  function entryOf(policy: number): CacheEntry {
    const known = long?.policy === policy ? long.entry : cache.get(policy);
    if (known !== undefined) return known;
    const entry: CacheEntry = {
      general: new StoredPolicy(new Map(read(policy, '')), () => documentOf.get(policy) ?? null),
      specific: new Set(accountsOf.all(policy)),
      isLong: (bytesOf.get(policy) ?? 0) > MAX_REMEMBERED_POLICY,
    };
    if (entry.isLong) long = { policy, entry };
    else cache.set(policy, entry);
    return entry;
  }

  return (policy, account) => {
    const { general, specific, isLong } = entryOf(policy);
    if (!specific.has(account)) return general;
    const key = `${policy} ${account}`;
    const known = longSpecific?.key === key ? longSpecific.judged : specificCache.get(key);
    if (known !== undefined) return known;
    const verdicts = new Map([...general.verdicts, ...read(policy, account)]);
    const judged = new StoredPolicy(verdicts, () => general.document);
    if (isLong) longSpecific = { key, judged };
    else specificCache.set(key, judged);
    return judged;
  };
}
