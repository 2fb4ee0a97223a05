import type { Condition } from '../iam/conditions/parse.ts';
import { conditionTruth, type Truth } from '../iam/conditions/truth.ts';
import { globMatches, hasWildcard, parseGlob } from '../iam/glob.ts';
import { BoundedMap } from '../text/bounded-map.ts';
import { ACTIONS_ASKED_FOR } from './escalations.ts';
import type { Statement } from './identity-policy.ts';
import {
  covers,
  matchesEverything,
  meets,
  resourceTruth,
  type Target,
  widestText,
} from './resource-pattern.ts';
import { spend, type Work } from './work.ts';

/** A policy as far as its text is known. */
export interface Policy {
  /** As a report names it: an ARN, or `inline:NAME`. */
  readonly name: string;
  /** What it says; null when its text is not in the evidence, or cannot be read. */
  readonly statements: readonly Statement[] | null;
  /**
   * How what it says is known: `text`, from the evidence; `documented`, from the page of AWS about it; else why it is not.
   * `unlisted` stands for policies that the evidence does not list, with what it does not show as its name.
   */
  readonly source: 'text' | 'documented' | 'missing' | 'unreadable' | 'unlisted';
  /** The page of AWS; null where the evidence has the text, or nothing is known. */
  readonly url: string | null;
}

/** One request, or one on each resource of a kind. */
export interface Question {
  /** As AWS writes it, without wildcards. */
  readonly action: string;
  readonly target: Target;
  /** The service that a role is passed to; null where it is not known, or none is passed. */
  readonly passedTo: string | null;
}

/** `yes`: allowed on every resource asked for; `no`: on none; `unknown`: on some, under a condition, or it is not known. */
export interface Answer {
  readonly truth: Truth;
  /** The policy that allows it; where that is unknown, the first one that leaves it open. Null when none allows it. */
  readonly by: Policy | null;
}

const NO: Answer = { truth: 'no', by: null };

/** Characters of entries with wildcards that are remembered with what they mean. */
const REMEMBERED_ENTRIES = 262_144;

/**
 * What policies that stand side by side allow: an Allow of one, and a Deny of none
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 */
export function allowedBy(policies: readonly Policy[], question: Question, work: Work): Answer {
  let allows: Policy | null = null;
  let mayAllow: Policy | null = null;
  let mayDeny: Policy | null = null;
  for (const policy of policies) {
    if (policy.statements === null) {
      // A text that nobody knows may allow, and may deny.
      mayAllow ??= policy;
      mayDeny ??= policy;
      continue;
    }
    for (const statement of policy.statements) {
      const truth = statementTruth(statement, question, work);
      if (truth === 'no') continue;
      if (statement.effect === 'Deny' && truth === 'yes') return NO;
      if (statement.effect === 'Allow' && truth === 'yes') allows ??= policy;
      if (statement.effect !== 'Deny') mayAllow ??= policy;
      if (statement.effect !== 'Allow') mayDeny ??= policy;
    }
  }
  if (allows !== null)
    return mayDeny === null ? { truth: 'yes', by: allows } : { truth: 'unknown', by: mayDeny };
  return mayAllow === null ? NO : { truth: 'unknown', by: mayAllow };
}

const MAY_ALLOW = new WeakMap<readonly Policy[], ReadonlySet<string> | 'any'>();

/** False where no policy allows the action on anything, so that it need not be asked on what. `action`: one of `ACTIONS_ASKED_FOR`. */
export function mayAllow(policies: readonly Policy[], action: string, work: Work): boolean {
  let actions = MAY_ALLOW.get(policies);
  if (actions === undefined) {
    actions = actionsAllowed(policies, work);
    MAY_ALLOW.set(policies, actions);
  }
  return actions === 'any' || actions.has(action);
}

/** Of the actions that are asked for, those that some policy allows on something. */
function actionsAllowed(policies: readonly Policy[], work: Work): ReadonlySet<string> | 'any' {
  const allowed = new Set<string>();
  for (const { statements } of policies) {
    if (statements === null) return 'any';
    for (const statement of statements) {
      if (statement.effect === 'Deny') continue;
      if (!statement.certain) return 'any';
      const covered = statement.exceptActions ? new Set<string>() : allowed;
      for (const entry of statement.actions) for (const action of actionsOf(entry, work)) covered.add(action);
      if (!statement.exceptActions) continue;
      for (const action of ASKED_FOR.values()) if (!covered.has(action)) allowed.add(action);
    }
  }
  return allowed;
}

