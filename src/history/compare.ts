import type { Outcome } from '../audit/verdict.ts';
import type { JudgedVerdict } from '../store/policy-reader.ts';
import type { ObservationRow } from '../store/role-reader.ts';
import { type Change, type ChangeCause, causeOfResolution } from './change.ts';
import { exposureOf, type Judge } from './judging.ts';
import type { KnownRole } from './nameless.ts';
import { type CurrentRole, currentRoles, type Look, standingAt, worstOf } from './standing.ts';

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
  /** Files of one moment disagree on the role, at one of the looks. */
  readonly disputed: boolean;
  readonly roleName: string;
  /** What the rule says at the earlier look; null as `fromVerdict`. */
  readonly past: JudgedVerdict | null;
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
  roles: readonly KnownRole[],
  looks: Looks,
  rules: readonly ComparedRule[],
): Iterable<FindingChange> {
  const before = looks.from === null ? [] : currentRoles(roles, looks.from);
  const after = looks.to === null ? [] : currentRoles(roles, looks.to);
  const pairs = pairUp(before, after, roles, looks.to?.at ?? '');
  const hasSuccessor = pairs.some(([old]) => old === null);
  for (const rule of rules) {
    for (const [old, present] of pairs) {
      const change = comparePair(old, present, { ...looks, ...rule, roles, before, hasSuccessor });
      if (change !== null) yield change;
    }
  }
}

/** The same role at both looks: by its id, or because it took over what was seen of it without one. */
function pairUp(
  before: readonly CurrentRole[],
  after: readonly CurrentRole[],
  roles: readonly KnownRole[],
  at: string,
): (readonly [old: CurrentRole | null, present: CurrentRole | null])[] {
  const left = [...after];
  const take = (matches: (role: CurrentRole) => boolean): CurrentRole | null => {
    const index = left.findIndex(matches);
    return index < 0 ? null : (left.splice(index, 1)[0] ?? null);
  };
  // Of two without an id one can have turned out to be a role that was gone before the other came.
  const takerOf = (current: CurrentRole): KnownRole | undefined =>
    current.role.roleId === '' ? roles.find((role) => tookOver(role, current, at)) : undefined;
  const same = before.map((old) =>
    take((one) => one.role.roleId === old.role.roleId && takerOf(one) === takerOf(old)),
  );
  const pairs = before.map(
    (old, index) => [old, same[index] ?? take((one) => tookOver(one.role, old, at))] as const,
  );
  return [...pairs, ...left.map((present) => [null, present] as const)];
}

/** True when by that time the role was seen to be the one that had no id. */
function tookOver({ nameless, observations }: KnownRole, { shown }: CurrentRole, by: string): boolean {
  if (nameless === undefined) return false;
  return shown.some(
    (row) =>
      nameless.includes(row) &&
      observations.some(({ policy, first }) => policy !== null && first > row.last && first <= by),
  );
}

interface PairContext extends Looks, ComparedRule {
  readonly roles: readonly KnownRole[];
  /** The roles of the ARN at the earlier look. */
  readonly before: readonly CurrentRole[];
  /** The ARN has a role at the later look that the earlier does not have. */
  readonly hasSuccessor: boolean;
}

function comparePair(
  old: CurrentRole | null,
  present: CurrentRole | null,
  context: PairContext,
): FindingChange | null {
  const { from, to, judgeFrom, judgeTo, rule } = context;
  const before = verdictOn(old, judgeFrom);
  const after = verdictOn(present, judgeTo);
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
    disputed: isDisputed(old) || isDisputed(present),
    roleName,
    past: known.from ? before : null,
    present: known.to ? after : null,
  });

  if (from === null || to === null) return say('not-comparable', 'account-not-covered');
  if (judgeFrom === null || judgeTo === null) return say('not-comparable', 'rule-changed');
  const { hasSuccessor } = context;
  // The same capture on both sides: whatever it leaves open, nothing can have changed.
  const strict = context.strict && from.at !== to.at;
  // A finding that is gone was there, if only as last seen.
  const isGone = before?.verdict === 'fail' && after?.verdict !== 'fail' && after?.verdict !== 'error';
  const known = {
    from:
      old === null
        ? !strict || isKnownAbsent(present, from, context)
        : !strict || isGone || isFresh(old, from, null),
    // What stood goes on standing until something proves the contrary, so what does not stand any more is gone.
    to: present === null || !strict || isFresh(present, to, from.at),
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
  return say(change, hadRoleBefore(found, from, context.roles) ? 'role-recreated' : 'role-created');
}

const KNOWN = { from: true, to: true };

function verdictOn(role: CurrentRole | null, judge: Judge | null): JudgedVerdict | null {
  if (role === null || judge === null) return null;
  return judge(worstOf(role, judge).policy);
}

function isDisputed(role: CurrentRole | null): boolean {
  return role !== null && role.disputes.length > 0;
}

/** True when the look knows the role, or at least something newer of it than `since`. */
function isFresh({ at }: CurrentRole, { gapAt }: Look, since: string | null): boolean {
  return gapAt === null || at >= gapAt || (since !== null && at > since);
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
  if (present?.life.some(({ policy, first }) => policy !== null && first <= look.at)) return true;
  return roles.some(({ roleId, observations }) => {
    const last = standingAt(observations, look);
    if (last === null || last.rows.some(({ policy }) => policy !== null)) return false;
    // That an id which nobody ever saw is gone says nothing of others.
    const wasSeen =
      roleId === '' || observations.some(({ policy, first }) => policy !== null && first < last.at);
    return wasSeen && (look.gapAt === null || last.at >= look.gapAt);
  });
}

/** Whether the finding was there at some time not after `at`, under the same rule. */
function failedBy(at: string, life: readonly ObservationRow[], now: JudgedVerdict, judge: Judge): boolean {
  return life.some((row) => {
    if (row.policy === null || row.first > at) return false;
    const judged = judge(row.policy);
    return judged?.verdict === 'fail' && judged.ruleDigest === now.ruleDigest;
  });
}

/** Whether the ARN had another role earlier, or, where exports have no ids, had one that was gone at the earlier look. */
function hadRoleBefore({ role, at }: CurrentRole, from: Look, roles: readonly KnownRole[]): boolean {
  return roles.some(({ roleId, observations }) => {
    if (roleId === role.roleId && roleId !== '') return false;
    return observations.some((row) => {
      if (row.policy === null || role.nameless?.includes(row) === true) return false;
      return roleId === role.roleId ? row.first <= from.at : row.first < at;
    });
  });
}
