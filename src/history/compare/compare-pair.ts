import { type CurrentRole, lastKnownAt } from '../look/current-roles.ts';
import { exposureOf, type HeldVerdict, type Judge, trustOf, worstOf } from '../look/judge.ts';
import type { Look } from '../look/looks.ts';
import { type KnownRole, tookOver } from '../look/nameless.ts';
import {
  type Change,
  type ChangeCause,
  causeOfResolution,
  type FindingChange,
  letsMoreIn,
} from './change.ts';

/** Two looks at one account, or at one ledger; null where it is not covered. */
export interface LookPair {
  readonly from: Look | null;
  readonly to: Look | null;
}

export interface ComparedLooks extends LookPair {
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
  /** What it says with the guardrails that were in force when the account was as it was at a column time. */
  readonly judgeAt: (at: string) => Judge;
}

export interface PairContext extends ComparedLooks, ComparedRule {
  readonly roles: readonly KnownRole[];
  /** The roles of the ARN at the earlier look. */
  readonly before: readonly CurrentRole[];
  /** The ARN has a role at the later look that the earlier does not have. */
  readonly hasSuccessor: boolean;
}

/** The same role at both looks; null where it is not there. */
export interface RolePair {
  readonly old: CurrentRole | null;
  readonly present: CurrentRole | null;
}

/** A pair of which both looks and the rule know. */
interface Comparable extends RolePair {
  readonly from: Look;
  readonly to: Look;
  readonly before: HeldVerdict | null;
  readonly after: HeldVerdict | null;
  readonly context: PairContext;
}

/** What became of a finding, why, and which of its sides are known. */
type Told = readonly [change: Change, cause: ChangeCause | null, known?: KnownSides];

interface KnownSides {
  readonly from: boolean;
  readonly to: boolean;
}

/** Null for a pair that fails on neither side. */
export function comparePair(pair: RolePair, context: PairContext): FindingChange | null {
  const { old, present } = pair;
  const [before, policyBefore] = verdictOn(old, context.judgeFrom);
  const [after, policyAfter] = verdictOn(present, context.judgeTo);
  if (before?.verdict !== 'fail' && after?.verdict !== 'fail') return null;
  const { arn, roleId, roleName } = (present ?? (old as CurrentRole)).role;
  const [change, cause, known = BOTH] = compareCovered(pair, before, after, context);
  return {
    change,
    cause,
    rule: context.rule,
    arn,
    roleId,
    fromVerdict: known.from ? (before?.verdict ?? null) : null,
    toVerdict: known.to ? (after?.verdict ?? null) : null,
    stood: before?.verdict ?? null,
    baseline: context.from === null,
    disputed: isDisputed(old) || isDisputed(present),
    roleName,
    past: known.from ? before : null,
    present: known.to ? after : null,
    pastPolicy: known.from ? policyBefore : null,
    presentPolicy: known.to ? policyAfter : null,
  };
}

const BOTH: KnownSides = { from: true, to: true };

function compareCovered(
  pair: RolePair,
  before: HeldVerdict | null,
  after: HeldVerdict | null,
  context: PairContext,
): Told {
  const { from, to, judgeFrom, judgeTo } = context;
  if (from === null || to === null) return ['not-comparable', 'account-not-covered'];
  if (judgeFrom === null || judgeTo === null) return ['not-comparable', 'rule-changed'];
  const comparable = { ...pair, from, to, before, after, context };
  return whyNotComparable(comparable) ?? tellBySameEvidence(comparable);
}

function whyNotComparable(comparable: Comparable): Told | null {
  const { old, present, before, after } = comparable;
  const known = knownSides(comparable);
  if (!known.from || !known.to) return ['not-comparable', 'incomplete-evidence', known];
  if ((old !== null && before === null) || (present !== null && after === null)) {
    return ['not-comparable', 'rule-changed'];
  }
  if (before?.verdict === 'error' || after?.verdict === 'error') {
    return ['not-comparable', 'incomplete-evidence'];
  }
  const isOtherRule = before !== null && after !== null && before.ruleDigest !== after.ruleDigest;
  return isOtherRule ? ['not-comparable', 'rule-changed'] : null;
}

function knownSides({ old, present, from, to, before, after, context }: Comparable): KnownSides {
  // The same capture on both sides: whatever it leaves open, nothing can have changed.
  const strict = context.strict && from.at !== to.at;
  // A finding that is gone was there, if only as last seen.
  const isGone = before?.verdict === 'fail' && after?.verdict !== 'fail' && after?.verdict !== 'error';
  return {
    from:
      old === null
        ? !strict || isKnownAbsent(present, from, context)
        : !strict || isGone || isFresh(old, from),
    // What stood goes on standing until something proves the contrary, so what does not stand any more is gone.
    to:
      present === null || !strict || isFresh(present, to) || (present.at > from.at && hasCome(before, after)),
  };
}

