import type { Database } from 'better-sqlite3';
import type { Outcome } from '../../model/exposure.ts';
import type { Impact } from '../../model/role-detail.ts';
import type { Severity } from '../../model/verdict.ts';
import { quietly } from '../schema/quiet-changes.ts';
import { writing } from '../schema/seal-rows.ts';
import { BulkInsert, type SqlValue } from './bulk-insert.ts';

/** An account of which all that the views say is worked out. */
export interface SettledAccount {
  readonly account: string;
  /** The rule that guardrails and impact are of. */
  readonly rule: string;
  /** Evidence time of the guardrails in force, ISO 8601 UTC; null: none are. */
  readonly guardrailsAt: string | null;
  /** False: not all of them are known, so that the verdicts of trust policies stand. */
  readonly guardrailsKnown: boolean;
}

/** What a role that stands comes to under that rule, beside the verdict on its trust policy. */
export interface CurrentExposure {
  readonly account: string;
  /** Null: all roles of the account that have the policy, but for those that are told of by themselves. */
  readonly role: { readonly arn: string; readonly roleId: string } | null;
  /** The policy it is about: where files disagree, the one judged worst. */
  readonly policy: number;
  /** The verdict that counts; null where no guardrails are in force, like the next. */
  readonly guardrail: Outcome | null;
  /** JSON, as `guardrail.policies` of the verdict object. */
  readonly guardrailPolicies: string | null;
  /** JSON: the unguarded ways in that guardrails leave of a failing trust policy, where they leave some and not all. */
  readonly remainingWays: string | null;
  readonly severity: Severity | null;
  /** JSON list: the notes that guardrails add. */
  readonly notes: string;
  /** Null unless the trust policy fails. */
  readonly impact: Pick<Impact, 'privileges' | 'why' | 'lastUsed'> | null;
}

/** A finding that is there, or was there at the look before. */
export interface SettledFinding {
  readonly account: string;
  /** The account, or the ledger that holds the entity. */
  readonly book: string;
  readonly arn: string;
  readonly roleId: string;
  readonly rule: string;
  /** Among the findings of the ARN. */
  readonly ordinal: number;
  readonly change: string;
  readonly cause: string | null;
  /** When the look before was. Column time, like `firstSeen`; null: there is none. */
  readonly comparedWith: string | null;
  readonly fromVerdict: Outcome | null;
  readonly toVerdict: Outcome | null;
  /** Null for one that is gone. */
  readonly firstSeen: string | null;
  /** Id of the exception that accepts it; null: none. */
  readonly exception: string | null;
}

/** Nothing may be read from the store while it writes: finish reading, then hand over. */
export interface ExposureWriter {
  exposures(rows: readonly CurrentExposure[]): void;
  findings(rows: readonly SettledFinding[]): void;
  accounts(rows: readonly SettledAccount[]): void;
}

/** One transaction: afterwards the accounts that `work` names are settled, or, when it throws, everything is as before. */
export function writeExposures(db: Database, work: (writer: ExposureWriter) => void): void {
  const addAccount = db.prepare(
    'INSERT INTO settled_account (account_id, rule_id, guardrails_at, guardrails_known) VALUES (?, ?, ?, ?)',
  );
  const addExposures = new BulkInsert(
    db,
    `current_exposure
       (account_id, role, policy, guardrail, guardrail_policies, remaining_ways, severity, notes, privileges, why, last_used)`,
    11,
  );
  const addFindings = new BulkInsert(
    db,
    `settled_finding
       (account_id, role, rule_id, ordinal, change, cause, compared_with, from_verdict, to_verdict, first_seen, exception)`,
    11,
  );
  const numberOf = db
    .prepare<[string, string, string], number>(
      'SELECT id FROM role WHERE account_id = ? AND arn = ? AND role_id = ?',
    )
    .pluck();
  const columnsOf = (row: CurrentExposure): readonly SqlValue[] => {
    const { account, role, policy, guardrail, guardrailPolicies, remainingWays, severity, notes, impact } =
      row;
    const number = role === null ? -policy : (numberOf.get(account, role.arn, role.roleId) ?? null);
    const told = [guardrail, guardrailPolicies, remainingWays, severity, notes];
    const led = impact === null ? [null, null, null] : [impact.privileges, impact.why, impact.lastUsed];
    return [account, number, policy, ...told, ...led];
  };
  const columnsOfFinding = (row: SettledFinding): readonly SqlValue[] => {
    const { account, book, arn, roleId, rule, ordinal, change, cause, comparedWith } = row;
    const number = numberOf.get(book, arn, roleId) ?? null;
    const told = [row.fromVerdict, row.toVerdict, row.firstSeen, row.exception];
    return [account, number, rule, ordinal, change, cause, comparedWith, ...told];
  };
  writing(db, () => {
    quietly(db, () => {
      db.exec('DELETE FROM current_exposure; DELETE FROM settled_finding; DELETE FROM settled_account;');
    });
    work({
      accounts: (rows) =>
        quietly(db, () => {
          for (const { account, rule, guardrailsAt, guardrailsKnown } of rows)
            addAccount.run(account, rule, guardrailsAt, guardrailsKnown ? 1 : 0);
        }),
      exposures: (rows) =>
        quietly(db, () => {
          addExposures.run(rows.flatMap(columnsOf));
        }),
      findings: (rows) =>
        quietly(db, () => {
          addFindings.run(rows.flatMap(columnsOfFinding));
        }),
    });
  });
}
