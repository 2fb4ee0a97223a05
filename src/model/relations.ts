import type { PathIn } from './exposure.ts';
import type { GradedPath, Relation } from './verdict.ts';

/** What is known of an account apart from the evidence; sets relation, name and severity, never the verdict. */
export interface KnownAccount {
  readonly name: string | null;
  /** `unknown`: one of AWS's own, which is no third party and not of the own organisation. */
  readonly relation: 'third-party' | 'same-organisation' | 'unknown';
}

/** An entry of the list of known accounts; with the type `aws`, the account is AWS's own and the name that of a service. */
export function knownAccount(name: string, type: unknown): KnownAccount {
  if (typeof type !== 'string' || type.toLowerCase() !== 'aws') return { name, relation: 'third-party' };
  return { name: /^(?:aws|amazon)\b/i.test(name) ? name : `AWS: ${name}`, relation: 'unknown' };
}

/** All that `--accounts` and `--known-accounts` told. */
export interface AccountRelations {
  /** By 12-digit account id. */
  readonly accounts: ReadonlyMap<string, KnownAccount>;
  /** True when the own organisation's account list was given: an account not on it is then a third party. */
  readonly organisationKnown: boolean;
  /** What organisation evidence says; absent without it. The two members above take all roles for those of members. */
  readonly evidence?: OrganizationRelations;
}

export const NO_RELATIONS: AccountRelations = { accounts: new Map(), organisationKnown: false };

/** Which accounts belong together, by organisation evidence. */
export interface OrganizationRelations {
  /** By account; `whole`: all accounts of the organisation are known. */
  readonly organizationOf: ReadonlyMap<string, { readonly id: string; readonly whole: boolean }>;
  /** As `organisationKnown`, by the list that was given alone. */
  readonly listKnown: boolean;
}

const seenFrom = new WeakMap<AccountRelations, Map<string, AccountRelations>>();

/**
 * The relations as they are for the roles of one account. Members of an organisation belong together; to an account
 * outside of it, or of another one, they are third parties. Nobody knows where an account belongs that is in none known here.
 */
export function relationsFor(relations: AccountRelations, owner: string): AccountRelations {
  const { evidence } = relations;
  if (evidence === undefined) return relations;
  const own = evidence.organizationOf.get(owner);
  let known = seenFrom.get(relations);
  if (known === undefined) {
    known = new Map();
    seenFrom.set(relations, known);
  }
  // An account outside all of them is as any other, but for what lists say of it.
  const isListed = relations.accounts.get(owner)?.relation === 'same-organisation';
  const key = own?.id ?? (isListed ? 'listed' : '');
  let seen = known.get(key);
  if (seen === undefined) {
    const accounts = [...relations.accounts].map(([id, account]): readonly [string, KnownAccount] => {
      const other = evidence.organizationOf.get(id);
      if (other === undefined || other.id === own?.id) return [id, account];
      const isOutside = own !== undefined || (other.whole && !isListed);
      return [id, { ...account, relation: isOutside ? 'third-party' : 'unknown' }];
    });
    const organisationKnown = evidence.listKnown || own?.whole === true;
    seen = { accounts: new Map(accounts), organisationKnown };
    known.set(key, seen);
  }
  return seen;
}

export function gradePath(path: PathIn, relations: AccountRelations): GradedPath {
  const known = relations.accounts.get(path.account);
  return { ...path, accountName: known?.name ?? null, relation: relationOf(path.account, relations) };
}

export function relationOf(account: string, relations: AccountRelations): Relation {
  if (account === '*') return 'any';
  const known = relations.accounts.get(account);
  if (known !== undefined) return known.relation;
  return relations.organisationKnown ? 'third-party' : 'unknown';
}
