import { ASSUME_ROLE, type NeededAction, SET_SOURCE_IDENTITY, TAG_SESSION } from '../iam/actions.ts';
import {
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
  USERNAME,
} from '../iam/condition-keys.ts';
import type { Condition } from '../iam/conditions.ts';
import type { Budget } from '../iam/language.ts';
import type { Statement } from '../iam/trust-policy.ts';
import { type ContextValue, conditionTruth, type Truth } from '../iam/truth.ts';
import type { Caller } from './callers.ts';
import { type CredentialState, credentialStates, type GuardsAllowed } from './credentials.ts';
import { domainOf, NOTHING_CARRIED } from './domains.ts';
import {
  buildGroups,
  conditionsOn,
  determinedTexts,
  type Group,
  isSessionTagKey,
  PRINCIPAL_TYPES,
} from './groups.ts';
import { StatementIndex } from './principal-index.ts';
import {
  type Certainty,
  coversAction,
  deniesCaller,
  isUndefined,
  statementNames,
} from './statement-scope.ts';
import { conditionFor } from './value-index.ts';
import { variableKeys } from './variables.ts';

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

type Domains = readonly (readonly number[])[];

/** The choices of one group that keep a Deny from applying. */
interface Way {
  readonly group: number;
  readonly left: readonly number[];
}

interface Environment {
  readonly caller: Caller;
  readonly fixed: ReadonlyMap<string, ContextValue>;
}

/** Values looked at for one policy; beyond it the policy is called too complex, never clean. A second or two. */
const WORK_LIMIT = 5_000_000;
/** What one value of a condition costs when its truth hangs on the caller, beside one that is known. */
const UNCACHED = 10;
/** Deny statements that are escaped one by one on one request; bounds recursion. */
const DEPTH_LIMIT = 400;
const MFA_KEYS: ReadonlySet<string> = new Set([MFA_PRESENT, MFA_AGE]);

/**
 * Searches for a request that a set of statements lets in. The credential states leave only two unguarded cases,
 * long-term keys and temporary credentials without MFA; every other key is free and takes each value that the
 * policy can tell apart. Denies are a union, so all of them are tested on the same request.
 */
export class RequestSearch {
  readonly #own: string;
  readonly #groups: readonly Group[];
  readonly #groupOf = new Map<string, number>();
  readonly #positionOf = new Map<string, number>();
  readonly #ages: readonly string[];
  readonly #cache = new Map<Condition, Map<string, Truth>>();
  readonly #allows: StatementIndex;
  readonly #denies: StatementIndex;
  /** Starting domains without a restriction. */
  readonly #domains = new Map<string, Domains | null>();
  /** What is left of a domain under a condition, by domain. */
  readonly #narrowed = new WeakMap<readonly number[], Map<Condition, Map<string, readonly number[]>>>();
  /** False once some limit was hit, so that not finding a request proves nothing. */
  exhaustive = true;
  /** True once something undefined was met: until then, `permissive` finds nothing that `definite` does not. */
  metUndefined: boolean;
  /** False when no condition can tell whether a request presents MFA. */
  readonly asksForMfa: boolean;
  #work = 0;

  /** `callers`: everybody `find` will be asked about; policy variables take their values from them. */
  constructor(own: string, statements: readonly Statement[], callers: readonly Caller[], budget: Budget) {
    this.#own = own;
    this.#allows = new StatementIndex(statements.filter(({ effect }) => effect === 'Allow'));
    this.#denies = new StatementIndex(statements.filter(({ effect }) => effect === 'Deny'));
    const { groups, exhaustive } = buildGroups(statements, determinedTexts(own, callers), budget);
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
    const ages = domainOf(MFA_AGE, conditionsOn(MFA_AGE, statements), NOTHING_CARRIED, budget).values.filter(
      (age) => typeof age === 'string',
    );
    this.#ages = ages.filter((age) => /^\d/.test(age) && Number(age) >= 0);
  }

