import {
  CURRENT_TIME,
  EPOCH_TIME,
  isAlwaysPresent,
  MFA_AGE,
  MFA_PRESENT,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_ARN,
  PRINCIPAL_ORG_ID,
  PRINCIPAL_ORG_PATHS,
  PRINCIPAL_TYPE,
  REQUEST_TAG_PREFIX,
  RESOURCE_ACCOUNT,
  TAG_KEYS,
  TOKEN_ISSUE_TIME,
  TRANSITIVE_TAG_KEYS,
  USERNAME,
} from '../../iam/conditions/keys.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import type { ContextValue } from '../../iam/conditions/truth.ts';
import type { Budget } from '../../iam/matcher.ts';
import type { Statement } from '../../iam/trust-policy.ts';
import type { Caller } from '../callers/caller.ts';
import { type Carried, domainOf, NOTHING_CARRIED, printDate } from './domains.ts';
import { type DeterminedTexts, linkedDomains, variableKeys } from './variables.ts';

/** Keys whose values must fit together take their values together. */
export interface Group {
  readonly keys: readonly string[];
  /** The number of choices. */
  readonly size: number;
  /** Of one choice after the other, each in the order of `keys`: in one list, because a policy may have very many keys. */
  readonly values: readonly ContextValue[];
}

function groupOf(keys: readonly string[], choices: readonly (readonly ContextValue[])[]): Group {
  return { keys, size: choices.length, values: choices.flat().slice() };
}

/** What a choice gives the key at a place among those of its group. */
export function chosenValue(group: Group, choice: number, key: number): ContextValue {
  return group.values[choice * group.keys.length + key];
}

/** Bounds on what is tried for keys that belong together; beyond them the policy is called too complex, never clean. */
const CHOICE_LIMIT = 32_768;
const VALUE_LIMIT = 524_288;
/** A request passes 50 session tags at most. */
const LINKED_LIMIT = 64;
/** Keys that the caller and its credentials determine; they are no choice of the search. */
const DETERMINED: ReadonlySet<string> = new Set([
  MFA_PRESENT,
  MFA_AGE,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_ARN,
  PRINCIPAL_TYPE,
  RESOURCE_ACCOUNT,
  USERNAME,
]);
export const PRINCIPAL_TYPES = {
  user: 'User',
  role: 'AssumedRole',
  'federated-user': 'FederatedUser',
} as const;
export function isSessionTagKey(key: string): boolean {
  return key.startsWith(REQUEST_TAG_PREFIX) || key === TAG_KEYS || key === TRANSITIVE_TAG_KEYS;
}

export function conditionsOn(key: string, statements: readonly Statement[]): readonly Condition[] {
  return statements.flatMap((statement) => statement.conditions.filter((condition) => condition.key === key));
}

export function determinedTexts(
  own: string,
  callers: Iterable<Caller>,
  fixed: ReadonlyMap<string, ContextValue>,
): DeterminedTexts {
  const distinct = (textOf: (caller: Caller) => string | null) => {
    let texts: readonly string[] | null = null;
    return (): readonly string[] => {
      if (texts !== null) return texts;
      const found = new Set<string>();
      for (const caller of callers) {
        const text = textOf(caller);
        if (text !== null) found.add(text);
      }
      texts = [...found];
      return texts;
    };
  };
  return new Map([
    [PRINCIPAL_ARN, distinct(({ arn }) => arn)],
    [PRINCIPAL_ACCOUNT, distinct(({ account }) => account)],
    [PRINCIPAL_TYPE, distinct(({ kind }) => PRINCIPAL_TYPES[kind])],
    [USERNAME, distinct(({ kind, name }) => (kind === 'user' ? name : null))],
    [RESOURCE_ACCOUNT, () => [own]],
    ...[...fixed].map(([key, value]): [string, () => readonly string[]] => {
      const texts = [value ?? []].flat();
      return [key, () => texts];
    }),
  ]);
}

/** `carried`: what tells values of a key apart beside the conditions on it. */
export function buildGroups(
  statements: readonly Statement[],
  determined: DeterminedTexts,
  carried: ReadonlyMap<string, Carried>,
  budget: Budget,
): { groups: readonly Group[]; exhaustive: boolean } {
  const conditions = statements.flatMap((statement) => statement.conditions);
  const keys = new Set<string>();
  for (const condition of conditions) {
    if (condition.key !== '') keys.add(condition.key);
    for (const key of variableKeys(condition)) keys.add(key);
  }
  for (const key of DETERMINED) keys.delete(key);
  for (const key of determined.keys()) keys.delete(key);
  if (keys.has(TRANSITIVE_TAG_KEYS)) keys.add(TAG_KEYS);
  if (keys.size === 0) return { groups: [], exhaustive: true };
  const links = linkedKeys(keys, conditions);
  const onKeys = conditionsByKey(conditions);
  let exhaustive = true;
  const groups: Group[] = [];
  for (const members of links) {
    const built =
      members.length > LINKED_LIMIT
        ? bareGroup(members, budget)
        : buildGroup(members, onKeys(members), determined, carried, budget);
    groups.push(built.group);
    exhaustive &&= built.exhaustive;
  }
  return { groups, exhaustive };
}

/** Gives the conditions that are on some of the keys, or name one in a variable, in their order. */
function conditionsByKey(
  conditions: readonly Condition[],
): (keys: readonly string[]) => readonly Condition[] {
  const places = new Map<string, number[]>();
  for (const [place, condition] of conditions.entries()) {
    for (const key of [condition.key, ...variableKeys(condition)]) {
      const known = places.get(key);
      if (known === undefined) places.set(key, [place]);
      else known.push(place);
    }
  }
  return (keys) => {
    const found = new Set(keys.flatMap((key) => places.get(key) ?? []));
    return [...found].sort((a, b) => a - b).map((place) => conditions[place] as Condition);
  };
}

