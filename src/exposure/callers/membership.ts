import { PRINCIPAL_ORG_ID, PRINCIPAL_ORG_PATHS } from '../../iam/conditions/keys.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import type { ContextValue } from '../../iam/conditions/truth.ts';
import { ANY_ONE, ANY_RUN, type GlobToken, globMatches } from '../../iam/glob.ts';
import type { Budget, Matcher } from '../../iam/matcher.ts';
import { splitArnPattern } from '../../iam/pattern.ts';
import type { Organization, OrganizationMember } from '../../model/organizations/organization.ts';

/** What an account costs to compare with a pattern. */
const STEPS_FOR_ACCOUNT = 100;

/** What of an organisation tells its members from others. */
export type OrganizationFacts = Pick<Organization, 'id' | 'managementAccount' | 'members' | 'membersWhole'>;

/** Does the account belong to the organisation? A list of its members need not name the one that manages it. */
export function isMemberOf(
  { members, managementAccount }: Pick<OrganizationFacts, 'members' | 'managementAccount'>,
  account: string,
): boolean {
  return members.has(account) || account === managementAccount;
}

/** What the keys on a caller's organisation can be, by what is known of the caller's account. */
export interface Standing {
  /** The same for accounts of which the same is known. */
  readonly name: string;
  allows(key: string, value: ContextValue): boolean;
}

/**
 * Who belongs to the organisation of a role. A member's principals carry its id and the path of their account; those of
 * an account that is not on a whole list are of another organisation, or of none and carry neither
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). With a list that is not
 * whole, an account that is not on it may be either.
 */
export class Membership {
  readonly id: string;
  private readonly facts: OrganizationFacts;
  private readonly outside: Standing;
  /** Of members, by their path; null: not known. */
  private readonly inside = new Map<string | null, Standing>();

  constructor(facts: OrganizationFacts) {
    this.facts = facts;
    this.id = facts.id;
    const own = facts.id.toLowerCase();
    const start = `${own}/`;
    this.outside = {
      name: 'outside',
      allows: (key, value) => {
        if (key === PRINCIPAL_ORG_ID) return !textsOf(value).some((text) => text.toLowerCase() === own);
        if (key !== PRINCIPAL_ORG_PATHS) return true;
        return !textsOf(value).some((text) => text.toLowerCase().startsWith(start));
      },
    };
  }

  isMember(account: string): boolean {
    return isMemberOf(this.facts, account);
  }

  /** As `aws:PrincipalOrgPaths` writes it; null where it is not known. */
  pathOf(account: string): string | null {
    return this.facts.members.get(account)?.path ?? null;
  }

  /** Null: nothing is known of the account. */
  standingOf(account: string): Standing | null {
    if (!this.isMember(account)) return this.facts.membersWhole ? this.outside : null;
    const path = this.pathOf(account);
    const known = this.inside.get(path);
    if (known !== undefined) return known;
    const { id } = this;
    const standing: Standing = {
      name: `member ${path}`,
      allows: (key, value) => {
        if (key === PRINCIPAL_ORG_ID) return value === id;
        if (key !== PRINCIPAL_ORG_PATHS) return true;
        const texts = textsOf(value);
        if (path !== null) return texts.length === 1 && texts[0] === path;
        return texts.length > 0 && texts.every((text) => text.startsWith(`${id}/`));
      },
    };
    this.inside.set(path, standing);
    return standing;
  }

  /** Every path that members have, as far as known. */
  pathsOf(accounts: Iterable<string>): readonly string[] {
    const paths = new Set<string>();
    for (const account of accounts) {
      const path = this.pathOf(account);
      if (path !== null) paths.add(path);
    }
    return [...paths];
  }

  /**
   * Members but `own`, one of each kind that patterns on accounts and conditions on units can tell apart; active accounts
   * come first, then as their ids do. Null: the budget is spent.
   */
  representatives(
    own: string,
    partition: string,
    matchers: readonly Matcher[],
    conditions: readonly Condition[],
    budget: Budget,
  ): readonly string[] | null {
    const units = this.unitsByKind(conditions);
    const accounts = accountPatterns(partition, matchers);
    const found = new Set<string>();
    budget.steps -= this.order.members.length * accounts.others.length * STEPS_FOR_ACCOUNT;
    if (budget.steps < 0) return null;
    for (const account of accounts.named) if (account !== own && this.isMember(account)) found.add(account);
    for (const members of units) {
      const kinds = new Set<string>();
      for (const account of members) {
        if (account === own || found.has(account)) continue;
        const kind = kindOfAccount(account, accounts.others);
        if (!kinds.has(kind)) found.add(account);
        kinds.add(kind);
        // Those that no pattern names or tells apart are all alike.
        if (accounts.others.length === 0) break;
      }
    }
    return [...found].sort((a, b) => this.order.compare(a, b));
  }

  /** Members in lists, those of one list being of units that the conditions do not tell apart. */
  private unitsByKind(conditions: readonly Condition[]): readonly Iterable<string>[] {
    const on = conditions.filter((condition) => condition.key === PRINCIPAL_ORG_PATHS);
    if (on.length === 0) return [this.order.members];
    const byKind = new Map<string, string[]>();
    for (const [path, members] of this.order.byPath) {
      const kind = kindOfPath(path, on);
      const group = byKind.get(kind);
      if (group === undefined) byKind.set(kind, [...members]);
      else group.push(...members);
    }
    return [...byKind.values()].map((members) => members.sort((a, b) => this.order.compare(a, b)));
  }

  private get order(): Order {
    return orderOf(this.facts);
  }
}

function textsOf(value: ContextValue): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

