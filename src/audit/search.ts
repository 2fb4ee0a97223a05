import {
  ASSUME_ROLE,
  actionCovers,
  type NeededAction,
  SET_SOURCE_IDENTITY,
  TAG_SESSION,
} from '../iam/actions.ts';
import {
  CURRENT_TIME,
  EPOCH_TIME,
  EXTERNAL_ID,
  MFA_AGE,
  MFA_PRESENT,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_ARN,
  PRINCIPAL_TYPE,
  REQUEST_TAG_PREFIX,
  RESOURCE_ACCOUNT,
  SOURCE_IDENTITY,
  TAG_KEYS,
  TOKEN_ISSUE_TIME,
  TRANSITIVE_TAG_KEYS,
  USERNAME,
} from '../iam/condition-keys.ts';
import type { Condition } from '../iam/conditions.ts';
import type { Statement } from '../iam/trust-policy.ts';
import { type ContextValue, conditionTruth, type Truth } from '../iam/truth.ts';
import { type Caller, principalCovers } from './callers.ts';
import { domainOf, printDate } from './domains.ts';

/** Which guards a request may present. */
export interface GuardsAllowed {
  readonly mfa: boolean;
  readonly externalId: boolean;
}

export const UNGUARDED: GuardsAllowed = { mfa: false, externalId: false };

/**
 * How to take what AWS does not define. `definite`: never in the caller's favour. `permissive`: an Allow may match
 * and a Deny may not, always in the caller's favour.
 */
export type Certainty = 'definite' | 'permissive';

/** A request that the policy lets in. */
export interface AdmittedRequest {
  readonly caller: Caller;
  readonly actions: readonly NeededAction[];
  /** Present keys only, by lower-case name. */
  readonly context: ReadonlyMap<string, string | readonly string[]>;
}

/** Keys to hold to certain values while searching, by lower-case name. */
export type Restriction = (key: string, value: ContextValue) => boolean;

export interface SearchOptions {
  readonly guards: GuardsAllowed;
  readonly certainty: Certainty;
  readonly restrict?: Restriction;
}

/** Keys whose values must fit together take their values together. */
interface Group {
  readonly keys: readonly string[];
  /** Values in the order of `keys`. */
  readonly choices: readonly (readonly ContextValue[])[];
}

/** What a caller's credentials say of MFA. */
interface CredentialState {
  readonly mfaPresent: 'true' | 'false' | undefined;
  readonly mfaAge: string | undefined;
  readonly temporary: boolean;
}

type Domains = readonly (readonly number[])[];

interface Environment {
  readonly caller: Caller;
  readonly fixed: ReadonlyMap<string, ContextValue>;
}

const GROUP_LIMIT = 4096;
/** Bounds the branching on Deny statements; beyond it the policy is called too complex, never clean. */
const STEP_LIMIT = 20_000;
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
const MFA_KEYS: ReadonlySet<string> = new Set([MFA_PRESENT, MFA_AGE]);
const PRINCIPAL_TYPES = { user: 'User', role: 'AssumedRole', 'federated-user': 'FederatedUser' } as const;

/**
 * Searches for a request that a set of statements lets in. The credential states leave only two unguarded cases,
 * long-term keys and temporary credentials without MFA; every other key is free and takes each value that the
 * policy can tell apart. Denies are a union, so all of them are tested on the same request.
 */
export class RequestSearch {
  readonly #own: string;
  readonly #statements: readonly Statement[];
  readonly #groups: readonly Group[];
  readonly #groupOf = new Map<string, number>();
  readonly #positionOf = new Map<string, number>();
  readonly #ages: readonly string[];
  readonly #cache = new Map<Condition, Map<string, Truth>>();
  /** False once some limit was hit, so that not finding a request proves nothing. */
  exhaustive = true;
  /** True once something undefined was met: until then, `permissive` finds nothing that `definite` does not. */
  metUndefined: boolean;
  /** False when no condition can tell whether a request presents MFA. */
  readonly asksForMfa: boolean;
  #steps = 0;

