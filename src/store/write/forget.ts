import type { Database } from 'better-sqlite3';
import { TrustsieveError } from '../../errors.ts';
import { writeMembers } from '../fold/organization-facts.ts';
import { forgetLists } from '../lists/account-lists.ts';
import { writing } from '../schema/seal-rows.ts';
import { unsettling } from '../schema/settled.ts';

/**
 * Takes a run back. Evidence that another run read too stays as it is; of the rest nothing is left but names of roles
 * and policies, which say nothing. Returns the number of files that went.
 * Errors: `not-found` for an unknown run; `usage` for one that cannot be told apart from others, see below.
 *
 * @param rebuild builds an account or a ledger anew from what its files showed
 */
export function forgetRun(db: Database, run: number, rebuild: (account: string) => void): number {
  return writing(db, (): number => {
    if (db.prepare('SELECT 1 FROM run WHERE id = ?').get(run) === undefined) {
      throw new TrustsieveError('not-found', `no run \`${run}\`: list them with \`trustsieve runs\``);
    }
    const only = `(SELECT evidence_id FROM run_evidence WHERE run_id = $run
        EXCEPT SELECT evidence_id FROM run_evidence WHERE run_id <> $run)`;
    const accounts = db
      .prepare<[{ run: number }], string>(
        `SELECT DISTINCT account_id FROM capture_source WHERE evidence_id IN ${only}`,
      )
      .pluck()
      .all({ run });
    forgetConfigItems(db, run, only);
    // A sighting has an index by account and time alone.
    db.prepare(
      `DELETE FROM sighting WHERE id IN (
           SELECT g.id FROM capture_source s JOIN sighting g USING (account_id, captured_at, evidence_id)
           WHERE s.evidence_id IN ${only})`,
    ).run({ run });
    db.prepare(`DELETE FROM capture_source WHERE evidence_id IN ${only}`).run({ run });
    db.prepare(`DELETE FROM role_detail_seen WHERE evidence_id IN ${only}`).run({ run });
    db.prepare(`DELETE FROM managed_policy_seen WHERE evidence_id IN ${only}`).run({ run });
    db.prepare(`DELETE FROM role_policy_seen WHERE evidence_id IN ${only}`).run({ run });
    db.prepare(`DELETE FROM role_policy_source WHERE evidence_id IN ${only}`).run({ run });
    db.prepare(`DELETE FROM reject WHERE evidence_id IN ${only}`).run({ run });
    db.prepare(`DELETE FROM organization_fact WHERE evidence_id IN ${only}`).run({ run });
    writeMembers(db);
    unsettling(db).all();
    for (const account of accounts) rebuild(account);
    const { changes } = db.prepare(`DELETE FROM evidence WHERE id IN ${only}`).run({ run });
    db.prepare('DELETE FROM run_evidence WHERE run_id = ?').run(run);
    db.prepare('DELETE FROM shard WHERE run_id = ?').run(run);
    db.prepare('DELETE FROM run WHERE id = ?').run(run);
    forgetLists(db, run);
    return changes;
  });
}

/**
 * The states of roles that files of AWS Config told do not say which file told them. Where files of other runs hold
 * such states of the same accounts, what this run alone told cannot be told apart.
 */
function forgetConfigItems(db: Database, run: number, only: string): void {
  const ofConfig = `(e.format LIKE 'aws-config%' OR e.format = 'antiope')`;
  const accounts = `SELECT s.account_id FROM capture_source s JOIN evidence e ON e.id = s.evidence_id WHERE ${ofConfig}`;
  const shared = db
    .prepare<[{ run: number }], string>(
      `${accounts} AND s.evidence_id IN ${only}
       INTERSECT ${accounts} AND s.evidence_id NOT IN ${only} LIMIT 1`,
    )
    .pluck()
    .get({ run });
  if (shared !== undefined) {
    throw new TrustsieveError(
      'usage',
      `run \`${run}\` cannot be taken back: other runs read AWS Config files of account ${shared} too; scan the files to keep into a new store`,
    );
  }
  db.prepare(
    `DELETE FROM config_item WHERE role IN (
       SELECT id FROM role WHERE account_id IN (${accounts} AND s.evidence_id IN ${only}))`,
  ).run({ run });
}