/** Partitions the keys: those that variables, tags, the clock or the organisation tie together share a group. */
function linkedKeys(
  keys: ReadonlySet<string>,
  conditions: readonly Condition[],
): readonly (readonly string[])[] {
  const linked = new Map<string, Set<string>>();
  for (const key of keys) linked.set(key, new Set([key]));
  const link = (a: string, b: string): void => {
    const [left, right] = [linked.get(a), linked.get(b)];
    if (left === undefined || right === undefined || left === right) return;
    const [more, fewer] = left.size < right.size ? [right, left] : [left, right];
    for (const key of fewer) {
      more.add(key);
      linked.set(key, more);
    }
  };
  for (const condition of conditions) {
    const tied = [condition.key, ...variableKeys(condition)].filter((key) => keys.has(key));
    for (const key of tied.slice(1)) link(tied[0] as string, key);
  }
  // Without a condition on the list of tag keys, each tag is free of the others.
  for (const key of keys) if (isSessionTagKey(key)) link(TAG_KEYS, key);
  link(CURRENT_TIME, EPOCH_TIME);
  link(PRINCIPAL_ORG_ID, PRINCIPAL_ORG_PATHS);
  return [...new Set(linked.values())].map((group) => [...group].sort());
}

/** Of a request that says no more than every request does. */
function bareGroup(keys: readonly string[], budget: Budget): { group: Group; exhaustive: boolean } {
  const bare = keys.map((key) =>
    isAlwaysPresent(key) ? domainOf(key, [], NOTHING_CARRIED, budget).values[0] : undefined,
  );
  return { group: groupOf(keys, [bare]), exhaustive: false };
}

function buildGroup(
  keys: readonly string[],
  conditions: readonly Condition[],
  determined: DeterminedTexts,
  carried: ReadonlyMap<string, Carried>,
  budget: Budget,
): { group: Group; exhaustive: boolean } {
  if (keys.includes(CURRENT_TIME) && keys.includes(EPOCH_TIME) && keys.length === 2) {
    return clockGroup(keys, conditions, budget);
  }
  const domains = linkedDomains(keys, conditions, determined, carried, budget);
  let exhaustive = domains.exhaustive;
  const limit = Math.min(CHOICE_LIMIT, Math.floor(VALUE_LIMIT / keys.length));
  let choices: (readonly ContextValue[])[] = [[]];
  for (const key of keys) {
    const domain = domains.byKey.get(key) as readonly ContextValue[];
    // A request without the key comes first, except that a token's issue time goes with temporary credentials.
    const values = key === TOKEN_ISSUE_TIME ? [undefined, ...domain] : domain;
    if (choices.length * values.length > limit) exhaustive = false;
    const extended: (readonly ContextValue[])[] = [];
    for (const choice of choices) {
      for (const value of values.slice(0, limit - extended.length)) extended.push([...choice, value]);
      if (extended.length === limit) break;
    }
    choices = extended;
  }
  if (keys.includes(TAG_KEYS)) choices = consistentTags(keys, choices);
  const organisation = [PRINCIPAL_ORG_ID, PRINCIPAL_ORG_PATHS].map((key) => keys.indexOf(key));
  if (!organisation.includes(-1)) {
    // Requests of whoever belongs to an organisation have both, those of others neither.
    choices = choices.filter((choice) => {
      const [id, paths] = organisation.map((at) => choice[at]);
      return (id === undefined) === (paths === undefined);
    });
  }
  return { group: groupOf(keys, choices), exhaustive };
}

function clockGroup(
  keys: readonly string[],
  conditions: readonly Condition[],
  budget: Budget,
): { group: Group; exhaustive: boolean } {
  const on = conditions.filter((condition) => keys.includes(condition.key));
  const asDates = on.map(
    (condition): Condition =>
      condition.kind === 'compare' && condition.comparison.family === 'number'
        ? { ...condition, comparison: { ...condition.comparison, family: 'date' } }
        : condition,
  );
  const seconds = domainOf(EPOCH_TIME, asDates, NOTHING_CARRIED, budget).values.filter(
    (value) => typeof value === 'string',
  );
  const choices = seconds.map((value) =>
    keys.map((key) => (key === EPOCH_TIME ? value : printDate(Number(value)))),
  );
  return { group: groupOf(keys, choices), exhaustive: true };
}

/**
 * aws:TagKeys lists exactly the tags a request passes: every aws:RequestTag key present, every transitive one, and perhaps
 * others.
 */
function consistentTags(
  keys: readonly string[],
  choices: readonly (readonly ContextValue[])[],
): (readonly ContextValue[])[] {
  const at = keys.indexOf(TAG_KEYS);
  const transitive = keys.indexOf(TRANSITIVE_TAG_KEYS);
  const tagNames = keys.map((key) =>
    key.startsWith(REQUEST_TAG_PREFIX) ? key.slice(REQUEST_TAG_PREFIX.length) : null,
  );
  const result = new Map<string, readonly ContextValue[]>();
  for (const choice of choices) {
    const listed = [choice[at], choice[transitive]].flatMap((value) => value ?? []);
    const names = new Set(listed);
    let consistent = true;
    tagNames.forEach((name, position) => {
      if (name === null) return;
      const inList = listed.some((listedName) => listedName.toLowerCase() === name);
      if (choice[position] === undefined) consistent &&= !inList;
      else if (!inList) names.add(name);
    });
    if (!consistent) continue;
    const fitted = choice.with(at, names.size === 0 ? undefined : [...names]);
    result.set(JSON.stringify(fitted.map((value) => value ?? null)), fitted);
  }
  return [...result.values()];
}
