import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TrustsieveError } from '../errors.ts';
import { hashFile } from '../evidence/hash-file.ts';
import type { Checkout } from './checkout.ts';
import { installText } from './install-text.ts';
import { fileOnDisk, inOrder, type KitFile, madeFile } from './kit-file.ts';
import { launcher } from './launcher.ts';
import { demandInstalled, type LockedPackage, readLock } from './lock.ts';
import type { CarriedNode } from './node-package.ts';
import { noticesText, type Part, programParts, sqliteVersion } from './notices.ts';
import type { Platform } from './platforms.ts';
import { bomText } from './sbom.ts';

/** Files that only whoever works on the program needs. */
const NOT_RUN = /\.(?:[cm]?ts|map|tsbuildinfo|flow|md|markdown|c|cc|cpp|h|hpp|gypi?)$|^\.|\/\./i;
const LICENCE = /(?:^|\/)(?:licen[cs]e|copying|notice)[^/]*$/i;
/** Compiled into the binary of better-sqlite3; what it installs are headers. */
const HEADERS_ONLY = 'node_modules/node-addon-api';
const SQLITE = 'node_modules/better-sqlite3';
/** Of the tracked files, those that users need. */
const SHOWN =
  /^(?:(?:README|CHANGELOG|CONTRIBUTING)\.md|package\.json|docs\/.*|samples\/(?!generat|screenshots).*)$/;

/** Names of a kit: of its folder and of its archive. */
export interface KitNames {
  readonly folder: string;
  readonly archive: string;
}

/** All files of a kit in order, but for the sums. */
export async function kitFiles(
  checkout: Checkout,
  platform: Platform,
  node: CarriedNode,
  { folder, archive }: KitNames,
): Promise<readonly KitFile[]> {
  const { root } = checkout;
  const lock = await readLock(root);
  await demandInstalled(root, [...lock.production, ...lock.compiledIn]);
  const prebuild = join(root, SQLITE, 'prebuilds', `${platform.prebuild}.node`);
  const hashed = await hashFile(prebuild);
  if (hashed.state !== 'hashed') {
    const message = `better-sqlite3 has no binary for ${platform.label}: there is no \`${prebuild}\``;
    throw new TrustsieveError('platform-unsupported', message);
  }
  const sqlite = await sqliteVersion(root);
  const manPage = join(root, 'dist', 'man', 'trustsieve.1');
  const completions = await completionFiles(root);
  const install = installText({
    platform,
    checkout,
    folder,
    archive,
    hasManPage: existsSync(manPage),
    shells: completions.map(({ shell }) => shell),
  });
  const licence = join(root, 'LICENSE');
  return inOrder([
    ...(await shownFiles(checkout)),
    ...(await builtFiles(root)),
    ...(await packageFiles(root, lock.production, platform)),
    node.binary,
    madeFile('node/LICENSE', node.licence),
    launcher(platform),
    ...completions.map(({ file }) => file),
    ...(existsSync(manPage) ? [await fileOnDisk('man/man1/trustsieve.1', manPage)] : []),
    ...(existsSync(licence) ? [await fileOnDisk('LICENSE', licence)] : []),
    madeFile(
      'THIRD-PARTY-NOTICES.txt',
      noticesText([nodePart(platform, node), ...(await programParts(root, lock))]),
    ),
    madeFile('sbom.cdx.json', bomText({ checkout, platform, lock, sqlite, prebuildSha256: hashed.sha256 })),
    madeFile('INSTALL.txt', install),
  ]);
}

function nodePart({ node }: Platform, { licence }: CarriedNode): Part {
  return {
    name: 'Node.js',
    version: node.version,
    licence: 'MIT, and those of what it holds',
    source: 'https://nodejs.org/',
    remark: `from the package ${node.name}`,
    texts: [licence],
  };
}

async function shownFiles({ root, files }: Checkout): Promise<readonly KitFile[]> {
  const shown = files.filter((name) => SHOWN.test(name) && !/\/\./.test(name));
  return Promise.all(shown.map((name) => fileOnDisk(`app/${name}`, join(root, name))));
}

/** The build, without what lies elsewhere in the kit. */
async function builtFiles(root: string): Promise<readonly KitFile[]> {
  const names = await filesBelow(join(root, 'dist'));
  const own = names.filter((name) => name !== 'THIRD-PARTY-NOTICES.txt' && !name.startsWith('man/'));
  return Promise.all(own.map((name) => fileOnDisk(`app/dist/${name}`, join(root, 'dist', name))));
}

async function packageFiles(
  root: string,
  packages: readonly LockedPackage[],
  { prebuild }: Platform,
): Promise<readonly KitFile[]> {
  const files: KitFile[] = [];
  for (const { path } of packages) {
    if (path === HEADERS_ONLY) continue;
    for (const name of await filesBelow(join(root, path), ['node_modules'])) {
      if (NOT_RUN.test(name) && !LICENCE.test(name)) continue;
      if (path === SQLITE && !isOfSqlite(name, prebuild)) continue;
      files.push(await fileOnDisk(`app/${path}/${name}`, join(root, path, name)));
    }
  }
  return files;
}

/** Not its sources, and not the binaries for other platforms. */
function isOfSqlite(name: string, prebuild: string): boolean {
  if (name.startsWith('prebuilds/')) return name === `prebuilds/${prebuild}.node`;
  return !/^(?:deps|src|build)\//.test(name);
}

async function filesBelow(
  folder: string,
  except: readonly string[] = [],
  below = '',
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!except.includes(name)) names.push(...(await filesBelow(folder, except, name)));
    } else names.push(name);
  }
  return names;
}

const COMPLETION_FILES: Readonly<Record<string, string>> = {
  bash: 'trustsieve.bash',
  zsh: '_trustsieve',
  fish: 'trustsieve.fish',
  powershell: 'trustsieve.ps1',
};

/** What `trustsieve completion` prints for every shell that its help names. */
async function completionFiles(root: string) {
  const main = join(root, 'dist', 'cli', 'main.js');
  // Help speaks the language of who asks.
  const env = { LC_ALL: 'C' };
  const completion = async (...args: readonly string[]) =>
    (await promisify(execFile)(process.execPath, [main, 'completion', ...args], { env })).stdout;
  const [, choices = ''] = /\[choices: ([^\]]+)\]/.exec(await completion('--help')) ?? [];
  const shells = [...choices.matchAll(/"([a-z]+)"/g)].map(([, shell = '']) => shell).sort();
  return Promise.all(
    shells.map(async (shell) => {
      const name = `completions/${COMPLETION_FILES[shell] ?? shell}`;
      return { shell, file: madeFile(name, await completion(shell)) };
    }),
  );
}
