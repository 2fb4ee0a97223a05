import { PRINCIPAL_ACCOUNT, PRINCIPAL_ARN, USERNAME } from '../../iam/conditions/keys.ts';
import { ignoresCase } from '../../iam/conditions/operators.ts';
import type { Condition, ConditionValue } from '../../iam/conditions/parse.ts';
import { ANY_ONE, ANY_RUN, type GlobToken, hasWildcard, parseGlob } from '../../iam/glob.ts';
import type { Matcher, Scope } from '../../iam/matcher.ts';
import type { PatternToken, Variable } from '../../iam/pattern.ts';
import type { Principal } from '../../iam/principals.ts';
import type { Statement } from '../../iam/trust-policy.ts';
import { type Arn, splitArn } from '../../model/arn.ts';

/** The resource part of a session's ARN, wildcards in it or not. */
export const SESSION_RESOURCE = /^assumed-role\/([^/]+)\/([^/]+)$/;

/** A pattern on who calls that has policy variables. */
export interface CallerTemplate {
  readonly scope: Scope;
  readonly arn: boolean;
  readonly value: ConditionValue;
}

export interface CallerPatterns {
  readonly matchers: readonly Matcher[];
  readonly templates: readonly CallerTemplate[];
  /** Some template compares an ARN with the name at its end, so that paths make a difference. */
  readonly tellsPaths: boolean;
  /** False when there are more patterns than are told apart. */
  readonly exhaustive: boolean;
}

/** Every pattern of the policy that can tell one caller from another. */
export function callerPatterns(statements: readonly Statement[]): CallerPatterns {
  const matchers: Matcher[] = [];
  const templates: CallerTemplate[] = [];
  const conditions = statements.flatMap((statement) => statement.conditions);
  const plainOn = plainValuesOn(conditions);
  let carried = 0;
  for (const condition of conditions) {
    addCondition(condition, matchers, templates);
    for (const matcher of carriedByVariable(condition, plainOn)) {
      if (++carried > CARRIED_IN_ALL) break;
      matchers.push(matcher);
    }
  }
  for (const principal of statements.flatMap((statement) => statement.principals))
    addPrincipal(principal, matchers);
  const tellsPaths = templates.some(
    ({ scope, value }) => scope === 'whole' && variablesOf(value.pattern).some(({ key }) => key === USERNAME),
  );
  return {
    matchers: distinctMatchers(matchers),
    templates,
    tellsPaths,
    exhaustive: carried <= CARRIED_IN_ALL,
  };
}

function addCondition(condition: Condition, matchers: Matcher[], templates: CallerTemplate[]): void {
  if (condition.kind !== 'compare') return;
  const scope = scopeOf(condition.key);
  const { comparison } = condition;
  if (scope === null) return;
  const arn = comparison.family === 'arn';
  const textual = arn || comparison.family === 'string';
  const patterns: (readonly GlobToken[])[] = [];
  for (const value of condition.values) {
    if (textual && value.hasVariable) templates.push({ scope, arn, value });
    else patterns.push(textual ? (value.pattern as readonly GlobToken[]) : [...value.text]);
  }
  const ignoreCase = ignoresCase(comparison);
  if (patterns.length > 0) matchers.push({ patterns, scope, ignoreCase, arn });
}

function scopeOf(key: string): Scope | null {
  if (key === PRINCIPAL_ARN) return 'whole';
  if (key === PRINCIPAL_ACCOUNT) return 'account';
  return key === USERNAME ? 'name' : null;
}

function addPrincipal(principal: Principal, matchers: Matcher[]): void {
  if (principal.kind === 'account') matchers.push(literal(principal.account, 'account'));
  else if (principal.kind === 'user' || principal.kind === 'role')
    matchers.push(literal(principal.text, 'whole'));
  else if (principal.kind === 'session') {
    matchers.push(literal(principal.account, 'account'), literal(principal.roleName, 'name'));
  } else if (principal.kind === 'undefined' && principal.glob) {
    const { account, resource } = splitArn(principal.text) as Arn;
    matchers.push(glob(principal.text, 'whole'));
    if (hasWildcard(account)) matchers.push(glob(account, 'account'));
    const session = SESSION_RESOURCE.exec(resource);
    if (session !== null) matchers.push(glob(session[1] as string, 'name'));
  }
}