  /** `callers`: everybody `find` will be asked about; policy variables take their values from them. */
  constructor(own: string, statements: readonly Statement[], callers: readonly Caller[]) {
    this.#own = own;
    this.#statements = statements;
    const { groups, exhaustive } = buildGroups(statements, determinedTexts(own, callers));
    this.#groups = groups;
    this.exhaustive = exhaustive;
    this.metUndefined = statements.some(isUndefined);
    this.asksForMfa = statements.some(({ conditions }) => conditions.some(asksForMfa));
    groups.forEach((group, index) => {
      group.keys.forEach((key, position) => {
        this.#groupOf.set(key, index);
        this.#positionOf.set(key, position);
      });
    });
    const ages = domainOf(MFA_AGE, conditionsOn(MFA_AGE, statements), []).values.filter(
      (age) => typeof age === 'string',
    );
    this.#ages = ages.filter((age) => /^\d/.test(age) && Number(age) >= 0);
  }

  /** False when no condition or variable can tell whether a request presents an external ID. */
  get asksForExternalId(): boolean {
    return this.#groupOf.has(EXTERNAL_ID);
  }

  /** The first request of `caller` that `allow` admits, together with whatever further actions it needs. */
  find(allow: Statement, caller: Caller, options: SearchOptions): AdmittedRequest | null {
    for (const state of credentialStates(caller, options.guards, this.#ages)) {
      const environment = { caller, fixed: this.#fixedValues(caller, state) };
      for (const actions of this.#actionSets()) {
        const found = this.#findFor(allow, environment, actions, state, options);
        if (found !== null) return found;
      }
    }
    return null;
  }

  #actionSets(): readonly (readonly NeededAction[])[] {
    const sets: NeededAction[][] = [[ASSUME_ROLE]];
    const tags = [...this.#groupOf.keys()].some(isSessionTagKey);
    const identity = this.#groupOf.has(SOURCE_IDENTITY);
    if (tags) sets.push([ASSUME_ROLE, TAG_SESSION]);
    if (identity) sets.push([ASSUME_ROLE, SET_SOURCE_IDENTITY]);
    if (tags && identity) sets.push([ASSUME_ROLE, TAG_SESSION, SET_SOURCE_IDENTITY]);
    return sets;
  }

  #findFor(
    allow: Statement,
    environment: Environment,
    actions: readonly NeededAction[],
    state: CredentialState,
    options: SearchOptions,
  ): AdmittedRequest | null {
    const domains = this.#startingDomains(actions, state, options);
    if (domains === null) return null;
    const further = actions
      .slice(1)
      .map((action) => this.#allowsFor(action, environment.caller, options.certainty));
    for (const allows of combinations(further)) {
      const narrowed = this.#satisfyAll([allow, ...allows], environment, domains, options.certainty);
      if (narrowed === null) continue;
      const denies = this.#statements.filter((statement) =>
        deniesCaller(statement, environment.caller, actions, options.certainty),
      );
      const found = this.#escapeDenies(denies, 0, environment, narrowed, options.certainty);
      if (found !== null) return this.#request(environment, actions, found);
    }
    return null;
  }

  #allowsFor(action: NeededAction, caller: Caller, certainty: Certainty): readonly Statement[] {
    return this.#statements.filter(
      (statement) =>
        statement.effect === 'Allow' &&
        (statement.certain || certainty === 'permissive') &&
        coversAction(statement, action) &&
        statementNames(statement, caller, certainty),
    );
  }

  #startingDomains(
    actions: readonly NeededAction[],
    state: CredentialState,
    options: SearchOptions,
  ): Domains | null {
    const tagging = actions.includes(TAG_SESSION);
    const identifying = actions.includes(SET_SOURCE_IDENTITY);
    const domains: (readonly number[])[] = [];
    for (const group of this.#groups) {
      const domain: number[] = [];
      group.choices.forEach((choice, index) => {
        const fits = group.keys.every((key, position) => {
          const value = choice[position];
          if (key === EXTERNAL_ID && (value !== undefined) !== options.guards.externalId) return false;
          if (key === TOKEN_ISSUE_TIME && (value !== undefined) !== state.temporary) return false;
          if (key === SOURCE_IDENTITY && (value !== undefined) !== identifying) return false;
          return options.restrict?.(key, value) ?? true;
        });
        const tagged = group.keys.some(
          (key, position) => isSessionTagKey(key) && choice[position] !== undefined,
        );
        const isTagGroup = group.keys.some(isSessionTagKey);
        if (fits && (!isTagGroup || tagged === tagging)) domain.push(index);
      });
      if (domain.length === 0) return null;
      domains.push(domain);
    }
    return domains;
  }

  #satisfyAll(
    allows: readonly Statement[],
    environment: Environment,
    domains: Domains,
    certainty: Certainty,
  ): Domains | null {
    const narrowed = [...domains];
    for (const { conditions } of allows) {
      for (const condition of conditions) {
        const holds = (choice: number, group: number): boolean => {
          const truth = this.#truth(condition, 'Allow', environment, group, choice);
          return truth === 'yes' || (truth === 'unknown' && certainty === 'permissive');
        };
        const group = this.#groupFor(condition);
        if (group === -1) {
          if (!holds(0, -1)) return null;
          continue;
        }
        const left = (narrowed[group] as readonly number[]).filter((choice) => holds(choice, group));
        if (left.length === 0) return null;
        narrowed[group] = left;
      }
    }
    return narrowed;
  }

  /** Makes some condition of every Deny fail, all on one request. */
  #escapeDenies(
    denies: readonly Statement[],
    index: number,
    environment: Environment,
    domains: Domains,
    certainty: Certainty,
  ): Domains | null {
    const deny = denies[index];
    if (deny === undefined) return domains;
    if (++this.#steps > STEP_LIMIT) {
      this.exhaustive = false;
      return null;
    }
    const fails = (condition: Condition, group: number, choice: number): boolean => {
      const truth = this.#truth(condition, 'Deny', environment, group, choice);
      return truth === 'no' || (truth === 'unknown' && certainty === 'permissive');
    };
    const ways: Domains[] = [];
    for (const condition of deny.conditions) {
      const group = this.#groupFor(condition);
      if (group === -1) {
        if (fails(condition, -1, 0))
          return this.#escapeDenies(denies, index + 1, environment, domains, certainty);
        continue;
      }
      const domain = domains[group] as readonly number[];
      const left = domain.filter((choice) => fails(condition, group, choice));
      if (left.length === domain.length)
        return this.#escapeDenies(denies, index + 1, environment, domains, certainty);
      if (left.length > 0) ways.push(domains.with(group, left));
    }
    for (const way of ways) {
      const found = this.#escapeDenies(denies, index + 1, environment, way, certainty);
      if (found !== null) return found;
    }
    return null;
  }

  #groupFor(condition: Condition): number {
    const own = this.#groupOf.get(condition.key);
    if (own !== undefined) return own;
    for (const key of variableKeys(condition)) {
      const group = this.#groupOf.get(key);
      if (group !== undefined) return group;
    }
    return -1;
  }

  #truth(
    condition: Condition,
    effect: 'Allow' | 'Deny',
    environment: Environment,
    group: number,
    choice: number,
  ): Truth {
    const cacheable = group !== -1 && variableKeys(condition).length === 0;
    if (!cacheable)
      return this.#met(conditionTruth(condition, this.#context(environment, group, choice), effect));
    let truths = this.#cache.get(condition);
    if (truths === undefined) {
      truths = new Map();
      this.#cache.set(condition, truths);
    }
    const key = `${effect}${choice}`;
    let truth = truths.get(key);
    if (truth === undefined) {
      truth = this.#met(conditionTruth(condition, this.#context(environment, group, choice), effect));
      truths.set(key, truth);
    }
    return truth;
  }

  #met(truth: Truth): Truth {
    if (truth === 'unknown') this.metUndefined = true;
    return truth;
  }

  #context(environment: Environment, group: number, choice: number): (key: string) => ContextValue {
    return (key) => {
      if (this.#groupOf.get(key) === group && group !== -1) {
        return this.#groups[group]?.choices[choice]?.[this.#positionOf.get(key) as number];
      }
      return environment.fixed.get(key);
    };
  }

  #fixedValues(caller: Caller, state: CredentialState): ReadonlyMap<string, ContextValue> {
    return new Map<string, ContextValue>([
      [PRINCIPAL_ARN, caller.arn],
      [PRINCIPAL_ACCOUNT, caller.account],
      [PRINCIPAL_TYPE, PRINCIPAL_TYPES[caller.kind]],
      [USERNAME, caller.kind === 'user' ? caller.name : undefined],
      [RESOURCE_ACCOUNT, this.#own],
      [MFA_PRESENT, state.mfaPresent],
      [MFA_AGE, state.mfaAge],
    ]);
  }

  #request(environment: Environment, actions: readonly NeededAction[], domains: Domains): AdmittedRequest {
    const context = new Map<string, string | readonly string[]>();
    for (const [key, value] of environment.fixed) if (value !== undefined) context.set(key, value);
    this.#groups.forEach((group, index) => {
      const choice = group.choices[(domains[index] as readonly number[])[0] as number] ?? [];
      group.keys.forEach((key, position) => {
        const value = choice[position];
        if (value !== undefined) context.set(key, value);
      });
    });
    return { caller: environment.caller, actions, context };
  }
}