/** The actions that are asked for, by their names in lower case. */
const ASKED_FOR: ReadonlyMap<string, string> = new Map(
  [...ACTIONS_ASKED_FOR].map((action) => [action.toLowerCase(), action]),
);
const MEANT = new BoundedMap<string, readonly string[]>(REMEMBERED_ENTRIES);

/** Those of the actions that are asked for which an entry means. */
function actionsOf(entry: string, work: Work): readonly string[] {
  spend(work, 1);
  if (!hasWildcard(entry)) {
    const action = ASKED_FOR.get(entry);
    return action === undefined ? NOTHING : [action];
  }
  // As much whether or not it is remembered, so that every run decides alike.
  spend(work, entry.length * ASKED_FOR.size);
  let meant = MEANT.get(entry);
  if (meant === undefined) {
    const pattern = parseGlob(entry);
    meant = [...ASKED_FOR].flatMap(([name, action]) => (globMatches(pattern, name) ? [action] : []));
    MEANT.set(entry, meant, entry.length);
  }
  return meant;
}

const NOTHING: readonly string[] = [];

/** Does the statement speak of the requests: `yes` of all, `no` of none of them. */
function statementTruth(statement: Statement, question: Question, work: Work): Truth {
  spend(work, 1);
  if (!statement.certain) return 'unknown';
  if (!coversAction(statement, question.action.toLowerCase(), work)) return 'no';
  const conditions = conditionsTruth(statement, question);
  if (conditions === 'no') return 'no';
  const resources = resourcesTruth(statement, question.target, work);
  if (resources === 'no') return 'no';
  return conditions === 'yes' && resources === 'yes' ? 'yes' : 'unknown';
}

function coversAction(statement: Statement, action: string, work: Work): boolean {
  for (const entry of statement.actions) {
    if (entryCovers(entry, action, work)) return !statement.exceptActions;
  }
  return statement.exceptActions;
}

function entryCovers(entry: string, action: string, work: Work): boolean {
  spend(work, 1);
  if (entry === '*' || entry === action) return true;
  if (!hasWildcard(entry)) return false;
  if (entry.indexOf('*') === entry.length - 1 && !entry.includes('?')) {
    return action.startsWith(entry.slice(0, -1));
  }
  // Most are of another service.
  const first = entry[0] as string;
  if (first !== '*' && first !== action[0]) return false;
  spend(work, entry.length * action.length);
  return globMatches(parseGlob(entry), action);
}

function resourcesTruth(statement: Statement, target: Target, work: Work): Truth {
  let found: Truth = 'no';
  for (const entry of statement.resources) {
    const truth = resourceTruth(entry, target, work);
    if (truth === 'yes') return statement.exceptResources ? 'no' : 'yes';
    if (truth === 'unknown') found = 'unknown';
  }
  if (!statement.exceptResources) return found;
  // What AWS makes of a variable without a value in NotResource it does not say.
  if (statement.resources.includes(null)) return 'unknown';
  return found === 'no' ? 'yes' : found;
}

const PASS_ROLE = 'iam:PassRole';
const PASSED_TO = 'iam:passedtoservice';

/**
 * All conditions must hold. Which service a role is passed to is known of a request, and that other requests pass none
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_PassedToService);
 * of every other key nothing is.
 */
function conditionsTruth(statement: Statement, question: Question): Truth {
  let all: Truth = 'yes';
  for (const condition of statement.conditions) {
    const truth = oneTruth(condition, question, statement.effect === 'Deny' ? 'Deny' : 'Allow');
    if (truth === 'no') return 'no';
    if (truth === 'unknown') all = 'unknown';
  }
  return all;
}

function oneTruth(condition: Condition, question: Question, effect: 'Allow' | 'Deny'): Truth {
  if (condition.key !== PASSED_TO || condition.kind === 'undefined') return 'unknown';
  if (condition.kind === 'compare' && condition.comparison.family !== 'string') return 'unknown';
  if (condition.kind === 'compare' && condition.values.some(({ hasVariable }) => hasVariable))
    return 'unknown';
  if (question.action === PASS_ROLE && question.passedTo === null) return 'unknown';
  const passedTo = question.passedTo ?? undefined;
  return conditionTruth(condition, () => (question.action === PASS_ROLE ? passedTo : undefined), effect);
}

