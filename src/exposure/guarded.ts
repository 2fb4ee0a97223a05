import { NEEDED_ACTIONS } from '../iam/actions.ts';
import { coversResource, type GuardrailStatement } from '../iam/guardrail-policy.ts';
import { JsonSyntaxError } from '../iam/json.ts';
import { guardrailDenies } from '../iam/oracle/guardrail.ts';
import { parseTrustPolicy, type Statement } from '../iam/trust-policy.ts';
import { splitArn } from '../model/arn.ts';
import type { Exposure, Outcome } from '../model/exposure.ts';
import type { ClosingStatement } from '../model/guardrail.ts';
import type { Organization } from '../model/organizations/organization.ts';
import { BoundedMap } from '../text/bounded-map.ts';
import { analyseTrustPolicy, analyseWithin, type GuardrailCheck } from './analyse.ts';
import { Membership, type OrganizationFacts } from './callers/membership.ts';
import { closingGuardrails } from './closing.ts';
import { keysAskedFor, resourceTagOf } from './search/known-keys.ts';
import { coversAction } from './statement-scope.ts';

export { type GuardrailStatement, parseGuardrails } from '../iam/guardrail-policy.ts';

/**
 * Can resource control policies touch the role? Not one of the management account, and not a service-linked one
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html). False, too, where it is not
 * known which account manages the organisation, or the role's account is not known to be of it.
 */
export function isCovered(
  roleArn: string,
  account: string,
  { managementAccount, members }: Pick<Organization, 'managementAccount' | 'members'>,
): boolean {
  if (managementAccount === null || account === managementAccount || !members.has(account)) return false;
  return splitArn(roleArn)?.resource.startsWith('role/aws-service-role/') !== true;
}

/** Guardrails that cover a role. */
export interface GuardrailSet {
  /**
   * Of no two sets that say something else or are attached elsewhere. Short; it means nothing outside this process, and
   * empty: there are none.
   */
  readonly key: string;
  readonly statements: readonly GuardrailStatement[];
}

/** Of the guardrails of an account those that speak of assuming roles, and the sets of them that cover roles. */
interface Choice {
  readonly speaking: readonly GuardrailStatement[];
  readonly sets: Map<string, GuardrailSet>;
}

const choices = new WeakMap<readonly GuardrailStatement[], Choice>();

/**
 * Those of the guardrails of an account that say something of a request to assume the role. One that may cover it, but
 * not for certain, is among them without being `certain`. Roles that the same statements cover get the same object.
 */
export function statementsFor(statements: readonly GuardrailStatement[], roleArn: string): GuardrailSet {
  let choice = choices.get(statements);
  if (choice === undefined) {
    const speaking = statements.filter(({ statement }) =>
      NEEDED_ACTIONS.some((action) => coversAction(statement, action)),
    );
    choice = { speaking, sets: new Map() };
    choices.set(statements, choice);
  }
  const covers = choice.speaking.map((statement) => coversResource(statement, roleArn));
  const which = covers.join(' ');
  let set = choice.sets.get(which);
  if (set === undefined) {
    set = setOf(choice.speaking, covers);
    choice.sets.set(which, set);
  }
  return set;
}

function setOf(
  speaking: readonly GuardrailStatement[],
  covers: readonly ('yes' | 'no' | 'unknown')[],
): GuardrailSet {
  const statements = speaking.flatMap((one, index): readonly GuardrailStatement[] => {
    if (covers[index] === 'no') return [];
    if (covers[index] === 'yes') return [one];
    return [{ ...one, statement: { ...one.statement, certain: false } }];
  });
  const policies = [...new Set(statements.map(({ policy }) => policy))];
  const places = new Map(policies.map((policy, place) => [policy, place]));
  const said = [
    policies.map(({ id, name, targets, content }) => [id, name, targets, content]),
    statements.map(({ policy, statement }) => [places.get(policy), statement.index, statement.certain]),
  ];
  return { key: statements.length === 0 ? '' : nameOf(JSON.stringify(said)), statements };
}

/** Short names, for keys of maps. A set that was forgotten gets another name, so that no name ever stands for two. */
const names = new BoundedMap<string, string>(10_000);
let named = 0;

function nameOf(said: string): string {
  let name = names.get(said);
  if (name === undefined) {
    name = `guardrails ${++named}`;
    names.set(said, name);
  }
  return name;
}