function asksForMfa(condition: Condition): boolean {
  return MFA_KEYS.has(condition.key) || variableKeys(condition).some((key) => MFA_KEYS.has(key));
}

/** Something of the statement is undefined whatever the request: see `Statement.certain` and `Principal`. */
function isUndefined({ certain, exceptPrincipals, principals }: Statement): boolean {
  return !certain || exceptPrincipals || principals.some((principal) => principal.kind === 'undefined');
}

export function coversAction(statement: Statement, action: NeededAction): boolean {
  const listed = statement.actions.some((entry) => actionCovers(entry, action));
  return statement.exceptActions ? !listed : listed;
}

/** Does the statement's Principal (or NotPrincipal) element take this caller in? */
function statementNames(statement: Statement, caller: Caller, certainty: Certainty): boolean {
  const truths = statement.principals.map((principal) => principalCovers(principal, caller));
  if (statement.exceptPrincipals)
    return !truths.includes('yes') && (certainty === 'permissive' || !truths.includes('unknown'));
  return truths.includes('yes') || (certainty === 'permissive' && truths.includes('unknown'));
}

/** A Deny with NotPrincipal, a repeated element or an undefined principal is never relied on. */
function deniesCaller(
  statement: Statement,
  caller: Caller,
  actions: readonly NeededAction[],
  certainty: Certainty,
): boolean {
  if (statement.effect !== 'Deny') return false;
  if (!actions.some((action) => coversAction(statement, action))) return false;
  if (certainty === 'permissive') {
    return statement.certain && !statement.exceptPrincipals && statementNames(statement, caller, 'definite');
  }
  if (statement.exceptPrincipals)
    return !statement.principals.some((principal) => principalCovers(principal, caller) === 'yes');
  return statementNames(statement, caller, 'permissive');
}

