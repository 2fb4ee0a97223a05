import { type DatedFact, type FactKind, isAccountNumber } from './fact.ts';
import { openNodePolicies, unknownPolicies } from './node-policies.ts';
import type { Organization, OrganizationMember, PoliciesOfAccount } from './organization.ts';
import {
  listOf,
  more,
  newer,
  type OrganizationProblem,
  older,
  openStanding,
  type Standing,
  type StandingFacts,
  textOf,
} from './standing.ts';
import { openTree } from './tree.ts';

export interface Assembled {
  /** By id. */
  readonly organizations: readonly Organization[];
  /** By organisation and code; what keeps nothing from being known is none. */
  readonly problems: readonly OrganizationProblem[];
}

/**
 * Puts together what facts say of organisations: those in force at the moment that is asked for, in any order. Of facts
 * of one kind and key the newest stands. Where those of one moment disagree, it is not known what holds: nothing is chosen.
 * A whole list removes what it does not name and older facts do.
 */
export function assembleOrganizations(facts: Iterable<DatedFact>): Assembled {
  const byOrganization = new Map<string, Map<string, Standing>>();
  const nameless: DatedFact[] = [];
  const take = (organization: string, { kind, key, at, value }: DatedFact): void => {
    let known = byOrganization.get(organization);
    if (known === undefined) {
      known = new Map();
      byOrganization.set(organization, known);
    }
    const place = `${kind} ${key}`;
    known.set(place, newer(known.get(place), { at, value }));
  };
  for (const fact of facts) {
    if (fact.organization === '') nameless.push(fact);
    else take(fact.organization, fact);
  }
  const ids = [...byOrganization.keys()].sort();
  const [only] = ids;
  const problems: OrganizationProblem[] = [];
  if (nameless.length > 0) {
    if (only !== undefined && ids.length === 1) for (const fact of nameless) take(only, fact);
    else {
      const why = ids.length === 0 ? 'and no other evidence does' : `and there are ${ids.length} of them`;
      const message = `evidence does not say of which organisation it is, ${why}, so it was not used`;
      problems.push({ code: 'organization-ambiguous', message });
    }
  }
  const organizations = ids.map((id) => {
    const standing = openStanding(byOrganization.get(id) ?? new Map());
    const found = assembleOne(id, standing);
    problems.push(...found.problems.map(({ code, message }) => ({ code, message: `${id}: ${message}` })));
    return found.organization;
  });
  problems.push(...tornAccounts(organizations));
  return { organizations, problems };
}

