import type { Database, Statement } from 'better-sqlite3';

/** What one file shows of one thing at one time, in numbers. */
export interface StagedFact {
  /** Of the role, or of the managed policy, or of the role that has a policy. */
  readonly id: number;
  /** Column time. */
  readonly at: string;
  /** As in RoleRecord. */
  readonly version: string;
  /** Of the text. */
  readonly value: number;
  /** What goes with it without a number. */
  readonly extra: string;
}

type FactRow = [id: number, at: string, version: string, value: number, extra: string];

/** Facts of one file until the file is read to its end: in memory up to a limit, beyond it in a temporary table. */
export class StagedFacts {
  private readonly db: Database;
  private readonly table: string;
  private readonly limit: number;
  private waiting: StagedFact[] = [];
  private insert: Statement<FactRow> | null = null;

  /** @param table a name that nobody else uses */
  constructor(db: Database, table: string, limit: number) {
    this.db = db;
    this.table = table;
    this.limit = limit;
  }

  add(fact: StagedFact): void {
    this.waiting.push(fact);
    if (this.waiting.length >= this.limit) this.toDisk();
  }

  /** Of every thing and time the newest version; several where records of one version differ. In no order. */
  *standing(): Iterable<StagedFact> {
    if (this.insert === null) {
      yield* newest(this.waiting);
      return;
    }
    this.toDisk();
    const { table } = this;
    // Page by page: a statement under way would lock the connection.
    const next = this.db.prepare<[number, string], StagedFact>(
      `SELECT id, at, version, value, extra FROM ${table} AS f WHERE (id, at) IN (
         SELECT DISTINCT id, at FROM ${table} WHERE (id, at) > (?, ?) ORDER BY id, at LIMIT 1000)
       ORDER BY id, at`,
    );
    for (let page = next.all(-1, ''); page.length > 0; ) {
      yield* newest(page);
      const { id, at } = page.at(-1) as StagedFact;
      page = next.all(id, at);
    }
  }

  /** How many differ in something. */
  distinct(): number {
    if (this.insert !== null) {
      this.toDisk();
      return this.db.prepare<[], number>(`SELECT count(*) FROM ${this.table}`).pluck().get() as number;
    }
    return new Set(
      this.waiting.map(({ id, at, version, value, extra }) =>
        JSON.stringify([id, at, version, value, extra]),
      ),
    ).size;
  }

  clear(): void {
    this.waiting = [];
    if (this.insert !== null) this.db.exec(`DROP TABLE ${this.table}`);
    this.insert = null;
  }

  private toDisk(): void {
    if (this.insert === null) {
      this.db.exec(
        `CREATE TEMP TABLE ${this.table} (id INTEGER, at TEXT, version TEXT, value INTEGER, extra TEXT,
         PRIMARY KEY (id, at, version, value, extra)) WITHOUT ROWID`,
      );
      this.insert = this.db.prepare<FactRow>(`INSERT OR IGNORE INTO ${this.table} VALUES (?, ?, ?, ?, ?)`);
    }
    const { insert, waiting } = this;
    // Together: a transaction for each row would take ten times as long as all the rest.
    this.db.transaction(() => {
      for (const { id, at, version, value, extra } of waiting) insert.run(id, at, version, value, extra);
    })();
    this.waiting = [];
  }
}

function newest(facts: readonly StagedFact[]): readonly StagedFact[] {
  // Most files have no versions.
  if (facts.every(({ version }) => version === facts[0]?.version)) return facts;
  const versions = new Map<string, string>();
  for (const { id, at, version } of facts) {
    const key = `${id} ${at}`;
    const known = versions.get(key);
    if (known === undefined || version > known) versions.set(key, version);
  }
  return facts.filter(({ id, at, version }) => versions.get(`${id} ${at}`) === version);
}
