import {
  EXTERNAL_ID,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_ARN,
  PRINCIPAL_ORG_PATHS,
  RESOURCE_ACCOUNT,
  RESOURCE_ORG_PATHS,
  USER_ID,
  USERNAME,
} from '../../iam/conditions/keys.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import { ANY_RUN } from '../../iam/glob.ts';
import type { GuardrailStatement } from '../../iam/guardrail-policy.ts';
import { literalText } from '../../iam/pattern.ts';
import { parseTrustPolicy } from '../../iam/trust-policy.ts';
import { isAccountId } from '../../model/arn.ts';
import type { PathIn } from '../../model/exposure.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { isMemberOf, type OrganizationFacts } from '../callers/membership.ts';
import { type AroundRole, type GuardedExposure, type GuardedRole, judgeGuarded } from '../guarded.ts';
import { accountOfPattern } from './caller-patterns.ts';
import type { Cut } from './cut.ts';
import { mayShareAsOwner } from './shape.ts';
import { cutOf, Shapes } from './shapes.ts';

/**
 * As `judgeGuarded`, deciding policies once that differ in account ids, external ids and names only. It does where the
 * guardrails compare nothing with these, so that all that the organisation says of an account is whether it is a member.
 */
export function judgeGuardedByShape(
  policyText: string,
  role: GuardedRole,
  around: AroundRole,
): GuardedExposure {
  const { account, partition } = role;
  const cut = mayShareAsOwner(account) ? cutOf(policyText) : null;
  const shaped = cut === null ? null : shapesFor(cut, role, around)?.of(cut);
  if (shaped == null) return judgeGuarded(policyText, role, around);
  const { shape } = shaped;
  const tellsApart = shape.pattern || policyText.includes(account);
  return shape.outcome(policyText, shaped.cut, account, tellsApart, partition);
}

/** Kinds of policies kept, by what the organisation says of their accounts. */
const CAPACITY = 256;

/** What is remembered of guardrails, as `statementsFor` hands them out. */
interface Memory {
  /** Texts of the guardrails; null: these may tell policies of one shape apart. */
  readonly texts: string | null;
  /** By organisation. */
  readonly kinds: WeakMap<object, BoundedMap<string, Shapes<GuardedExposure>>>;
}

const memories = new WeakMap<readonly GuardrailStatement[], Memory>();
const NO_ORGANIZATION = {};

function memoryOf(statements: readonly GuardrailStatement[]): Memory {
  let memory = memories.get(statements);
  if (memory === undefined) {
    const texts = statements.map(({ policy }) => policy.content).join('\n');
    memory = { texts: statements.every(tellsNobodyApart) ? texts : null, kinds: new WeakMap() };
    memories.set(statements, memory);
  }
  return memory;
}

/** The shapes of policies around which the same stands; null where guardrails may tell policies of one shape apart. */
function shapesFor(cut: Cut, role: GuardedRole, around: AroundRole): Shapes<GuardedExposure> | null {
  const { organization } = around;
  const { texts, kinds } = memoryOf(around.statements);
  const accounts = [role.account, ...cut.values.filter((_, slot) => cut.slots[slot] === 'account')];
  if (texts === null || accounts.some((account) => texts.includes(account))) return null;
  let byKind = kinds.get(organization ?? NO_ORGANIZATION);
  if (byKind === undefined) {
    byKind = new BoundedMap(CAPACITY);
    kinds.set(organization ?? NO_ORGANIZATION, byKind);
  }
  const standings = accounts.map((account) => isMember(organization, account));
  const kind = JSON.stringify([standings, role.trust, role.tags]);
  let shapes = byKind.get(kind);
  if (shapes === undefined) {
    shapes = newShapes(role, around);
    byKind.set(kind, shapes);
  }
  return shapes;
}

/**
 * May policies around which the guardrails stand share a decision? They are to name no caller by ARN or id, no external id,
 * and no place in an organisation; what they name of accounts is in their texts, for policies that name the same go the long
 * way.
 */
function tellsNobodyApart({ statement, resources, exceptResources }: GuardrailStatement): boolean {
  const isOnEverything =
    !exceptResources && resources.every((entry) => entry.length === 1 && entry[0] === ANY_RUN);
  return isOnEverything && statement.certain && statement.conditions.every(comparesNoSlot);
}

const TELLING: ReadonlySet<string> = new Set([
  EXTERNAL_ID,
  PRINCIPAL_ARN,
  USER_ID,
  USERNAME,
  PRINCIPAL_ORG_PATHS,
  RESOURCE_ORG_PATHS,
]);

function comparesNoSlot(condition: Condition): boolean {
  if (condition.kind === 'null') return true;
  if (condition.kind !== 'compare' || TELLING.has(condition.key)) return false;
  const { key, values } = condition;
  if (values.some(({ hasVariable }) => hasVariable)) return false;
  const isOnAccount = key === PRINCIPAL_ACCOUNT || key === RESOURCE_ACCOUNT;
  return (
    !isOnAccount || values.every(({ pattern, text }) => literalText(pattern) !== null && isAccountId(text))
  );
}

function newShapes({ tags, trust }: GuardedRole, around: AroundRole): Shapes<GuardedExposure> {
  const { statements, organization } = around;
  const judgeWithin =
    (known: OrganizationFacts | null) =>
    (text: string, account: string, partition: string | null): GuardedExposure => {
      const role = { account, partition, tags, ...(trust !== undefined && { trust }) };
      return judgeGuarded(text, role, { statements, organization: known });
    };
  return new Shapes({
    judge: judgeWithin(organization),
    judgeAll(text, account, partition, standsFor) {
      const named = callersNamed(text);
      if (named === null) return null;
      const known = organization === null ? null : withStandIns(organization, standsFor);
      const exposure = judgeWithin(known)(text, account, partition);
      // A member that the policy does not name stands for others.
      const isNamed = ({ principal, account: of }: PathIn): boolean =>
        !isMember(known, of) || named.has(of) || principal.includes(of);
      return exposure.verdict !== 'error' && exposure.paths.every(isNamed) ? exposure : null;
    },
  });
}

/**
 * Accounts that conditions compare callers with; null for a policy that asks for a place in an organisation, or names
 * principals by patterns.
 */
function callersNamed(policyText: string): ReadonlySet<string> | null {
  const named = new Set<string>();
  for (const { principals, exceptPrincipals, conditions } of parseTrustPolicy(policyText).statements) {
    if (exceptPrincipals || principals.some(({ kind }) => kind === 'undefined')) return null;
    for (const condition of conditions) {
      const { key } = condition;
      if (key === PRINCIPAL_ORG_PATHS || key === RESOURCE_ORG_PATHS) return null;
      if (condition.kind !== 'compare' || (key !== PRINCIPAL_ARN && key !== PRINCIPAL_ACCOUNT)) continue;
      for (const { text } of condition.values) named.add(accountOfPattern(text) ?? text);
    }
  }
  return named;
}

function isMember(organization: OrganizationFacts | null, account: string): boolean {
  return organization !== null && isMemberOf(organization, account);
}

/** The organisation with accounts that are made up in the place of those that they stand for. */
function withStandIns(
  organization: OrganizationFacts,
  standsFor: ReadonlyMap<string, string>,
): OrganizationFacts {
  const { id, membersWhole } = organization;
  const members = new Map(organization.members);
  let { managementAccount } = organization;
  for (const [standIn, account] of standsFor) {
    const member = members.get(account);
    members.delete(account);
    if (member !== undefined) members.set(standIn, member);
    if (account === managementAccount) managementAccount = standIn;
  }
  return { id, membersWhole, managementAccount, members };
}
