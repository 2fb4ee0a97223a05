import { type Condition, parseConditions, type VariableMode } from './conditions.ts';
import { type Json, JsonNumber, JsonObject, parseJson } from './json.ts';
import { type Principal, parsePrincipals } from './principals.ts';

/** One statement of a trust policy, its scalars and lists made alike. */
export interface Statement {
  readonly index: number;
  readonly sid: string | null;
  /** `invalid`: neither `Allow` nor `Deny` as IAM spells them, or missing. */
  readonly effect: 'Allow' | 'Deny' | 'invalid';
  /**
   * False when an element is repeated, misspelt or unknown, so that AWS does not define what the statement says: such
   * an Allow may let callers in, such a Deny must not be relied on.
   */
  readonly certain: boolean;
  readonly principals: readonly Principal[];
  /** NotPrincipal: everybody but `principals`. */
  readonly exceptPrincipals: boolean;
  /** Action entries, and NotAction entries when `exceptActions`. */
  readonly actions: readonly string[];
  readonly exceptActions: boolean;
  readonly conditions: readonly Condition[];
}

export interface TrustPolicyDocument {
  readonly statements: readonly Statement[];
  /** IAM would refuse to save this document. */
  readonly rejected: boolean;
}

/** The elements of a statement that mean something in a trust policy, as they are written. */
export const STATEMENT_ELEMENTS: readonly string[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Condition',
];
const BY_LOWER_CASE: ReadonlyMap<string, string> = new Map(
  STATEMENT_ELEMENTS.map((name) => [name.toLowerCase(), name]),
);
const PROHIBITED: ReadonlySet<string> = new Set(['resource', 'notresource']);

/** Parses the text of a trust policy. Throws JsonSyntaxError. */
export function parseTrustPolicy(text: string): TrustPolicyDocument {
  return readTrustPolicy(parseJson(text));
}

/** Reads what can be read; see damage.ts for what cannot. */
export function readTrustPolicy(document: Json): TrustPolicyDocument {
  if (!(document instanceof JsonObject)) return { statements: [], rejected: true };
  let rejected = document.repeated.size > 0;
  let certain = !document.repeated.has('Statement');
  const raw: Json[] = [];
  for (const [key, value] of document.members) {
    if (key.toLowerCase() !== 'statement') {
      if (key !== 'Version' && key !== 'Id') rejected = true;
      continue;
    }
    if (key !== 'Statement') {
      certain = false;
      rejected = true;
    }
    if (Array.isArray(value)) raw.push(...(value as readonly Json[]));
    else raw.push(value as Json);
  }
  const variables = variableMode(document);
  if (variables === 'undefined') rejected = true;
  const statements: Statement[] = [];
  raw.forEach((item, index) => {
    if (!(item instanceof JsonObject)) return;
    const read = readStatement(item, index, certain, variables);
    statements.push(read.statement);
    rejected ||= read.rejected;
  });
  return { statements, rejected };
}

function variableMode(document: JsonObject): VariableMode {
  const versions = document.all('Version');
  if (versions.length === 0) return 'literal';
  const version = versions[0];
  if (versions.length > 1) return 'undefined';
  if (version === '2012-10-17') return 'variables';
  return version === '2008-10-17' ? 'literal' : 'undefined';
}

function readStatement(
  item: JsonObject,
  index: number,
  documentCertain: boolean,
  variables: VariableMode,
): { statement: Statement; rejected: boolean } {
  let certain = documentCertain;
  let rejected = false;
  const elements = new Map<string, Json[]>();
  for (const [key, value] of item.members) {
    const name = BY_LOWER_CASE.get(key.toLowerCase());
    if (name === undefined) {
      rejected = true;
      // Resource is prohibited in trust policies and says nothing of who gets in; what else is meant nobody knows.
      if (!PROHIBITED.has(key.toLowerCase())) certain = false;
      continue;
    }
    if (name !== key) {
      rejected = true;
      certain = false;
      // A misspelt Condition never guards.
      if (name === 'Condition') continue;
    }
    const values = elements.get(name);
    if (values === undefined) elements.set(name, [value]);
    else {
      values.push(value);
      rejected = true;
      certain = false;
    }
  }
  const sid = elements.get('Sid')?.[0];
  const principals: Principal[] = [];
  const principalElements = elements.get('Principal') ?? [];
  const exceptElements = elements.get('NotPrincipal') ?? [];
  for (const element of principalElements.length > 0 ? principalElements : exceptElements) {
    const parsed = parsePrincipals(element);
    principals.push(...parsed.principals);
    rejected ||= parsed.rejected;
    certain &&= parsed.certain;
  }
  if (exceptElements.length > 0 || principalElements.length === 0) rejected = true;
  if (exceptElements.length > 0 && principalElements.length > 0) {
    certain = false;
    principals.push({ kind: 'undefined', text: 'NotPrincipal', account: null, glob: false });
  }
  const actionElements = elements.get('Action') ?? [];
  const exceptActionElements = elements.get('NotAction') ?? [];
  if (actionElements.length > 0 && exceptActionElements.length > 0) {
    certain = false;
    rejected = true;
  }
  const exceptActions = actionElements.length === 0 && exceptActionElements.length > 0;
  const actions: string[] = [];
  for (const element of exceptActions ? exceptActionElements : actionElements) {
    for (const action of Array.isArray(element) ? (element as readonly Json[]) : [element]) {
      if (typeof action === 'string') actions.push(action);
      else rejected = true;
    }
  }
  // IAM saves no other than STS actions in a trust policy.
  if (actions.some((action) => !/^sts:/i.test(action)) || actions.length === 0) rejected = true;
  const conditions: Condition[] = [];
  const conditionElements = elements.get('Condition') ?? [];
  for (const element of conditionElements) {
    if (conditionElements.length === 1) conditions.push(...parseConditions(element, variables));
    else conditions.push({ kind: 'undefined', operator: 'Condition', key: '', writtenKey: '' });
  }
  if (conditions.some((condition) => condition.kind === 'undefined')) rejected = true;
  const { effect, effectCertain } = readEffect(elements.get('Effect') ?? []);
  if (effect === 'invalid' || !effectCertain) rejected = true;
  return {
    rejected,
    statement: {
      index,
      sid: typeof sid === 'string' ? sid : sid instanceof JsonNumber ? sid.text : null,
      effect,
      certain: certain && effectCertain,
      principals,
      exceptPrincipals: principalElements.length === 0 && exceptElements.length > 0,
      actions,
      exceptActions,
      conditions,
    },
  };
}

/** Effect values are case-sensitive (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html). */
function readEffect(values: readonly Json[]): { effect: Statement['effect']; effectCertain: boolean } {
  const known = values.filter((value) => value === 'Allow' || value === 'Deny');
  if (known.includes('Allow')) return { effect: 'Allow', effectCertain: values.length === 1 };
  if (known.includes('Deny')) return { effect: 'Deny', effectCertain: values.length === 1 };
  return { effect: 'invalid', effectCertain: true };
}