/** Accounts that belong to none because two organisations of one moment claim them (see `organizationWith`). */
function tornAccounts(organizations: readonly Organization[]): readonly OrganizationProblem[] {
  const claims = new Map<string, Organization[]>();
  for (const organization of organizations) {
    for (const account of organization.members.keys()) {
      const claiming = claims.get(account) ?? [];
      claims.set(account, claiming);
      claiming.push(organization);
    }
  }
  const torn = [...claims]
    .filter(([, claiming]) => claiming.length > 1 && newestClaims(claiming).length > 1)
    .map(([account, claiming]) => [account, newestClaims(claiming)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const [first] = torn;
  if (first === undefined) return [];
  const ids = first[1].map(({ id }) => id).join(' and ');
  const message = `evidence of one moment puts account ${first[0]}${more(torn)} into ${ids}, so it is not known to which it belongs`;
  return [{ code: 'organization-conflict', message }];
}

/** Of organisations that claim an account, those whose evidence is the newest. */
function newestClaims(claiming: readonly Organization[]): readonly Organization[] {
  const newest = claiming
    .map(({ capturedAt }) => capturedAt)
    .sort()
    .at(-1);
  return claiming.filter(({ capturedAt }) => capturedAt === newest);
}

/**
 * An account belongs to one organisation at a time: to the one whose evidence is the newest.
 *
 * @returns null when none claims it, or two of one moment do
 */
export function organizationWith({ organizations }: Assembled, account: string): Organization | null {
  const [found = null, ...others] = newestClaims(organizations.filter(({ members }) => members.has(account)));
  return others.length > 0 ? null : found;
}

function speaksOfPolicies(facts: StandingFacts): boolean {
  const kinds = ['policies', 'policies-lost', 'policy-text', 'targets', 'attached', 'attachment'] as const;
  return kinds.some((kind) => facts.all(kind).length > 0);
}

function assembleOne(
  id: string,
  facts: StandingFacts,
): { readonly organization: Organization; readonly problems: readonly OrganizationProblem[] } {
  const problems: OrganizationProblem[] = [];
  const { accounts, whole, doubtful } = membersOf(facts, problems);
  const tree = openTree(facts, accounts, problems);
  const policies = openNodePolicies(facts, { accounts: whole ? new Set(accounts) : null, tree }, problems);
  const members = new Map<string, OrganizationMember>();
  for (const account of accounts) {
    const above = tree.pathOf(account);
    members.set(account, {
      account,
      name: textOf(facts.get('name', account)),
      status: textOf(facts.get('status', account)) ?? 'ACTIVE',
      path: above === null ? null : `${[id, ...above].join('/')}/`,
    });
  }
  const enabled = rcpsEnabled(facts, policies.lastAttached, problems);
  const policiesOf = (account: string): PoliciesOfAccount => {
    if (!members.has(account) || doubtful.has(account))
      return unknownPolicies(`whether ${account} belongs to the organisation`);
    if (enabled === false) return { policies: [], since: null, lack: null };
    if (enabled === null) return unknownPolicies('whether resource control policies are enabled');
    const above = tree.pathOf(account);
    if (above === null) return unknownPolicies(tree.lackOf(account));
    const found = policies.along([...above, account]);
    if (found.since === null) return found;
    const places = [account, ...above].map((node) => facts.get('parent', node));
    const times = [facts.get('accounts', ''), ...places].flatMap((standing) => standing?.at ?? []);
    return { ...found, since: `${times.reduce(older, found.since)}Z` };
  };
  const organization: Organization = {
    id,
    managementAccount: textOf(managementOf(facts)),
    members,
    membersWhole: whole,
    capturedAt: `${newestOf(facts)}Z`,
    showsPolicies: enabled === false || speaksOfPolicies(facts),
    policiesOf,
  };
  return { organization, problems };
}

/** Tables that do not name it show it in ARNs. */
function managementOf(facts: StandingFacts): Standing | undefined {
  return facts.get('management', '') ?? facts.get('owner', '');
}

/** Disabling the type detaches all its policies. Null when evidence of one moment says both. */
function rcpsEnabled(
  facts: StandingFacts,
  lastAttached: string | null,
  problems: OrganizationProblem[],
): boolean | null {
  const stated = facts.get('rcps-enabled', '');
  if (stated?.value !== 'false' || (lastAttached !== null && lastAttached > stated.at)) return true;
  if (lastAttached !== stated.at) return false;
  const message = 'resource control policies are not enabled, and attached all the same';
  problems.push({ code: 'organization-conflict', message });
  return null;
}

const KINDS: readonly FactKind[] = [
  'management',
  'owner',
  'root',
  'rcps-enabled',
  'accounts',
  'policies',
  'policies-lost',
  'name',
  'status',
  'parent',
  'policy-name',
  'policy-text',
  'targets',
  'attached',
  'attachment',
  'untyped-targets',
  'untyped-attachment',
];

function newestOf(facts: StandingFacts): string {
  let newest = '';
  for (const kind of KINDS) for (const [, { at }] of facts.all(kind)) if (at > newest) newest = at;
  return newest;
}

/** The members by account, whether these are all, and which of them a list of all accounts of that moment does not name. */
function membersOf(
  facts: StandingFacts,
  problems: OrganizationProblem[],
): {
  readonly accounts: readonly string[];
  readonly whole: boolean;
  readonly doubtful: ReadonlySet<string>;
} {
  /** By account, the newest time at which something is said of it. */
  const spokenOf = new Map<string, string>();
  const speak = (account: string | null, at: string): void => {
    if (account === null || !isAccountNumber(account)) return;
    if ((spokenOf.get(account) ?? '') < at) spokenOf.set(account, at);
  };
  for (const kind of ['name', 'status', 'parent', 'attached'] as const)
    for (const [key, { at }] of facts.all(kind)) speak(key, at);
  const management = facts.get('management', '');
  if (management !== undefined) speak(textOf(management), management.at);
  const list = facts.get('accounts', '');
  const listed = listOf(list);
  if (list === undefined || listed === null) {
    if (list !== undefined) {
      const message = 'files of one moment list different accounts, so it is not known which belong to it';
      problems.push({ code: 'organization-conflict', message });
    }
    return { accounts: [...spokenOf.keys()].sort(), whole: false, doubtful: new Set() };
  }
  const accounts = new Set(listed);
  const unlisted: string[] = [];
  for (const [account, at] of spokenOf) {
    if (accounts.has(account) || at < list.at) continue;
    accounts.add(account);
    if (at === list.at) unlisted.push(account);
  }
  if (unlisted.length > 0) {
    const [first] = unlisted.sort();
    const message = `a file of one moment names account ${first}${more(unlisted)}, which the list of all accounts of that moment does not`;
    problems.push({ code: 'organization-conflict', message });
  }
  return { accounts: [...accounts].sort(), whole: unlisted.length === 0, doubtful: new Set(unlisted) };
}
