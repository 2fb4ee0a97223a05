import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { unpackTar } from 'modern-tar/fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readKit } from '../../src/kit/found-kit.ts';
import { readLock } from '../../src/kit/lock.ts';
import { hostLabel, platformOf } from '../../src/kit/platforms.ts';
import { faultsOf } from '../../src/kit/sums.ts';
import { CHECKOUT } from '../checkout.ts';
import { ended } from '../cli/built.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const START = join(CHECKOUT, 'src', 'kit', 'start.mjs');
/** Packing Node.js takes its time on a machine that has other things to do. */
const SLOW = 180_000;

let folder: string;
let archives: readonly string[];
let kit: string;
const at = (...names: readonly string[]) => join(folder, ...names);
const inKit = (...names: readonly string[]) => join(kit, ...names);
const textOf = (name: string) => readFileSync(inKit(name), 'utf8');
const run = (args: readonly string[], env: NodeJS.ProcessEnv = process.env) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [START, ...args], { env, encoding: 'utf8' });
  return { status, stdout, stderr };
};

/** Makes the kit of this machine, as somebody whose machine is set up in another way would. */
async function made(output: string, umask: string, env: NodeJS.ProcessEnv): Promise<string> {
  mkdirSync(output);
  const args = [START, '--no-build', '--output', output, '--sign', at('key.pem')];
  const child = spawn('/bin/sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath, ...args], {
    cwd: output,
    env: { ...process.env, ...env },
    stdio: 'pipe',
  });
  const { code, stdout, stderr } = await ended(child);
  expect({ code, stderr: stderr.replace(/^kit: files differ.*\n/, '') }).toEqual({ code: 0, stderr: '' });
  const [path = '', bytes, sum] = stdout.split('\n');
  expect(bytes).toBe(`  ${readFileSync(path).length} bytes`);
  expect(sum).toMatch(/^ {2}sha256 [0-9a-f]{64}$/);
  return path;
}

