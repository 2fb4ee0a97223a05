/**
 * The condition operators of AWS
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 * Reading, evaluation, value forms and repairs all derive from this table; the check in `iam/oracle` has its own on
 * purpose, and a test holds that both know the same operators.
 */

/** How a value of the request is compared with a value of the condition. */
export type Comparison =
  | { readonly family: 'string'; readonly ignoreCase: boolean; readonly wildcards: boolean }
  | { readonly family: 'arn' | 'boolean' | 'address' | 'binary' }
  | { readonly family: 'number' | 'date'; readonly relation: Relation };

export type Relation = 'eq' | 'lt' | 'le' | 'gt' | 'ge';

export interface Operator {
  /** Null for `Null`, which compares nothing: it asks whether the key is absent. */
  readonly comparison: Comparison | null;
  /** The operator that holds where this one does not; null for one that is no negation. */
  readonly negates: string | null;
  /** Whether it may end in `IfExists`. */
  readonly takesIfExists: boolean;
}

function compares(comparison: Comparison, negates: string | null = null): Operator {
  return { comparison, negates, takesIfExists: true };
}

const EXACT: Comparison = { family: 'string', ignoreCase: false, wildcards: false };
const ANY_CASE: Comparison = { family: 'string', ignoreCase: true, wildcards: false };
const WILDCARDS: Comparison = { family: 'string', ignoreCase: false, wildcards: true };
/** ArnEquals and ArnLike behave alike: both take wildcards. */
const ARN: Comparison = { family: 'arn' };
const ADDRESS: Comparison = { family: 'address' };

function number(relation: Relation, negates?: string): Operator {
  return compares({ family: 'number', relation }, negates);
}

function date(relation: Relation, negates?: string): Operator {
  return compares({ family: 'date', relation }, negates);
}

const TABLE = {
  StringEquals: compares(EXACT),
  StringNotEquals: compares(EXACT, 'StringEquals'),
  StringEqualsIgnoreCase: compares(ANY_CASE),
  StringNotEqualsIgnoreCase: compares(ANY_CASE, 'StringEqualsIgnoreCase'),
  StringLike: compares(WILDCARDS),
  StringNotLike: compares(WILDCARDS, 'StringLike'),
  ArnEquals: compares(ARN),
  ArnNotEquals: compares(ARN, 'ArnEquals'),
  ArnLike: compares(ARN),
  ArnNotLike: compares(ARN, 'ArnLike'),
  NumericEquals: number('eq'),
  NumericNotEquals: number('eq', 'NumericEquals'),
  NumericLessThan: number('lt'),
  NumericLessThanEquals: number('le'),
  NumericGreaterThan: number('gt'),
  NumericGreaterThanEquals: number('ge'),
  DateEquals: date('eq'),
  DateNotEquals: date('eq', 'DateEquals'),
  DateLessThan: date('lt'),
  DateLessThanEquals: date('le'),
  DateGreaterThan: date('gt'),
  DateGreaterThanEquals: date('ge'),
  Bool: compares({ family: 'boolean' }),
  BinaryEquals: compares({ family: 'binary' }),
  IpAddress: compares(ADDRESS),
  NotIpAddress: compares(ADDRESS, 'IpAddress'),
  Null: { comparison: null, negates: null, takesIfExists: false },
} as const satisfies Readonly<Record<string, Operator>>;

/** An operator as AWS spells it, without a set operator before it and `IfExists` after it. */
export type OperatorName = keyof typeof TABLE;

/** By name. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(Object.entries(TABLE));

/** Which of a key's values in the request must match: the only one, all of them, or any. */
export type Quantifier = 'none' | 'for-all' | 'for-any';

/**
 * What may stand before every operator
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).
 */
const SET_OPERATORS: readonly (readonly [prefix: string, quantifier: Quantifier])[] = [
  ['ForAllValues:', 'for-all'],
  ['ForAnyValue:', 'for-any'],
];
const ALONE = ['', 'none'] as const;
const IF_EXISTS = 'IfExists';

/** An operator as a policy writes it, taken apart; `name` may be none that AWS knows. */
export interface WrittenOperator {
  readonly quantifier: Quantifier;
  readonly name: string;
  readonly ifExists: boolean;
}

/** Takes an operator apart; case counts. */
export function splitOperator(operator: string): WrittenOperator {
  const [prefix, quantifier] = SET_OPERATORS.find(([start]) => operator.startsWith(start)) ?? ALONE;
  const rest = operator.slice(prefix.length);
  const ifExists = rest.endsWith(IF_EXISTS);
  return { quantifier, name: ifExists ? rest.slice(0, -IF_EXISTS.length) : rest, ifExists };
}

/** Every operator that a policy may write, with all that may stand before and after it. */
export const OPERATOR_SPELLINGS: readonly string[] = [...OPERATORS].flatMap(([name, { takesIfExists }]) =>
  (takesIfExists ? [name, name + IF_EXISTS] : [name]).flatMap((spelt) =>
    [ALONE, ...SET_OPERATORS].map(([prefix]) => prefix + spelt),
  ),
);
const SPELLING_BY_LOWER_CASE: ReadonlyMap<string, string> = new Map(
  OPERATOR_SPELLINGS.map((spelt) => [spelt.toLowerCase(), spelt]),
);

/** The operator as AWS spells it, whatever its case; null for one that AWS does not know. */
export function spellOperator(written: string): string | null {
  return SPELLING_BY_LOWER_CASE.get(written.toLowerCase()) ?? null;
}

/** What the name of an operator begins with tells what it compares. */
const BEGINNING = /^(?:Not)?[A-Z][a-z]+/;
const BY_BEGINNING: ReadonlyMap<string, Operator> = new Map(
  [...OPERATORS].map(([name, operator]) => [BEGINNING.exec(name)?.[0] ?? name, operator]),
);

/** An operator that a name resembles: people write `BoolEquals` and `NumericBetween`. Null when it resembles none. */
export function resembledOperator(name: string): Operator | null {
  for (const [beginning, operator] of BY_BEGINNING) if (name.startsWith(beginning)) return operator;
  return null;
}

/** `${...}` in a value stands for a key of the request. */
export function takesVariables({ family }: Comparison): boolean {
  return family === 'string' || family === 'arn';
}

/** Large and small letters are the same. */
export function ignoresCase(comparison: Comparison): boolean {
  return comparison.family === 'string' && comparison.ignoreCase;
}

/** `*` and `?` in a value are wildcards. */
export function takesWildcards(comparison: Comparison): boolean {
  return comparison.family === 'arn' || (comparison.family === 'string' && comparison.wildcards);
}
