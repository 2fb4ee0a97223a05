import type { GradedPath, Guard } from '../../audit/verdict.ts';
import { printJson, printPolicyNode } from './json-print.ts';
import {
  compactJson,
  type JsonMember,
  type JsonNode,
  membersNamed,
  type ObjectNode,
  parseJson,
  scalarNode,
} from './json-tree.ts';

/** Stands in the proposal where the agreed value goes; made of characters AWS accepts in an external id. */
export const EXTERNAL_ID_PLACEHOLDER = 'REPLACE-WITH-THE-AGREED-EXTERNAL-ID';

export interface AmendedStatement {
  readonly index: number;
  readonly guard: Guard;
  /** The statement after the change, laid out. */
  readonly text: string;
  /** What to think of before applying it, one sentence each. */
  readonly cautions: readonly string[];
}

export type Amendment =
  | {
      readonly possible: true;
      readonly statements: readonly AmendedStatement[];
      /** The whole policy after the change. */
      readonly compact: string;
      readonly pretty: string;
    }
  | { readonly possible: false; readonly why: string };

/**
 * Proposes a guard for every statement with an unguarded way in: MFA where people of the own organisation
 * come in, an external ID elsewhere, as AWS advises
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html). The change is
 * made on the policy's own text; what cannot be changed with certainty is left to a person.
 */
export function amendPolicy(policy: string, paths: readonly GradedPath[]): Amendment {
  const root = parseJson(policy);
  if (root === null || root.kind !== 'object') return refuse('the policy is not a JSON object');
  const bodies = membersNamed(root, 'Statement');
  const body = bodies[0];
  if (body === undefined || bodies.length > 1)
    return refuse('the policy does not have exactly one Statement');
  const items = body.kind === 'array' ? body.items : [body];

  const open = paths.filter((path) => path.guards.length === 0);
  if (open.length === 0) return refuse('no way in is unguarded');
  const amended = new Map<number, JsonNode>();
  const statements: AmendedStatement[] = [];
  for (const index of [...new Set(open.map((path) => path.statement))].sort((a, b) => a - b)) {
    const statement = items[index];
    if (statement === undefined || statement.kind !== 'object') {
      return refuse(`statement ${index} is not an object`);
    }
    const ways = open.filter((path) => path.statement === index);
    const guard = chooseGuard(ways);
    const changed = withGuard(statement, guard);
    if (changed === null)
      return refuse(`the Condition of statement ${index} is not written in the usual form`);
    amended.set(index, changed);
    statements.push({ index, guard, text: printJson(changed), cautions: cautions(statement, ways, guard) });
  }

  const newBody: JsonNode =
    body.kind === 'array'
      ? { kind: 'array', items: items.map((item, index) => amended.get(index) ?? item) }
      : (amended.get(0) ?? body);
  const result = withMember(root, 'Statement', newBody);
  const pretty = printPolicyNode(result)
    .map((line) => line.text)
    .join('\n');
  return { possible: true, statements, compact: compactJson(result), pretty };
}

function refuse(why: string): Amendment {
  return { possible: false, why };
}

const ROLE_PRINCIPAL = /^arn:[^:]*:(?:iam|sts)::[^:]*:(?:role|assumed-role)\//;

/** A role cannot present MFA, so its way in needs an external ID even inside the own organisation. */
function chooseGuard(ways: readonly GradedPath[]): Guard {
  const people = ways.every(
    (path) => path.relation === 'same-organisation' && !ROLE_PRINCIPAL.test(path.principal),
  );
  return people ? 'mfa' : 'external-id';
}

function withGuard(statement: ObjectNode, guard: Guard): ObjectNode | null {
  const [operator, key, value] =
    guard === 'mfa'
      ? ['Bool', 'aws:MultiFactorAuthPresent', 'true']
      : ['StringEquals', 'sts:ExternalId', EXTERNAL_ID_PLACEHOLDER];
  const condition = soleObject(statement, 'Condition');
  const block = condition === null ? null : soleObject(condition, operator);
  if (condition === null || block === null) return null;
  // Key names are compared without case, so a guard spelt differently is replaced rather than repeated.
  const kept = block.members.filter((member) => member.name.toLowerCase() !== key.toLowerCase());
  const guarded: ObjectNode = {
    kind: 'object',
    members: [...kept, { name: key, value: scalarNode(value) }],
  };
  return withMember(statement, 'Condition', withMember(condition, operator, guarded));
}

/** The member as an object, an empty object when there is none, null when it is repeated or something else. */
function soleObject(parent: ObjectNode, name: string): ObjectNode | null {
  const found = membersNamed(parent, name);
  const node = found[0];
  if (node === undefined) return { kind: 'object', members: [] };
  return found.length === 1 && node.kind === 'object' ? node : null;
}

/** Replaces the member in place, or adds it at the end. */
function withMember(parent: ObjectNode, name: string, value: JsonNode): ObjectNode {
  const replaced = parent.members.map(
    (member): JsonMember => (member.name === name ? { name, value } : member),
  );
  const present = parent.members.some((member) => member.name === name);
  return { kind: 'object', members: present ? replaced : [...replaced, { name, value }] };
}

function cautions(statement: ObjectNode, ways: readonly GradedPath[], guard: Guard): readonly string[] {
  const found: string[] = [];
  if (ways.some((path) => path.account === '*')) {
    found.push(
      'The statement admits any account. Name the accounts you mean instead of the wildcard: an external ID is no secret and does not keep the world out.',
    );
  }
  if (guard === 'external-id') {
    found.push(
      'Agree the external ID with the other party first, one value for each customer; until they send it, their access stops.',
    );
  } else {
    found.push(
      'Sessions of roles carry no MFA information: roles that come in through this statement lose access, so give them a statement of their own.',
    );
  }
  if (hasOtherPrincipals(statement)) {
    found.push(
      'The statement also admits services or federated identities, which can meet neither condition: move them to a statement of their own.',
    );
  }
  return found;
}

function hasOtherPrincipals(statement: ObjectNode): boolean {
  return membersNamed(statement, 'Principal').some(
    (principal) => principal.kind === 'object' && principal.members.some((member) => member.name !== 'AWS'),
  );
}