/**
 * Policies that together certainly allow every action on every resource, whatever else the policies say; null when there are
 * none, or when something may take part of it back.
 *
 * Either one statement allows Action `*` on Resource `*`, or one that has NotAction does, and others allow, on Resource `*`,
 * all that it leaves out.
 */
export function everythingBy(policies: readonly Policy[], work: Work): readonly Policy[] | null {
  const wide: { readonly policy: Policy; readonly statement: Statement }[] = [];
  for (const policy of policies) {
    if (policy.statements === null) return null;
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow') return null;
      if (isOnEverything(statement)) wide.push({ policy, statement });
    }
  }
  const whole = wide.find(({ statement }) => isEverything(statement));
  if (whole !== undefined) return [whole.policy];
  const named = wide.filter(({ statement }) => !statement.exceptActions);
  for (const { policy, statement } of wide) {
    if (!statement.exceptActions) continue;
    const rest = statement.actions.map((action) =>
      named.find((other) =>
        other.statement.actions.some((entry) => covers(parseGlob(entry), widestAction(action), work)),
      ),
    );
    if (rest.every((found) => found !== undefined)) {
      return [...new Set([policy, ...rest.map((found) => found.policy)])];
    }
  }
  return null;
}

/**
 * No request is allowed: whatever an Allow names, a Deny without a condition takes back, or no Allow of the boundary
 * reaches. False says nothing. What AWS documents of its policies is not all that they allow.
 */
export function nothingBy(policies: readonly Policy[], boundary: Policy | null, work: Work): boolean {
  const limits = boundary === null ? [] : [boundary];
  const denies = [...policies, ...limits]
    .flatMap(({ statements }) => statements ?? [])
    .filter(({ effect, certain, conditions }) => effect === 'Deny' && certain && conditions.length === 0);
  if (denies.some(isEverything)) return true;
  const within = boundary?.source === 'documented' ? null : (boundary?.statements ?? null);
  const takenBack = (action: string, resource: string): boolean =>
    denies.some((deny) => coversAll(deny, action, resource, work)) ||
    within?.every((other) => other.effect === 'Deny' || isApart(other, action, resource, work)) === true;
  const isVoid = (statement: Statement, isWhole: boolean): boolean => {
    if (statement.effect === 'Deny') return true;
    if (!statement.certain) return false;
    const actions = isWhole && !statement.exceptActions ? statement.actions : ['*'];
    const resources = statement.exceptResources ? ['*'] : statement.resources.map(widestText);
    return actions.every((action) => resources.every((resource) => takenBack(action, resource)));
  };
  return policies.every(
    ({ statements, source }) =>
      statements?.every((statement) => isVoid(statement, source !== 'documented')) === true,
  );
}

/** The statement speaks of all these requests; `*` is any text. False says nothing. */
function coversAll(statement: Statement, action: string, resource: string, work: Work): boolean {
  spend(work, 1);
  const named = widestAction(action);
  const { actions, resources } = statement;
  return (
    (statement.exceptActions
      ? !actions.some((entry) => meets(parseGlob(entry), named, work))
      : actions.some((entry) => covers(parseGlob(entry), named, work))) &&
    (statement.exceptResources
      ? resources.every((entry) => entry !== null && !meets(entry, resource, work))
      : resources.some((entry) => entry !== null && covers(entry, resource, work)))
  );
}

/** The statement speaks of none of these requests. False says nothing. */
function isApart(statement: Statement, action: string, resource: string, work: Work): boolean {
  spend(work, 1);
  if (!statement.certain) return false;
  const named = widestAction(action);
  const { actions, resources } = statement;
  return (
    (!statement.exceptActions && !actions.some((entry) => meets(parseGlob(entry), named, work))) ||
    (!statement.exceptResources && !resources.some((entry) => entry !== null && meets(entry, resource, work)))
  );
}

/** At least what the entry means, with `*` as the only wildcard. Every action has a service. */
function widestAction(entry: string): string {
  return entry === '*' ? '*:*' : entry.replaceAll('?', '*');
}

function isEverything(statement: Statement): boolean {
  return (
    isOnEverything(statement) &&
    !statement.exceptActions &&
    statement.actions.some((action) => action === '*' || action === '*:*')
  );
}

/** Its actions on every resource, without a condition. */
function isOnEverything({ certain, resources, exceptResources, conditions }: Statement): boolean {
  return certain && !exceptResources && conditions.length === 0 && resources.some(matchesEverything);
}
