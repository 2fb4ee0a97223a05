import { analyseTrustPolicy } from '../exposure/analyse.ts';
import { JsonObject, JsonSyntaxError, parseJson } from '../iam/json.ts';
import { prettyPolicy } from '../iam/pretty-policy.ts';
import { parseTrustPolicy } from '../iam/trust-policy.ts';
import type { VerdictObject } from '../model/verdict.ts';
import { evaluateTrustPolicy } from '../rules/judge.ts';
import { cautionedBy, guardCautions, outcomeCautions } from './cautions.ts';
import { closeStatement } from './close-statement.ts';
import type { Draft } from './draft.ts';
import { compactPolicy, memberOf, withMember } from './policy-json.ts';
import { RemediationRefused, refusalForRole, refuse } from './refusal.ts';
import type { DerivedStatement, Remediation, RemediationOptions } from './remediation.ts';
import { repairStatements } from './repair-statements.ts';
import { uniqueSids } from './sids.ts';

/** What a proposal for a judged role hangs on beside its policy. */
export interface RoleToFix extends Pick<VerdictObject, 'verdict' | 'reason' | 'notes'> {
  /** Null where only the policy is known. */
  readonly roleName: string | null;
}

/**
 * What is proposed for a role; null when it needs no change.
 *
 * @param policy null when there is none that can be read
 * @param propose makes the proposal for a policy that fails, by `remediate`
 */
export function remediationOf(
  { verdict, reason, notes, roleName }: RoleToFix,
  policy: string | null,
  propose: (policy: string) => Remediation,
): Remediation | null {
  if (verdict === 'pass' || verdict === 'not-applicable') return null;
  const refusal = roleName === null ? null : refusalForRole(roleName);
  if (refusal !== null) return refusal;
  if (verdict === 'error' || policy === null) {
    return {
      refused: `the trust policy could not be judged (${reason})`,
      advice: 'export the role again, or read its policy by hand',
    };
  }
  return cautionedBy(notes, propose(policy));
}

/** Far beyond what IAM stores; bounds the work on hostile evidence. */
const LONGEST = 8_192;

/**
 * Proposes a trust policy that no longer lets principals of other accounts in without MFA or an external ID, for a
 * role that `account` owns. Whatever needs no guard keeps its access: the own account, services, federated
 * identities, and ways in that are guarded already. The proposal only ever narrows what the policy allows; it is
 * judged again before it is returned, and refused when it would still fail. Sizes: IAM counts 2,048 characters
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
 */
export function remediate(policyText: string, account: string, options: RemediationOptions): Remediation {
  try {
    return propose(policyText, account, options);
  } catch (error) {
    if (error instanceof RemediationRefused) return { refused: error.message, advice: error.advice };
    throw error;
  }
}

function propose(policyText: string, own: string, options: RemediationOptions): Remediation {
  if (policyText.length > LONGEST)
    refuse('the trust policy is larger than any that IAM stores', 'write it anew, shorter');
  const document = parsed(policyText);
  const repaired = repairStatements(document);
  const draft = draftOf(document, repaired.statements, own, options);
  const closed = draft.statements.map((_, index) => closeStatement(draft, index));
  const groups = closed.flatMap((one) => one.groups);
  const result = draft.put(uniqueSids(closed.flatMap((one) => one.statements)));
  const compact = compactPolicy(result);
  const after = evaluateTrustPolicy({ state: 'document', text: compact }, own, options.partition);
  if (after.verdict !== 'pass' && after.verdict !== 'not-applicable')
    refuse(`the amended policy would still be judged \`${after.verdict}\``, 'amend the policy by hand');
  if (after.notes.includes('iam-would-reject'))
    refuse('IAM would refuse to save the policy even when amended', 'write the policy anew');
  const placeholders = [...new Set(groups.flatMap(({ plan }) => plan.placeholder ?? []))];
  return {
    refused: null,
    compact,
    pretty: prettyPolicy(result),
    prettyBefore: prettyPolicy(document),
    changes: [...repaired.changes, ...closed.flatMap((one) => one.changes)],
    placeholders,
    cautions: [...guardCautions(groups), ...outcomeCautions(after, compact, own, placeholders)],
    after,
  };
}

function draftOf(
  document: JsonObject,
  statements: readonly DerivedStatement[],
  own: string,
  options: RemediationOptions,
): Draft {
  const put = (items: readonly DerivedStatement[]): JsonObject => documentOf(document, items);
  const text = compactPolicy(put(statements));
  const { verdict, message, paths } = analyseTrustPolicy(text, own, options.partition);
  if (verdict === 'error')
    refuse(`the policy cannot be judged: ${message.replace(/\.$/, '')}`, 'amend the policy by hand');
  return { own, options, statements, parsed: parseTrustPolicy(text).statements, text, paths, put };
}

function parsed(text: string): JsonObject {
  try {
    const document = parseJson(text);
    if (document instanceof JsonObject) return document;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  return refuse('the trust policy is not a JSON object', 'export it again');
}

/** The document with these statements; a single statement stays without a list when it came without one. */
function documentOf(document: JsonObject, statements: readonly DerivedStatement[]): JsonObject {
  const objects = statements.map(({ object }) => object);
  const single = memberOf(document, 'Statement') instanceof JsonObject && objects.length === 1;
  return withMember(document, 'Statement', single ? (objects[0] as JsonObject) : objects);
}
