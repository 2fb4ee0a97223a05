import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidence, ORDINARY, REAL, rolesFor, writeEvidence } from './generate-file.ts';

export const FILES = 40;

/** How the files of a mixed folder are called, by format; most evidence is of the first two. */
const KINDS: readonly (readonly [format: string, name: string])[] = [
  ['gaad', 'authorization-details.json.gz'],
  ['cloudquery', 'aws_iam_roles.json.gz'],
  ['gaad-compact', 'authorization-details.json.gz'],
  ['cloudquery-csv', 'aws_iam_roles.csv.gz'],
  ['config', 'config-snapshot.json.gz'],
  ['cloudquery', 'aws_iam_roles.json.gz'],
  ['gaad', 'authorization-details.json.gz'],
  ['list-roles', 'roles.json.gz'],
];

/**
 * A folder of gzip files as an organisation's exports lie together: several formats, an account for each file.
 *
 * @param bytes of all files together, unpacked; each has about as many
 * @param gaadOnly all files in the one format
 * @returns the number of roles written
 */
export async function writeMixedFolder(folder: string, bytes: number, gaadOnly = false): Promise<number> {
  mkdirSync(folder, { recursive: true });
  let written = 0;
  for (let file = 0; file < FILES; file++) {
    const [format, name] = (gaadOnly ? KINDS[0] : KINDS[file % KINDS.length]) ?? ['', ''];
    const roles = rolesFor(format, bytes / FILES);
    written += roles;
    const place = join(folder, `${String(file).padStart(2, '0')}-${name}`);
    await writeEvidence(format, { ...ORDINARY, ...REAL, seed: 100 + file, roles, accounts: 1 }, place, true);
  }
  return written;
}

const DAYS = 365;
const ACCOUNTS = 2;
const ROLES = 200;
const FIRST_DAY = Date.UTC(2025, 0, 1);
const DAY = 86_400_000;

/**
 * A year of daily exports: a listing for each of two accounts and day, which its name says. Each month a role is
 * deleted and another one created.
 *
 * @returns the number of sightings of roles
 */
export function writeDailyExports(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const accounts = Array.from({ length: ACCOUNTS }, (_, account) => listedRoles(account));
  for (let day = 0; day < DAYS; day++) {
    const at = new Date(FIRST_DAY + day * DAY);
    const month = at.getUTCMonth();
    for (const [account, roles] of accounts.entries()) {
      const path = join(folder, `${at.toISOString().slice(0, 10)}-roles-${account}.json`);
      writeFileSync(path, JSON.stringify({ Roles: roles.slice(month, month + ROLES) }));
    }
  }
  return DAYS * ACCOUNTS * ROLES;
}

/** Enough for a year in which a role a month goes. */
function listedRoles(account: number): readonly unknown[] {
  const { distinct, denies } = REAL;
  const recipe = { ...ORDINARY, distinct, denies, seed: 1 + account, roles: ROLES + 12, accounts: 1 };
  const text = Buffer.concat([...evidence('list-roles', recipe)]).toString();
  return (JSON.parse(text) as { readonly Roles: readonly unknown[] }).Roles;
}
