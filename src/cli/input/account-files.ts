import {
  type AccountLists,
  joinRelations,
  knownAccountsIn,
  membersIn,
  unusable,
} from '../../model/account-lists.ts';
import type { AccountRelations } from '../../model/relations.ts';
import { optionFile, parseYaml } from './option-file.ts';

/**
 * Reads what `--accounts` and `--known-accounts` name: the own organisation's accounts, as
 * `aws organizations list-accounts` prints them, and names of known vendors in YAML; see membersIn and knownAccountsIn.
 */
export async function readAccountLists(
  organisationFile: string | undefined,
  knownFile: string | undefined,
): Promise<AccountLists> {
  return {
    vendors:
      knownFile === undefined
        ? null
        : knownAccountsIn(await yamlIn(await optionFile('known-accounts', knownFile), knownFile), knownFile),
    organisation:
      organisationFile === undefined
        ? null
        : membersIn(
            jsonIn(await optionFile('accounts', organisationFile), organisationFile),
            organisationFile,
          ),
  };
}

/** Relations from the two files alone; null when neither was given. */
export async function readAccountRelations(
  organisationFile: string | undefined,
  knownFile: string | undefined,
): Promise<AccountRelations | null> {
  if (organisationFile === undefined && knownFile === undefined) return null;
  return joinRelations(await readAccountLists(organisationFile, knownFile));
}

function jsonIn(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unusable(path, 'it is not JSON; use the output of `aws organizations list-accounts`', cause);
  }
}

async function yamlIn(text: string, path: string): Promise<unknown> {
  try {
    return await parseYaml(text);
  } catch (cause) {
    throw unusable(path, 'it is not YAML', cause);
  }
}