/**
 * Temporary credentials of a user say `false` without MFA; those of a role are documented to carry no MFA
 * information, while some sources disagree, so for them the key may be absent or false
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
 */
function credentialStates(
  caller: Caller,
  guards: GuardsAllowed,
  ages: readonly string[],
): readonly CredentialState[] {
  if (guards.mfa) {
    const candidates = ages.length > 0 ? ages : ['60'];
    return candidates.map((mfaAge) => ({ mfaPresent: 'true', mfaAge, temporary: true }));
  }
  return [
    { mfaPresent: undefined, mfaAge: undefined, temporary: caller.kind !== 'user' },
    { mfaPresent: 'false', mfaAge: undefined, temporary: true },
  ];
}

function isSessionTagKey(key: string): boolean {
  return key.startsWith(REQUEST_TAG_PREFIX) || key === TAG_KEYS || key === TRANSITIVE_TAG_KEYS;
}

function conditionsOn(key: string, statements: readonly Statement[]): readonly Condition[] {
  return statements.flatMap((statement) => statement.conditions.filter((condition) => condition.key === key));
}

const NO_KEYS: readonly string[] = [];

function variableKeys(condition: Condition): readonly string[] {
  if (condition.kind !== 'compare' || !condition.values.some((value) => value.hasVariable)) return NO_KEYS;
  return condition.values.flatMap((value) =>
    value.pattern.flatMap((token) => (typeof token === 'object' ? [token.key] : [])),
  );
}

