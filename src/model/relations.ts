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
}

export const NO_RELATIONS: AccountRelations = { accounts: new Map(), organisationKnown: false };

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
