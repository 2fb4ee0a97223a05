import type { Database, Statement } from 'better-sqlite3';
import type { Staging } from '../write/staging.ts';

/** What files show of failing roles and of managed policies, file by file as they said it. */
export class RoleFacts {
  private readonly addDetail: Statement<[number, number, string, number, string]>;
  private readonly addPolicy: Statement<[number, string, number, number]>;
  private readonly dropDetails: Statement<[number]>;
  private readonly dropPolicies: Statement<[number]>;

  constructor(db: Database) {
    this.addDetail = db.prepare('INSERT OR IGNORE INTO role_detail_seen VALUES (?, ?, ?, ?, ?)');
    this.addPolicy = db.prepare('INSERT OR IGNORE INTO managed_policy_seen VALUES (?, ?, ?, ?)');
    this.dropDetails = db.prepare('DELETE FROM role_detail_seen WHERE evidence_id = ?');
    this.dropPolicies = db.prepare('DELETE FROM managed_policy_seen WHERE evidence_id = ?');
  }

  /** In place of what the file showed before, if `again`; within a transaction of the caller. */
  write(evidence: number, { details, managedPolicies }: Staging, again: boolean): void {
    if (again) {
      this.dropDetails.run(evidence);
      this.dropPolicies.run(evidence);
    }
    for (const { id, at, value, extra } of details.standing()) {
      this.addDetail.run(evidence, id, at, value, extra);
    }
    for (const { id, at, value } of managedPolicies.standing()) {
      this.addPolicy.run(id, at, evidence, value);
    }
  }
}
