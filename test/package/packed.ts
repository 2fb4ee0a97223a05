import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { CHECKOUT } from '../checkout.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** What `npm pack` made. */
export interface Packed {
  readonly tarball: Uint8Array<ArrayBuffer>;
  /** All files by their paths below the package, such as `dist/cli/main.js`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** package.json as a consumer gets it. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

let made: Promise<Packed> | null = null;

/**
 * Packs a copy of the checkout in which nothing was built for long, so that `dist` of the checkout stays as it is.
 * Takes seconds, and is done once for each file of tests.
 */
export function packed(): Promise<Packed> {
  made ??= pack();
  return made;
}

async function pack(): Promise<Packed> {
  const folder = temporaryFolder();
  try {
    const clone = join(folder, 'clone');
    copyCheckout(clone);
    const said = npm(['pack', '--json', '--pack-destination', folder], clone);
    const name = readdirSync(folder).find((one) => one.endsWith('.tgz'));
    if (name === undefined) throw new Error(`npm packed nothing: ${said}`);
    const tarball = new Uint8Array(readFileSync(join(folder, name)));
    const files = new Map<string, Uint8Array>();
    for (const { header, data } of await unpackTar(gunzipSync(tarball))) {
      files.set(header.name.replace(/^package\//, ''), data ?? new Uint8Array());
    }
    const manifest = JSON.parse(textOf(files, 'package.json')) as Packed['manifest'];
    return { tarball, files, manifest };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text of a file of the package. */
export function textOf(files: Packed['files'], path: string): string {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`the package has no ${path}`);
  return Buffer.from(bytes).toString('utf8');
}

/** A file that an earlier build might have left. */
export const LEFTOVER = 'dist/leftover.js';

/** The sources as a clone has them, with what is left of an old build. */
function copyCheckout(clone: string): void {
  const ignored = new Set(['.git', 'node_modules', 'dist', 'build', 'demo-output', 'coverage']);
  mkdirSync(clone);
  for (const entry of readdirSync(CHECKOUT)) {
    if (ignored.has(entry) || /\.(?:db|db-wal|db-shm|tgz)$/.test(entry)) continue;
    cpSync(join(CHECKOUT, entry), join(clone, entry), {
      recursive: true,
      filter: (path) => basename(path) !== 'scanner-wasm.ts',
    });
  }
  mkdirSync(join(clone, 'dist'));
  writeFileSync(join(clone, LEFTOVER), '');
  symlinkSync(join(CHECKOUT, 'node_modules'), join(clone, 'node_modules'), 'junction');
}

/** Runs npm, whichever the machine has, on the Node.js under test; the scripts it runs take the carried one. */
function npm(args: readonly string[], cwd: string): string {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== 'NODE_OPTIONS'),
  );
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, PATH: `${dirname(process.execPath)}${delimiter}${env['PATH'] ?? ''}` },
  });
}

/** An entry of package-lock.json. */
interface Locked {
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** The packages that the package brings along when it is installed, as paths below the checkout. */
export function productionPackages(): readonly string[] {
  const lock = JSON.parse(readFileSync(join(CHECKOUT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  return Object.entries(lock.packages)
    .filter(([path, one]) => path.startsWith('node_modules/') && one.dev !== true && one.link !== true)
    .map(([path]) => path);
}
