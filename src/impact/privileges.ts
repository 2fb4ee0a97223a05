import type { Truth } from '../iam/conditions/truth.ts';
import { excerpt } from '../model/role-arn.ts';
import type { Privileges } from '../model/role-detail.ts';
import {
  BOUNDARY_CHANGES,
  BOUNDARY_SOURCE,
  DELETE_INLINE,
  DETACH,
  DETACH_SOURCE,
  ESCALATIONS,
  type Escalation,
  type Needed,
  REWRITE,
  SOURCES,
} from './escalations.ts';
import type { Statement } from './identity-policy.ts';
import { DOCUMENTED_ON } from './known-policies.ts';
import { type Answer, allowedBy, everythingBy, mayAllow, nothingBy, type Policy } from './permissions.ts';
import { parseResource } from './resource-pattern.ts';
import { type JudgedRole, targetsOf } from './targets.ts';
import { fullWork, type Work } from './work.ts';

/** All that the evidence shows of what a role may do. */
export interface Evidence {
  readonly role: JudgedRole;
  readonly policies: readonly Policy[];
  /** Null: it has none. */
  readonly boundary: Policy | null;
}

export interface Outcome {
  readonly privileges: Privileges;
  /** One sentence. */
  readonly why: string;
}

const ADMINISTRATOR_PAGE =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html#jf_administrator';

/** Throws TooMuchWork. */
export function privilegesOf(evidence: Evidence): Outcome {
  const { policies, boundary } = evidence;
  const work = fullWork();
  const outcome = isOpen(evidence) ? OPEN : judge(evidence, true, work);
  const unknown = [...policies, ...(boundary === null ? [] : [boundary])].find(
    (policy) => policy.statements === null,
  );
  if (outcome.privileges !== 'unknown' || unknown === undefined) return sentence(outcome);
  // What the rest says is worth telling: the first thing to look at is what is missing.
  const rest = judge(
    {
      ...evidence,
      policies: policies.filter(({ statements }) => statements !== null),
      boundary: boundary?.statements === null ? null : boundary,
    },
    true,
    work,
  );
  const strong = rest.privileges === 'administrator' || rest.privileges === 'can-become-administrator';
  const why = strong ? `${isUnknown(unknown)}, which may take back that ${rest.why}` : isUnknown(unknown);
  return sentence({ privileges: 'unknown', why });
}

const OPEN: Outcome = { privileges: 'unknown', why: '' };

/** Is there a policy that may allow anything, and nothing that takes any of it back? Then there is nothing to decide. */
function isOpen({ policies, boundary }: Evidence): boolean {
  return (
    boundary === null &&
    policies.some(({ statements }) => statements === null) &&
    !policies.some(({ statements }) => statements?.some(({ effect }) => effect !== 'Allow') === true)
  );
}

function sentence({ privileges, why }: Outcome): Outcome {
  return { privileges, why: `${why.charAt(0).toUpperCase()}${why.slice(1)}.` };
}

function isUnknown({ name, source }: Policy): string {
  if (source === 'unlisted') return `the evidence does not show ${name}`;
  if (source === 'unreadable') return `the text of ${named(name)} cannot be read as a policy`;
  return `the evidence does not hold the text of ${named(name)}`;
}

/** @param changesItself whether ways count by which the role gives itself permissions */
function judge(evidence: Evidence, changesItself: boolean, work: Work): Outcome {
  const { policies, boundary } = evidence;
  const everything = everythingBy(policies, work);
  if (everything !== null && (boundary === null || everythingBy([boundary], work) !== null)) {
    const allows = everything.length === 1 ? 'allows' : 'allow';
    return {
      privileges: 'administrator',
      why: `${toldAll(everything)} ${allows} every action on every resource${pages(everything, ADMINISTRATOR_PAGE)}`,
    };
  }
  if (policies.length === 0) return { privileges: 'none', why: 'it has no policies' };
  const known = [...policies, ...(boundary === null ? [] : [boundary])].filter(
    ({ source }) => source === 'documented',
  );
  const basis = known.length === 0 ? '' : `, with ${toldAll(known)}`;
  if (nothingBy(policies, null, work)) {
    return { privileges: 'none', why: `its policies allow nothing${basis}${pages(known)}` };
  }
  if (boundary !== null && nothingBy([boundary], null, work)) {
    const why = `its permissions boundary ${named(boundary.name)} allows nothing${basis}${pages(known)}`;
    return { privileges: 'none', why };
  }
  if (boundary !== null && nothingBy(policies, boundary, work)) {
    const why = `its permissions boundary ${named(boundary.name)} allows nothing of what its policies allow${basis}${pages(known)}`;
    return { privileges: 'none', why };
  }
  let open: string | null = null;
  for (const escalation of ESCALATIONS) {
    if (escalation.reaches === 'role' && !changesItself) continue;
    const { truth, by } = escalationTruth(escalation, evidence, work);
    if (truth === 'no') continue;
    if (truth === 'yes') return { privileges: 'can-become-administrator', why: certainly(escalation, by) };
    open ??= possibly(escalation, by);
  }
  const freed = withoutBoundary(evidence, changesItself, work);
  if (freed.truth === 'yes') return { privileges: 'can-become-administrator', why: freed.why };
  if (freed.truth === 'unknown') open ??= freed.why;
  const undenied = withoutDenies(evidence, changesItself, work);
  if (undenied.truth === 'yes') return { privileges: 'can-become-administrator', why: undenied.why };
  if (undenied.truth === 'unknown') open ??= undenied.why;
  if (open !== null) return { privileges: 'unknown', why: open };
  return {
    privileges: 'limited',
    why: `its policies allow none of the documented ways to become an administrator${basis}${pages(known, SOURCES)}`,
  };
}

