import type { Database } from 'better-sqlite3';
import type { Evaluated, PolicyVerdict } from '../../model/verdict.ts';
import { BoundedMap } from '../../text/bounded-map.ts';

const REMEMBERED = 4096;

const prepareStatements = (db: Database) => {
  return {
    upsert: db
      .prepare<
        [number, string, string, string, string, string, string, string, string, string | null],
        number
      >(
        `INSERT INTO verdict (policy_id, rule_id, rule_digest, account, verdict, literal, reason, notes, message, witness)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (policy_id, account, rule_id) DO UPDATE SET rule_digest = excluded.rule_digest, verdict = excluded.verdict, literal = excluded.literal,
         reason = excluded.reason, notes = excluded.notes, message = excluded.message, witness = excluded.witness
       RETURNING id`,
      )
      .pluck(),
    dropPaths: db.prepare('DELETE FROM path WHERE verdict_id = ?'),
    addPath: db.prepare(
      'INSERT INTO path (verdict_id, ordinal, statement, sid, principal, account, guards) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
  };
};

/** Writes verdicts of policies; one already written in this run is not written again. */
export class VerdictWriter {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly saved = new BoundedMap<string, true>(REMEMBERED);
  private digests: Readonly<Record<string, string>> = {};

  constructor(db: Database) {
    this.sql = prepareStatements(db);
  }

  /** Digests of the rules that judge from now on, by id, see rules/digest.ts; `forget` belongs before it. */
  judgeBy(given: Readonly<Record<string, string>>): void {
    this.digests = given;
  }

  save(policyId: number, { account, verdicts }: Evaluated): void {
    const key = `${policyId} ${account}`;
    if (this.saved.has(key)) return;
    for (const verdict of verdicts) this.saveOne(policyId, account, verdict);
    this.saved.set(key, true);
  }

  /** Writes one verdict in any case. */
  saveOne(policyId: number, account: string, verdict: PolicyVerdict): void {
    const id = Number(
      this.sql.upsert.get(
        policyId,
        verdict.rule,
        this.digests[verdict.rule] ?? '',
        account,
        verdict.verdict,
        verdict.literal,
        verdict.reason,
        JSON.stringify(verdict.notes),
        verdict.message,
        verdict.witness === null ? null : JSON.stringify(verdict.witness),
      ),
    );
    this.sql.dropPaths.run(id);
    for (const [ordinal, path] of verdict.paths.entries()) {
      this.sql.addPath.run(
        id,
        ordinal,
        path.statement,
        path.sid,
        path.principal,
        path.account,
        JSON.stringify(path.guards),
      );
    }
  }

  /** To be called when a transaction that saved verdicts was rolled back. */
  forget(): void {
    this.saved.clear();
  }
}