/** The members of an organisation: active ones first, then by their ids. */
interface Order {
  readonly managementAccount: string | null;
  readonly members: readonly string[];
  /** The same by their path; null: not known. */
  readonly byPath: ReadonlyMap<string | null, readonly string[]>;
  compare(a: string, b: string): number;
}

const orders = new WeakMap<ReadonlyMap<string, OrganizationMember>, Order>();

function orderOf({ members, managementAccount }: OrganizationFacts): Order {
  let order = orders.get(members);
  if (order !== undefined && order.managementAccount === managementAccount) return order;
  const isClosed = (account: string): number =>
    Number((members.get(account)?.status ?? 'ACTIVE') !== 'ACTIVE');
  const compare = (a: string, b: string): number => isClosed(a) - isClosed(b) || (a < b ? -1 : Number(a > b));
  const all = new Set(members.keys());
  if (managementAccount !== null) all.add(managementAccount);
  const sorted = [...all].sort(compare);
  const byPath = new Map<string | null, string[]>();
  for (const account of sorted) {
    const path = members.get(account)?.path ?? null;
    const group = byPath.get(path);
    if (group === undefined) byPath.set(path, [account]);
    else group.push(account);
  }
  order = { managementAccount, members: sorted, byPath, compare };
  orders.set(members, order);
  return order;
}

/** Paths of one kind are alike for every condition. */
function kindOfPath(path: string | null, on: readonly Condition[]): string {
  if (path === null) return 'unknown';
  const ofStrings = on.every(
    (condition) =>
      condition.kind === 'null' ||
      (condition.kind === 'compare' &&
        condition.comparison.family === 'string' &&
        !condition.values.some(({ hasVariable }) => hasVariable)),
  );
  if (!ofStrings) return path;
  return on
    .flatMap((condition) => (condition.kind === 'compare' ? [condition] : []))
    .map(({ comparison, values }) => {
      const fold = (text: string): string =>
        comparison.family === 'string' && comparison.ignoreCase ? text.toLowerCase() : text;
      return values.some(({ pattern }) =>
        globMatches(
          (pattern as readonly GlobToken[]).map((one) => (typeof one === 'string' ? fold(one) : one)),
          fold(path),
        ),
      );
    })
    .map(Number)
    .join('');
}

/** What patterns on callers say of accounts. */
interface AccountPatterns {
  /** Accounts that a pattern without wildcards stands for. */
  readonly named: ReadonlySet<string>;
  /** Those of which it takes a closer look to tell for which accounts they stand. */
  readonly others: readonly AccountPattern[];
}

interface AccountPattern {
  readonly tokens: readonly GlobToken[];
  /** Where in it one can be before the account of an ARN; null: it is compared with the account alone. */
  readonly before: readonly number[] | null;
}

function accountPatterns(partition: string, matchers: readonly Matcher[]): AccountPatterns {
  const named = new Set<string>();
  const others: AccountPattern[] = [];
  const start = `arn:${partition}:iam::`;
  const addAlone = (tokens: readonly GlobToken[]): void => {
    const text = literal(tokens);
    if (text !== null) named.add(text);
    else if (!tokens.every((token) => token === ANY_RUN)) others.push({ tokens, before: null });
  };
  const addInArn = (tokens: readonly GlobToken[]): void => {
    const exact = literal(tokens.slice(0, start.length + 12));
    if (exact !== null) {
      if (exact.startsWith(start)) named.add(exact.slice(start.length));
      return;
    }
    const before = placesAfter(tokens, closed(tokens, [0]), start);
    if (!before.every((place) => isBlind(tokens[place]))) others.push({ tokens, before });
  };
  for (const { scope, patterns, ignoreCase, arn } of matchers) {
    if (scope === 'name') continue;
    for (const pattern of patterns) {
      if (scope === 'account') addAlone(pattern);
      // The account is a field of its own, and the fields before it are alike for all members.
      else if (arn) addAlone(splitArnPattern(pattern)?.[4] ?? []);
      else addInArn(ignoreCase ? pattern.map(inSmallLetters) : pattern);
    }
  }
  return { named, others };
}

function inSmallLetters(token: GlobToken): GlobToken {
  return typeof token === 'string' ? token.toLowerCase() : token;
}

function literal(tokens: readonly GlobToken[]): string | null {
  return tokens.every((token) => typeof token === 'string') ? tokens.join('') : null;
}

/** It takes in every digit, or none. */
function isBlind(token: GlobToken | undefined): boolean {
  return token === undefined || token === ANY_RUN || (token !== ANY_ONE && !/\d/.test(token));
}

/** Accounts of one kind are alike for every pattern, whatever follows them in an ARN. */
function kindOfAccount(account: string, patterns: readonly AccountPattern[]): string {
  return patterns
    .map(({ tokens, before }) =>
      before === null
        ? Number(globMatches(tokens, account))
        : placesAfter(tokens, before, `${account}:`).join(' '),
    )
    .join();
}

/** Where in the pattern one can be once it has taken the text in, beginning at some places. */
function placesAfter(
  pattern: readonly GlobToken[],
  before: readonly number[],
  text: string,
): readonly number[] {
  let places = before;
  for (const char of text) {
    const next: number[] = [];
    for (const place of places) {
      const wanted = pattern[place];
      if (wanted === ANY_RUN) next.push(place);
      else if (wanted === ANY_ONE || wanted === char) next.push(place + 1);
    }
    places = closed(pattern, next);
    if (places.length === 0) break;
  }
  return places;
}

function closed(pattern: readonly GlobToken[], places: readonly number[]): readonly number[] {
  const all = new Set(places);
  for (const place of all) if (pattern[place] === ANY_RUN) all.add(place + 1);
  return [...all].sort((a, b) => a - b);
}