function certainly({ needs, leadsTo, source }: Escalation, by: readonly Policy[]): string {
  const allows = by.length === 1 ? 'allows' : 'allow';
  return `${toldAll(by)} ${allows} ${permissions(needs)}, with which it can ${leadsTo}${pages(by, source)}`;
}

function possibly({ needs, leadsTo, reaches, source }: Escalation, by: readonly Policy[]): string {
  const way = `${permissions(needs)}, with which it could ${leadsTo}${pages(by, source)}`;
  if (reaches === 'depends') {
    return `${toldAll(by)} may allow ${way}; whether that makes it an administrator, its policies do not show`;
  }
  const undefinedPart = by.some(({ statements }) => statements?.some(({ certain }) => !certain));
  const decider = undefinedPart
    ? 'a statement that AWS does not define, or that is damaged,'
    : 'a condition, a variable or the choice of resources';
  return `${decider} in ${toldAll(by)} decides whether it is allowed ${way}`;
}

interface Weighed {
  readonly truth: Truth;
  /** The policies that decide, each once. */
  readonly by: readonly Policy[];
}

function escalationTruth(escalation: Escalation, evidence: Evidence, work: Work): Weighed {
  // Most policies allow one of several actions at most.
  if (!escalation.needs.every(({ action }) => mayAllow(evidence.policies, action, work)))
    return { truth: 'no', by: [] };
  const by = new Set<Policy>();
  let truth: Truth = 'yes';
  for (const needed of escalation.needs) {
    const answer = neededTruth(needed, escalation.passedTo, evidence, work);
    if (answer.truth === 'no') return { truth: 'no', by: [] };
    if (answer.truth === 'unknown' && truth === 'yes') {
      truth = 'unknown';
      by.clear();
    }
    if (answer.by !== null && answer.truth === truth) by.add(answer.by);
  }
  if (escalation.reaches === 'depends') truth = 'unknown';
  if (escalation.reaches !== 'role') return { truth, by: [...by] };
  // What it gives itself stays within its boundary, and what a policy of it denies stays denied.
  const after = judge({ ...evidence, policies: [EVERYTHING, ...evidence.policies] }, false, work).privileges;
  if (after === 'none' || after === 'limited') return { truth: 'no', by: [] };
  return { truth: after === 'unknown' ? 'unknown' : truth, by: [...by] };
}

const EVERYTHING: Policy = {
  name: '',
  statements: [
    {
      effect: 'Allow',
      certain: true,
      actions: ['*'],
      exceptActions: false,
      resources: [parseResource('*')],
      exceptResources: false,
      conditions: [],
    },
  ],
  source: 'text',
  url: null,
};

/** Both the role's policies and its boundary must allow it, for one of the targets. */
function neededTruth(needed: Needed, passedTo: string | null, evidence: Evidence, work: Work): Answer {
  let best: Answer = { truth: 'no', by: null };
  if (!mayAllow(evidence.policies, needed.action, work)) return best;
  const known = evidence.role.partition === 'aws-cn' ? null : passedTo;
  for (const target of targetsOf(needed, evidence.role)) {
    const question = { action: needed.action, target, passedTo: known };
    let answer = allowedBy(evidence.policies, question, work);
    if (answer.truth !== 'no' && evidence.boundary !== null) {
      const within = allowedBy([evidence.boundary], question, work);
      if (within.truth !== 'yes') answer = within;
    }
    if (answer.truth === 'yes') return answer;
    if (answer.truth === 'unknown' && best.truth === 'no') best = answer;
  }
  return best;
}

/** Is it more when it takes off what holds it back? */
interface Freed {
  readonly truth: Truth;
  /** Empty where it is not. */
  readonly why: string;
}

const SHUT: Freed = { truth: 'no', why: '' };