function glob(text: string, scope: Scope): Matcher {
  return { patterns: [parseGlob(text)], scope, ignoreCase: false, arn: false };
}

function literal(text: string, scope: Scope): Matcher {
  return { patterns: [[...text]], scope, ignoreCase: false, arn: false };
}

/** Each pattern once. */
function distinctMatchers(matchers: readonly Matcher[]): readonly Matcher[] {
  const byKey = new Map<string, Matcher>();
  for (const matcher of matchers) {
    const patterns = matcher.patterns.map((tokens) => tokens.map(String).join('\u0000'));
    byKey.set(JSON.stringify([matcher.scope, matcher.arn, matcher.ignoreCase, patterns]), matcher);
  }
  return [...byKey.values()];
}

/**
 * Where the caller fills a variable of another key, that key's patterns tell callers apart: with `x-${aws:username}` and
 * `x-a*` on one key, the users named `a*`.
 */
function* carriedByVariable(
  condition: Condition,
  plainOn: (key: string) => readonly ConditionValue[],
): Generator<Matcher> {
  if (condition.kind !== 'compare' || scopeOf(condition.key) !== null) return;
  const ignoreCase = ignoresCase(condition.comparison);
  for (const { pattern } of condition.values.filter((value) => value.hasVariable)) {
    const [variable, ...others] = variablesOf(pattern);
    const scope = variable === undefined ? null : scopeOf(variable.key);
    if (variable === undefined || scope === null || others.length > 0) continue;
    const at = pattern.indexOf(variable);
    const start = pattern.slice(0, at) as readonly GlobToken[];
    const end = pattern.slice(at + 1) as readonly GlobToken[];
    for (const one of plainOn(condition.key)) {
      for (const tokens of withoutEnds(one.pattern as readonly GlobToken[], start, end))
        yield { patterns: [tokens], scope, ignoreCase, arn: false };
    }
  }
}

/** Gives the values of the conditions on a key that have a pattern and no variables. */
function plainValuesOn(conditions: readonly Condition[]): (key: string) => readonly ConditionValue[] {
  let byKey: Map<string, ConditionValue[]> | null = null;
  return (key) => {
    if (byKey === null) {
      byKey = new Map();
      for (const condition of conditions) {
        if (condition.kind !== 'compare') continue;
        const known = byKey.get(condition.key) ?? [];
        byKey.set(condition.key, known);
        for (const value of condition.values)
          if (!value.hasVariable && value.pattern.length > 0) known.push(value);
      }
    }
    return byKey.get(key) ?? [];
  };
}

function variablesOf(pattern: readonly PatternToken[]): readonly Variable[] {
  return pattern.filter((token) => typeof token === 'object');
}

/** What a pattern leaves of texts whose beginning and end are given: several patterns when it has wildcards. */
function withoutEnds(
  pattern: readonly GlobToken[],
  start: readonly GlobToken[],
  end: readonly GlobToken[],
): readonly (readonly GlobToken[])[] {
  return withoutStart(pattern, start).flatMap((rest) =>
    withoutStart(rest.toReversed(), end.toReversed()).map((middle) => middle.toReversed()),
  );
}

function withoutStart(
  pattern: readonly GlobToken[],
  start: readonly GlobToken[],
): readonly (readonly GlobToken[])[] {
  let positions: readonly number[] = [0];
  for (const token of start) {
    const reached = positions.flatMap((at) =>
      token === ANY_RUN ? positionsFrom(at, pattern.length) : after(pattern, token, at),
    );
    positions = [...new Set(reached)];
  }
  return positions.slice(0, CARRIED_LIMIT).map((at) => pattern.slice(at));
}

function positionsFrom(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Where in the pattern one can be once it has taken `token` in. */
function after(pattern: readonly GlobToken[], token: GlobToken, at: number): readonly number[] {
  const wanted = pattern[at];
  if (wanted === ANY_RUN) return [at, ...after(pattern, token, at + 1)];
  return wanted === token || wanted === ANY_ONE || (wanted !== undefined && token === ANY_ONE)
    ? [at + 1]
    : [];
}

/** A pattern with many wildcards leaves many others; those that come first show the difference. */
const CARRIED_LIMIT = 8;
/** Of one policy; beyond it it is called too complex, never clean. */
const CARRIED_IN_ALL = 4_096;
