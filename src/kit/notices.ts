import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TrustsieveError } from '../errors.ts';
import type { LockedPackage } from './lock.ts';

/** A part of the program that others have made. */
export interface Part {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or what the part says of itself. */
  readonly licence: string;
  /** Where it comes from. */
  readonly source: string;
  /** How it came in, where that is not plain. */
  readonly remark: string | null;
  /** Its licence and notices, as they came with it. */
  readonly texts: readonly string[];
}

const LICENCE_FILE = /^(?:licen[cs]e|copying|unlicense|notice)\b/i;

/**
 * The packages as parts, by name and version, each once.
 *
 * @throws TrustsieveError `configuration-invalid` where a package has neither a licence's text nor its name
 */
export async function packageParts(
  root: string,
  packages: readonly LockedPackage[],
  remark: string | null = null,
): Promise<readonly Part[]> {
  const parts = new Map<string, Part>();
  for (const { path, name, version, licence } of packages) {
    const key = `${name} ${version}`;
    if (parts.has(key)) continue;
    const folder = join(root, path);
    const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    if (texts.length === 0 && licence === null) {
      throw new TrustsieveError(
        'configuration-invalid',
        `\`${path}\` comes without a licence and does not name one: what may be done with it is not known`,
      );
    }
    const source = `https://www.npmjs.com/package/${name}`;
    parts.set(key, { name, version, licence: licence ?? 'as below', source, remark, texts });
  }
  return [...parts.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function key({ name, version }: Part): string {
  return `${name} ${version}`;
}

/** SQLite as a part: it lies inside better-sqlite3 and has no licence to show. */
function sqlitePart(version: string): Part {
  return {
    name: 'SQLite',
    version,
    licence: 'blessing',
    source: 'https://www.sqlite.org/copyright.html',
    remark: 'inside the binary of better-sqlite3; its authors have dedicated it to the public domain',
    texts: [],
  };
}

/**
 * The version of SQLite that better-sqlite3 is built with, from the sources it comes with.
 *
 * @throws TrustsieveError `configuration-invalid`
 */
export async function sqliteVersion(root: string): Promise<string> {
  const header = join(root, 'node_modules', 'better-sqlite3', 'deps', 'sqlite3', 'sqlite3.h');
  const [, version] = /^#define SQLITE_VERSION\s+"([\d.]+)"/m.exec(await readFile(header, 'utf8')) ?? [];
  if (version !== undefined) return version;
  throw new TrustsieveError('configuration-invalid', `\`${header}\` does not say which SQLite it is of`);
}

const RULE = '='.repeat(100);
const THIN_RULE = '-'.repeat(100);

/** The text of THIRD-PARTY-NOTICES.txt. */
export function noticesText(parts: readonly Part[]): string {
  const list = parts.map((part) => `  ${key(part)} (${part.licence})\n`).join('');
  const intro = `trustsieve holds software of others:\n\n${list}\nTheir licences and notices follow.\n`;
  return [intro, ...parts.map(section)].join(`\n${RULE}\n`);
}

function section(part: Part): string {
  const { licence, source, remark, texts } = part;
  const head = [key(part), `Licence: ${licence}`, source, ...(remark === null ? [] : [remark])];
  if (texts.length === 0) head.push('It comes without the text of a licence.');
  const bodies = texts.map((text) => `${text.replaceAll('\r\n', '\n').trim()}\n`);
  return [`${head.join('\n')}\n`, ...bodies].join(`${THIN_RULE}\n`);
}

/** The parts of what npm installs, in the order of THIRD-PARTY-NOTICES.txt. */
export async function programParts(
  root: string,
  {
    production,
    compiledIn,
  }: { readonly production: readonly LockedPackage[]; readonly compiledIn: readonly LockedPackage[] },
): Promise<readonly Part[]> {
  return [
    ...(await packageParts(root, production)),
    ...(await packageParts(
      root,
      compiledIn,
      'its runtime `stub` is compiled into the WebAssembly scanner of JSON',
    )),
    sqlitePart(await sqliteVersion(root)),
  ];
}
