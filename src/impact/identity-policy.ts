import { type Condition, parseConditions, type VariableMode } from '../iam/conditions/parse.ts';
import { damageInName } from '../iam/damage/damaged-text.ts';
import { type Json, JsonObject, JsonSyntaxError, parseJson } from '../iam/json.ts';
import { parseResource, type ResourcePattern } from './resource-pattern.ts';

/** One statement of a policy that says what its role may do. */
export interface Statement {
  /** `unknown`: missing, repeated or misspelt. */
  readonly effect: 'Allow' | 'Deny' | 'unknown';
  /** False when AWS does not define what it says, or its text is damaged: it may match anything. */
  readonly certain: boolean;
  /** Lower case. */
  readonly actions: readonly string[];
  readonly exceptActions: boolean;
  readonly resources: readonly ResourcePattern[];
  readonly exceptResources: boolean;
  readonly conditions: readonly Condition[];
}

const ELEMENTS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** Everything, a service with a name, or all services; IAM saves no other prefix. */
const ACTION = /^(?:\*|\*:\*|[a-z0-9-]+:[a-z0-9*?]+)$/;
const RESOURCE = /^(?:\*+$|arn:)/;

/**
 * Reads the text of an identity-based policy or of a permissions boundary
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). Null when it is none.
 */
export function parseIdentityPolicy(text: string): readonly Statement[] | null {
  let document: Json;
  try {
    document = parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
  if (!(document instanceof JsonObject)) return null;
  const [listed, ...others] = document.all('Statement');
  if (listed === undefined) return null;
  const variables = variableMode(document);
  const certain =
    others.length === 0 &&
    variables !== 'undefined' &&
    document.members.every(([key]) => key === 'Statement' || key === 'Version' || key === 'Id');
  const items = [listed, ...others].flatMap(asList);
  if (items.length === 0 && !certain) return null;
  return items.map((item) => readStatement(item, certain, variables));
}

function variableMode(document: JsonObject): VariableMode {
  const [version, ...others] = document.all('Version');
  if (others.length > 0) return 'undefined';
  if (version === '2012-10-17') return 'variables';
  return version === undefined || version === '2008-10-17' ? 'literal' : 'undefined';
}

function readStatement(item: Json, documentCertain: boolean, variables: VariableMode): Statement {
  if (!(item instanceof JsonObject)) return ANYTHING;
  const spelt = item.repeated.size === 0 && item.members.every(([key]) => ELEMENTS.has(key));
  const effects = item.all('Effect');
  const effect =
    effects.length === 1 && (effects[0] === 'Allow' || effects[0] === 'Deny') ? effects[0] : 'unknown';
  const actions = readList(item, 'Action', 'NotAction');
  const resources = readList(item, 'Resource', 'NotResource');
  const named = actions.texts.map((action) => action.toLowerCase().replaceAll(/\*+/g, '*'));
  const conditions = item.all('Condition');
  const sound =
    actions.sound &&
    resources.sound &&
    named.every((action) => ACTION.test(action)) &&
    resources.texts.every((resource) => RESOURCE.test(resource));
  return {
    effect,
    certain: documentCertain && spelt && effect !== 'unknown' && sound && !conditions.some(isDamaged),
    actions: named,
    exceptActions: actions.except,
    resources: resources.texts.map(parseResource),
    exceptResources: resources.except,
    conditions: conditions.flatMap((element) => parseConditions(element, variables)),
  };
}

/** What cannot be read may say anything. */
const ANYTHING: Statement = {
  effect: 'unknown',
  certain: false,
  actions: [],
  exceptActions: false,
  resources: [],
  exceptResources: false,
  conditions: [],
};

interface Listed {
  readonly texts: readonly string[];
  readonly except: boolean;
  readonly sound: boolean;
}

function readList(item: JsonObject, element: string, exceptElement: string): Listed {
  const named = item.all(element);
  const excepted = item.all(exceptElement);
  // An empty list of actions or resources is one of a statement without effect
  // (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html).
  const mayBeEmpty = excepted.length === 0;
  const entries = [...named, ...excepted].flatMap(asList);
  const texts = entries.filter((entry) => typeof entry === 'string');
  return {
    texts,
    except: excepted.length > 0,
    sound:
      named.length + excepted.length === 1 &&
      (texts.length > 0 || mayBeEmpty) &&
      texts.length === entries.length &&
      texts.every((text) => damageInName(text) === null),
  };
}

function asList(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

function isDamaged(condition: Json): boolean {
  if (typeof condition === 'string') return damageInName(condition) !== null;
  if (Array.isArray(condition)) return (condition as readonly Json[]).some(isDamaged);
  if (condition instanceof JsonObject) return condition.members.some(([, value]) => isDamaged(value));
  return false;
}
