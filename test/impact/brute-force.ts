import { ESCALATIONS, type Escalation } from '../../src/impact/escalations.ts';
import { ACCOUNT, own, ROLE, type StatementText } from './cases.ts';

/** A policy as it is written. */
export interface WrittenPolicy {
  readonly arn: string;
  readonly statements: readonly StatementText[];
}

interface Context {
  readonly mfa: boolean;
  readonly passedTo: string;
}

const CONTEXTS: readonly Context[] = [true, false].flatMap((mfa) =>
  ['lambda.amazonaws.com', 'ec2.amazonaws.com', 'other.amazonaws.com'].map((passedTo) => ({ mfa, passedTo })),
);

const ROLES = [ROLE.arn, `arn:aws:iam::${ACCOUNT}:role/other`, `arn:aws:iam::${ACCOUNT}:role/team/other`];
const USERS = [`arn:aws:iam::${ACCOUNT}:user/ann`, `arn:aws:iam::${ACCOUNT}:user/x/bob`];
const GROUPS = [`arn:aws:iam::${ACCOUNT}:group/all`];
const POLICIES = [own('p'), own('q'), own('b')];
const OTHERS = [
  `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:one`,
  `arn:aws:lambda:us-east-1:${ACCOUNT}:function:two`,
  `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-1`,
];

function resourcesOf(needed: Escalation['needs'][number], attached: readonly string[]): readonly string[] {
  switch (needed.on) {
    case 'role-itself':
      return [ROLE.arn];
    case 'own-policy':
      return attached;
    case 'policies':
      return POLICIES;
    case 'other-roles':
      return ROLES.slice(1);
    case 'users':
      return USERS;
    case 'groups':
      return GROUPS;
    case 'all':
      return OTHERS.filter((arn) => arn.startsWith(`arn:aws:${needed.action.split(':')[0]}:`));
  }
}

/** The universe in which a claim is tried. */
const ACTIONS = [
  ...new Set([...ESCALATIONS.flatMap(({ needs }) => needs.map(({ action }) => action)), 's3:GetObject']),
];
const RESOURCES = [...ROLES, ...USERS, ...GROUPS, ...POLICIES, ...OTHERS, 'arn:aws:s3:::bucket/key'];

function asList(element: StatementText['Action']): readonly string[] {
  return element === undefined ? [] : typeof element === 'string' ? [element] : element;
}

const EXPRESSIONS = new Map<string, RegExp>();

function like(pattern: string, text: string): boolean {
  let expression = EXPRESSIONS.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replaceAll(/[.+^${}()|[\]\\/]/g, '\\$&')
      .replaceAll('*', '[^]*')
      .replaceAll('?', '[^]');
    expression = new RegExp(`^${source}$`);
    EXPRESSIONS.set(pattern, expression);
  }
  return expression.test(text);
}

function holds(condition: unknown, action: string, context: Context): boolean {
  return Object.entries((condition ?? {}) as Record<string, Record<string, string>>).every(
    ([operator, block]) =>
      Object.entries(block).every(([key, value]) => {
        if (key === 'aws:MultiFactorAuthPresent') return String(context.mfa) === value;
        if (action !== 'iam:PassRole') return operator.endsWith('IfExists') || operator === 'StringNotEquals';
        return operator === 'StringNotEquals' ? context.passedTo !== value : context.passedTo === value;
      }),
  );
}

function matches(statement: StatementText, action: string, resource: string, context: Context): boolean {
  const named = (entries: StatementText['Action'], text: string, fold: boolean): boolean =>
    asList(entries).some((entry) =>
      like(fold ? entry.toLowerCase() : entry, fold ? text.toLowerCase() : text),
    );
  const isAction =
    statement.NotAction === undefined
      ? named(statement.Action, action, true)
      : !named(statement.NotAction, action, true);
  const isResource =
    statement.NotResource === undefined
      ? named(statement.Resource, resource, false)
      : !named(statement.NotResource, resource, false);
  return isAction && isResource && holds(statement.Condition, action, context);
}

type Policies = readonly WrittenPolicy[];

function allowedBy(policies: Policies, action: string, resource: string, context: Context): boolean {
  const matching = policies
    .flatMap(({ statements }) => statements)
    .filter((statement) => matches(statement, action, resource, context));
  return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
}

function allowed(
  policies: Policies,
  boundary: WrittenPolicy | null,
  ...request: [string, string, Context]
): boolean {
  return allowedBy(policies, ...request) && (boundary === null || allowedBy([boundary], ...request));
}

/** Every request of the universe. */
export function everyRequest(policies: Policies, boundary: WrittenPolicy | null, expected: boolean): boolean {
  return ACTIONS.every((action) =>
    RESOURCES.every((resource) =>
      CONTEXTS.every((context) => allowed(policies, boundary, action, resource, context) === expected),
    ),
  );
}

const EVERYTHING: WrittenPolicy = { arn: '', statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/**
 * Is some way of the list open? `certain`: with every context, on every resource that it is needed on; else: with some, on
 * some.
 */
export function isOpen(
  policies: Policies,
  boundary: WrittenPolicy | null,
  certain: boolean,
  changesItself = true,
): boolean {
  const attached = policies.map(({ arn }) => arn).filter((arn) => arn.startsWith(own('')));
  const may = (action: string, resources: readonly string[], passedTo: string | null): boolean => {
    const contexts = passedTo === null ? CONTEXTS : [true, false].map((mfa) => ({ mfa, passedTo }));
    const tried = resources.flatMap((resource) =>
      contexts.map((context) => allowed(policies, boundary, action, resource, context)),
    );
    if (tried.length === 0) throw new Error(`no request tries ${action}`);
    return certain ? tried.every(Boolean) : tried.some(Boolean);
  };
  for (const { needs, passedTo, reaches } of ESCALATIONS) {
    if (certain && reaches === 'depends') continue;
    if (reaches === 'role' && !changesItself) continue;
    const permitted = needs.every((needed) => {
      const resources = resourcesOf(needed, attached);
      // Of services without a resource here, any name will do.
      const tried =
        needed.on === 'all' && resources.length === 0
          ? [`arn:aws:${needed.action.replace(':', '::')}::x`]
          : resources;
      if (needed.on === 'own-policy') return tried.some((one) => may(needed.action, [one], passedTo));
      return may(needed.action, tried, passedTo);
    });
    if (!permitted) continue;
    if (reaches !== 'role' || isOpen([EVERYTHING, ...policies], boundary, certain, false)) return true;
    if (everyRequest([EVERYTHING, ...policies], boundary, true)) return true;
  }
  for (const one of policies) {
    if (one === EVERYTHING || one.statements.every(({ Effect }) => Effect === 'Allow')) continue;
    // What allows is lost with it.
    if (certain && one.statements.some(({ Effect }) => Effect === 'Allow')) continue;
    const action = one.arn.startsWith('inline:') ? 'iam:DeleteRolePolicy' : 'iam:DetachRolePolicy';
    const others = policies.filter((other) => other !== one);
    if (may(action, [ROLE.arn], null) && isOpen(others, boundary, certain, changesItself)) return true;
  }
  if (boundary === null) return false;
  const changes =
    may('iam:DeleteRolePermissionsBoundary', [ROLE.arn], null) ||
    may('iam:PutRolePermissionsBoundary', [ROLE.arn], null) ||
    may('iam:CreatePolicyVersion', [boundary.arn], null);
  return changes && isOpen(policies, null, certain, changesItself);
}
