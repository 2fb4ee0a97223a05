import type { Truth } from '../iam/conditions/truth.ts';
import { excerpt } from '../model/role-arn.ts';
import type { Privileges } from '../model/role-detail.ts';
import {
  BOUNDARY_CHANGES,
  BOUNDARY_SOURCE,
  ESCALATIONS,
  type Escalation,
  type Needed,
  SOURCES,
} from './escalations.ts';
import { DOCUMENTED_ON } from './known-policies.ts';
import { type Answer, allowedBy, everythingBy, nothingBy, type Policy } from './permissions.ts';
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
  const outcome = judge(evidence, true, work);
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
  const everything = everythingBy(policies);
  if (everything !== null && (boundary === null || everythingBy([boundary]) !== null)) {
    const source = everything.url ?? ADMINISTRATOR_PAGE;
    return {
      privileges: 'administrator',
      why: `${told(everything)} allows every action on every resource (${source})`,
    };
  }
  if (policies.length === 0) return { privileges: 'none', why: 'it has no policies' };
  if (nothingBy(policies)) return { privileges: 'none', why: 'its policies allow nothing' };
  if (boundary !== null && nothingBy([boundary])) {
    return { privileges: 'none', why: `its permissions boundary ${named(boundary.name)} allows nothing` };
  }
  let open: string | null = null;
  for (const escalation of ESCALATIONS) {
    if (escalation.reaches === 'role' && !changesItself) continue;
    const { truth, by } = escalationTruth(escalation, evidence, work);
    if (truth === 'no') continue;
    if (truth === 'yes') {
      const why = `${by.map(told).join(' and ')} ${by.length === 1 ? 'allows' : 'allow'} ${needs(escalation.needs)}, with which it can ${escalation.leadsTo} (${escalation.source})`;
      return { privileges: 'can-become-administrator', why };
    }
    open ??= `whether it is allowed ${needs(escalation.needs)} depends on ${decider(escalation)} of ${by.map(told).join(' and ')}; with that it could ${escalation.leadsTo} (${escalation.source})`;
  }
  const freed = withoutBoundary(evidence, changesItself, work);
  if (freed.truth === 'yes') return { privileges: 'can-become-administrator', why: freed.why };
  if (freed.truth === 'unknown') open ??= freed.why;
  if (open !== null) return { privileges: 'unknown', why: open };
  const documented = [...policies, ...(boundary === null ? [] : [boundary])].find(
    ({ source }) => source === 'documented',
  );
  const basis = documented === undefined ? '' : `, with ${told(documented)}`;
  return {
    privileges: 'limited',
    why: `its policies allow none of the documented ways to become an administrator${basis} (${SOURCES})`,
  };
}

function decider({ reaches }: Escalation): string {
  return reaches === 'depends' ? 'more than the text' : 'a condition, a variable or the resources';
}

interface Weighed {
  readonly truth: Truth;
  /** The policies that decide, each once. */
  readonly by: readonly Policy[];
}

function escalationTruth(escalation: Escalation, evidence: Evidence, work: Work): Weighed {
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

/** Can it take its boundary off or rewrite it, and what is it then? */
function withoutBoundary(
  evidence: Evidence,
  changesItself: boolean,
  work: Work,
): { readonly truth: Truth; readonly why: string } {
  const { boundary, role } = evidence;
  if (boundary === null) return { truth: 'no', why: '' };
  const inside = `arn:${role.partition}:iam::${role.account}:policy/`;
  const rewritten = boundary.name.startsWith(inside) ? [boundary.name] : [];
  const changes: readonly (readonly [Needed, JudgedRole])[] = [
    ...BOUNDARY_CHANGES.map((action) => [{ action, on: 'role-itself' }, role] as const),
    [
      { action: 'iam:CreatePolicyVersion', on: 'own-policy' },
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
    const change = `${needs([needed])}, with which it can take off or rewrite its permissions boundary (${BOUNDARY_SOURCE})`;
    if (certain) return { truth: 'yes', why: `it is allowed ${change}, and ${freed.why}` };
    if (found === 'no') why = `it may be allowed ${change}${by === null ? '' : `, by ${told(by)}`}`;
    found = 'unknown';
  }
  return { truth: found, why };
}

const WHERE: Readonly<Record<Needed['on'], string>> = {
  'role-itself': 'on the role itself',
  'own-policy': 'on a policy of its own',
  policies: 'on customer managed policies',
  roles: 'on roles',
  'other-roles': 'on other roles',
  users: 'on users',
  groups: 'on groups',
  all: '',
};

/** "`iam:PassRole` on roles and `ec2:RunInstances`". */
function needs(list: readonly Needed[]): string {
  const parts: string[] = [];
  list.forEach(({ action, on }, index) => {
    const where = list[index + 1]?.on === on || WHERE[on] === '' ? '' : ` ${WHERE[on]}`;
    parts.push(`\`${action}\`${where}`);
  });
  return parts.length < 3 ? parts.join(' and ') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function told({ name, source, url }: Policy): string {
  if (source !== 'documented') return named(name);
  return `${named(name)} as AWS documented it on ${DOCUMENTED_ON}${url === null ? '' : ` (${url})`}`;
}

function named(name: string): string {
  return `\`${excerpt(name)}\``;
}
