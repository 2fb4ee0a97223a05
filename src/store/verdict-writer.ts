import type { Database } from 'better-sqlite3';
import type { PolicyVerdict } from '../audit/verdict.ts';
import type { Evaluated } from './staged-role.ts';

/** Writes verdicts of policies; one already written in this run is not written again. */
export interface VerdictWriter {
  /** Digests of the rules that judge from now on, by id, see rules/digest.ts; `forget` belongs before it. */
  judgeBy(digests: Readonly<Record<string, string>>): void;
  save(policyId: number, evaluated: Evaluated): void;
  /** Writes one verdict in any case. */
  saveOne(policyId: number, account: string, verdict: PolicyVerdict): void;
  /** To be called when a transaction that saved verdicts was rolled back. */
  forget(): void;
}

const REMEMBERED = 4096;

export function openVerdictWriter(db: Database): VerdictWriter {
  const upsert = db
    .prepare<[number, string, string, string, string, string, string, string, string, string | null], number>(
      `INSERT INTO verdict (policy_id, rule_id, rule_digest, account, verdict, literal, reason, notes, message, witness)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (policy_id, account, rule_id) DO UPDATE SET rule_digest = excluded.rule_digest, verdict = excluded.verdict, literal = excluded.literal,
         reason = excluded.reason, notes = excluded.notes, message = excluded.message, witness = excluded.witness
       RETURNING id`,
    )
    .pluck();
  const dropPaths = db.prepare('DELETE FROM path WHERE verdict_id = ?');
  const addPath = db.prepare(
    'INSERT INTO path (verdict_id, ordinal, statement, sid, principal, account, guards) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const saved = new Set<string>();
  let digests: Readonly<Record<string, string>> = {};

  function saveOne(policyId: number, account: string, verdict: PolicyVerdict): void {
    const id = Number(
      upsert.get(
        policyId,
        verdict.rule,
        digests[verdict.rule] ?? '',
        account,
        verdict.verdict,
        verdict.literal,
        verdict.reason,
        JSON.stringify(verdict.notes),
        verdict.message,
        verdict.witness === null ? null : JSON.stringify(verdict.witness),
      ),
    );
    dropPaths.run(id);
    for (const [ordinal, path] of verdict.paths.entries()) {
      addPath.run(
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

  return {
    judgeBy(given) {
      digests = given;
    },
    saveOne,
    save(policyId, { account, verdicts }) {
      const key = `${policyId} ${account}`;
      if (saved.has(key)) return;
      for (const verdict of verdicts) saveOne(policyId, account, verdict);
      if (saved.size >= REMEMBERED) saved.clear();
      saved.add(key);
    },
    forget: () => saved.clear(),
  };
}
