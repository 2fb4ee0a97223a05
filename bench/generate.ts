/** Writes synthetic evidence of any size; see --help. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { WRITERS } from './generate-formats.ts';
import { Organisation, type Recipe } from './generate-organisation.ts';

const HELP = `Writes synthetic IAM evidence: invented accounts, roles and policies in realistic proportions.
The same options give the same bytes on every machine.

  npm run --silent generate -- [options] > evidence.json

  --format NAME       gaad            IAM account authorization details, as the AWS CLI prints them (default)
                      gaad-compact    the same without white space
                      cloudquery      rows of aws_iam_roles, one per line
                      config          an AWS Config snapshot; trust policies are URL-encoded
  --roles N           roles altogether (default 1000)
  --bytes N           instead: about this many bytes before compression; 600M, 2G
  --accounts N        accounts they are spread over (default 10); gaad has one document for each
  --policies N        distinct trust policies that roles share (default 300)
  --unique SHARE      roles with a trust policy of their own (default 0.05)
  --cross-account S   trust policies that trust another account (default 0.25)
  --seed N            another organisation (default 1)
  --gzip              compress
  --out FILE          instead of standard output

Sizes: gaad takes 6,000 bytes per role (100,000 roles are 600 MB), gaad-compact 2,350, cloudquery 900 and
config 5,900: each role comes with its share of users, groups and managed policies, or of other resources.`;

/** Bytes per role, to turn --bytes into a number of roles. Measured with the default options. */
const ROLE_BYTES: Readonly<Record<string, number>> = {
  gaad: 6000,
  'gaad-compact': 2350,
  cloudquery: 900,
  config: 5900,
};

/** Characters handed to the stream at a time. */
const CHUNK = 256 * 1024;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      format: { type: 'string', default: 'gaad' },
      roles: { type: 'string', default: '1000' },
      bytes: { type: 'string' },
      accounts: { type: 'string', default: '10' },
      policies: { type: 'string', default: '300' },
      unique: { type: 'string', default: '0.05' },
      'cross-account': { type: 'string', default: '0.25' },
      seed: { type: 'string', default: '1' },
      gzip: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const writer = WRITERS[values.format];
  if (writer === undefined) {
    throw new Error(
      `there is no format \`${values.format}\`; choose one of ${Object.keys(WRITERS).join(', ')}`,
    );
  }
  const roles =
    values.bytes === undefined
      ? number('roles', values.roles)
      : Math.max(1, Math.round(size(values.bytes) / (ROLE_BYTES[values.format] as number)));
  const recipe: Recipe = {
    seed: number('seed', values.seed),
    roles,
    accounts: Math.max(1, Math.min(roles, number('accounts', values.accounts))),
    policies: Math.max(1, number('policies', values.policies)),
    unique: number('unique', values.unique),
    crossAccount: number('cross-account', values['cross-account']),
  };
  const target = values.out === undefined ? process.stdout : createWriteStream(values.out);
  const text = Readable.from(chunks(recipe, writer), { objectMode: false });
  if (values.gzip) await pipeline(text, createGzip(), target);
  else await pipeline(text, target);
}

function* chunks(recipe: Recipe, writer: (typeof WRITERS)[string]): Generator<Buffer> {
  const share = Math.floor(recipe.roles / recipe.accounts);
  const rest = recipe.roles % recipe.accounts;
  let pending = '';
  for (const part of writer(new Organisation(recipe), (account) => share + (account < rest ? 1 : 0))) {
    pending += part;
    if (pending.length >= CHUNK) {
      yield Buffer.from(pending);
      pending = '';
    }
  }
  yield Buffer.from(pending);
}

function number(option: string, text: string): number {
  const value = Number(text);
  if (text === '' || !(value >= 0)) throw new Error(`\`${text}\` is no number for --${option}`);
  return value;
}

/** `600M` is 600,000,000. */
function size(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)$/i.exec(text);
  if (match === null) throw new Error(`\`${text}\` is no size for --bytes: write it like 600M`);
  const unit = { '': 1, K: 1e3, M: 1e6, G: 1e9 }[(match[2] as string).toUpperCase()] as number;
  return Number(match[1]) * unit;
}

main().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
});
