import { type Condition, parseConditions, type VariableMode } from './conditions/parse.ts';
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

/** The element of a statement as IAM spells it, whatever its case; null for one that no statement has. */
export function spellElement(written: string): string | null {
  return BY_LOWER_CASE.get(written.toLowerCase()) ?? null;
}

/** Parses the text of a trust policy. Throws JsonSyntaxError. */
export function parseTrustPolicy(text: string): TrustPolicyDocument {
  return readTrustPolicy(parseJson(text));
}

/** Reads what can be read; see damage/ for what cannot. */
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

/** What is read of a part of a statement, and what IAM would have said of it. */
interface Reading<Part> {
  readonly part: Part;
  /** IAM would refuse to save it. */
  readonly rejected: boolean;
  /** AWS defines what it says. */
  readonly certain: boolean;
}

function readStatement(
  item: JsonObject,
  index: number,
  documentCertain: boolean,
  variables: VariableMode,
): { statement: Statement; rejected: boolean } {
  const elements = readElements(item);
  const valuesOf = (name: string): readonly Json[] => elements.part.get(name) ?? [];
  const principals = readPrincipals(valuesOf('Principal'), valuesOf('NotPrincipal'));
  const actions = readActions(valuesOf('Action'), valuesOf('NotAction'));
  const conditions = readConditions(valuesOf('Condition'), variables);
  const effect = readEffect(valuesOf('Effect'));
  const parts = [elements, principals, actions, conditions, effect];
  const [sid] = valuesOf('Sid');
  return {
    rejected: parts.some(({ rejected }) => rejected),
    statement: {
      index,
      sid: typeof sid === 'string' ? sid : sid instanceof JsonNumber ? sid.text : null,
      effect: effect.part,
      certain: documentCertain && parts.every(({ certain }) => certain),
      ...principals.part,
      ...actions.part,
      conditions: conditions.part,
    },
  };
}

/** The values of each element, by its name as IAM spells it. */
function readElements(item: JsonObject): Reading<ReadonlyMap<string, readonly Json[]>> {
  let certain = true;
  let rejected = false;
  const elements = new Map<string, Json[]>();
  for (const [key, value] of item.members) {
    const name = spellElement(key);
    if (name === null) {
      rejected = true;
      // Resource is prohibited in trust policies and says nothing of who gets in; what else is meant nobody knows.
      if (!PROHIBITED.has(key.toLowerCase())) certain = false;
      continue;
    }
    const values = elements.get(name);
    if (name !== key || values !== undefined) {
      rejected = true;
      certain = false;
    }
    // A misspelt Condition never guards.
    if (name === 'Condition' && key !== name) continue;
    if (values === undefined) elements.set(name, [value]);
    else values.push(value);
  }
  return { part: elements, rejected, certain };
}

function readPrincipals(
  named: readonly Json[],
  excepted: readonly Json[],
): Reading<Pick<Statement, 'principals' | 'exceptPrincipals'>> {
  const read = (named.length > 0 ? named : excepted).map(parsePrincipals);
  const principals = read.flatMap((one) => one.principals);
  const both = named.length > 0 && excepted.length > 0;
  if (both) principals.push({ kind: 'undefined', text: 'NotPrincipal', account: null, glob: false });
  return {
    part: { principals, exceptPrincipals: named.length === 0 && excepted.length > 0 },
    rejected: excepted.length > 0 || named.length === 0 || read.some(({ rejected }) => rejected),
    certain: !both && read.every(({ certain }) => certain),
  };
}

function readActions(
  named: readonly Json[],
  excepted: readonly Json[],
): Reading<Pick<Statement, 'actions' | 'exceptActions'>> {
  const exceptActions = named.length === 0 && excepted.length > 0;
  const entries = (exceptActions ? excepted : named).flatMap((element) =>
    Array.isArray(element) ? (element as readonly Json[]) : [element],
  );
  const actions = entries.filter((entry) => typeof entry === 'string');
  const both = named.length > 0 && excepted.length > 0;
  // IAM saves no other than STS actions in a trust policy.
  const foreign = actions.some((action) => !/^sts:/i.test(action));
  return {
    part: { actions, exceptActions },
    rejected: both || foreign || actions.length === 0 || actions.length < entries.length,
    certain: !both,
  };
}

function readConditions(
  elements: readonly Json[],
  variables: VariableMode,
): Reading<Statement['conditions']> {
  const conditions = elements.flatMap((element): readonly Condition[] =>
    elements.length === 1
      ? parseConditions(element, variables)
      : [{ kind: 'undefined', operator: 'Condition', key: '', writtenKey: '' }],
  );
  return { part: conditions, rejected: conditions.some(({ kind }) => kind === 'undefined'), certain: true };
}

/** Effect values are case-sensitive (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html). */
function readEffect(values: readonly Json[]): Reading<Statement['effect']> {
  const part = (['Allow', 'Deny'] as const).find((effect) => values.includes(effect)) ?? 'invalid';
  const certain = part === 'invalid' || values.length === 1;
  return { part, rejected: part === 'invalid' || !certain, certain };
}
