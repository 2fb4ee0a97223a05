import { splitInSix } from '../model/arn.ts';
import type { AttachedPolicy } from '../model/organizations/organization.ts';
import { findGuardrailDamage } from './damage/guardrail-damage.ts';
import { ANY_RUN, globMatches } from './glob.ts';
import { type Json, type JsonObject, JsonSyntaxError, parseJson } from './json.ts';
import { arnMatches, hasVariable, type PatternToken, parsePattern, splitArnPattern } from './pattern.ts';
import { readTrustPolicy, type Statement } from './trust-policy.ts';

/** One Deny of a resource control policy, with the policy that it is of. */
export interface GuardrailStatement {
  readonly policy: AttachedPolicy;
  /**
   * As a Deny of a trust policy: `*` is its principal. `index` counts from 0 in its policy. Not `certain`: what it
   * denies is not known, so it is not relied on.
   */
  readonly statement: Statement;
  /** Entries of Resource, or of NotResource where `exceptResources`. */
  readonly resources: readonly (readonly PatternToken[])[];
  readonly exceptResources: boolean;
}

export type Guardrails =
  | { readonly state: 'parsed'; readonly statements: readonly GuardrailStatement[] }
  /** `policy`: the id of the first that is damaged; `why`: a sentence. */
  | { readonly state: 'damaged'; readonly policy: string; readonly why: string };

/** The one policy that AWS manages and attaches everywhere, and the one that allows. */
const FULL_ACCESS = 'p-rcpfullawsaccess';

/**
 * Reads the resource control policies of an account. One that is damaged, or that AWS Organizations could not hold, makes
 * all of them unusable: what it was meant to deny or to exempt is not known
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html).
 */
export function parseGuardrails(policies: readonly AttachedPolicy[]): Guardrails {
  const statements: GuardrailStatement[] = [];
  for (const policy of policies) {
    const damaged = (why: string): Guardrails => ({ state: 'damaged', policy: policy.id, why });
    let json: Json;
    try {
      json = parseJson(policy.content);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      return damaged(`The resource control policy is not valid JSON: ${error.message}.`);
    }
    const isManaged = policy.id.toLowerCase() === FULL_ACCESS;
    const damage = findGuardrailDamage(json, isManaged ? 'Allow' : 'Deny');
    if (damage !== null) {
      const place = damage.pointer === '' ? '' : ` at \`${damage.pointer}\``;
      return damaged(`The resource control policy is damaged${place}: ${damage.what}.`);
    }
    if (!isManaged) statements.push(...readStatements(json, policy));
  }
  return { state: 'parsed', statements };
}

function readStatements(json: Json, policy: AttachedPolicy): readonly GuardrailStatement[] {
  const written = listOf((json as JsonObject).all('Statement')[0] as Json) as readonly JsonObject[];
  return readTrustPolicy(json).statements.map((statement): GuardrailStatement => {
    const object = written[statement.index] as JsonObject;
    const exceptResources = object.all('NotResource').length > 0;
    const [element] = object.all(exceptResources ? 'NotResource' : 'Resource');
    const resources = listOf(element as Json).map((entry) =>
      parsePattern(entry as string, { wildcards: true, variables: true }),
    );
    return { policy, statement, resources, exceptResources };
  });
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/**
 * Does the statement speak of the resource? `unknown` where that hangs on the request, by a policy variable, or on
 * whether wildcards reach over the colons of an ARN.
 */
export function coversResource(
  { resources, exceptResources }: GuardrailStatement,
  arn: string,
): 'yes' | 'no' | 'unknown' {
  let unknown = false;
  for (const pattern of resources) {
    const answer = names(pattern, arn);
    if (answer === 'yes') return exceptResources ? 'no' : 'yes';
    unknown ||= answer === 'unknown';
  }
  if (unknown) return 'unknown';
  return exceptResources ? 'yes' : 'no';
}

function names(pattern: readonly PatternToken[], arn: string): 'yes' | 'no' | 'unknown' {
  if (pattern.length === 1 && pattern[0] === ANY_RUN) return 'yes';
  const tokens = pattern.map((token) => (typeof token === 'object' ? ANY_RUN : token));
  const wanted = splitArnPattern(tokens);
  const given = splitInSix(arn);
  const whole = globMatches(tokens, arn);
  const parts = wanted !== null && given !== null && arnMatches(wanted, given);
  if (!whole && !parts) return 'no';
  return whole && parts && !hasVariable(pattern) ? 'yes' : 'unknown';
}
