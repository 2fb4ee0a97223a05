import type { Database } from 'better-sqlite3';

/**
 * How numbers of one store are said in the merged one: by adding `plus`, but for those that were there under another number
 * before, which the table `exceptions` has as `old` and `new`.
 */
export interface Renumbered {
  readonly plus: number;
  /** Null: there is none, so that all numbers keep their order. */
  readonly exceptions: string | null;
}

/** SQL: the number in the merged store of one that `column` has. */
export function renumbered(column: string, { plus, exceptions }: Renumbered): string {
  const added = `${column} + ${plus}`;
  if (exceptions === null) return `(${added})`;
  return `coalesce((SELECT x.new FROM ${exceptions} x WHERE x.old = ${column}), ${added})`;
}

/** The same, where 0 stands for what is not known. */
export function renumberedOr0(column: string, names: Renumbered): string {
  return `iif(${column} = 0, 0, ${renumbered(column, names)})`;
}

/** The tables that give names numbers: with what a name consists of, and the rest of its row. */
const TABLES = {
  policy: { name: ['sha256'], rest: ['state', 'document', 'detail'] },
  role_detail: { name: ['sha256'], rest: ['detail'] },
  managed_policy: { name: ['arn'], rest: [] },
  managed_policy_document: { name: ['sha256'], rest: ['document'] },
  policy_holder: { name: ['arn'], rest: [] },
  role: { name: ['account_id', 'arn', 'role_id'], rest: [] },
} as const;

export type Named = keyof typeof TABLES;

/** Adds the names of the store that is attached as `s`, in the order in which they lie there. */
export function addNames(db: Database, table: Named): Renumbered {
  const { name, rest } = TABLES[table];
  const plus = lastNumber(db, table);
  const columns = [...name, ...rest];
  const { changes } = db
    .prepare(
      `INSERT INTO main.${table} (${columns.join(', ')}, id) SELECT ${columns.join(', ')}, id + ${plus} FROM s.${table}
       WHERE true ON CONFLICT (${name.join(', ')}) DO NOTHING`,
    )
    .run();
  if (table === 'role' && changes > 0) {
    db.exec(`UPDATE main.setting SET last_role = ${plus} + (SELECT last_role FROM s.setting)`);
  }
  const exceptions = `m_${table}`;
  db.exec(`DROP TABLE IF EXISTS temp.${exceptions}`);
  if (changes === countOf(db, `s.${table}`)) return { plus, exceptions: null };
  db.exec(`CREATE TEMP TABLE ${exceptions} (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
    INSERT INTO ${exceptions} SELECT s.id, m.id FROM s.${table} s CROSS JOIN main.${table} m USING (${name.join(', ')})
    WHERE m.id <> s.id + ${plus}`);
  return { plus, exceptions };
}

/** Numbers of roles are counted up in the settings; those of all else are rows of a table. */
function lastNumber(db: Database, table: Named): number {
  const last = table === 'role' ? 'SELECT last_role FROM main.setting' : `SELECT max(id) FROM main.${table}`;
  return db.prepare<[], number | null>(last).pluck().get() ?? 0;
}

function countOf(db: Database, table: string): number {
  return db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
}

/** Adds the verdicts of the attached store; of one policy, account and rule all stores have the same. */
export function addVerdicts(db: Database, policies: Renumbered): void {
  const plus = db.prepare<[], number | null>('SELECT max(id) FROM main.verdict').pluck().get() ?? 0;
  const columns = 'rule_id, rule_digest, account, verdict, literal, reason, notes, message, witness';
  db.exec(`
    INSERT INTO main.verdict (id, policy_id, ${columns})
    SELECT id + ${plus}, ${renumbered('policy_id', policies)}, ${columns} FROM s.verdict
    WHERE true ON CONFLICT (policy_id, account, rule_id) DO NOTHING;
    INSERT INTO main.path (verdict_id, ordinal, statement, sid, principal, account, guards)
    SELECT verdict_id + ${plus}, ordinal, statement, sid, principal, account, guards FROM s.path
    WHERE verdict_id + ${plus} IN (SELECT id FROM main.verdict);
  `);
}

/** Adds rules of rule files and the numbers of accounts; what lists say of accounts comes later. */
export function addRulesAndAccounts(db: Database): void {
  db.exec(`
    INSERT OR IGNORE INTO main.rule SELECT * FROM s.rule;
    INSERT OR IGNORE INTO main.account (id) SELECT id FROM s.account;
  `);
}
