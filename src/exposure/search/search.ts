import type { NeededAction } from '../../iam/actions.ts';
import { EXTERNAL_ID, MFA_AGE, MFA_PRESENT } from '../../iam/conditions/keys.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import type { Budget } from '../../iam/matcher.ts';
import type { Statement } from '../../iam/trust-policy.ts';
import type { Caller } from '../callers/caller.ts';
import { type CredentialState, credentialStates } from '../callers/credentials.ts';
import { StatementIndex } from '../callers/principal-index.ts';
import {
  type Certainty,
  coversAction,
  deniesCaller,
  isUndefined,
  statementNames,
} from '../statement-scope.ts';
import { domainOf, NOTHING_CARRIED } from './domains.ts';
import { buildGroups, conditionsOn, determinedTexts } from './groups.ts';
import { type KnownKeys, NOTHING_KNOWN, organisationValues } from './known-keys.ts';
import { Narrowing } from './narrowing.ts';
import {
  type AdmittedRequest,
  type Domains,
  type Environment,
  RequestSpace,
  type SearchOptions,
} from './request-space.ts';
import { variableKeys } from './variables.ts';

/** The choices of one group that keep a Deny from applying. */
interface Way {
  readonly group: number;
  readonly left: readonly number[];
}

/** Deny statements that are escaped one by one on one request; bounds recursion. */
const DEPTH_LIMIT = 400;
/** Steps to begin with a request, and to say whether a Deny is about it. */
const REQUEST = 4;
const DENY = 4;
const MFA_KEYS: ReadonlySet<string> = new Set([MFA_PRESENT, MFA_AGE]);

/**
 * Searches for a request that a set of statements lets in. The credential states leave only two unguarded cases,
 * long-term keys and temporary credentials without MFA; every other key is free and takes each value that the
 * policy can tell apart. Denies are a union, so all of them are tested on the same request.
 */
export class RequestSearch {
  private readonly space: RequestSpace;
  private readonly narrowing: Narrowing;
  private readonly statements: readonly Statement[];
  /** Made when a request needs further actions. */
  private allows: StatementIndex | null = null;
  private readonly denies: StatementIndex;
  private readonly ages: readonly string[];
  private readonly hasUndefined: boolean;
  private complete: boolean;
  /** False when no condition can tell whether a request presents MFA. */
  readonly asksForMfa: boolean;

  /** `callers`: everybody `find` will be asked about; policy variables take their values from them. */
  constructor(
    own: string,
    statements: readonly Statement[],
    callers: Iterable<Caller>,
    budget: Budget,
    known: KnownKeys = NOTHING_KNOWN,
  ) {
    this.statements = statements;
    this.denies = new StatementIndex(statements.filter(({ effect }) => effect === 'Deny'));
    const { groups, exhaustive } = buildGroups(
      statements,
      determinedTexts(own, callers, known.fixed),
      organisationValues(known.membership, callers, statements),
      budget,
    );
    this.space = new RequestSpace(own, groups, known);
    this.narrowing = new Narrowing(this.space);
    this.complete = exhaustive;
    this.hasUndefined = statements.some(isUndefined);
    this.asksForMfa = statements.some(({ conditions }) => conditions.some(asksForMfa));
    const ages = domainOf(MFA_AGE, conditionsOn(MFA_AGE, statements), NOTHING_CARRIED, budget).values.filter(
      (age) => typeof age === 'string',
    );
    this.ages = ages.filter((age) => /^\d/.test(age) && Number(age) >= 0);
  }

  /** False once some limit was hit, so that not finding a request proves nothing. */
  get exhaustive(): boolean {
    return this.complete && !this.narrowing.brokenOff;
  }

  /** True once something undefined was met: until then, `permissive` finds nothing that `definite` does not. */
  get metUndefined(): boolean {
    return this.hasUndefined || this.narrowing.metUndefined;
  }

  /** False when no condition or variable can tell whether a request presents an external ID. */
  get asksForExternalId(): boolean {
    return this.space.has(EXTERNAL_ID);
  }

  /** Has further work counted from nothing, for another question about the same policy. */
  startCounting(): void {
    this.narrowing.startCounting();
  }

  /** Counts further work for the same policy; false when there has been too much of it, so that nothing more is found. */
  mayGoOn(steps: number): boolean {
    this.narrowing.spend(steps);
    return !this.narrowing.isSpent();
  }

  /** Deny statements that name the caller, whatever their conditions. */
  deniesNaming(caller: Caller): readonly Statement[] {
    return this.denies.naming(caller).filter((statement) => statementNames(statement, caller, 'permissive'));
  }

