import type { Database, Statement } from 'better-sqlite3';
import type { Guard, Outcome, PathIn, Witness } from '../../model/exposure.ts';
import { MAX_REMEMBERED_POLICY } from '../../model/record.ts';
import type { PolicyVerdict } from '../../model/verdict.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { ExpectedPolicies } from './expected-policies.ts';

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

type Verdicts = ReadonlyMap<string, JudgedVerdict>;

interface Entry {
  readonly general: JudgedPolicy;
  /** Accounts for which some rule has a verdict of its own. */
  readonly specific: ReadonlySet<string>;
  readonly isLong: boolean;
}

interface DocumentRow {
  readonly id: number;
  readonly bytes: number;
  /** Null also where it is long. */
  readonly short: string | null;
}

interface VerdictRow {
  readonly policy: number;
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

type PathColumns = [
  verdict: number,
  statement: number,
  sid: string | null,
  principal: string,
  account: string,
  guards: string,
];

/** Characters of documents and verdicts, roughly. */
const REMEMBERED_TEXT = 16 * 1024 * 1024;
/** Lists of guards and notes, of which there are few. */
const REMEMBERED_LISTS = 1_024;

/** Reads policies and verdicts; remembers those read last, because many roles share one. */
export class PolicyReader {
  private readonly documentsOf: Statement<[string], DocumentRow>;
  private readonly documentOf: Statement<[number], string | null>;
  private readonly accountsOf: Statement<[string], [policy: number, account: string]>;
  private readonly verdictsOf: Statement<[string, string], VerdictRow>;
  private readonly pathsOf: Statement<[string], PathColumns>;

  private readonly known = new BoundedMap<number, Entry>(REMEMBERED_TEXT);
  private readonly knownSpecific = new BoundedMap<string, JudgedPolicy>(REMEMBERED_TEXT);
  private readonly lists = new BoundedMap<string, readonly string[]>(REMEMBERED_LISTS);
  private readonly expected = new ExpectedPolicies((policy) => this.known.has(policy));
  private readonly texts = new BoundedMap<number, string | null>(REMEMBERED_TEXT);
  private readonly expectedTexts = new ExpectedPolicies((policy) => this.texts.has(policy));
  // A long policy is kept until the next one only, for the role at hand asks for it more than once.
  private long: { readonly policy: number; readonly entry: Entry } | undefined;
  private longDocument: { readonly policy: number; readonly text: string | null } | undefined;
  private longSpecific: { readonly key: string; readonly judged: JudgedPolicy } | undefined;

  constructor(db: Database) {
    const among = 'IN (SELECT value FROM json_each(?))';
    this.documentsOf = db.prepare(
      `SELECT id, coalesce(octet_length(document), 0) AS bytes,
         CASE WHEN octet_length(document) <= ${MAX_REMEMBERED_POLICY} THEN document END AS short
       FROM policy WHERE id ${among}`,
    );
    this.documentOf = db.prepare<[number], string | null>('SELECT document FROM policy WHERE id = ?').pluck();
    this.accountsOf = db
      .prepare<[string], [policy: number, account: string]>(
        `SELECT DISTINCT policy_id, account FROM verdict WHERE policy_id ${among} AND account <> ''`,
      )
      .raw();
    this.verdictsOf = db.prepare(
      `SELECT policy_id AS policy, id, rule_id AS rule, rule_digest AS ruleDigest, verdict, literal, reason, notes,
         message, witness
       FROM verdict WHERE policy_id ${among} AND account = ? ORDER BY policy_id, rule_id`,
    );
    this.pathsOf = db
      .prepare<[string], PathColumns>(
        `SELECT verdict_id, statement, sid, principal, account, guards FROM path
         WHERE verdict_id ${among} ORDER BY verdict_id, ordinal`,
      )
      .raw();
  }

  /** See ExpectedPolicies. */
  expect(policies: readonly number[]): void {
    this.expected.expect(policies);
    this.expectedTexts.expect(policies);
  }

  /** The text alone, which takes a tenth of the time. Null when the export had none that could be read. */
  document(policy: number): string | null {
    const entry = this.known.get(policy);
    if (entry !== undefined) return entry.general.document;
    const known = this.texts.get(policy);
    if (known !== undefined) return known;
    let own: string | null = null;
    for (const { id, bytes, short } of this.documentsOf.all(
      JSON.stringify(this.expectedTexts.take(policy)),
    )) {
      const isLong = bytes > MAX_REMEMBERED_POLICY;
      if (id === policy) own = isLong ? this.longText(id) : short;
      if (!isLong) this.texts.set(id, short, ENTRY_WEIGHT + bytes);
    }
    return own;
  }

  judged(policy: number, account: string): JudgedPolicy {
    const { general, specific, isLong } = this.entryOf(policy);
    if (!specific.has(account)) return general;
    const key = `${policy} ${account}`;
    const known = this.longSpecific?.key === key ? this.longSpecific.judged : this.knownSpecific.get(key);
    if (known !== undefined) return known;
    const own = this.read([policy], account).get(policy) ?? NO_VERDICTS;
    const verdicts = new Map([...general.verdicts, ...own]);
    const judged = new StoredPolicy(verdicts, () => general.document);
    if (isLong) this.longSpecific = { key, judged };
    else this.knownSpecific.set(key, judged, ENTRY_WEIGHT + weightOfAll(own));
    return judged;
  }

