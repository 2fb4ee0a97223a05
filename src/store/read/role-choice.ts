import type { Outcome } from '../../model/exposure.ts';

/** Which roles of an account are wanted, each with all roles of its ARN; without anything, all. */
export interface RoleChoice {
  readonly arn?: string | undefined;
  /** ARNs that come after this one. */
  readonly after?: string | undefined;
  readonly judged?: JudgedAs | undefined;
  /** ARNs of which any role ever had one of these policies. */
  readonly policies?: readonly number[] | undefined;
  /** These ARNs, or those that are not steady over a span; see `Span`. */
  readonly among?: readonly string[] | Span | undefined;
  /**
   * Those on which files of one moment can disagree at all: a disagreement is stored of them, or they were seen with
   * several role ids, or with one and without.
   */
  readonly disputable?: boolean;
}

/**
 * ARNs of which any role ever had a policy that one of the rules gave one of the outcomes; a policy that a rule has
 * not judged counts as an error. Leaving out the others in the database is many times faster.
 */
export interface JudgedAs {
  readonly rules: readonly string[];
  readonly outcomes: readonly Outcome[];
}

/**
 * From one complete capture to another, in column times. A role is steady over it when all that was ever seen under its ARN
 * is this role, with one policy at every complete capture of the span, and no two files disagree on it.
 */
export interface Span {
  readonly first: string;
  readonly last: string;
}

/** Whether a group of the rows of one ARN, of `role r` and `observation o`, is of a steady role. */
export const IS_STEADY = `count(*) = 1 AND o.complete = 1 AND o.policy IS NOT NULL
  AND o.first_seen <= $first AND o.last_seen >= $last
  AND r.id NOT IN (SELECT role FROM disagreement WHERE account_id = $account)`;

const NAMED = 'SELECT value FROM json_each($arns)';

const UNSTEADY = `SELECT r.arn FROM role r CROSS JOIN observation o ON o.role = r.id
  WHERE r.account_id = $account GROUP BY r.arn HAVING NOT (${IS_STEADY})`;

const OF_SEVERAL_IDS = 'SELECT arn FROM role WHERE account_id = $account GROUP BY arn HAVING count(*) > 1';

const DISPUTED = `SELECT arn FROM role WHERE account_id = $account
    AND id IN (SELECT role FROM disagreement WHERE account_id = $account)`;

const HAVING_POLICIES = `SELECT x.arn FROM role x CROSS JOIN observation y ON y.role = x.id
  WHERE x.account_id = $account AND y.policy IN (SELECT value FROM json_each($policies))`;

/** One of the rules came to one of the outcomes. */
const isJudgedSo = (policy: string): string => `(EXISTS (
    SELECT 1 FROM verdict v WHERE v.policy_id = ${policy}
      AND v.rule_id IN (SELECT value FROM json_each($rules)) AND v.verdict IN (SELECT value FROM json_each($outcomes))
  ) OR ($errors AND EXISTS (
    SELECT 1 FROM json_each($rules) j
    WHERE NOT EXISTS (SELECT 1 FROM verdict v WHERE v.policy_id = ${policy} AND v.rule_id = j.value)
  )))`;

const observedSo = (
  among: string,
): string => `SELECT x.arn FROM role x CROSS JOIN observation y ON y.role = x.id
  WHERE x.account_id = $account ${among} AND ${isJudgedSo('y.policy')}`;

const DISPUTED_SO = `SELECT x.arn FROM role x WHERE x.account_id = $account AND x.id IN (
  SELECT d.role FROM disagreement d WHERE d.account_id = $account AND d.policy <> 0 AND ${isJudgedSo('d.policy')})`;

/** What follows the condition on `r.account_id` in a statement whose parameters are `parametersOf`. */
export function conditionsOf(
  { arn, after, judged, policies, among, disputable = false }: RoleChoice,
  hasDisputed: boolean,
): string {
  const oneOf: string[] = [];
  const arns = among === undefined ? null : isSpan(among) ? UNSTEADY : NAMED;
  if (judged !== undefined) {
    // The fewer first; whatever is disputed is not steady.
    const observed = observedSo(arns === null ? '' : `AND x.arn IN (${arns})`);
    oneOf.push(hasDisputed ? `${observed} UNION ${DISPUTED_SO}` : observed);
  } else if (arns !== null) oneOf.push(arns);
  if (policies !== undefined) oneOf.push(HAVING_POLICIES);
  if (disputable) oneOf.push(hasDisputed ? `${OF_SEVERAL_IDS} UNION ALL ${DISPUTED}` : OF_SEVERAL_IDS);
  return [
    ...(arn === undefined ? [] : ['AND r.arn = $arn']),
    ...(after === undefined ? [] : ['AND r.arn > $after']),
    ...oneOf.map((arns) => `AND r.arn IN (${arns})`),
  ].join(' ');
}

export function parametersOf(
  account: string,
  { arn, after, judged, policies, among }: RoleChoice,
): Record<string, string | number> {
  const { first, last } = among !== undefined && isSpan(among) ? among : { first: '', last: '' };
  return {
    account,
    arn: arn ?? '',
    after: after ?? '',
    rules: JSON.stringify(judged?.rules ?? []),
    outcomes: JSON.stringify(judged?.outcomes ?? []),
    errors: judged?.outcomes.includes('error') === true ? 1 : 0,
    policies: JSON.stringify(policies ?? []),
    arns: JSON.stringify(among === undefined || isSpan(among) ? [] : among),
    first,
    last,
  };
}

function isSpan(among: readonly string[] | Span): among is Span {
  return !Array.isArray(among);
}