  /** The first request of `caller` that `allow` admits, together with whatever further actions it needs. */
  find(allow: Statement, caller: Caller, options: SearchOptions): AdmittedRequest | null {
    for (const state of credentialStates(caller, options.guards, this.ages)) {
      const environment = { caller, state, fixed: this.space.fixedValues(caller, state) };
      for (const actions of this.space.actionSets) {
        const found = this.findFor(allow, environment, actions, state, options);
        if (found !== null) return found;
      }
    }
    return null;
  }

  private findFor(
    allow: Statement,
    environment: Environment,
    actions: readonly NeededAction[],
    state: CredentialState,
    options: SearchOptions,
  ): AdmittedRequest | null {
    if (!this.mayGoOn(REQUEST)) return null;
    const domains = this.space.startingDomains(environment.caller, actions, state, options);
    if (domains === null) return null;
    const further = actions
      .slice(1)
      .map((action) => this.allowsFor(action, environment.caller, options.certainty));
    for (const allows of combinations(further)) {
      const narrowed = this.satisfyAll([allow, ...allows], environment, domains, options.certainty);
      if (narrowed === null) continue;
      const naming = this.denies.naming(environment.caller);
      if (!this.mayGoOn(DENY * naming.length)) return null;
      const denies = naming.filter(
        (statement) =>
          options.without?.has(statement) !== true &&
          deniesCaller(statement, environment.caller, actions, options.certainty),
      );
      const found = this.escapeDenies(denies, environment, narrowed, options.certainty);
      if (found !== null) return this.space.request(environment, actions, found);
    }
    return null;
  }

  private allowsFor(action: NeededAction, caller: Caller, certainty: Certainty): readonly Statement[] {
    this.allows ??= new StatementIndex(this.statements.filter(({ effect }) => effect === 'Allow'));
    return this.allows
      .naming(caller)
      .filter(
        (statement) =>
          (statement.certain || certainty === 'permissive') &&
          coversAction(statement, action) &&
          statementNames(statement, caller, certainty),
      );
  }

  private satisfyAll(
    allows: readonly Statement[],
    environment: Environment,
    domains: Domains,
    certainty: Certainty,
  ): Domains | null {
    let narrowed: (readonly number[])[] | null = null;
    for (const { conditions } of allows) {
      for (const condition of conditions) {
        const group = this.space.groupFor(condition);
        if (group === -1) {
          if (!this.narrowing.isMet(condition, 'Allow', environment, certainty)) return null;
          continue;
        }
        const domain = (narrowed ?? domains)[group] as readonly number[];
        const left = this.narrowing.narrow(condition, 'Allow', environment, group, domain, certainty);
        if (left.length === 0) return null;
        if (left === domain) continue;
        if (narrowed === null) {
          // They are held as long as the way in is.
          this.narrowing.spend(domains.length);
          narrowed = [...domains];
        }
        narrowed[group] = left;
      }
    }
    return narrowed ?? domains;
  }

  /** Makes some condition of every Deny fail, all on one request; the Deny with the fewest ways around it comes first. */
  private escapeDenies(
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
      const ways = this.waysAround(deny, environment, rest, certainty);
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
    if (depth >= DEPTH_LIMIT) this.complete = false;
    if (depth >= DEPTH_LIMIT || this.narrowing.isSpent()) return null;
    const { deny: chosen, ways } = narrowest;
    const others = remaining.filter((deny) => deny !== chosen);
    for (const { group, left } of ways) {
      const within = intersection(rest[group] as readonly number[], left);
      if (within.length > 0) {
        const way = rest.with(group, within);
        const found = this.escapeDenies(others, environment, way, certainty, depth + 1);
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
  private waysAround(
    deny: Statement,
    environment: Environment,
    domains: Domains,
    certainty: Certainty,
  ): readonly Way[] | null {
    const ways: Way[] = [];
    for (const condition of deny.conditions) {
      const group = this.space.groupFor(condition);
      if (group === -1) {
        if (this.narrowing.isMet(condition, 'Deny', environment, certainty)) return null;
        continue;
      }
      const domain = domains[group] as readonly number[];
      const left = this.narrowing.narrow(condition, 'Deny', environment, group, domain, certainty);
      if (left.length === domain.length) return null;
      if (left.length > 0) ways.push({ group, left });
    }
    return ways;
  }
}

function intersection(domain: readonly number[], choices: readonly number[]): readonly number[] {
  const wanted = new Set(choices);
  return domain.filter((choice) => wanted.has(choice));
}

function difference(domain: readonly number[], choices: readonly number[]): readonly number[] {
  const unwanted = new Set(choices);
  return domain.filter((choice) => !unwanted.has(choice));
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
