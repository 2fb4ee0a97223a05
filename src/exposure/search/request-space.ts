import { ASSUME_ROLE, type NeededAction, SET_SOURCE_IDENTITY, TAG_SESSION } from '../../iam/actions.ts';
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
} from '../../iam/conditions/keys.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import type { ContextValue } from '../../iam/conditions/truth.ts';
import type { Statement } from '../../iam/trust-policy.ts';
import type { Caller } from '../callers/caller.ts';
import type { CredentialState, GuardsAllowed } from '../callers/credentials.ts';
import type { Standing } from '../callers/membership.ts';
import type { Certainty } from '../statement-scope.ts';
import { chosenValue, type Group, isSessionTagKey, PRINCIPAL_TYPES } from './groups.ts';
import type { KnownKeys } from './known-keys.ts';
import { variableKeys } from './variables.ts';

/** A request that the policy lets in. */
export interface AdmittedRequest {
  readonly caller: Caller;
  readonly actions: readonly NeededAction[];
  /** Present keys only, by lower-case name; made anew each time. */
  readonly context: ReadonlyMap<string, string | readonly string[]>;
}

/** Keys to hold to certain values while searching, by lower-case name. */
export type Restriction = (key: string, value: ContextValue) => boolean;

export interface SearchOptions {
  readonly guards: GuardsAllowed;
  readonly certainty: Certainty;
  readonly restrict?: Restriction;
  /** Denies that are left out of account. */
  readonly without?: ReadonlySet<Statement>;
}

/** Those choices of each group of keys, by their index, that are still open. */
export type Domains = readonly (readonly number[])[];

/** A caller, and the values of the keys that hang on it; those of the groups are still to be chosen. */
export interface Environment {
  readonly caller: Caller;
  readonly state: CredentialState;
  readonly fixed: ReadonlyMap<string, ContextValue>;
}

/** The requests worth trying: every group of keys takes one of its choices, all other keys are the caller's. */
export class RequestSpace {
  private readonly own: string;
  private readonly known: KnownKeys;
  private readonly groups: readonly Group[];
  private readonly groupOf = new Map<string, number>();
  /** Where a key stands in a group of several. */
  private readonly placeOf = new Map<string, number>();
  /** Starting domains without a restriction. */
  private readonly domains = new Map<string, Domains | null>();
  /** The domains in which all of so many choices are open, by their number: most groups share one. */
  private readonly open = new Map<number, readonly number[]>();
  /** The sets of actions that a request can be for, the smallest first. */
  readonly actionSets: readonly (readonly NeededAction[])[];

  constructor(own: string, groups: readonly Group[], known: KnownKeys) {
    this.own = own;
    this.known = known;
    this.groups = groups;
    groups.forEach((group, index) => {
      group.keys.forEach((key, place) => {
        this.groupOf.set(key, index);
        if (group.keys.length > 1) this.placeOf.set(key, place);
      });
    });
    this.actionSets = this.findActionSets();
  }

  /** False when no condition or variable can tell which value the key has. */
  has(key: string): boolean {
    return this.groupOf.has(key);
  }

  private findActionSets(): readonly (readonly NeededAction[])[] {
    const sets: NeededAction[][] = [[ASSUME_ROLE]];
    const tags = [...this.groupOf.keys()].some(isSessionTagKey);
    const identity = this.groupOf.has(SOURCE_IDENTITY);
    if (tags) sets.push([ASSUME_ROLE, TAG_SESSION]);
    if (identity) sets.push([ASSUME_ROLE, SET_SOURCE_IDENTITY]);
    if (tags && identity) sets.push([ASSUME_ROLE, TAG_SESSION, SET_SOURCE_IDENTITY]);
    return sets;
  }

  /** The choices that fit the caller, the actions and the credentials; null where a group has none. */
  startingDomains(
    caller: Caller,
    actions: readonly NeededAction[],
    state: CredentialState,
    options: SearchOptions,
  ): Domains | null {
    const standing = this.known.membership?.standingOf(caller.account) ?? null;
    if (options.restrict !== undefined) return this.fittingDomains(standing, actions, state, options);
    const key = JSON.stringify([actions, options.guards.externalId, state.temporary, standing?.name]);
    let domains = this.domains.get(key);
    if (domains === undefined) {
      domains = this.fittingDomains(standing, actions, state, options);
      this.domains.set(key, domains);
    }
    return domains;
  }

