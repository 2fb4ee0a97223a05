import type { Database } from 'better-sqlite3';
import { IS_STEADY, type Span } from './role-choice.ts';
import type { PolicyCount } from './role-reader.ts';

/** The roles of an account, or of a ledger, told apart by whether anything but one policy was seen of them over a span. */
export interface SpanRoles {
  /** The steady ones. */
  readonly steady: readonly PolicyCount[];
  /** The ARNs of all others, ascending; null where they are too many to hold. */
  readonly others: readonly string[] | null;
}

/** A few megabytes. */
const HELD_ARNS = 20_000;

/** Told by the database, which reads every role and every observation of the account once. */
export function spanRoles(db: Database, account: string, span: Span): SpanRoles {
  const statement = db.prepare<[{ account: string } & Span], [string | null, number, number]>(
    `SELECT arn, policy, count(*) FROM (
       SELECT iif(steady, NULL, arn) AS arn, iif(steady, policy, 0) AS policy FROM (
         SELECT r.arn, o.policy, ${IS_STEADY} AS steady
         FROM role r CROSS JOIN observation o ON o.role = r.id WHERE r.account_id = $account GROUP BY r.arn
       )
     ) GROUP BY arn, policy ORDER BY arn, policy`,
  );
  const steady: PolicyCount[] = [];
  const others: string[] = [];
  for (const [arn, policy, count] of statement.raw().iterate({ account, ...span })) {
    if (arn === null) steady.push({ policy, count });
    else if (others.length === HELD_ARNS) return { steady, others: null };
    else others.push(arn);
  }
  return { steady, others };
}

/**
 * Adds up the counts of policies that came to the same by every rule, for this account: the first stands for all of them.
 */
export function judgedAlike(
  db: Database,
  account: string,
  policies: readonly PolicyCount[],
): readonly PolicyCount[] {
  const outcomesOf = db
    .prepare<[number, string], string>(
      `SELECT json_group_array(json_array(rule_id, account, verdict) ORDER BY rule_id, account) FROM verdict
       WHERE policy_id = ? AND account IN ('', ?)`,
    )
    .pluck();
  const byOutcomes = new Map<string, PolicyCount>();
  for (const { policy, count } of policies) {
    const outcomes = outcomesOf.get(policy, account) ?? '';
    const alike = byOutcomes.get(outcomes);
    byOutcomes.set(outcomes, { policy: alike?.policy ?? policy, count: (alike?.count ?? 0) + count });
  }
  return [...byOutcomes.values()];
}