/** Can it take its boundary off or rewrite it, and what is it then? */
function withoutBoundary(evidence: Evidence, changesItself: boolean, work: Work): Freed {
  const { boundary, role } = evidence;
  if (boundary === null) return SHUT;
  const inside = `arn:${role.partition}:iam::${role.account}:policy/`;
  const rewritten = boundary.name.startsWith(inside) ? [boundary.name] : [];
  const changes: readonly (readonly [Needed, JudgedRole])[] = [
    ...BOUNDARY_CHANGES.map((action) => [{ action, on: 'role-itself' }, role] as const),
    [
      { action: REWRITE, on: 'own-policy' },
      { ...role, ownPolicies: rewritten },
    ],
  ];
  let found: Truth = 'no';
  let why = '';
  for (const [needed, asked] of changes) {
    const { truth, by } = neededTruth(needed, null, { ...evidence, role: asked }, work);
    if (truth === 'no') continue;
    const freed = judge({ ...evidence, boundary: null }, changesItself, work);
    if (freed.privileges === 'none' || freed.privileges === 'limited') continue;
    const certain = truth === 'yes' && freed.privileges !== 'unknown';
    const change = `${permissions([needed])}, with which it can take off or rewrite its permissions boundary (${BOUNDARY_SOURCE})`;
    if (certain) return { truth: 'yes', why: `it is allowed ${change}, and ${freed.why}` };
    if (found === 'no') why = `it may be allowed ${change}${by === null ? '' : `, by ${told(by)}`}`;
    found = 'unknown';
  }
  return { truth: found, why };
}

/**
 * Would it be more without the Denies of policies that it may be able to take off? Certain where it may, and they say nothing
 * else: what goes with the Denies of others, their Allows, is kept.
 */
function withoutDenies(evidence: Evidence, changesItself: boolean, work: Work): Freed {
  const taken: { readonly policy: Policy; readonly action: string; readonly certain: boolean }[] = [];
  for (const policy of evidence.policies) {
    if (!policy.statements?.some(isDeny)) continue;
    const action = policy.name.startsWith('inline:') ? DELETE_INLINE : DETACH;
    const { truth } = neededTruth({ action, on: 'role-itself' }, null, evidence, work);
    if (truth === 'no') continue;
    taken.push({ policy, action, certain: truth === 'yes' && policy.statements.every(isDeny) });
  }
  const without = (those: typeof taken): Outcome => {
    const gone = new Set(those.map(({ policy }) => policy));
    const policies = evidence.policies.map((policy) =>
      gone.has(policy)
        ? { ...policy, statements: (policy.statements ?? []).filter((statement) => !isDeny(statement)) }
        : policy,
    );
    return judge({ ...evidence, policies }, changesItself, work);
  };
  const change = (first: (typeof taken)[number]): string =>
    permissions([{ action: first.action, on: 'role-itself' }]);
  const certain = taken.filter((one) => one.certain);
  const [sure] = certain;
  if (sure !== undefined) {
    const { privileges, why } = without(certain);
    if (privileges === 'administrator' || privileges === 'can-become-administrator') {
      const means = `it is allowed ${change(sure)}, with which it can take off ${named(sure.policy.name)} and what that denies (${DETACH_SOURCE})`;
      return { truth: 'yes', why: `${means}, and ${why}` };
    }
  }
  const [first] = taken;
  if (first === undefined) return SHUT;
  const { privileges } = without(taken);
  if (privileges === 'none' || privileges === 'limited') return SHUT;
  const why = `it may be allowed ${change(first)}, with which it could take off ${named(first.policy.name)} and what that denies (${DETACH_SOURCE})`;
  return { truth: 'unknown', why };
}

function isDeny({ effect }: Statement): boolean {
  return effect === 'Deny';
}

const WHERE: Readonly<Record<Needed['on'], string>> = {
  'role-itself': 'on the role itself',
  'own-policy': 'on a policy of its own',
  policies: 'on customer managed policies',
  'other-roles': 'on other roles',
  users: 'on users',
  groups: 'on groups',
  all: '',
};

/** "`iam:PassRole` on other roles and `ec2:RunInstances`". */
function permissions(list: readonly Needed[]): string {
  const parts: string[] = [];
  list.forEach(({ action, on }, index) => {
    const where = list[index + 1]?.on === on || WHERE[on] === '' ? '' : ` ${WHERE[on]}`;
    parts.push(`\`${action}\`${where}`);
  });
  return parts.length < 3 ? parts.join(' and ') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function toldAll(policies: readonly Policy[]): string {
  return policies.map(told).join(' and ');
}

function told({ name, source }: Policy): string {
  return source === 'documented' ? `${named(name)} as AWS documented it by ${DOCUMENTED_ON}` : named(name);
}

/** The pages to read, in brackets: those about policies whose text the evidence does not have, then the others. */
function pages(policies: readonly Policy[], ...sources: readonly string[]): string {
  const all = [...policies.flatMap(({ url }) => (url === null ? [] : [url])), ...sources];
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}

function named(name: string): string {
  return `\`${excerpt(name)}\``;
}