/** What was seen to come since the earlier look is told, also where a later cut capture does not show the role. */
function hasCome(before: HeldVerdict | null, after: HeldVerdict | null): boolean {
  if (after?.verdict !== 'fail') return false;
  return before?.verdict !== 'fail' || letsMoreIn(before, after);
}

/**
 * Guardrails that are known at one of the looks only say nothing of what changed between the two: what the trust
 * policies alone do not tell is then not comparable.
 */
function tellBySameEvidence(comparable: Comparable): Told {
  const { before, after } = comparable;
  const told = compareVerdicts(comparable);
  if (before === null || after === null || told[0] === 'unchanged') return told;
  if ((before.heldBy?.known === true) === (after.heldBy?.known === true)) return told;
  const [trustBefore, trustAfter] = [trustOf(before), trustOf(after)];
  const isFinding = trustBefore.verdict === 'fail' || trustAfter.verdict === 'fail';
  const alone = isFinding ? compareVerdicts({ ...comparable, before: trustBefore, after: trustAfter }) : null;
  return alone?.[0] === told[0] ? told : ['not-comparable', 'guardrails-unknown'];
}

function compareVerdicts({ old, present, from, before, after, context }: Comparable): Told {
  if (before?.verdict === 'fail' && after?.verdict === 'fail') {
    const same = exposureOf(before) === exposureOf(after);
    if (same) return ['unchanged', null];
    const isSameTrust = exposureOf(trustOf(before)) === exposureOf(trustOf(after));
    return ['changed', isSameTrust ? 'guardrail-changed' : 'policy-changed'];
  }
  if (before?.verdict === 'fail') {
    if (after !== null && trustOf(after).verdict === 'fail') return ['resolved', 'guardrail-added'];
    if (after !== null) return ['resolved', causeOfResolution(before, after)];
    // A name is used once within an account: another role of this ARN took the place of this one.
    return ['resolved', context.hasSuccessor ? 'role-recreated' : 'role-deleted'];
  }
  const found = present as CurrentRole;
  const change = failedBy(from.at, found, after as HeldVerdict, context) ? 'reopened' : 'new';
  if (before !== null && trustOf(before).verdict === 'fail') return [change, 'guardrail-removed'];
  if (old !== null) return [change, 'policy-changed'];
  return [change, hadRoleBefore(found, from, context.roles) ? 'role-recreated' : 'role-created'];
}

/** With the policy that it is of. */
function verdictOn(
  role: CurrentRole | null,
  judge: Judge | null,
): readonly [verdict: HeldVerdict | null, policy: number | null] {
  if (role === null || judge === null) return NOTHING;
  const shown = worstOf(role, judge);
  return [judge(shown, role), shown.policy];
}

const NOTHING = [null, null] as const;

function isDisputed(role: CurrentRole | null): boolean {
  return role !== null && role.disputes.length > 0;
}

/** True when the look knows the role: no later capture was cut so that it may have hidden a change. */
function isFresh({ at }: CurrentRole, { gapAt }: Look): boolean {
  return gapAt === null || at >= gapAt;
}

/** True when the earlier look proves that the role which the later one shows was not there. */
function isKnownAbsent(
  present: CurrentRole | null,
  look: Look,
  { roles, before }: Pick<PairContext, 'roles' | 'before'>,
): boolean {
  // A name is used once within an account, so where another role stands this one does not.
  if (look.complete || before.length > 0) return true;
  // It was seen by then and does not stand, so it had been proved gone.
  if (present?.allRows.some(({ policy, first }) => policy !== null && first <= look.at)) return true;
  return roles.some(({ roleId, observations }) => {
    const last = lastKnownAt(observations, look);
    if (last === null || last.rows.some(({ policy }) => policy !== null)) return false;
    // That an id which nobody ever saw is gone says nothing of others.
    const wasSeen =
      roleId === '' || observations.some(({ policy, first }) => policy !== null && first < last.at);
    return wasSeen && (look.gapAt === null || last.at >= look.gapAt);
  });
}

/** Whether the finding was there at some time not after `at`, under the same rule. */
function failedBy(at: string, role: CurrentRole, now: HeldVerdict, { judgeAt }: ComparedRule): boolean {
  return role.allRows.some((row) => {
    const { policy, first, last } = row;
    if (policy === null || first > at) return false;
    // Guardrails can come and go while a role stays as it is; they are asked for at both ends.
    return [first, last < at ? last : at].some((time) => {
      const judged = judgeAt(time)({ ...row, policy }, { role: role.role, at: time });
      return judged?.verdict === 'fail' && judged.ruleDigest === now.ruleDigest;
    });
  });
}

/** Whether the ARN had another role earlier, or, where exports have no ids, had one that was gone at the earlier look. */
function hadRoleBefore({ role, at }: CurrentRole, from: Look, roles: readonly KnownRole[]): boolean {
  return roles.some(({ roleId, observations }) => {
    if (roleId === role.roleId && roleId !== '') return false;
    return observations.some((row) => {
      if (row.policy === null || tookOver(role, row, at)) return false;
      return roleId === role.roleId ? row.first <= from.at : row.first < at;
    });
  });
}
