import type { Outcome } from '../audit/verdict.ts';
import type { JudgedVerdict } from '../store/policy-reader.ts';
import type { ObservationRow, ObservedRole } from '../store/role-reader.ts';
import { type Change, type ChangeCause, causeOfResolution } from './change.ts';
import { exposureOf, type Judge } from './judging.ts';
import { type CurrentRole, currentRoles, isSameRole, type Look, standingAt } from './standing.ts';

/** What became of a finding between two looks at its account. */
export interface FindingChange {
  readonly change: Change;
  /** Null when unchanged. */
  readonly cause: ChangeCause | null;
  readonly rule: string;
  readonly arn: string;
  readonly roleId: string;
  /** Null where the role did not exist, or where it or its verdict is not known. */
  readonly fromVerdict: Outcome | null;
  readonly toVerdict: Outcome | null;
  /** The verdict of the earlier side as last seen, also where that look leaves open whether it still held. */
  readonly stood: Outcome | null;
  /** There is no earlier look at the account and rule. */
  readonly baseline: boolean;
  readonly roleName: string;
  /** What the rule says at the later look; null as `toVerdict`. */
  readonly present: JudgedVerdict | null;
}

/** Two looks at one account, or at one ledger; null where it is not covered. */
export interface Looks {
  readonly from: Look | null;
  readonly to: Look | null;
  /**
   * True: where a look does not show a role and proves nothing, the finding is not comparable. False: the role is
   * then taken to be as last seen, so that over many looks every event is told once, when the evidence shows it.
   */
  readonly strict: boolean;
}

export interface ComparedRule {
  readonly rule: string;
  /** What the rule says at either look; null when it did not judge there. */
  readonly judgeFrom: Judge | null;
  readonly judgeTo: Judge | null;
}

/**
 * Compares the findings of the roles of one ARN, which come by role id, rule by rule. A finding that is on neither
 * side gives nothing.
 */
export function* compareArn(
  roles: readonly ObservedRole[],
  looks: Looks,
  rules: readonly ComparedRule[],
): Iterable<FindingChange> {
  const before = looks.from === null ? [] : currentRoles(roles, looks.from);
  const after = looks.to === null ? [] : currentRoles(roles, looks.to);
  const pairs = pairUp(before, after);
  const hasSuccessor = pairs.some(([old]) => old === null);
  for (const rule of rules) {
    for (const [old, present] of pairs) {
      const change = comparePair(old, present, { ...looks, ...rule, roles, hasSuccessor });
      if (change !== null) yield change;
    }
  }
}

/** The same role at both looks; an export without ids is held to speak of the one role there is. */
function pairUp(
  before: readonly CurrentRole[],
  after: readonly CurrentRole[],
): (readonly [old: CurrentRole | null, present: CurrentRole | null])[] {
  const left = [...after];
  const take = (matches: (role: CurrentRole) => boolean): CurrentRole | null => {
    const index = left.findIndex(matches);
    return index < 0 ? null : (left.splice(index, 1)[0] ?? null);
  };
  const same = before.map((old) => take((one) => one.role.roleId === old.role.roleId));
  const pairs = before.map(
    (old, index) => [old, same[index] ?? take((one) => isSameRole(old.role.roleId, one.role))] as const,
  );
  return [...pairs, ...left.map((present) => [null, present] as const)];
}

interface PairContext extends Looks, ComparedRule {
  readonly roles: readonly ObservedRole[];
  /** The ARN has a role at the later look that the earlier does not have. */
  readonly hasSuccessor: boolean;
}