  private entryOf(policy: number): Entry {
    const known = this.long?.policy === policy ? this.long.entry : this.known.get(policy);
    return known ?? this.readEntries(policy, this.expected.take(policy));
  }

  /** Those of the policies that are not long, and that of the first of them, which is returned. */
  private readEntries(policy: number, policies: readonly number[]): Entry {
    const documents = new Map(this.documentsOf.all(JSON.stringify(policies)).map((row) => [row.id, row]));
    const isLong = (id: number): boolean => (documents.get(id)?.bytes ?? 0) > MAX_REMEMBERED_POLICY;
    const wanted = policies.filter((id) => id === policy || !isLong(id));
    const verdicts = this.read(wanted, '');
    const accounts = this.accountsWithOwn(wanted);
    const entryOf = (id: number): Entry => {
      const text = documents.get(id)?.short ?? null;
      const read = isLong(id) ? () => this.longText(id) : () => text;
      const general = new StoredPolicy(verdicts.get(id) ?? NO_VERDICTS, read);
      return { general, specific: accounts.get(id) ?? NOBODY, isLong: isLong(id) };
    };
    for (const id of wanted) {
      if (id === policy) continue;
      const entry = entryOf(id);
      this.known.set(id, entry, weightOf(entry, documents.get(id)));
    }
    const entry = entryOf(policy);
    if (entry.isLong) this.long = { policy, entry };
    else this.known.set(policy, entry, weightOf(entry, documents.get(policy)));
    return entry;
  }

  private longText(policy: number): string | null {
    if (this.longDocument?.policy !== policy) {
      this.longDocument = { policy, text: this.documentOf.get(policy) ?? null };
    }
    return this.longDocument.text;
  }

  /** By policy, those under rules that judged it for the account; '' for what holds for every account. */
  private read(policies: readonly number[], account: string): ReadonlyMap<number, Verdicts> {
    const rows = this.verdictsOf.all(JSON.stringify(policies), account);
    const paths = new Map<number, PathIn[]>(rows.map(({ id }) => [id, []]));
    // The database makes a text anew for each row, and of thousands of ways in many say the same.
    const texts = new Map<string, string>();
    const once = (text: string): string => {
      const known = texts.get(text);
      if (known === undefined) texts.set(text, text);
      return known ?? text;
    };
    for (const [id, statement, sid, principal, of, guards] of this.pathsOf.all(
      JSON.stringify([...paths.keys()]),
    )) {
      const path = {
        statement,
        sid,
        principal: once(principal),
        account: once(of),
        guards: this.listOf(guards) as readonly Guard[],
      };
      paths.get(id)?.push(path);
    }
    const verdicts = new Map<number, Map<string, JudgedVerdict>>();
    for (const { policy, id, ...row } of rows) {
      const own = verdicts.get(policy) ?? new Map<string, JudgedVerdict>();
      verdicts.set(policy, own);
      own.set(row.rule, {
        ...row,
        notes: this.listOf(row.notes),
        paths: paths.get(id) ?? [],
        witness: row.witness === null ? null : (JSON.parse(row.witness) as Witness),
      });
    }
    return verdicts;
  }

  private accountsWithOwn(policies: readonly number[]): ReadonlyMap<number, ReadonlySet<string>> {
    const accounts = new Map<number, Set<string>>();
    for (const [policy, account] of this.accountsOf.iterate(JSON.stringify(policies))) {
      const own = accounts.get(policy) ?? new Set();
      accounts.set(policy, own.add(account));
    }
    return accounts;
  }

  private listOf(json: string): readonly string[] {
    let list = this.lists.get(json);
    if (list === undefined) {
      list = JSON.parse(json) as readonly string[];
      this.lists.set(json, list);
    }
    return list;
  }
}

const NO_VERDICTS: Verdicts = new Map();
const NOBODY: ReadonlySet<string> = new Set();

/** A judged policy whose document, where it is long, is read when it is asked for. */
class StoredPolicy implements JudgedPolicy {
  readonly verdicts: Verdicts;
  private readonly read: () => string | null;

  constructor(verdicts: Verdicts, read: () => string | null) {
    this.verdicts = verdicts;
    this.read = read;
  }

  get document(): string | null {
    return this.read();
  }
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

/** What an entry takes beside its texts. */
const ENTRY_WEIGHT = 512;

function weightOf({ general, specific }: Entry, document: DocumentRow | undefined): number {
  return (
    ENTRY_WEIGHT + (document?.bytes ?? 0) + specific.size * ACCOUNT_WEIGHT + weightOfAll(general.verdicts)
  );
}

const ACCOUNT_WEIGHT = 64;
const VERDICT_WEIGHT = 1_024;
const PATH_WEIGHT = 256;

function weightOfAll(verdicts: Verdicts): number {
  let weight = 0;
  for (const { message, paths } of verdicts.values()) {
    weight += VERDICT_WEIGHT + message.length + paths.length * PATH_WEIGHT;
  }
  return weight;
}
