import type { Database, Statement } from 'better-sqlite3';
import { type Unsettling, unsettling } from '../schema/settled.ts';
import type { Staging } from '../write/staging.ts';

interface PolicyChange {
  readonly arn: string;
  /** The policy never had another text, and had this one by then: nothing changes at any moment. */
  readonly isKnown: number;
}

/** What files show of failing roles and of managed policies, file by file as they said it. */
export class RoleFacts {
  private readonly addDetail: Statement<[number, number, string, number, string]>;
  private readonly addPolicy: Statement<[number, string, number, number]>;
  private readonly addRolePolicy: Statement<[number, string, number, string, number, number]>;
  private readonly addSources: Statement<[{ evidence: number; whole: number }]>;
  private readonly dropDetails: Statement<[number]>;
  private readonly dropPolicies: Statement<[number]>;
  private readonly dropRolePolicies: Statement<[number]>;
  private readonly dropSources: Statement<[number]>;
  private readonly changeOf: Statement<[Record<string, number | string>], PolicyChange>;
  private readonly unsettle: Unsettling;

  constructor(db: Database) {
    this.addDetail = db.prepare('INSERT OR IGNORE INTO role_detail_seen VALUES (?, ?, ?, ?, ?)');
    this.addPolicy = db.prepare('INSERT OR IGNORE INTO managed_policy_seen VALUES (?, ?, ?, ?)');
    this.addRolePolicy = db.prepare('INSERT OR IGNORE INTO role_policy_seen VALUES (?, ?, ?, ?, ?, ?)');
    // Behind `:iam::` an ARN has the account.
    this.addSources = db.prepare(
      `INSERT OR IGNORE INTO role_policy_source
       SELECT DISTINCT s.captured_at, s.kind, substr(h.arn, instr(h.arn, ':iam::') + 6, 12), s.evidence_id, $whole
       FROM role_policy_seen s JOIN policy_holder h ON h.id = s.holder WHERE s.evidence_id = $evidence`,
    );
    this.dropDetails = db.prepare('DELETE FROM role_detail_seen WHERE evidence_id = ?');
    this.dropPolicies = db.prepare('DELETE FROM managed_policy_seen WHERE evidence_id = ?');
    this.dropRolePolicies = db.prepare('DELETE FROM role_policy_seen WHERE evidence_id = ?');
    this.dropSources = db.prepare('DELETE FROM role_policy_source WHERE evidence_id = ?');
    this.changeOf = db.prepare(
      `SELECT p.arn, EXISTS (
         SELECT 1 FROM managed_policy_seen f WHERE f.policy = p.id AND f.captured_at <= $at AND f.document = $document
       ) AND NOT EXISTS (
         SELECT 1 FROM managed_policy_seen f WHERE f.policy = p.id AND f.document <> $document
       ) AS isKnown
       FROM managed_policy p WHERE p.id = $policy`,
    );
    this.unsettle = unsettling(db);
  }

  /** In place of what the file showed before, if `again`; within a transaction of the caller. */
  write(evidence: number, { details, managedPolicies, rolePolicies }: Staging, again: boolean): void {
    if (again) {
      this.dropDetails.run(evidence);
      this.dropRolePolicies.run(evidence);
      const dropped = this.dropPolicies.run(evidence).changes + this.dropSources.run(evidence).changes;
      if (dropped > 0) this.unsettle.all();
    }
    for (const { id, at, value, extra } of details.standing()) {
      this.addDetail.run(evidence, id, at, value, extra);
    }
    for (const { id, at, value } of managedPolicies.standing()) {
      this.unsettleFor(this.changeOf.get({ policy: id, at, document: value }));
      this.addPolicy.run(id, at, evidence, value);
    }
    let whole: number | null = null;
    for (const { id, at, value, extra } of rolePolicies.standing()) {
      this.addRolePolicy.run(id, at, Number(extra.charAt(0)), extra.slice(2), evidence, value);
      whole = Number(extra.charAt(1));
    }
    if (whole === null) return;
    this.addSources.run({ evidence, whole });
    // Whether such tables are whole hangs on all files of their moment.
    this.unsettle.all();
  }

  private unsettleFor(change: PolicyChange | undefined): void {
    if (change === undefined || change.isKnown === 1) return;
    const owner = change.arn.split(':')[4] ?? '';
    if (owner === 'aws') this.unsettle.all();
    else this.unsettle.account(owner);
  }
}
