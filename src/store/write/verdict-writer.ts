import type { Database } from 'better-sqlite3';
import type { Evaluated, PolicyVerdict } from '../../model/verdict.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { type Unsettling, unsettling } from '../schema/settled.ts';
import { BulkInsert, type SqlValue } from './bulk-insert.ts';

const REMEMBERED = 4096;
/** Verdicts that wait to be written together. */
const MOST_WAITING = 256;
/** Their ways in, of which a policy may have thousands. */
const MOST_PATHS = 4096;

const VERDICT =
  'verdict (policy_id, rule_id, rule_digest, account, verdict, literal, reason, notes, message, witness)';
const PATH = 'path (verdict_id, ordinal, statement, sid, principal, account, guards)';

const prepareStatements = (db: Database) => {
  return {
    isThere: db.prepare<SqlValue[], number>(
      `SELECT 1 FROM verdict WHERE policy_id = ? AND rule_id = ? AND rule_digest = ? AND account = ? AND verdict = ?
       AND literal = ? AND reason = ? AND notes = ? AND message = ? AND witness IS ? AND (
         SELECT json_group_array(json_array(statement, sid, principal, account, guards) ORDER BY ordinal)
         FROM path WHERE verdict_id = verdict.id) = ?`,
    ),
    upsert: db
      .prepare<SqlValue[], number>(
        `INSERT INTO ${VERDICT} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (policy_id, account, rule_id) DO UPDATE SET rule_digest = excluded.rule_digest, verdict = excluded.verdict, literal = excluded.literal,
         reason = excluded.reason, notes = excluded.notes, message = excluded.message, witness = excluded.witness
       RETURNING id`,
      )
      .pluck(),
    dropPaths: db.prepare('DELETE FROM path WHERE verdict_id = ?'),
    verdicts: new BulkInsert(db, VERDICT, 10),
    paths: new BulkInsert(db, PATH, 7),
  };
};

/** A verdict on a policy that the store had none on. */
interface First {
  readonly policy: number;
  readonly account: string;
  readonly verdict: PolicyVerdict;
}

/** Writes verdicts of policies; one already written in this run is not written again. */
export class VerdictWriter {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly unsettle: Unsettling;
  private readonly saved = new BoundedMap<string, true>(REMEMBERED);
  private digests: Readonly<Record<string, string>> = {};
  private waiting: First[] = [];
  private waitingPaths = 0;

  constructor(db: Database) {
    this.sql = prepareStatements(db);
    this.unsettle = unsettling(db);
  }

  /** Digests of the rules that judge from now on, by id, see rules/digest.ts; `forget` belongs before it. */
  judgeBy(given: Readonly<Record<string, string>>): void {
    this.digests = given;
  }

  /** @param isNew true for a policy that was added just now: its verdicts are written by `flush` */
  save(policy: number, { account, verdicts }: Evaluated, isNew: boolean): void {
    const key = `${policy} ${account}`;
    if (this.saved.has(key)) return;
    if (isNew) {
      for (const verdict of verdicts) {
        this.waiting.push({ policy, account, verdict });
        this.waitingPaths += verdict.paths.length;
      }
      if (this.waiting.length >= MOST_WAITING || this.waitingPaths >= MOST_PATHS) this.flush();
    } else {
      // What is forgotten in `saved` may be waiting still.
      this.flush();
      for (const verdict of verdicts) this.saveOne(policy, account, verdict);
    }
    this.saved.set(key, true);
  }

  /** Writes what waits; to be called before the transaction ends in which it was saved. */
  flush(): void {
    const first = this.waiting;
    if (first.length === 0) return;
    this.waiting = [];
    this.waitingPaths = 0;
    const rows = first.flatMap(({ policy, account, verdict }) => this.rowOf(policy, account, verdict));
    const before = this.sql.verdicts.run(rows) - first.length;
    this.sql.paths.run(first.flatMap(({ verdict }, index) => pathRows(before + index + 1, verdict)));
  }

  /** Writes one verdict, unless it stands there as it is. */
  saveOne(policy: number, account: string, verdict: PolicyVerdict): void {
    const row = this.rowOf(policy, account, verdict);
    if (this.sql.isThere.get(...row, JSON.stringify(verdict.paths.map(pathColumns))) !== undefined) return;
    if (account === '') this.unsettle.all();
    else this.unsettle.account(account);
    const id = Number(this.sql.upsert.get(...row));
    this.sql.dropPaths.run(id);
    this.sql.paths.run(pathRows(id, verdict));
  }

  /** To be called when a transaction that saved verdicts was rolled back. */
  forget(): void {
    this.saved.clear();
    this.waiting = [];
    this.waitingPaths = 0;
  }

  private rowOf(policy: number, account: string, verdict: PolicyVerdict): SqlValue[] {
    return [
      policy,
      verdict.rule,
      this.digests[verdict.rule] ?? '',
      account,
      verdict.verdict,
      verdict.literal,
      verdict.reason,
      JSON.stringify(verdict.notes),
      verdict.message,
      verdict.witness === null ? null : JSON.stringify(verdict.witness),
    ];
  }
}

function pathRows(verdict: number, { paths }: PolicyVerdict): SqlValue[] {
  return paths.flatMap((path, ordinal) => [verdict, ordinal, ...pathColumns(path)]);
}

function pathColumns({
  statement,
  sid,
  principal,
  account,
  guards,
}: PolicyVerdict['paths'][number]): SqlValue[] {
  return [statement, sid, principal, account, JSON.stringify(guards)];
}
