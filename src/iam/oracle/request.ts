import { splitArn } from '../../model/arn.ts';
import { type Json, JsonNumber, JsonObject, parseJson } from '../json.ts';
import { parseBoolean } from '../values.ts';
import { type Answer, like, OPERATORS, type Pattern, substitute } from './operators.ts';

/**
 * A small evaluator of one concrete request against the text of a trust policy. It shares no code with the search
 * that proposes requests beyond the readers of JSON, ARNs, dates, numbers and addresses, and interprets the policy
 * statement by statement the way https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * describes it: an explicit Deny wins, then any Allow.
 */
export interface ConcreteRequest {
  /** The caller: a user's ARN, or the ARN of a role session (`arn:P:sts::A:assumed-role/NAME/SESSION`). */
  readonly principalArn: string;
  readonly principalAccount: string;
  readonly actions: readonly string[];
  /** Condition keys in any case; a key left out is absent. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * `allowed`: every action is allowed. `undefined`: allowed only if whatever AWS leaves undefined goes the caller's
 * way. `refused`: some action is denied, or allowed by nobody.
 */
export type Decision = 'allowed' | 'undefined' | 'refused';

/** Keys that hold a set of values; what they do without ForAllValues or ForAnyValue is not defined. */
const SETS =
  /^(?:aws:(?:calledvia|principalorgpaths|principalservicenameslist|resourceorgpaths|sourceorgpaths|vpceorgpaths|tagkeys)|sts:(?:requestcontextproviders|transitivetagkeys)|.*:amr)$/;

/**
 * Throws JsonSyntaxError when the policy is not JSON.
 *
 * @param partition of the role; nobody from another one gets in. By default it is the caller's.
 */
export function evaluateRequest(policyText: string, request: ConcreteRequest, partition?: string): Decision {
  if (partition !== undefined && partition !== splitArn(request.principalArn)?.partition) return 'refused';
  const document = parseJson(policyText);
  const context = new Map(Object.entries(request.context).map(([key, value]) => [key.toLowerCase(), value]));
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

function statementsOf(document: Json): readonly { object: JsonObject; certain: boolean }[] {
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

function elementsOf(statement: JsonObject, name: string): readonly Json[] {
  return statement.members
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value as Json];
}

function variablesOf(document: Json): boolean | null {
  const versions = document instanceof JsonObject ? document.all('Version') : [];
  if (versions.length > 1) return null;
  if (versions.length === 0 || versions[0] === '2008-10-17') return false;
  return versions[0] === '2012-10-17' ? true : null;
}

type Context = ReadonlyMap<string, string | readonly string[]>;

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

function actionApplies(statement: JsonObject, action: string): Answer {
  const covered = (name: string): boolean =>
    elementsOf(statement, name)
      .flatMap(listOf)
      .some((entry) => typeof entry === 'string' && like(entry.toLowerCase(), action.toLowerCase()));
  if (elementsOf(statement, 'Action').length > 0) return covered('Action');
  return elementsOf(statement, 'NotAction').length > 0 && !covered('NotAction');
}

function principalApplies(statement: JsonObject, request: ConcreteRequest, context: Context): Answer {
  const named = elementsOf(statement, 'Principal');
  const excepted = elementsOf(statement, 'NotPrincipal');
  if (named.length === 0) {
    if (excepted.length === 0) return false;
    const except = any(excepted.map((element) => principalElement(element, request, context)));
    return except === null ? null : !except;
  }
  const answer = any(named.map((element) => principalElement(element, request, context)));
  return answer !== true && excepted.length > 0 ? null : answer;
}

function any(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}

function principalElement(element: Json, request: ConcreteRequest, context: Context): Answer {
  if (element === '*') return true;
  if (!(element instanceof JsonObject)) return null;
  return any(
    element.members.flatMap(([type, value]) =>
      listOf(value).map((item): Answer => {
        if (type === 'Service' || type === 'Federated') return false;
        if (type !== 'AWS') return null;
        if (item instanceof JsonNumber) return awsPrincipal(item.text, request, context);
        return typeof item === 'string' ? awsPrincipal(item, request, context) : null;
      }),
    ),
  );
}

function awsPrincipal(text: string, request: ConcreteRequest, context: Context): Answer {
  if (text === '*') return true;
  if (text === '' || /^A(?:IDA|ROA)[A-Z0-9]+(?::.*)?$/.test(text)) return false;
  if (/^\d{12}$/.test(text)) return text === request.principalAccount;
  const arn = splitArn(text);
  if (arn === null) return null;
  const caller = splitArn(request.principalArn);
  // A session's ARN tells that of its role where the role has no path.
  const behind =
    context.get('aws:principalarn') ??
    `arn:${caller?.partition}:iam::${caller?.account}:role/${caller?.resource.split('/')[1]}`;
  if (!/[*?]/.test(arn.partition) && arn.partition !== caller?.partition) return false;
  // What wildcards match here is undefined; only the account field tells who cannot be meant.
  if (/[*?]/.test(arn.account)) return like(arn.account, request.principalAccount) ? null : false;
  if (!/^\d{12}$/.test(arn.account)) return null;
  if (arn.account !== request.principalAccount) return false;
  if (/[*?]/.test(text)) return null;
  if (arn.service === 'iam' && arn.resource === 'root') return true;
  if (arn.service === 'iam' && arn.resource.startsWith('user/')) return text === request.principalArn;
  if (arn.service === 'iam' && arn.resource.startsWith('role/')) {
    return caller?.resource.startsWith('assumed-role/') === true && text === behind;
  }
  if (arn.service === 'sts' && /^(?:assumed-role\/[^/]+|federated-user)\/[^/]+$/.test(arn.resource)) {
    return caller?.resource === arn.resource;
  }
  return null;
}

function conditionsHold(
  element: Json,
  context: Context,
  variables: boolean | null,
  effect: 'Allow' | 'Deny',
): Answer {
  if (!(element instanceof JsonObject)) return null;
  let result: Answer = true;
  for (const [operator, block] of element.members) {
    if (!(block instanceof JsonObject)) {
      result = null;
      continue;
    }
    const keys = block.members.map(([key]) => key.toLowerCase());
    for (const [key, value] of block.members) {
      const lower = key.toLowerCase();
      const ambiguous = element.repeated.has(operator) || keys.filter((other) => other === lower).length > 1;
      const answer = ambiguous ? null : conditionHolds(operator, lower, value, context, variables, effect);
      if (answer === false) return false;
      if (answer === null) result = null;
    }
  }
  return result;
}

function conditionHolds(
  operator: string,
  key: string,
  element: Json,
  context: Context,
  variables: boolean | null,
  effect: 'Allow' | 'Deny',
): Answer {
  const parsed = /^(ForAllValues:|ForAnyValue:)?(.+?)(IfExists)?$/.exec(operator);
  const [, set, name, ifExists] = (parsed ?? []) as (string | undefined)[];
  const wanted: string[] = [];
  for (const item of listOf(element)) {
    if (typeof item === 'string') wanted.push(item);
    else if (typeof item === 'boolean') wanted.push(String(item));
    else if (item instanceof JsonNumber) wanted.push(item.text);
    else return null;
  }
  const given = context.get(key);
  const values = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  if (name === 'Null') {
    if (ifExists !== undefined) return null;
    if (set === 'ForAllValues:') return true;
    if (set === 'ForAnyValue:') return false;
    if (wanted.length === 0) return null;
    if (wanted.some((text) => parseBoolean(text) === (values.length === 0))) return true;
    return wanted.some((text) => parseBoolean(text) === null) ? null : false;
  }
  const compare = OPERATORS.get(name ?? '');
  if (compare === undefined) return null;
  const textual = /^(?:String|Arn)/.test(name as string);
  if (textual && variables === null && wanted.some((text) => text.includes('${'))) return null;
  const expand = (text: string): Pattern | null =>
    textual && variables === true ? substitute(text, context) : [{ text, literal: false }];
  const negated = /Not/.test(name as string);
  const matches = (value: string): Answer => {
    const found = any(
      wanted.map((text) => {
        const pattern = expand(text);
        return pattern === null ? false : compare(pattern, value);
      }),
    );
    return found === null ? null : found !== negated;
  };
  let answer: Answer;
  if (values.length === 0) {
    if (set === 'ForAllValues:') answer = true;
    else if (set === 'ForAnyValue:') answer = ifExists === undefined ? false : null;
    else if (ifExists !== undefined) answer = true;
    else answer = wanted.length === 0 ? null : negated;
  } else if (wanted.length === 0) {
    answer = set === undefined && ifExists === undefined ? null : false;
  } else if (set === undefined) {
    answer = SETS.test(key) ? null : typeof given === 'string' && matches(given);
  } else if (set === 'ForAllValues:') {
    const answers = values.map(matches);
    answer = answers.includes(false) ? false : answers.includes(null) ? null : true;
  } else {
    answer = any(values.map(matches));
  }
  const unresolved = textual && variables === true && wanted.some((text) => expand(text) === null);
  return answer === true && effect === 'Deny' && unresolved ? null : answer;
}
