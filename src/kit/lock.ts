import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TrustsieveError } from '../errors.ts';

/** A package as package-lock.json has it. */
export interface LockedPackage {
  /** Where it is installed: `node_modules/a/node_modules/b`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** `sha512-` and base64. */
  readonly integrity: string;
  /** SPDX, as the package says it; null where it says nothing. */
  readonly licence: string | null;
  /** Where the packages are installed that it depends on. */
  readonly dependencies: readonly string[];
}

/** What package-lock.json says of the packages that a kit is made of. */
export interface Lock {
  /** Those that the program needs to run, without Node.js. */
  readonly production: readonly LockedPackage[];
  /** Of these, those that the program itself depends on. */
  readonly direct: readonly string[];
  /** Those of the tools whose code the build puts into `dist`. */
  readonly compiledIn: readonly LockedPackage[];
}

/** The byte scanner (src/json/fast/simd) is compiled together with the runtime that AssemblyScript calls `stub`. */
const COMPILED_IN = ['node_modules/assemblyscript'];

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  /** True for a folder of the project that stands for a package; `resolved` names it. */
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Reads package-lock.json.
 *
 * @throws TrustsieveError `configuration-invalid` where it is not as npm 7 and later write it, or names an optional
 * package
 */
export async function readLock(root: string): Promise<Lock> {
  const text = await readFile(join(root, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { readonly packages: Readonly<Record<string, LockEntry>> };
  const locked = (path: string): LockedPackage => {
    const { version, integrity, license, dependencies = {} } = packages[path] ?? {};
    if (version === undefined || !(integrity ?? '').startsWith('sha512-')) {
      throw invalid(`package-lock.json has no version and SHA-512 for \`${path}\``);
    }
    return {
      path,
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      integrity: integrity ?? '',
      licence: license ?? null,
      dependencies: Object.keys(dependencies).map((name) => installedFor(packages, path, name)),
    };
  };
  const isForDevelopment = ({ dev, devOptional, link, resolved = '' }: LockEntry): boolean =>
    link === true ? packages[resolved]?.dev === true : dev === true || devOptional === true;
  const production: LockedPackage[] = [];
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || isForDevelopment(entry)) continue;
    if (entry.optional === true)
      throw invalid(`it is not known whether a kit needs the optional \`${path}\``);
    production.push(locked(path));
  }
  const direct = Object.keys(packages['']?.dependencies ?? {}).map((name) =>
    installedFor(packages, '', name),
  );
  return { production, direct, compiledIn: COMPILED_IN.map(locked) };
}

/** As Node.js looks for a package: beside the one that asks, then outwards. */
function installedFor(packages: Readonly<Record<string, LockEntry>>, path: string, name: string): string {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (at === '') throw invalid(`package-lock.json has no \`${name}\` for \`${path}\``);
  }
}

/**
 * Makes sure that what is installed is what the lock file says.
 *
 * @throws TrustsieveError `configuration-invalid`
 */
export async function demandInstalled(root: string, packages: readonly LockedPackage[]): Promise<void> {
  for (const { path, version } of packages) {
    const text = await readFile(join(root, path, 'package.json'), 'utf8').catch(() => null);
    const installed = text === null ? 'nothing' : (JSON.parse(text) as { version: string }).version;
    if (installed === version) continue;
    throw invalid(`\`${path}\` is ${installed} and not the ${version} of package-lock.json: run \`npm ci\``);
  }
}

function invalid(message: string): TrustsieveError {
  return new TrustsieveError('configuration-invalid', message);
}
