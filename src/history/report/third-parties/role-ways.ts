import { type AccountRelations, gradePath, relationsFor } from '../../../model/relations.ts';
import type { StoredVerdict } from '../../../model/report-source.ts';
import type { GradedPath } from '../../../model/verdict.ts';
import type { AccountLook, StoreReader } from '../../../store/index.ts';
import { daysBehind } from '../../completeness/completeness.ts';
import { GUARDED_RULE, heldJudgeOf } from '../../guardrails/guardrails.ts';
import type { CurrentRole } from '../../look/current-roles.ts';
import { judgeOf, worstOf } from '../../look/judge.ts';
import { standingRoles } from '../../look/standing-roles.ts';
import type { Asked } from '../asked.ts';
import { VerdictBuilder } from '../verdict-object.ts';

/** A verdict that says who gets into a role, or that leaves it open. */
export interface RoleWays extends Pick<StoredVerdict, 'object' | 'ways' | 'policy'> {
  /** Name of the owning account. */
  readonly ownerName: string | null;
  /** Of the owning account, see `AccountRow`. */
  readonly carriedForward: number | null;
  /** The first time at which evidence shows a trust policy of the role that lets the account in; ISO 8601 UTC. */
  firstSeen(account: string): string;
  /** What is known of an account, as it is for this role. */
  known(account: string): Pick<GradedPath, 'accountName' | 'relation'>;
}

/** Of every role that lets another account in, guarded or not, or that is undecided; by account, ARN, role id. */
export function* roleWays(asked: Asked): Iterable<RoleWays> {
  const behind = daysBehind(asked.looks(), asked.staleAfter);
  for (const look of asked.looks()) yield* waysInto(asked, look, behind(look.at));
}

function* waysInto(asked: Asked, look: AccountLook, carriedForward: number | null): Iterable<RoleWays> {
  const { reader, asOf } = asked;
  const { account } = look;
  const guardrails = asked.guardrails(look);
  const relations = asked.relations();
  const shared = asked.sharedExternalIds();
  const builder = new VerdictBuilder(reader, relations, account, asOf, shared, guardrails);
  const judge = heldJudgeOf(reader, account, GUARDED_RULE, guardrails);
  const policies = reader.currentPolicies(look)?.flatMap(({ policy }) => {
    return letsNobodyIn(reader, account, policy) ? [] : [policy];
  });
  for (const current of standingRoles(reader, look, { policies })) {
    const { policy } = worstOf(current, judge);
    if (letsNobodyIn(reader, account, policy)) continue;
    const { object, ways } = builder.build(current, GUARDED_RULE, null);
    const suppressedBy = asked.exceptions.suppressing(object);
    yield {
      object: { ...object, suppressedBy },
      ways,
      get policy() {
        return reader.policyDocument(policy);
      },
      ownerName: look.name,
      carriedForward,
      firstSeen: (outside) => firstSeen(reader, account, current, outside) ?? object.firstSeen,
      known: (outside) => knownOf(outside, relationsFor(relations, account)),
    };
  }
}

function letsNobodyIn(reader: StoreReader, account: string, policy: number): boolean {
  const judged = reader.outcomes(policy, account).get(GUARDED_RULE);
  return judged !== undefined && judged.verdict !== 'error' && !judged.hasWays;
}

/** Null where no trust policy ever named the account: guardrails can leave one of many. */
function firstSeen(
  reader: StoreReader,
  account: string,
  current: CurrentRole,
  outside: string,
): string | null {
  const judge = judgeOf(reader, account, GUARDED_RULE);
  let first: string | null = null;
  for (const row of current.allRows) {
    if (row.policy === null || (first !== null && row.first >= first)) continue;
    const paths = judge({ ...row, policy: row.policy }, current)?.paths ?? [];
    if (paths.some((path) => path.account === outside)) first = row.first;
  }
  return first === null ? null : `${first}Z`;
}

function knownOf(account: string, relations: AccountRelations): Pick<GradedPath, 'accountName' | 'relation'> {
  return gradePath({ statement: 0, sid: null, principal: account, account, guards: [] }, relations);
}