/** Keys of the role's tags that the policy or the guardrails ask for: in lower case, each once, sorted. */
export function tagKeysAskedFor(
  policyText: string,
  guardrails: readonly GuardrailStatement[],
): readonly string[] {
  const statements = [...statementsOf(policyText), ...guardrails.map(({ statement }) => statement)];
  const tags = new Set<string>();
  for (const key of keysAskedFor(statements)) {
    const tag = resourceTagOf(key);
    if (tag !== null) tags.add(tag);
  }
  return [...tags].sort();
}

/** Of a policy that cannot be read there are none. */
function statementsOf(policyText: string): readonly Statement[] {
  try {
    return parseTrustPolicy(policyText).statements;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return [];
    throw error;
  }
}

/** The role that a trust policy belongs to. */
export interface GuardedRole {
  /** 12 digits. */
  readonly account: string;
  /** That of its ARN; null: as far as the policy tells. */
  readonly partition: string | null;
  /** By key; null: not known, so that an exemption by a tag is taken to hold. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** Of one of the roles that the statements were chosen for; with it the check looks at their Resource, too. */
  readonly arn?: string;
  /** What the trust policy alone comes to, where the caller knows; it is judged otherwise. */
  readonly trust?: Outcome;
}

/** What stands around the role. */
export interface AroundRole {
  /** Null: not known. */
  readonly organization: OrganizationFacts | null;
  /** See `statementsFor`. */
  readonly statements: readonly GuardrailStatement[];
}

export interface GuardedExposure extends Exposure {
  /** The statements that deny whoever the trust policy alone lets in unguarded; empty where somebody still gets in. */
  readonly closedBy: readonly ClosingStatement[];
}

/**
 * Can a principal of another account assume the role without MFA or an external ID, when the resource control policies
 * of the role's account have their say?
 *
 * As `analyseTrustPolicy`, with their Denies tested on the same request as those of the trust policy, and with what is
 * known of the organisation and of the role's tags put in for the keys that ask for it. It never says more than the
 * trust policy alone: guardrails only close. Where the trust policy cannot be decided, neither can this.
 */
export function judgeGuarded(policyText: string, role: GuardedRole, around: AroundRole): GuardedExposure {
  const { account, partition, tags, arn = null } = role;
  const alone = (): Exposure => analyseTrustPolicy(policyText, account, partition);
  if (around.statements.length === 0 && !asksForWhatIsKnown(policyText, role, around))
    return { ...alone(), closedBy: [] };
  const membership = around.organization === null ? null : membershipOf(around.organization);
  const { exposure, closing } = analyseWithin(policyText, account, partition, {
    guardrails: around.statements,
    membership,
    tags,
    check: checkOf(around.statements, arn),
  });
  if (exposure.verdict === 'fail' || exposure.verdict === 'error') return { ...exposure, closedBy: [] };
  const trust = role.trust ?? alone().verdict;
  if (trust === 'error') return { ...alone(), closedBy: [] };
  return { ...exposure, closedBy: trust === 'fail' ? closingStatements(closing) : [] };
}

function checkOf(guardrails: readonly GuardrailStatement[], arn: string | null): GuardrailCheck | null {
  if (guardrails.length === 0) return null;
  return {
    denies({ policy, statement }, witness) {
      const answer = guardrailDenies(policy.content, statement.index, witness, arn);
      // One that is not certain to cover the role is not relied on.
      return statement.certain || answer === false ? answer : null;
    },
    closing: closingGuardrails,
  };
}

const ORGANISATION_NAMES = /(?:Principal|Resource)Org(?:ID|Paths)/i;
const TAG_NAMES = /ResourceTag\//i;

/** Without guardrails only these keys tell a role of an organisation from any other. */
function asksForWhatIsKnown(
  policyText: string,
  { tags }: GuardedRole,
  { organization }: AroundRole,
): boolean {
  const text = policyText.includes('\\u')
    ? [...keysAskedFor(statementsOf(policyText))].join(' ')
    : policyText;
  return (organization !== null && ORGANISATION_NAMES.test(text)) || (tags !== null && TAG_NAMES.test(text));
}

const memberships = new WeakMap<OrganizationFacts, Membership>();

function membershipOf(organization: OrganizationFacts): Membership {
  let membership = memberships.get(organization);
  if (membership === undefined) {
    membership = new Membership(organization);
    memberships.set(organization, membership);
  }
  return membership;
}

function closingStatements(closing: readonly GuardrailStatement[]): readonly ClosingStatement[] {
  return closing
    .map(({ policy, statement }) => ({
      id: policy.id,
      name: policy.name,
      statement: statement.index,
      attachedTo: policy.targets,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.statement - b.statement));
}