function* combinations(lists: readonly (readonly Statement[])[]): Generator<readonly Statement[]> {
  const [first, ...rest] = lists;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const item of first) for (const others of combinations(rest)) yield [item, ...others];
}

/** The values that keys outside the search take, by key. */
type DeterminedTexts = ReadonlyMap<string, readonly string[]>;

function determinedTexts(own: string, callers: readonly Caller[]): DeterminedTexts {
  const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
  return new Map([
    [PRINCIPAL_ARN, distinct(callers.map((caller) => caller.arn))],
    [PRINCIPAL_ACCOUNT, distinct(callers.map((caller) => caller.account))],
    [PRINCIPAL_TYPE, distinct(callers.map((caller) => PRINCIPAL_TYPES[caller.kind]))],
    [USERNAME, distinct(callers.flatMap((caller) => (caller.kind === 'user' ? [caller.name] : [])))],
    [RESOURCE_ACCOUNT, [own]],
  ]);
}

function buildGroups(
  statements: readonly Statement[],
  determined: DeterminedTexts,
): { groups: readonly Group[]; exhaustive: boolean } {
  const conditions = statements.flatMap((statement) => statement.conditions);
  const keys = new Set<string>();
  for (const condition of conditions) {
    if (condition.key !== '') keys.add(condition.key);
    for (const key of variableKeys(condition)) keys.add(key);
  }
  for (const key of DETERMINED) keys.delete(key);
  if ([...keys].some((key) => key.startsWith(REQUEST_TAG_PREFIX))) keys.add(TAG_KEYS);
  if (keys.size === 0) return { groups: [], exhaustive: true };
  const links = linkedKeys(keys, conditions);
  let exhaustive = true;
  const groups: Group[] = [];
  for (const members of links) {
    const built = buildGroup(members, conditions, determined);
    groups.push(built.group);
    exhaustive &&= built.exhaustive;
  }
  return { groups, exhaustive };
}

/** Partitions the keys: those that variables, tags or the clock tie together share a group. */
function linkedKeys(
  keys: ReadonlySet<string>,
  conditions: readonly Condition[],
): readonly (readonly string[])[] {
  const groupOf = new Map<string, Set<string>>();
  for (const key of keys) groupOf.set(key, new Set([key]));
  const link = (a: string, b: string): void => {
    const [left, right] = [groupOf.get(a), groupOf.get(b)];
    if (left === undefined || right === undefined || left === right) return;
    for (const key of right) {
      left.add(key);
      groupOf.set(key, left);
    }
  };
  for (const condition of conditions) {
    const tied = [condition.key, ...variableKeys(condition)].filter((key) => keys.has(key));
    for (const key of tied.slice(1)) link(tied[0] as string, key);
  }
  for (const key of keys) if (isSessionTagKey(key)) link(TAG_KEYS, key);
  link(CURRENT_TIME, EPOCH_TIME);
  return [...new Set(groupOf.values())].map((group) => [...group].sort());
}

