import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import { strToU8, zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { writeEvidence } from '../../src/kit/check/evidence.ts';
import { offered, type Step, steps } from '../../src/kit/check/steps.ts';
import { CHECKOUT, inCheckout } from '../checkout.ts';
import { type Ended, run } from '../cli/built.ts';
import { gaad, gaadRole, OPEN, put } from '../cli/evidence.ts';

const FINDING = 'arn:aws:iam::900000000010:role/role-0';
const ROLES = JSON.stringify(gaad([gaadRole('Open', { trust: OPEN })]));
const SAMPLES = inCheckout('samples');
/** Where members of hostile archives say that they belong, each above the folder of the archive. */
export const ESCAPES = [
  '../escaped.json',
  '../../escaped.json',
  '/tmp/trustsieve-escaped.json',
  '..\\escaped.json',
];

/**
 * Writes evidence of every kind below a folder, and `out` beside it, in which these command lines use everything that
 * the program can do: every command, report and way of reading. Each works on what those before have left.
 */
export async function everything(folder: string): Promise<readonly Step[]> {
  mkdirSync(join(folder, 'out'));
  await writeEvidence(CHECKOUT, join(folder, 'evidence'));
  await writeTables(join(folder, 'tables'));
  await writeEscapes(join(folder, 'escapes'));
  put(folder, 'trust.json', OPEN);
  put(folder, 'rules.yaml', 'rules:\n  - id: OWN.1\n    title: Own\n    logic: IamRole should have name\n');
  const help = async (command: string) => (await run([command, '--help'])).stdout;
  const offers = offered(await help('report'), await help('completion'), await help('check'));
  const [store, asOf] = [
    ['--db', 'store.db'],
    ['--as-of', '2026-05-01T00:00:00Z'],
  ];
  return [
    // The samples lie beside the folder that the kit's steps run in; here they are those of the checkout.
    ...steps(offers).map((step) => ({
      ...step,
      args: step.args.map((arg) => arg.replace(/^\.\.[\\/]samples/, SAMPLES)),
    })),
    { name: 'help', args: ['scan', '--help'] },
    { name: 'wrong use', args: ['scna'] },
    {
      name: 'scan of standard input, with rules and a member list',
      args: [
        ...['scan', '-', '--db', 'piped.db', '--captured-at', '2026-04-30', '--rules', '../rules.yaml'],
        ...['--organization', join(SAMPLES, 'accounts.json'), '--progress', 'plain', '--csv', 'piped.csv'],
      ],
      input: ROLES,
    },
    {
      name: 'scan of databases',
      args: ['scan', '../tables', '--db', 'tables.db', '--captured-at', '2026-04-30'],
    },
    { name: 'scan of archives that reach out', args: ['scan', '../escapes', '--db', 'escapes.db'] },
    {
      name: 'report of the past to standard output',
      args: ['report', '--format', 'csv', '--at', '2026-01-31', ...store],
    },
    {
      name: 'check --ndjson',
      args: ['check', '-', '--ndjson'],
      input: `${JSON.stringify({ trust: OPEN })}\n`,
    },
    { name: 'check of a file', args: ['check', '../trust.json', '--account', '111122223333'] },
    { name: 'fix of all', args: ['fix', ...store] },
    { name: 'exceptions propose', args: ['exceptions', 'propose', FINDING, ...store, ...asOf] },
    { name: 'rules check', args: ['rules', 'check', '../rules.yaml'] },
    { name: 'runs settle', args: ['runs', 'settle', ...store] },
    { name: 'runs forget', args: ['runs', 'forget', '1', ...store] },
  ];
}

/** What is wrong with how a command line ended; nothing where it did what it should. */
export function worked({ name }: Step, { code, stderr }: Ended): string {
  const wanted = name === 'wrong use' ? [2] : [0, 1, 3];
  return code !== null && wanted.includes(code) ? '' : `${name}: exit code ${code}: ${stderr}`;
}

/** CloudQuery's table of roles, in databases. */
async function writeTables(folder: string): Promise<void> {
  mkdirSync(folder);
  const statements = (file: string) => [
    'CREATE TABLE aws_iam_roles (_cq_sync_time varchar, account_id varchar, arn varchar, role_name varchar, assume_role_policy_document varchar)',
    `INSERT INTO aws_iam_roles VALUES ('2026-04-30T00:00:00Z', '111122223333', 'arn:aws:iam::111122223333:role/${file}', '${file}', '${JSON.stringify(OPEN)}')`,
  ];
  const sqlite = new Database(join(folder, 'roles.sqlite'));
  for (const statement of statements('sqlite')) sqlite.exec(statement);
  sqlite.close();
  const instance = await DuckDBInstance.create(join(folder, 'roles.duckdb'));
  const connection = await instance.connect();
  for (const statement of statements('duckdb')) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

/** Archives whose members name places outside of them, as files and as links. */
async function writeEscapes(folder: string): Promise<void> {
  put(
    folder,
    'roles.zip',
    Buffer.from(zipSync(Object.fromEntries(ESCAPES.map((name) => [name, strToU8(ROLES)])))),
  );
  const size = Buffer.byteLength(ROLES);
  const files = ESCAPES.map((name) => ({ header: { name, size }, body: ROLES }));
  const link = { name: 'linked', size: 0, type: 'symlink', linkname: '../..' } as const;
  const below = { header: { name: 'linked/escaped.json', size }, body: ROLES };
  put(folder, 'roles.tar', Buffer.from(await packTar([...files, { header: link }, below])));
}
