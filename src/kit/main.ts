import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import yargs, { type Argv } from 'yargs';
import { TrustsieveError } from '../errors.ts';
import { readKey } from '../manifest/signature.ts';
import { removeUnfinished } from '../report/files/unfinished.ts';
import { checkKit } from './check/check-kit.ts';
import { type Checkout, isBuilt, ROOT, readCheckout, sourcesDigest, stampPath } from './checkout.ts';
import { readKit } from './found-kit.ts';
import { readLock } from './lock.ts';
import { makeKit } from './make.ts';
import { noticesText, programParts } from './notices.ts';
import { npm } from './npm.ts';
import { cacheFolder } from './pinned-package.ts';
import { platformOf } from './platforms.ts';
import { demandSignature, faultsOf } from './sums.ts';

/** Where kits go unless told otherwise; git does not look there. */
const OUTPUT = join('build', 'kit');

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    removeUnfinished();
    process.exit(code);
  });
}
try {
  await commands().parseAsync(process.argv.slice(2));
} catch (error) {
  process.exitCode = told(error);
}

function commands() {
  return yargs()
    .scriptName('npm run kit --')
    .usage('$0\n\nMakes an archive of the program that runs where nothing is installed and no network is.')
    .command(
      '$0',
      'make kits',
      (parser: Argv) =>
        parser.options({
          platform: {
            type: 'string',
            array: true,
            nargs: 1,
            describe: 'for which machine; by default this one',
          },
          output: { type: 'string', describe: `an existing folder; by default ${OUTPUT}, which is made` },
          sign: { type: 'string', describe: 'private Ed25519 key (PEM) to sign SHA256SUMS with' },
          'node-package': {
            type: 'string',
            array: true,
            nargs: 1,
            describe: 'archive of a package of Node.js',
          },
          build: { type: 'boolean', default: true, describe: 'build first where dist is out of date' },
        }),
      make,
    )
    .command(
      'verify <kit>',
      'hold a kit, packed or unpacked, against its sums and their signature',
      (parser: Argv) =>
        parser
          .positional('kit', { type: 'string', demandOption: true })
          .option('key', { type: 'string', describe: 'public Ed25519 key (PEM) by which it must be signed' }),
      verify,
    )
    .command(
      'check',
      'run the kit of this machine without a network and compare it with the checkout',
      (parser: Argv) =>
        parser.options({
          platform: {
            type: 'string',
            describe: 'this machine, which is the only one that can be checked on it',
          },
          kit: { type: 'string', describe: 'an archive; by default it is made' },
        }),
      check,
    )
    .command('notices', false, {}, notices)
    .command('stamp', false, {}, stamp)
    .strict()
    .version(false)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new TrustsieveError('usage', message.trim().split('\n', 1)[0] ?? '');
    });
}

interface MakeArguments {
  readonly platform?: readonly string[] | undefined;
  readonly output?: string | undefined;
  readonly sign?: string | undefined;
  readonly nodePackage?: readonly string[] | undefined;
  readonly build: boolean;
}

async function make({ platform = [], output, sign, nodePackage = [], build }: MakeArguments): Promise<void> {
  const asked = platform.length === 0 ? [undefined] : [...new Set(platform)];
  const platforms = asked.map((label) => platformOf(label));
  const key = sign === undefined ? null : await keyFile('private', sign);
  const checkout = await builtCheckout(build);
  const folder = output ?? (await ownOutput());
  for (const one of platforms) {
    const common = { checkout, platform: one, output: folder, key, given: nodePackage, cache: cacheFolder() };
    const { path, bytes, sha256 } = await makeKit(common);
    process.stdout.write(`${path}\n  ${bytes} bytes\n  sha256 ${sha256}\n`);
  }
}

/** The checkout, built where that is asked for and needed. */
async function builtCheckout(build: boolean): Promise<Checkout> {
  const checkout = await readCheckout();
  if (build && !(await isBuilt(ROOT))) {
    await npm(['run', 'build'], ROOT).catch((cause) => {
      const message = '`npm run build` failed, so there is nothing to pack: run it to see why';
      throw new TrustsieveError('configuration-invalid', message, { cause });
    });
  }
  if (checkout.isChanged) {
    process.stderr.write('kit: files differ from the commit, so the kit is marked -dirty\n');
  }
  return checkout;
}

async function ownOutput(): Promise<string> {
  const folder = join(ROOT, OUTPUT);
  await mkdir(folder, { recursive: true });
  return folder;
}

interface CheckArguments {
  readonly platform?: string | undefined;
  readonly kit?: string | undefined;
}

async function check({ platform, kit }: CheckArguments): Promise<void> {
  const host = platformOf();
  if (platform !== undefined && platformOf(platform) !== host) {
    throw new TrustsieveError('usage', `this is ${host.label}, and a kit for ${platform} does not run here`);
  }
  const checkout = await builtCheckout(true);
  const options = { checkout, platform: host, key: null, given: [], cache: cacheFolder() };
  const archive = kit ?? (await makeKit({ ...options, output: await ownOutput() })).path;
  process.stdout.write(`${archive}\n`);
  let [all, failed] = [0, 0];
  for await (const { name, faults } of checkKit(ROOT, archive)) {
    all++;
    if (faults.length > 0) failed++;
    process.stdout.write(faults.length === 0 ? `ok    ${name}\n` : `FAIL  ${name}: ${faults.join('; ')}\n`);
  }
  process.stdout.write(
    failed === 0
      ? `${all} checks: without a network the kit does what the checkout does, byte for byte\n`
      : `${failed} of ${all} checks FAILED\n`,
  );
  if (failed > 0) process.exitCode = 1;
}

async function verify({
  kit,
  key,
}: {
  readonly kit: string;
  readonly key?: string | undefined;
}): Promise<void> {
  const publicKey = key === undefined ? null : await keyFile('public', key);
  const found = await readKit(kit);
  const faults = faultsOf(found);
  if (faults.length > 0) {
    const more = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
    throw new TrustsieveError(
      'configuration-invalid',
      `\`${kit}\` is not as it was made: ${faults[0]}${more}`,
    );
  }
  if (publicKey !== null) demandSignature(found, publicKey);
  const signed =
    publicKey !== null
      ? 'signed by the key'
      : found.signature === null
        ? 'not signed'
        : 'its signature was not checked: give --key';
  process.stdout.write(`${kit}: ${found.files.size} files as they were packed; ${signed}\n`);
}

async function notices(): Promise<void> {
  const text = noticesText(await programParts(ROOT, await readLock(ROOT)));
  await writeFile(join(ROOT, 'dist', 'THIRD-PARTY-NOTICES.txt'), text);
}

async function stamp(): Promise<void> {
  await writeFile(stampPath(ROOT), await sourcesDigest(ROOT));
}

async function keyFile(kind: 'private' | 'public', path: string) {
  const pem = await readFile(path, 'utf8').catch((cause) => {
    throw new TrustsieveError('file-not-found', `cannot read the key \`${path}\``, { cause });
  });
  return readKey(kind, pem, path);
}

/** Prints what went wrong and gives the exit code. */
function told(error: unknown): number {
  if (error instanceof TrustsieveError) {
    process.stderr.write(`kit: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`kit: internal error\n${error instanceof Error ? error.stack : String(error)}\n`);
  return 4;
}
