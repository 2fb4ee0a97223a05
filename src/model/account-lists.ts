import { TrustsieveError } from '../errors.ts';
import { isAccountId } from './arn.ts';
import { type AccountRelations, type KnownAccount, knownAccount, NO_RELATIONS } from './relations.ts';

/** An account of the own organisation, as a member list names it. */
export interface Member {
  /** 12 digits. */
  readonly account: string;
  readonly name: string | null;
  /** As AWS Organizations writes it, `ACTIVE` where the list says nothing. */
  readonly status: string;
}

export interface MemberList {
  /** By account, each once. */
  readonly members: readonly Member[];
  /** False when the list says that a further page follows, so that more accounts should be there than it names. */
  readonly whole: boolean;
}

/**
 * States in which nothing can be exported from an account any more
 * (https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html).
 */
export const CLOSED_STATUSES: ReadonlySet<string> = new Set(['SUSPENDED', 'PENDING_CLOSURE', 'CLOSED']);

/** What the lists of accounts name; null for the one that was not given. */
export interface AccountLists {
  /** The own organisation's accounts. */
  readonly organisation: MemberList | null;
  /** Vendors, and AWS's own, by account. */
  readonly vendors: ReadonlyMap<string, KnownAccount> | null;
}

/** As far as relations hang on the lists. */
type NamedAccounts = Pick<AccountLists, 'vendors'> & {
  readonly organisation: { readonly members: readonly Pick<Member, 'account' | 'name'>[] } | null;
};

/** What the lists say of accounts, over what was known of them before; a list replaces the one of its kind. */
export function joinRelations(
  { organisation, vendors }: NamedAccounts,
  before: AccountRelations = NO_RELATIONS,
): AccountRelations {
  const accounts = new Map<string, KnownAccount>();
  for (const [id, known] of vendors ?? []) accounts.set(id, known);
  for (const [id, known] of before.accounts) {
    const replacing = known.relation === 'same-organisation' ? organisation : vendors;
    if (replacing === null) accounts.set(id, known);
  }
  // An account on both lists belongs to the organisation.
  for (const { account, name } of organisation?.members ?? []) {
    accounts.set(account, { name, relation: 'same-organisation' });
  }
  return { accounts, organisationKnown: organisation !== null || before.organisationKnown };
}

/**
 * The own organisation's accounts out of what `aws organizations list-accounts` prints: one page, a list of pages, or a
 * bare list of accounts. An account that is named twice is open when it once is.
 *
 * @param source names the list in errors
 * @throws TrustsieveError `configuration-invalid`
 */
export function membersIn(document: unknown, source: string): MemberList {
  const pages = pagesOf(document);
  const items = pages.flatMap((page) => {
    const list = page['Accounts'];
    if (!Array.isArray(list)) throw unusable(source, 'it has no list `Accounts`');
    return list as readonly unknown[];
  });
  const members = new Map<string, Member>();
  for (const [index, item] of items.entries()) {
    const account = isObject(item) ? item['Id'] : null;
    if (!isObject(item) || typeof account !== 'string' || !isAccountId(account)) {
      throw unusable(source, `account ${index} has no 12-digit \`Id\``);
    }
    const name = typeof item['Name'] === 'string' ? item['Name'] : null;
    const status = statusOf(item['State']) ?? statusOf(item['Status']) ?? 'ACTIVE';
    const before = members.get(account);
    const isOpen = before !== undefined && !CLOSED_STATUSES.has(before.status);
    members.set(account, {
      account,
      name: before?.name ?? name,
      status: isOpen ? before.status : status,
    });
  }
  const next = pages.at(-1)?.['NextToken'];
  return {
    members: [...members.values()].sort((a, b) => (a.account < b.account ? -1 : 1)),
    whole: next === undefined || next === null || next === '',
  };
}

function pagesOf(document: unknown): readonly Record<string, unknown>[] {
  if (isObject(document)) return [document];
  if (!Array.isArray(document)) return [{}];
  const items = document as readonly unknown[];
  const pages = items.filter(isObject).filter((item) => 'Accounts' in item);
  return pages.length === items.length && pages.length > 0 ? pages : [{ Accounts: items }];
}

function statusOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toUpperCase() : null;
}

/**
 * Vendors by account out of a list of `{name, accounts: [12 digits, ...], type?: aws}`. With the type, the accounts are
 * AWS's own and the name is that of the service.
 *
 * @param source names the list in errors
 * @throws TrustsieveError `configuration-invalid`
 */
export function knownAccountsIn(document: unknown, source: string): ReadonlyMap<string, KnownAccount> {
  if (!Array.isArray(document)) throw unusable(source, 'it is not a list of `{name, accounts}`');
  return new Map(
    document.flatMap((item: unknown, index) => {
      const name = isObject(item) ? item['name'] : null;
      if (typeof name !== 'string') throw unusable(source, `entry ${index} has no \`name\``);
      const { type, accounts } = item as Record<string, unknown>;
      const ids = accounts ?? [];
      const account = knownAccount(name, type);
      if (!Array.isArray(ids)) throw unusable(source, `entry ${index} has no list \`accounts\``);
      return ids.map((id: unknown): readonly [string, KnownAccount] => {
        if (typeof id !== 'string' || !isAccountId(id)) {
          throw unusable(source, `entry ${index} has an account that is not 12 digits in quotation marks`);
        }
        return [id, account];
      });
    }),
  );
}

/** A list of accounts that cannot be used. */
export function unusable(source: string, why: string, cause?: unknown): TrustsieveError {
  return new TrustsieveError('configuration-invalid', `cannot use \`${source}\`: ${why}`, { cause });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