beforeAll(async () => {
  folder = temporaryFolder();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(at('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(at('public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  archives = await Promise.all([
    made(at('here'), '022', { TZ: 'UTC', LC_ALL: 'C' }),
    made(at('there'), '077', { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', HOME: at() }),
  ]);
  await pipeline(createReadStream(archives[0] as string), createGunzip(), unpackTar(at('un packed')));
  kit = at('un packed', readdirSync(at('un packed'))[0] as string);
}, SLOW);

describe('the kit of this machine', { timeout: SLOW }, () => {
  it('is the same byte for byte, whoever makes it where', () => {
    const [one, other] = archives.map((path) => readFileSync(path));
    expect(one?.equals(other as Buffer)).toBe(true);
  });

  it('runs with an empty environment, from another folder and through a link', () => {
    mkdirSync(at('bin'));
    symlinkSync(inKit('trustsieve'), at('bin', 'trustsieve'));
    const args = ['scan', inKit('app', 'samples', 'evidence'), '--csv', 'f.csv', '--quiet'];
    const { status, stderr } = spawnSync(at('bin', 'trustsieve'), args, {
      cwd: at('bin'),
      env: { PATH: '' },
      encoding: 'utf8',
    });
    // Some of the samples are broken on purpose.
    expect(status).toBe(3);
    expect(stderr).toContain('incomplete (exit 3)');
    expect(readFileSync(at('bin', 'f.csv'), 'utf8')).toContain('\nD9.AWS.IAM.99,');
  });

  it('holds what is needed and nothing else', async () => {
    const names = readdirSync(kit, { recursive: true, encoding: 'utf8' });
    expect(readdirSync(inKit('app', 'node_modules', 'better-sqlite3', 'prebuilds'))).toEqual([
      `${platformOf().prebuild}.node`,
    ]);
    expect(names.filter((name) => /node_modules\/.*\.(?:ts|map|c|cpp|gyp)$/.test(name))).toEqual([]);
    expect(names.filter((name) => /^app\/(?:src|test|bench)(?:\/|$)/.test(name))).toEqual([]);
    const { production } = await readLock(CHECKOUT);
    for (const { path } of production) {
      // Its headers are compiled into the binary of better-sqlite3.
      expect(existsSync(inKit('app', path)), path).toBe(path !== 'node_modules/node-addon-api');
    }
    for (const shell of ['bash', 'zsh']) {
      expect(textOf('INSTALL.txt')).toContain(shell);
      expect(readdirSync(inKit('completions')).some((name) => name.includes(shell.slice(1)))).toBe(true);
    }
    expect(existsSync(inKit('LICENSE'))).toBe(existsSync(join(CHECKOUT, 'LICENSE')));
    expect(existsSync(inKit('man', 'man1', 'trustsieve.1'))).toBe(
      existsSync(join(CHECKOUT, 'dist', 'man', 'trustsieve.1')),
    );
  });

  it('says of which commit it is, and when it is not of it alone', () => {
    const git = (...args: readonly string[]) =>
      spawnSync('git', ['-C', CHECKOUT, ...args], { encoding: 'utf8' }).stdout;
    const isDirty = kit.endsWith('-dirty');
    expect(textOf('INSTALL.txt')).toContain(git('rev-parse', 'HEAD').trim());
    expect(textOf('INSTALL.txt').includes('CHANGES')).toBe(isDirty);
    expect(textOf('sbom.cdx.json').includes('trustsieve:changed')).toBe(isDirty);
  });

  it('shows the licences of all parts', async () => {
    const notices = textOf('THIRD-PARTY-NOTICES.txt');
    const { production, compiledIn } = await readLock(CHECKOUT);
    for (const { name, version, licence } of [...production, ...compiledIn]) {
      expect(notices).toContain(`\n  ${name} ${version} (${licence})\n`);
    }
    expect(notices).toContain(textOf('node/LICENSE').trim());
    expect(notices).toContain(`SQLite ${sqliteInside()} (blessing)`);
  });
});

/** Asked of the binary itself. */
function sqliteInside(): string {
  const script =
    "console.log(new (require('better-sqlite3'))(':memory:').prepare('select sqlite_version()').pluck().get())";
  const { stdout } = spawnSync(inKit('node', 'node'), ['--eval', script], {
    cwd: inKit('app'),
    encoding: 'utf8',
  });
  return stdout.trim();
}

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly purl: string;
  readonly cpe?: string;
  readonly licenses: readonly unknown[];
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}

describe('the bill of materials', () => {
  const bom = () => JSON.parse(textOf('sbom.cdx.json')) as { readonly components: readonly Component[] };
  const named = (name: string) => bom().components.find((component) => component.name === name);

  it('is valid by the schema of CycloneDX 1.6', () => {
    const library = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');
    const schema = (name: string) =>
      JSON.parse(readFileSync(join(dirname(library), 'res', 'schema', name), 'utf8')) as object;
    const ajv = new Ajv.default({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addFormat('iri-reference', (text) => URL.canParse(text, 'https://base.example'));
    ajv.addFormat('idn-email', /.@./);
    ajv.addSchema(
      schema('spdx.SNAPSHOT.schema.json'),
      'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json',
    );
    ajv.addSchema(
      schema('jsf-0.82.SNAPSHOT.schema.json'),
      'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json',
    );
    const validate = ajv.compile(schema('bom-1.6.SNAPSHOT.schema.json'));
    expect(validate(bom())).toBe(true);
    expect(validate({ ...bom(), components: [{ name: 'nothing' }] })).toBe(false);
  });

  it('names every package with version, address, licence and hash', async () => {
    const { production, compiledIn } = await readLock(CHECKOUT);
    const listed = bom().components.map(
      ({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`,
    );
    for (const { name, version } of [...production, ...compiledIn])
      expect(listed).toContain(`${name}@${version}`);
    expect(new Set(listed).size).toBe(listed.length);
    for (const { purl, licenses, hashes } of bom().components) {
      expect(purl).toMatch(/^pkg:(?:npm|generic)\//);
      expect(licenses).toHaveLength(1);
      expect(hashes).toHaveLength(1);
    }
  });

  it('names Node.js and SQLite, as they are inside', () => {
    const { node, binary } = platformOf();
    expect(named('node')).toMatchObject({
      version: node.version,
      purl: `pkg:npm/${node.name}@${node.version}`,
      cpe: `cpe:2.3:a:nodejs:node.js:${node.version}:*:*:*:*:*:*:*`,
      hashes: [{ alg: 'SHA-256', content: binary.sha256 }],
    });
    expect(textOf('SHA256SUMS')).toContain(`${binary.sha256}  node/node\n`);
    expect(named('sqlite')?.version).toBe(sqliteInside());
    const sum = named('sqlite')?.hashes[0]?.content;
    expect(textOf('SHA256SUMS')).toContain(
      `${sum}  app/node_modules/better-sqlite3/prebuilds/${platformOf().prebuild}.node\n`,
    );
  });

  it('has neither a random number nor a clock in it', () => {
    const { serialNumber, metadata } = JSON.parse(textOf('sbom.cdx.json')) as Record<
      string,
      { timestamp: string }
    >;
    expect(serialNumber).toBeUndefined();
    const seconds = spawnSync('git', ['-C', CHECKOUT, 'log', '-1', '--format=%ct'], {
      encoding: 'utf8',
    }).stdout;
    expect(metadata?.timestamp).toBe(
      new Date(Number(process.env['SOURCE_DATE_EPOCH'] ?? seconds) * 1000).toISOString(),
    );
  });
});

describe('kit verify', { timeout: SLOW }, () => {
  it('finds the kit as it was made, packed and unpacked', () => {
    for (const path of [archives[0] as string, kit]) {
      const { status, stdout } = run(['verify', path, '--key', at('public.pem')]);
      expect([status, stdout]).toEqual([
        0,
        expect.stringMatching(/: \d{3,} files as they were packed; signed by the key\n$/),
      ]);
    }
    expect(run(['verify', kit]).stdout).toContain('its signature was not checked: give --key');
  });

  it('refuses another key', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(at('other.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    const { status, stderr } = run(['verify', kit, '--key', at('other.pem')]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^kit: SHA256SUMS\.sig is not the signature .*\n$/),
    ]);
  });

  it('refuses an archive that was cut off', () => {
    const cut = at('cut.tar.gz');
    writeFileSync(cut, readFileSync(archives[0] as string).subarray(0, 30_000_000));
    const { status, stderr } = run(['verify', cut]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^kit: `.*` is no kit, or was cut off .*\n$/),
    ]);
  });

  it('names files that were changed, added or taken away', async () => {
    appendFileSync(inKit('app', 'package.json'), ' ');
    writeFileSync(inKit('app', 'new.js'), '');
    rmSync(inKit('app', 'README.md'));
    symlinkSync('README.md', inKit('app', 'link'));
    expect(faultsOf(await readKit(kit)).toSorted()).toEqual([
      '`app/README.md` is missing',
      '`app/link` does not belong into a kit',
      '`app/new.js` is not in SHA256SUMS',
      '`app/package.json` is not as it was packed',
    ]);
    const { status, stderr } = run(['verify', kit]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^kit: `.*` is not as it was made: .*, and 3 more\n$/),
    ]);
  });
});

describe('what cannot be understood', () => {
  it.each([
    [
      'an unknown platform',
      ['--platform', 'amiga-m68k'],
      /there is no kit for the platform `amiga-m68k`: known are linux-x64,/,
    ],
    ['an unknown option', ['--plattform', 'linux-x64'], /Unknown argument: plattform/],
    ['a key that is not there', ['--sign', 'none.pem'], /cannot read the key `none.pem`/],
    ['a key of another kind', ['--sign', join(CHECKOUT, 'package.json')], /holds no private Ed25519 key/],
    ['a kit that is not there', ['verify', 'none.zip'], /there is no kit `none.zip`/],
    ['a kit that is none', ['verify', join(CHECKOUT, 'package.json')], /is no kit, or was cut off/],
    ['a folder that is none', ['--no-build', '--output', 'none'], /cannot write into `none`: ENOENT/],
    [
      'a package that is not there',
      ['--no-build', '--output', '.', '--node-package', 'none.tgz'],
      /there is no file `none.tgz`/,
    ],
    [
      'another machine to check',
      ['check', '--platform', hostLabel() === 'win-x64' ? 'win-arm64' : 'win-x64'],
      /does not run here/,
    ],
  ])('is refused in one line: %s', (_, args, message) => {
    const { status, stdout, stderr } = run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.replace(/^kit: files differ.*\n/, '')).toMatch(
      new RegExp(`^kit: .*${message.source}.*\n$`),
    );
  });

  it('is an older Node.js, which is told before it meets TypeScript', () => {
    const pretend =
      "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '22.17.1' })";
    const { status, stderr } = run([], { ...process.env, NODE_OPTIONS: `--import "${pretend}"` });
    expect([status, stderr]).toEqual([
      2,
      'kit: Node.js 22.18 or newer is needed to build and to make kits, and this is 22.17.1\n',
    ]);
  });
});
