import { type AccountRelations, type KnownAccount, NO_RELATIONS } from '../audit/relations.ts';
import { TrustsieveError } from '../errors.ts';
import { isAccountId } from '../iam/arn.ts';
import { CLOSED_STATUSES, type Member, type MemberList } from '../store/members.ts';
import { optionFile } from './arguments.ts';
import { parseYaml } from './yaml.ts';

/** What `--accounts` and `--known-accounts` name; null for the one that was not given. */
export interface AccountLists {
  /** The own organisation's accounts. */
  readonly organisation: MemberList | null;
  /** Vendors, and AWS's own, by account. */
  readonly vendors: ReadonlyMap<string, KnownAccount> | null;
}

/**
 * Reads the own organisation's accounts, as `aws organizations list-accounts` prints them, and names of known
 * vendors: a YAML list of `{name, accounts: [12 digits, ...], type?: aws}`. With the type, the accounts are AWS's own
 * and the name is that of the service.
 */
export async function readAccountLists(
  organisationFile: string | undefined,
  knownFile: string | undefined,
): Promise<AccountLists> {
  return {
    vendors:
      knownFile === undefined
        ? null
        : new Map(await knownAccounts(await optionFile('known-accounts', knownFile), knownFile)),
    organisation:
      organisationFile === undefined
        ? null
        : memberList(await optionFile('accounts', organisationFile), organisationFile),
  };
}

/** What the lists say of accounts, over what was known of them before; a list replaces the one of its kind. */
export function joinRelations(
  { organisation, vendors }: AccountLists,
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

/** Relations from the two files alone; null when neither was given. */
export async function readAccountRelations(
  organisationFile: string | undefined,
  knownFile: string | undefined,
): Promise<AccountRelations | null> {
  if (organisationFile === undefined && knownFile === undefined) return null;
  return joinRelations(await readAccountLists(organisationFile, knownFile));
}

/** One page, a list of pages, or a bare list of accounts. An account that is named twice is open when it once is. */
function memberList(text: string, path: string): MemberList {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw invalid(path, 'it is not JSON; use the output of `aws organizations list-accounts`', cause);
  }
  const pages = pagesOf(document);
  const items = pages.flatMap((page) => {
    const list = page['Accounts'];
    if (!Array.isArray(list)) throw invalid(path, 'it has no list `Accounts`');
    return list as readonly unknown[];
  });
  const members = new Map<string, Member>();
  for (const [index, item] of items.entries()) {
    const account = isObject(item) ? item['Id'] : null;
    if (!isObject(item) || typeof account !== 'string' || !isAccountId(account)) {
      throw invalid(path, `account ${index} has no 12-digit \`Id\``);
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

async function knownAccounts(
  text: string,
  path: string,
): Promise<readonly (readonly [string, KnownAccount])[]> {
  let document: unknown;
  try {
    document = await parseYaml(text);
  } catch (cause) {
    throw invalid(path, 'it is not YAML', cause);
  }
  if (!Array.isArray(document)) throw invalid(path, 'it is not a list of `{name, accounts}`');
  return document.flatMap((item: unknown, index) => {
    const name = isObject(item) ? item['name'] : null;
    if (typeof name !== 'string') throw invalid(path, `entry ${index} has no \`name\``);
    const { type, accounts } = item as Record<string, unknown>;
    const ids = accounts ?? [];
    const account: KnownAccount =
      typeof type === 'string' && type.toLowerCase() === 'aws'
        ? { name: /^(?:aws|amazon)\b/i.test(name) ? name : `AWS: ${name}`, relation: 'unknown' }
        : { name, relation: 'third-party' };
    if (!Array.isArray(ids)) throw invalid(path, `entry ${index} has no list \`accounts\``);
    return ids.map((id: unknown): readonly [string, KnownAccount] => {
      if (typeof id !== 'string' || !isAccountId(id)) {
        throw invalid(path, `entry ${index} has an account that is not 12 digits in quotation marks`);
      }
      return [id, account];
    });
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, why: string, cause?: unknown): TrustsieveError {
  return new TrustsieveError('configuration-invalid', `cannot use \`${path}\`: ${why}`, { cause });
}