  private fittingDomains(
    standing: Standing | null,
    actions: readonly NeededAction[],
    state: CredentialState,
    options: SearchOptions,
  ): Domains | null {
    const tagging = actions.includes(TAG_SESSION);
    const identifying = actions.includes(SET_SOURCE_IDENTITY);
    const domains: (readonly number[])[] = [];
    for (const group of this.groups) {
      const domain: number[] = [];
      for (let choice = 0; choice < group.size; choice++) {
        const fits = group.keys.every((key, position) => {
          const value = chosenValue(group, choice, position);
          if (key === EXTERNAL_ID && (value !== undefined) !== options.guards.externalId) return false;
          if (key === TOKEN_ISSUE_TIME && (value !== undefined) !== state.temporary) return false;
          if (key === SOURCE_IDENTITY && (value !== undefined) !== identifying) return false;
          // With sts:TagSession a request may still pass no tag, but then it was tried without.
          if (isSessionTagKey(key) && value !== undefined && !tagging) return false;
          if (standing?.allows(key, value) === false) return false;
          return options.restrict?.(key, value) ?? true;
        });
        if (fits) domain.push(choice);
      }
      if (domain.length === 0) return null;
      domains.push(domain.length === group.size ? this.openDomain(domain) : domain.slice());
    }
    return domains;
  }

  private openDomain(all: readonly number[]): readonly number[] {
    const known = this.open.get(all.length);
    if (known !== undefined) return known;
    this.open.set(all.length, all);
    return all;
  }

  /** The group whose choice decides a condition; -1 where the caller alone does. */
  groupFor(condition: Condition): number {
    const own = this.groupOf.get(condition.key);
    if (own !== undefined) return own;
    for (const key of variableKeys(condition)) {
      const group = this.groupOf.get(key);
      if (group !== undefined) return group;
    }
    return -1;
  }

  context(environment: Environment, group: number, choice: number): (key: string) => ContextValue {
    const chosen = this.groups[group];
    return (key) => {
      if (chosen === undefined || this.groupOf.get(key) !== group) return environment.fixed.get(key);
      return chosenValue(chosen, choice, this.placeOf.get(key) ?? 0);
    };
  }

  /** The values of the keys that no group has. */
  fixedValues(caller: Caller, state: CredentialState): ReadonlyMap<string, ContextValue> {
    return new Map<string, ContextValue>([
      [PRINCIPAL_ARN, caller.arn],
      [PRINCIPAL_ACCOUNT, caller.account],
      [PRINCIPAL_TYPE, PRINCIPAL_TYPES[caller.kind]],
      [USERNAME, caller.kind === 'user' ? caller.name : undefined],
      [RESOURCE_ACCOUNT, this.own],
      [MFA_PRESENT, state.mfaPresent],
      [MFA_AGE, state.mfaAge],
      ...this.known.fixed,
    ]);
  }

  /** The first of the requests that are left. */
  request(
    { caller, state }: Environment,
    actions: readonly NeededAction[],
    domains: Domains,
  ): AdmittedRequest {
    return new FoundRequest(this, caller, state, actions, domains);
  }

  /** See `AdmittedRequest`. */
  contextOf(caller: Caller, state: CredentialState, domains: Domains): AdmittedRequest['context'] {
    const context = new Map<string, string | readonly string[]>();
    for (const [key, value] of this.fixedValues(caller, state))
      if (value !== undefined) context.set(key, value);
    this.groups.forEach((group, index) => {
      const [choice] = domains[index] as readonly [number];
      group.keys.forEach((key, position) => {
        const value = chosenValue(group, choice, position);
        if (value !== undefined) context.set(key, value);
      });
    });
    const tags = [...context.keys()].filter((key) => key.startsWith(REQUEST_TAG_PREFIX));
    if (tags.length > 0 && !context.has(TAG_KEYS))
      context.set(
        TAG_KEYS,
        tags.map((key) => key.slice(REQUEST_TAG_PREFIX.length)),
      );
    return context;
  }
}

/** A policy may have very many ways in, and what their requests consist of is rarely asked for: so it is not held. */
class FoundRequest implements AdmittedRequest {
  private readonly space: RequestSpace;
  readonly caller: Caller;
  private readonly state: CredentialState;
  readonly actions: readonly NeededAction[];
  private readonly domains: Domains;

  constructor(
    space: RequestSpace,
    caller: Caller,
    state: CredentialState,
    actions: readonly NeededAction[],
    domains: Domains,
  ) {
    this.space = space;
    this.caller = caller;
    this.state = state;
    this.actions = actions;
    this.domains = domains;
  }

  get context(): AdmittedRequest['context'] {
    return this.space.contextOf(this.caller, this.state, this.domains);
  }
}
