import { PRINCIPAL_ORG_ID, PRINCIPAL_ORG_PATHS } from '../../iam/conditions/keys.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import type { ContextValue } from '../../iam/conditions/truth.ts';
import { ANY_ONE, ANY_RUN, type GlobToken, globMatches } from '../../iam/glob.ts';
import type { Matcher } from '../../iam/matcher.ts';
import { splitArnPattern } from '../../iam/pattern.ts';
import { splitInSix } from '../../model/arn.ts';
import type { Organization, OrganizationMember } from '../../model/organization.ts';

/** What of an organisation tells its members from others. */
export type OrganizationFacts = Pick<Organization, 'id' | 'managementAccount' | 'members' | 'membersWhole'>;

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

  constructor(facts: OrganizationFacts) {
    this.facts = facts;
    this.id = facts.id;
    const start = `${facts.id}/`;
    this.outside = {
      name: 'outside',
      allows: (key, value) => {
        if (key === PRINCIPAL_ORG_ID) return !textsOf(value).some((text) => text.toLowerCase() === facts.id);
        if (key !== PRINCIPAL_ORG_PATHS) return true;
        return !textsOf(value).some((text) => text.toLowerCase().startsWith(start));
      },
    };
  }

  isMember(account: string): boolean {
    return this.facts.members.has(account) || account === this.facts.managementAccount;
  }

  /** As `aws:PrincipalOrgPaths` writes it; null where it is not known. */
  pathOf(account: string): string | null {
    return this.facts.members.get(account)?.path ?? null;
  }

  /** Null: nothing is known of the account. */
  standingOf(account: string): Standing | null {
    if (!this.isMember(account)) return this.facts.membersWhole ? this.outside : null;
    const path = this.pathOf(account);
    const { id } = this;
    return {
      name: `member ${path}`,
      allows: (key, value) => {
        if (key === PRINCIPAL_ORG_ID) return value === id;
        if (key !== PRINCIPAL_ORG_PATHS) return true;
        const texts = textsOf(value);
        if (path !== null) return texts.length === 1 && texts[0] === path;
        return texts.length > 0 && texts.every((text) => text.startsWith(`${id}/`));
      },
    };
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
   * come first, then as their ids do.
   */
  representatives(
    own: string,
    partition: string,
    matchers: readonly Matcher[],
    conditions: readonly Condition[],
  ): readonly string[] {
    const byKind = new Map<string, string>();
    const pathKinds = new Map<string | null, string>();
    for (const account of membersInOrder(this.facts)) {
      if (account === own) continue;
      const path = this.pathOf(account);
      let pathKind = pathKinds.get(path);
      if (pathKind === undefined) {
        pathKind = kindOfPath(path, conditions);
        pathKinds.set(path, pathKind);
      }
      const kind = `${pathKind} ${kindOfAccount(account, partition, matchers)}`;
      if (!byKind.has(kind)) byKind.set(kind, account);
    }
    return [...byKind.values()];
  }

  get size(): number {
    return this.facts.members.size;
  }
}

function textsOf(value: ContextValue): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

const orders = new WeakMap<ReadonlyMap<string, OrganizationMember>, readonly string[]>();

function membersInOrder({ members, managementAccount }: OrganizationFacts): readonly string[] {
  let order = orders.get(members);
  if (order === undefined) {
    const isClosed = (account: string): number => Number(members.get(account)?.status !== 'ACTIVE');
    order = [...members.keys()].sort((a, b) => isClosed(a) - isClosed(b) || (a < b ? -1 : 1));
    orders.set(members, order);
  }
  return managementAccount === null || members.has(managementAccount) ? order : [...order, managementAccount];
}

/** Paths of one kind are alike for every condition. */
function kindOfPath(path: string | null, conditions: readonly Condition[]): string {
  const on = conditions.filter((condition) => condition.key === PRINCIPAL_ORG_PATHS);
  if (on.length === 0) return '';
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

/** Accounts of one kind are alike for every pattern, whatever follows them in an ARN. */
function kindOfAccount(account: string, partition: string, matchers: readonly Matcher[]): string {
  const before = `arn:${partition}:iam::${account}:`;
  let kind = '';
  for (const { scope, patterns, ignoreCase, arn } of matchers) {
    if (scope === 'name') continue;
    if (scope === 'account') {
      kind += patterns.some((pattern) => globMatches(pattern, account)) ? 'y' : 'n';
      continue;
    }
    for (const pattern of patterns) {
      const folded = ignoreCase
        ? pattern.map((one) => (typeof one === 'string' ? one.toLowerCase() : one))
        : pattern;
      kind += `${arn ? fieldsMatch(folded, before) : placesAfter(folded, before).join(',')};`;
    }
  }
  return kind;
}

/** Whether the five fields before the resource match. */
function fieldsMatch(pattern: readonly GlobToken[], before: string): boolean {
  const wanted = splitArnPattern(pattern);
  const given = splitInSix(before) as readonly string[];
  return wanted?.every((field, index) => index === 5 || globMatches(field, given[index] as string)) ?? false;
}

/** Where in the pattern one can be once it has taken the text in. */
function placesAfter(pattern: readonly GlobToken[], text: string): readonly number[] {
  let places = closed(pattern, [0]);
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
