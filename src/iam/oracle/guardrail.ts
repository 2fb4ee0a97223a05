import { type Json, JsonObject, parseJson } from '../json.ts';
import { conditionsHold } from './conditions.ts';
import { elementsOf, listOf } from './elements.ts';
import { actionApplies, statementsOf, variablesOf } from './evaluate.ts';
import { type Answer, like } from './operators.ts';
import type { ConcreteRequest } from './request.ts';

/**
 * Whether a statement of a resource control policy denies one concrete request. Apart from the search, as
 * `evaluateRequest` is, and for the same reason. Null: that hangs on what AWS does not define.
 *
 * Throws JsonSyntaxError when the policy is not JSON.
 *
 * @param index of the statement, from 0
 * @param resource ARN of the role; null: the statement is known to cover it
 */
export function guardrailDenies(
  policyText: string,
  index: number,
  request: ConcreteRequest,
  resource: string | null,
): Answer {
  const { statements, variables } = policyIn(policyText);
  const statement = statements[index]?.object;
  if (statement === undefined || statement.all('Effect')[0] !== 'Deny') return false;
  if (statement.all('Principal')[0] !== '*') return null;
  if (!request.actions.some((action) => actionApplies(statement, action))) return false;
  const covered = resource === null ? true : resourceApplies(statement, resource);
  if (covered === false) return false;
  const [element] = statement.all('Condition');
  const holds = conditionsHold(element ?? NO_CONDITIONS, contextOf(request), variables, 'Deny');
  if (holds === false) return false;
  return covered === null ? null : holds;
}

interface Policy {
  readonly text: string;
  readonly statements: ReturnType<typeof statementsOf>;
  readonly variables: boolean | null;
}

/** The statements of a policy are asked one after the other. */
let lastPolicy: Policy = { text: '{}', statements: [], variables: false };

function policyIn(text: string): Policy {
  if (lastPolicy.text !== text) {
    const document = parseJson(text);
    lastPolicy = { text, statements: statementsOf(document), variables: variablesOf(document) };
  }
  return lastPolicy;
}

type Context = Parameters<typeof conditionsHold>[1];

/** Of requests that are held elsewhere, keys in lower case. */
const contexts = new WeakMap<ConcreteRequest, Context>();

function contextOf(request: ConcreteRequest): Context {
  let context = contexts.get(request);
  if (context === undefined) {
    context = new Map(Object.entries(request.context).map(([key, value]) => [key.toLowerCase(), value]));
    contexts.set(request, context);
  }
  return context;
}

const NO_CONDITIONS: Json = new JsonObject([]);

function resourceApplies(statement: JsonObject, resource: string): Answer {
  const covered = (name: string): Answer => {
    const answers = elementsOf(statement, name)
      .flatMap(listOf)
      .map((entry) => (typeof entry === 'string' ? resourceLike(entry, resource) : null));
    if (answers.includes(true)) return true;
    return answers.includes(null) ? null : false;
  };
  if (elementsOf(statement, 'NotResource').length === 0) return covered('Resource');
  const except = covered('NotResource');
  return except === null ? null : !except;
}

/** Whether a wildcard reaches over a colon is not defined, and a policy variable may be anything. */
function resourceLike(pattern: string, resource: string): Answer {
  if (pattern === '*') return true;
  const open = pattern.replaceAll(/\$\{[^{}]*\}/g, (variable) =>
    /^\$\{[*?$]\}$/.test(variable) ? `\uE000${variable[2]}` : '*',
  );
  // A wildcard that is meant literally matches itself alone; no ARN of a role holds the stand-in.
  const literal = open
    .replaceAll('\uE000$', '$')
    .replaceAll('\uE000*', '\uE001')
    .replaceAll('\uE000?', '\uE002');
  const given = resource.replaceAll('*', '\uE001').replaceAll('?', '\uE002');
  const parts = literal.split(':');
  const own = given.split(':');
  const six = (all: readonly string[]): readonly string[] => [...all.slice(0, 5), all.slice(5).join(':')];
  const byParts =
    parts.length >= 6 && six(parts).every((part, position) => like(part, six(own)[position] ?? ''));
  const asWhole = like(literal, given);
  if (!byParts && !asWhole) return false;
  return byParts && asWhole && !/\$\{(?![*?$]\})[^{}]*\}/.test(pattern) ? true : null;
}
