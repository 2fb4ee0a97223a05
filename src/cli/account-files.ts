import type { AccountRelations, KnownAccount } from '../audit/relations.ts';
import { TrustsieveError } from '../errors.ts';
import { isAccountId } from '../iam/arn.ts';
import { optionFile } from './arguments.ts';
import { parseYaml } from './yaml.ts';

/**
 * Reads the own organisation's accounts, as `aws organizations list-accounts` prints them, and names of known
 * vendors: a YAML list of `{name, accounts: [12 digits, ...], type?: aws}`. With the type, the accounts are AWS's own
 * and the name is that of the service. An account on both lists belongs to the organisation.
 */
export async function readAccountRelations(
  organisationFile: string | undefined,
  knownFile: string | undefined,
): Promise<AccountRelations | null> {
  if (organisationFile === undefined && knownFile === undefined) return null;
  const accounts = new Map<string, KnownAccount>();
  if (knownFile !== undefined) {
    const known = await knownAccounts(await optionFile('known-accounts', knownFile), knownFile);
    for (const [id, account] of known) accounts.set(id, account);
  }
  if (organisationFile !== undefined) {
    for (const [id, name] of organisationAccounts(
      await optionFile('accounts', organisationFile),
      organisationFile,
    )) {
      accounts.set(id, { name, relation: 'same-organisation' });
    }
  }
  return { accounts, organisationKnown: organisationFile !== undefined };
}

function organisationAccounts(text: string, path: string): readonly (readonly [string, string | null])[] {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw invalid(path, 'it is not JSON; use the output of `aws organizations list-accounts`', cause);
  }
  const list = isObject(document) ? document['Accounts'] : document;
  if (!Array.isArray(list)) throw invalid(path, 'it has no list `Accounts`');
  return list.map((item: unknown, index) => {
    const id = isObject(item) ? item['Id'] : null;
    const name = isObject(item) ? item['Name'] : null;
    if (typeof id !== 'string' || !isAccountId(id))
      throw invalid(path, `account ${index} has no 12-digit \`Id\``);
    return [id, typeof name === 'string' ? name : null];
  });
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
