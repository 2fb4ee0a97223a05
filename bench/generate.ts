/** Writes synthetic evidence of any size; see --help. */
import { parseArgs } from 'node:util';
import { ORDINARY, rolesFor, sizeOf, writeEvidence } from './generate-file.ts';
import { writeDailyExports, writeMixedFolder } from './generate-folder.ts';
import type { Recipe } from './generate-organisation.ts';

const HELP = `Writes synthetic IAM evidence: invented accounts, roles and policies in realistic proportions.
The same options give the same bytes on every machine.

  npm run --silent generate -- [options] > evidence.json

  --format NAME       gaad            IAM account authorization details, as the AWS CLI prints them (default)
                      gaad-compact    the same without white space
                      cloudquery      rows of aws_iam_roles, one per line
                      cloudquery-csv  the same as CSV
                      list-roles      aws iam list-roles, without white space
                      config          an AWS Config snapshot; trust policies are URL-encoded
  --roles N           roles altogether (default 1000)
  --bytes N           instead: about this many bytes before compression; 600M, 2G
  --accounts N        accounts they are spread over (default 10); gaad has one document for each
  --policies N        distinct trust policies that roles share (default 300)
  --unique SHARE      roles with a trust policy drawn for them alone, which may be like another's (default 0.05)
  --cross-account S   shared trust policies that trust another account (default 0.25)
  --distinct SHARE    instead of --unique: roles whose trust policy nobody else has, because an external id, the
                      subject of an OIDC provider, a caller or a source is of this role; 0.3 as in real organisations
  --denies SHARE      roles whose trust policy has a Deny and a pattern; 0.05
  --odd SHARE         roles written in an odd way: escaped or repeated keys, ARNs with signs or of a short account
                      (these two in all formats), policies in strings, deep values; 0.01. A quarter of them is
                      to be rejected (bench/generate-odd.ts)
  --seed N            another organisation (default 1)
  --gzip              compress
  --out FILE          instead of standard output
  --folder DIR        instead: a folder of 40 gzip files of all formats, one account each, of --roles or --bytes
                      together; shares are those of real organisations
  --daily DIR         instead: a year of daily exports of two accounts with 200 roles each, 730 small files

Sizes: gaad takes 6,000 bytes per role (100,000 roles are 600 MB), gaad-compact 2,350, cloudquery 900,
cloudquery-csv 780, list-roles 540 and config 5,900: each role comes with its share of users, groups and managed
policies, or of other resources.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      format: { type: 'string', default: 'gaad' },
      roles: { type: 'string', default: '1000' },
      bytes: { type: 'string' },
      accounts: { type: 'string', default: '10' },
      policies: { type: 'string', default: String(ORDINARY.policies) },
      unique: { type: 'string', default: String(ORDINARY.unique) },
      'cross-account': { type: 'string', default: String(ORDINARY.crossAccount) },
      distinct: { type: 'string' },
      denies: { type: 'string' },
      odd: { type: 'string' },
      seed: { type: 'string', default: String(ORDINARY.seed) },
      gzip: { type: 'boolean', default: false },
      out: { type: 'string' },
      folder: { type: 'string' },
      daily: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const { format, bytes, distinct, denies, odd } = values;
  if (values.daily !== undefined) return void writeDailyExports(values.daily);
  if (values.folder !== undefined) {
    await writeMixedFolder(
      values.folder,
      bytes === undefined ? 540 * number('roles', values.roles) : sizeOf(bytes),
    );
    return;
  }
  const roles = bytes === undefined ? number('roles', values.roles) : rolesFor(format, sizeOf(bytes));
  const recipe: Recipe = {
    seed: number('seed', values.seed),
    roles,
    accounts: Math.max(1, Math.min(roles, number('accounts', values.accounts))),
    policies: Math.max(1, number('policies', values.policies)),
    unique: number('unique', values.unique),
    crossAccount: number('cross-account', values['cross-account']),
    ...(distinct === undefined ? {} : { distinct: number('distinct', distinct) }),
    ...(denies === undefined ? {} : { denies: number('denies', denies) }),
    ...(odd === undefined ? {} : { odd: number('odd', odd) }),
  };
  await writeEvidence(format, recipe, values.out ?? process.stdout, values.gzip);
}

function number(option: string, text: string): number {
  const value = Number(text);
  if (text === '' || !(value >= 0)) throw new Error(`\`${text}\` is no number for --${option}`);
  return value;
}

main().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
});
