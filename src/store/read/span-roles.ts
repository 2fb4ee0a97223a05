import type { Database } from 'better-sqlite3';
import { IS_STEADY, type Span } from './role-choice.ts';
import type { PolicyCount } from './role-reader.ts';

/** The roles of an account, or of a ledger, told apart by whether anything but one policy was seen of them over a span. */
export interface SpanRoles {
  /** The steady ones. Of policies that came to the same by every rule, for this account, one stands for all. */
  readonly steady: readonly PolicyCount[];
  /** The ARNs of all others, ascending; null where they are too many to hold. */
  readonly others: readonly string[] | null;
}

/** A few megabytes. */
const HELD_ARNS = 20_000;

/** A policy for steady roles, an ARN for others. */
const KEYS = `SELECT iif(${IS_STEADY}, o.policy, r.arn) AS key
  FROM role r CROSS JOIN observation o ON o.role = r.id WHERE r.account_id = $account GROUP BY r.arn`;

const OUTCOMES = `SELECT json_group_array(json_array(rule_id, account, verdict) ORDER BY rule_id, account)
  FROM verdict WHERE policy_id = key AND account IN ('', $account)`;

/**
 * Told by the database, which reads every role and every observation of the account once.
 *
 * @param apart no policy that some rule fails stands for others
 */
export function spanRoles(
  db: Database,
  account: string,
  span: Span,
  heldArns: number = HELD_ARNS,
  apart: boolean = false,
): SpanRoles {
  const statement = db.prepare<
    [{ account: string } & Span],
    [key: number | string, count: number, outcomes: string | null]
  >(
    `SELECT key, count, CASE WHEN typeof(key) = 'integer' THEN (${OUTCOMES}) END
     FROM (SELECT key, count(*) AS count FROM (${KEYS}) GROUP BY key ORDER BY key)`,
  );
  const steady = new Map<string | null, PolicyCount>();
  const others: string[] = [];
  for (const [key, count, outcomes] of statement.raw().iterate({ account, ...span })) {
    if (typeof key === 'number') {
      const kind = apart && outcomes?.includes('"fail"') === true ? String(key) : outcomes;
      const alike = steady.get(kind) ?? { policy: key, count: 0 };
      steady.set(kind, { ...alike, count: alike.count + count });
    } else if (others.length < heldArns) others.push(key);
    else return { steady: [...steady.values()], others: null };
  }
  return { steady: [...steady.values()], others };
}