  /** False when no condition or variable can tell whether a request presents an external ID. */
  get asksForExternalId(): boolean {
    return this.#groupOf.has(EXTERNAL_ID);
  }

  /** Deny statements that name the caller, whatever their conditions. */
  deniesNaming(caller: Caller): readonly Statement[] {
    return this.#denies.naming(caller).filter((statement) => statementNames(statement, caller, 'permissive'));
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
      const denies = this.#denies
        .naming(environment.caller)
        .filter((statement) => deniesCaller(statement, environment.caller, actions, options.certainty));
      this.#work += denies.length;
      if (this.#isSpent()) return null;
      const found = this.#escapeDenies(denies, environment, narrowed, options.certainty);
      if (found !== null) return this.#request(environment, actions, found);
    }
    return null;
  }

  #allowsFor(action: NeededAction, caller: Caller, certainty: Certainty): readonly Statement[] {
    return this.#allows
      .naming(caller)
      .filter(
        (statement) =>
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
    if (options.restrict !== undefined) return this.#fittingDomains(actions, state, options);
    const key = JSON.stringify([actions, options.guards.externalId, state.temporary]);
    let domains = this.#domains.get(key);
    if (domains === undefined) {
      domains = this.#fittingDomains(actions, state, options);
      this.#domains.set(key, domains);
    }
    return domains;
  }