function comparePair(
  old: CurrentRole | null,
  present: CurrentRole | null,
  context: PairContext,
): FindingChange | null {
  const { from, to, judgeFrom, judgeTo, rule } = context;
  const before = old === null ? null : (judgeFrom?.(old.policy) ?? null);
  const after = present === null ? null : (judgeTo?.(present.policy) ?? null);
  if (before?.verdict !== 'fail' && after?.verdict !== 'fail') return null;
  const { arn, roleId, roleName } = (present ?? (old as CurrentRole)).role;
  const say = (change: Change, cause: ChangeCause | null, known = KNOWN): FindingChange => ({
    change,
    cause,
    rule,
    arn,
    roleId,
    fromVerdict: known.from ? (before?.verdict ?? null) : null,
    toVerdict: known.to ? (after?.verdict ?? null) : null,
    stood: before?.verdict ?? null,
    baseline: from === null,
    roleName,
    present: known.to ? after : null,
  });

  if (from === null || to === null) return say('not-comparable', 'account-not-covered');
  if (judgeFrom === null || judgeTo === null) return say('not-comparable', 'rule-changed');
  const { hasSuccessor } = context;
  // The same capture on both sides: whatever it leaves open, nothing can have changed.
  const strict = context.strict && from.at !== to.at;
  const known = {
    from: old === null ? isKnownAbsent(present, from, strict) : !strict || isFresh(old, from, null),
    to:
      present === null
        ? hasSuccessor || isKnownAbsent(old, to, strict)
        : !strict || isFresh(present, to, from.at),
  };
  if (!known.from || !known.to) return say('not-comparable', 'incomplete-evidence', known);
  if ((old !== null && before === null) || (present !== null && after === null)) {
    return say('not-comparable', 'rule-changed');
  }
  if (before?.verdict === 'error' || after?.verdict === 'error') {
    return say('not-comparable', 'incomplete-evidence');
  }
  if (before !== null && after !== null && before.ruleDigest !== after.ruleDigest) {
    return say('not-comparable', 'rule-changed');
  }
  if (before?.verdict === 'fail' && after?.verdict === 'fail') {
    const same = exposureOf(before) === exposureOf(after);
    return same ? say('unchanged', null) : say('changed', 'policy-changed');
  }
  if (before?.verdict === 'fail') {
    if (after !== null) return say('resolved', causeOfResolution(before, after));
    // A name is used once within an account: another role of this ARN took the place of this one.
    return say('resolved', hasSuccessor ? 'role-recreated' : 'role-deleted');
  }
  const found = present as CurrentRole;
  const change = failedBy(from.at, found.life, after as JudgedVerdict, judgeTo) ? 'reopened' : 'new';
  if (old !== null) return say(change, 'policy-changed');
  return say(change, hadRoleBefore(found, context.roles) ? 'role-recreated' : 'role-created');
}

const KNOWN = { from: true, to: true };

/** True when the look knows the role, or at least something newer of it than `since`. */
function isFresh({ standing }: CurrentRole, { gapAt }: Look, since: string | null): boolean {
  return gapAt === null || standing.at >= gapAt || (since !== null && standing.at > since);
}

/** True when the look proves that the role which the other look shows is not there. */
function isKnownAbsent(other: CurrentRole | null, look: Look, strict: boolean): boolean {
  if (look.complete || (!strict && look.completeAt !== null)) return true;
  const standing = other === null ? null : standingAt(other.life, look);
  if (standing === null || standing.row.policy !== null) return false;
  return look.gapAt === null || standing.at >= look.gapAt;
}

/** Whether the finding was there at some time not after `at`, under the same rule. */
function failedBy(at: string, life: readonly ObservationRow[], now: JudgedVerdict, judge: Judge): boolean {
  return life.some((row) => {
    if (row.policy === null || row.first > at) return false;
    const judged = judge(row.policy);
    return judged?.verdict === 'fail' && judged.ruleDigest === now.ruleDigest;
  });
}

/** Whether the ARN had another role earlier, or, where exports have no ids, had one and lost it. */
function hadRoleBefore({ role, standing }: CurrentRole, roles: readonly ObservedRole[]): boolean {
  return roles.some((other) => {
    if (role.roleId !== '' && isSameRole(role.roleId, other)) return false;
    const limit = other === role ? standing.row.first : standing.at;
    return other.observations.some((row) => row.policy !== null && row.first < limit);
  });
}