function buildGroup(
  keys: readonly string[],
  conditions: readonly Condition[],
  determined: DeterminedTexts,
): { group: Group; exhaustive: boolean } {
  if (keys.includes(CURRENT_TIME) && keys.includes(EPOCH_TIME) && keys.length === 2) {
    return clockGroup(keys, conditions);
  }
  const extra = variableTexts(keys, conditions, determined);
  let exhaustive = true;
  let choices: (readonly ContextValue[])[] = [[]];
  for (const key of keys) {
    const domain = domainOf(
      key,
      conditions.filter((condition) => condition.key === key),
      extra.get(key) ?? [],
    );
    exhaustive &&= domain.exhaustive;
    // A request without the key comes first, except that a token's issue time goes with temporary credentials.
    const values = key === TOKEN_ISSUE_TIME ? [undefined, ...domain.values] : domain.values;
    const extended: (readonly ContextValue[])[] = [];
    for (const choice of choices) {
      for (const value of values) {
        if (extended.length >= GROUP_LIMIT) exhaustive = false;
        else extended.push([...choice, value]);
      }
    }
    choices = extended;
  }
  if (keys.includes(TAG_KEYS)) choices = consistentTags(keys, choices);
  return { group: { keys, choices }, exhaustive };
}

function clockGroup(
  keys: readonly string[],
  conditions: readonly Condition[],
): { group: Group; exhaustive: boolean } {
  const on = conditions.filter((condition) => keys.includes(condition.key));
  const asDates = on.map(
    (condition): Condition =>
      condition.kind === 'compare' && condition.comparison.family === 'number'
        ? { ...condition, comparison: { ...condition.comparison, family: 'date' } }
        : condition,
  );
  const seconds = domainOf(EPOCH_TIME, asDates, []).values.filter((value) => typeof value === 'string');
  const choices = seconds.map((value) =>
    keys.map((key) => (key === EPOCH_TIME ? value : printDate(Number(value)))),
  );
  return { group: { keys, choices }, exhaustive: true };
}

/** aws:TagKeys lists exactly the tags a request passes: every aws:RequestTag key present, and perhaps others. */
function consistentTags(
  keys: readonly string[],
  choices: readonly (readonly ContextValue[])[],
): (readonly ContextValue[])[] {
  const at = keys.indexOf(TAG_KEYS);
  const tagNames = keys.map((key) =>
    key.startsWith(REQUEST_TAG_PREFIX) ? key.slice(REQUEST_TAG_PREFIX.length) : null,
  );
  const result = new Map<string, readonly ContextValue[]>();
  for (const choice of choices) {
    const listed = Array.isArray(choice[at]) ? (choice[at] as readonly string[]) : [];
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

/**
 * Values that policy variables force from one key on another: for `prefix-${other}`, the other key's values put in,
 * and the other way round what a literal of this key leaves for the variable.
 */
function variableTexts(
  keys: readonly string[],
  conditions: readonly Condition[],
  determined: DeterminedTexts,
): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, Set<string>>();
  const withVariables = conditions.filter((condition) => variableKeys(condition).length > 0);
  if (withVariables.length === 0) return new Map();
  const add = (key: string, text: string): void => {
    const set = texts.get(key) ?? new Set();
    if (set.size < 64 && keys.includes(key)) set.add(text);
    texts.set(key, set);
  };
  const candidates = (key: string): readonly string[] => {
    const fixed = determined.get(key);
    if (fixed !== undefined) return fixed;
    const on = conditions.filter((condition) => condition.key === key);
    const own = domainOf(key, on, [...(texts.get(key) ?? [])]).values;
    return own.flatMap((value) => (value === undefined ? [] : value));
  };
  for (let round = 0; round < 2; round++) {
    for (const condition of withVariables) {
      if (condition.kind !== 'compare') continue;
      for (const { pattern } of condition.values) {
        const at = pattern.findIndex((token) => typeof token === 'object');
        const variable = pattern[at];
        if (typeof variable !== 'object') continue;
        const plain = pattern.map((token) => (typeof token === 'string' ? token : ''));
        const before = plain.slice(0, at).join('');
        const after = plain.slice(at + 1).join('');
        const fallback = variable.fallback === null ? [] : [variable.fallback];
        for (const filled of [...candidates(variable.key), ...fallback])
          add(condition.key, before + filled + after);
        for (const literal of candidates(condition.key)) {
          const room = literal.length - before.length - after.length;
          if (room < 0 || !literal.startsWith(before) || !literal.endsWith(after)) continue;
          add(variable.key, literal.slice(before.length, literal.length - after.length));
        }
      }
    }
  }
  return new Map([...texts].map(([key, set]) => [key, [...set]]));
}