  #fittingDomains(
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
          // With sts:TagSession a request may still pass no tag, but then it was tried without.
          if (isSessionTagKey(key) && value !== undefined && !tagging) return false;
          return options.restrict?.(key, value) ?? true;
        });
        if (fits) domain.push(index);
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
        const group = this.#groupFor(condition);
        if (group === -1) {
          if (!isWanted(this.#truth(condition, 'Allow', environment, -1, 0), 'Allow', certainty)) return null;
          continue;
        }
        const domain = narrowed[group] as readonly number[];
        const left = this.#narrow(condition, 'Allow', environment, group, domain, certainty);
        if (left.length === 0) return null;
        narrowed[group] = left;
      }
    }
    return narrowed;
  }

  /** Makes some condition of every Deny fail, all on one request; the Deny with the fewest ways around it comes first. */
  #escapeDenies(
    denies: readonly Statement[],
    environment: Environment,
    domains: Domains,
    certainty: Certainty,
    depth = 0,
  ): Domains | null {
    const remaining: Statement[] = [];
    let narrowest: { readonly deny: Statement; readonly ways: readonly Way[] } | null = null;
    let rest = domains;
    for (const deny of denies) {
      const ways = this.#waysAround(deny, environment, rest, certainty);
      if (ways === null) continue;
      const [only, ...more] = ways;
      if (only === undefined) return null;
      if (more.length === 0) {
        // No choice: every request that is left goes this way.
        rest = rest.with(only.group, only.left);
        continue;
      }
      remaining.push(deny);
      if (narrowest === null || ways.length < narrowest.ways.length) narrowest = { deny, ways };
    }
    if (narrowest === null) return rest;
    if (depth >= DEPTH_LIMIT) this.exhaustive = false;
    if (depth >= DEPTH_LIMIT || this.#isSpent()) return null;
    const { deny: chosen, ways } = narrowest;
    const others = remaining.filter((deny) => deny !== chosen);
    for (const { group, left } of ways) {
      const within = intersection(rest[group] as readonly number[], left);
      if (within.length > 0) {
        const way = rest.with(group, within);
        const found = this.#escapeDenies(others, environment, way, certainty, depth + 1);
        if (found !== null) return found;
      }
      // What this way covers need not be tried again in the next.
      const without = difference(rest[group] as readonly number[], left);
      if (without.length === 0) return null;
      rest = rest.with(group, without);
    }
    return null;
  }

  /** Where the Deny does not apply, once for each condition that can fail; null when it never applies. */
  #waysAround(
    deny: Statement,
    environment: Environment,
    domains: Domains,
    certainty: Certainty,
  ): readonly Way[] | null {
    const ways: Way[] = [];
    for (const condition of deny.conditions) {
      const group = this.#groupFor(condition);
      if (group === -1) {
        if (isWanted(this.#truth(condition, 'Deny', environment, -1, 0), 'Deny', certainty)) return null;
        continue;
      }
      const domain = domains[group] as readonly number[];
      const left = this.#narrow(condition, 'Deny', environment, group, domain, certainty);
      if (left.length === domain.length) return null;
      if (left.length > 0) ways.push({ group, left });
    }
    return ways;
  }

  /** The choices of a domain for which the condition's truth is as wanted. */
  #narrow(
    condition: Condition,
    effect: 'Allow' | 'Deny',
    environment: Environment,
    group: number,
    domain: readonly number[],
    certainty: Certainty,
  ): readonly number[] {
    // Without variables the caller has no say in it.
    const known = variableKeys(condition).length === 0 ? this.#knownOf(domain, condition) : null;
    const key = `${effect}${certainty}`;
    const before = known?.get(key);
    this.#work += before === undefined ? domain.length * costOf(condition) : 1;
    if (this.#isSpent()) return [];
    if (before !== undefined) return before;
    const left = domain.filter((choice) =>
      isWanted(this.#truth(condition, effect, environment, group, choice), effect, certainty),
    );
    known?.set(key, left);
    return left;
  }

  #knownOf(domain: readonly number[], condition: Condition): Map<string, readonly number[]> {
    let byCondition = this.#narrowed.get(domain);
    if (byCondition === undefined) {
      byCondition = new Map();
      this.#narrowed.set(domain, byCondition);
    }
    let known = byCondition.get(condition);
    if (known === undefined) {
      known = new Map();
      byCondition.set(condition, known);
    }
    return known;
  }

  /** True once the search has taken more steps than any policy that people write. */
  #isSpent(): boolean {
    if (this.#work > WORK_LIMIT) this.exhaustive = false;
    return this.#work > WORK_LIMIT;
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
    if (group === -1) {
      const given = environment.fixed.get(condition.key);
      const asked = typeof given === 'string' ? conditionFor(condition, given) : condition;
      this.#work += asked.kind === 'compare' ? asked.values.length : 1;
      return this.#met(conditionTruth(asked, this.#context(environment, group, choice), effect));
    }
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
    const tags = [...context.keys()].filter((key) => key.startsWith(REQUEST_TAG_PREFIX));
    if (tags.length > 0 && !context.has(TAG_KEYS))
      context.set(
        TAG_KEYS,
        tags.map((key) => key.slice(REQUEST_TAG_PREFIX.length)),
      );
    return { caller: environment.caller, actions, context };
  }
}

/** An Allow's condition is wanted to hold, a Deny's to fail; what is unknown goes the caller's way when permissive. */
function isWanted(truth: Truth, effect: 'Allow' | 'Deny', certainty: Certainty): boolean {
  return truth === 'unknown' ? certainty === 'permissive' : (truth === 'yes') === (effect === 'Allow');
}

function intersection(domain: readonly number[], choices: readonly number[]): readonly number[] {
  const wanted = new Set(choices);
  return domain.filter((choice) => wanted.has(choice));
}

function difference(domain: readonly number[], choices: readonly number[]): readonly number[] {
  const unwanted = new Set(choices);
  return domain.filter((choice) => !unwanted.has(choice));
}

function costOf(condition: Condition): number {
  return condition.kind === 'compare' && variableKeys(condition).length > 0
    ? UNCACHED * condition.values.length
    : 1;
}

function asksForMfa(condition: Condition): boolean {
  return MFA_KEYS.has(condition.key) || variableKeys(condition).some((key) => MFA_KEYS.has(key));
}

function* combinations(lists: readonly (readonly Statement[])[]): Generator<readonly Statement[]> {
  const [first, ...rest] = lists;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const item of first) for (const others of combinations(rest)) yield [item, ...others];
}
