import { splitArn } from '../../model/arn.ts';
import { type Json, JsonObject, parseJson } from '../json.ts';
import { conditionsHold } from './conditions.ts';
import { elementsOf, listOf } from './elements.ts';
import { type Answer, like } from './operators.ts';
import { principalApplies } from './principals.ts';
import type { ConcreteRequest, Context } from './request.ts';

/**
 * `allowed`: every action is allowed. `undefined`: allowed only if whatever AWS leaves undefined goes the caller's
 * way. `refused`: some action is denied, or allowed by nobody.
 */
export type Decision = 'allowed' | 'undefined' | 'refused';

/**
 * A small evaluator of one concrete request against the text of a trust policy. It shares no code with the search
 * that proposes requests beyond the readers of JSON, ARNs, dates, numbers and addresses, and interprets the policy
 * statement by statement the way https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * describes it: an explicit Deny wins, then any Allow.
 *
 * Throws JsonSyntaxError when the policy is not JSON.
 *
 * @param partition of the role; nobody from another one gets in. By default it is the caller's.
 */
export function evaluateRequest(policyText: string, request: ConcreteRequest, partition?: string): Decision {
  if (partition !== undefined && partition !== splitArn(request.principalArn)?.partition) return 'refused';
  const document = parseJson(policyText);
  const context = new Map<string, string | readonly string[]>();
  for (const [key, value] of Object.entries(request.context)) context.set(key.toLowerCase(), value);
  const statements = statementsOf(document);
  let decision: Decision = 'allowed';
  for (const action of request.actions) {
    let allowed: Answer = false;
    for (const { object, certain } of statements) {
      const effects = object.all('Effect');
      const effect = effects.includes('Allow') || misspeltAllow(object) ? 'Allow' : effects[0];
      if (effect !== 'Allow' && effect !== 'Deny') continue;
      const applies = statementApplies(object, action, request, context, variablesOf(document), effect);
      const sure = certain && isPlain(object);
      if (effect === 'Deny' && applies !== false) {
        if (applies === true && sure && object.all('NotPrincipal').length === 0) return 'refused';
        decision = 'undefined';
      }
      if (effect === 'Allow' && applies !== false)
        allowed = allowed === true || (applies === true && sure) ? true : null;
    }
    if (allowed === false) return 'refused';
    if (allowed === null) decision = 'undefined';
  }
  return decision;
}

/** The statements of a document, and whether the document leaves no doubt that they are its. */
export function statementsOf(document: Json): readonly { object: JsonObject; certain: boolean }[] {
  if (!(document instanceof JsonObject)) return [];
  const found: { object: JsonObject; certain: boolean }[] = [];
  for (const [key, value] of document.members) {
    if (key.toLowerCase() !== 'statement') continue;
    const certain = key === 'Statement' && !document.repeated.has('Statement');
    for (const item of listOf(value)) if (item instanceof JsonObject) found.push({ object: item, certain });
  }
  return found;
}

const ELEMENTS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition'];

/** No element of the statement is repeated, misspelt, unknown or contradicted by its negation. */
function isPlain(statement: JsonObject): boolean {
  if (ELEMENTS.some((name) => statement.repeated.has(name))) return false;
  const keys = statement.members.map(([key]) => key);
  const principals = statement.members.filter(([key]) => /^(?:not)?principal$/i.test(key));
  if (principals.some(([, value]) => value instanceof JsonObject && value.repeated.size > 0)) return false;
  if (keys.includes('Principal') && keys.includes('NotPrincipal')) return false;
  if (keys.includes('Action') && keys.includes('NotAction')) return false;
  return keys.every((key) => ELEMENTS.includes(key) || /^(?:not)?resource$/i.test(key));
}

function misspeltAllow(statement: JsonObject): boolean {
  return statement.members.some(([key, value]) => key.toLowerCase() === 'effect' && value === 'Allow');
}

/** Whether policy variables stand for values; null: AWS does not say. */
export function variablesOf(document: Json): boolean | null {
  const versions = document instanceof JsonObject ? document.all('Version') : [];
  if (versions.length > 1) return null;
  if (versions.length === 0 || versions[0] === '2008-10-17') return false;
  return versions[0] === '2012-10-17' ? true : null;
}

function statementApplies(
  statement: JsonObject,
  action: string,
  request: ConcreteRequest,
  context: Context,
  variables: boolean | null,
  effect: 'Allow' | 'Deny',
): Answer {
  const answers: Answer[] = [actionApplies(statement, action), principalApplies(statement, request, context)];
  const conditions = statement.all('Condition');
  if (conditions.length > 1) answers.push(null);
  else if (conditions.length === 1)
    answers.push(conditionsHold(conditions[0] as Json, context, variables, effect));
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

export function actionApplies(statement: JsonObject, action: string): Answer {
  const covered = (name: string): boolean =>
    elementsOf(statement, name)
      .flatMap(listOf)
      .some((entry) => typeof entry === 'string' && like(entry.toLowerCase(), action.toLowerCase()));
  if (elementsOf(statement, 'Action').length > 0) return covered('Action');
  return elementsOf(statement, 'NotAction').length > 0 && !covered('NotAction');
}
