import type { Stats } from 'node:fs';
import { access, constants, open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TrustsieveError } from '../../errors.ts';
import type { EvidenceInput } from '../../evidence/evidence.ts';
import { REPORT_FORMATS } from '../../report/index.ts';
import { SIDE_FILES } from '../../text/side-files.ts';

/** A place that a command is going to write to. */
export interface OutputPlace {
  /** As on the command line, such as `--csv`. */
  readonly option: string;
  readonly path: string;
}

/** What must not be written over. */
export interface Kept {
  /** The store. */
  readonly db: string | null;
  /** Files named by other options. */
  readonly files?: readonly string[];
  readonly evidence?: readonly EvidenceInput[];
  /** The paths of the command line that led to the evidence. */
  readonly paths?: readonly string[];
}

/**
 * Finds out before the work whether its results can be written: into folders that are there and may be written to, each
 * to a place of its own, and over nothing that is still needed.
 *
 * @throws TrustsieveError `output-unwritable`
 */
export async function checkOutputs(outputs: readonly OutputPlace[], kept: Kept): Promise<void> {
  const taken = new Map<string, string>();
  if (kept.db !== null) {
    const store = await identityOf(kept.db);
    for (const suffix of ['', ...SIDE_FILES]) taken.set(store + suffix, 'the store');
  }
  for (const file of kept.files ?? []) taken.set(await identityOf(file), 'a file that another option names');
  const evidence = await evidenceFiles(outputs, kept);
  for (const { option, path } of outputs) {
    const refuse = (why: string): never => {
      throw new TrustsieveError('output-unwritable', `${option} cannot be written to \`${path}\`: ${why}`);
    };
    if (path === '-') refuse('name a file; `report`, `diff` and `trend` write to standard output');
    const stats = await statOf(path);
    if (stats?.isDirectory()) refuse('it is a folder; name a file in it');
    const identity = await identityOf(path);
    if (stats === null || stats.isFile()) {
      const folder = await statOf(dirname(identity));
      if (folder === null) refuse('its folder does not exist; make it first');
      if (folder?.isDirectory() === false) refuse('what it lies in is no folder');
      if (!(await mayWrite(dirname(identity)))) refuse('its folder may not be written to');
      const other = taken.get(identity) ?? (evidence.has(identity) ? 'evidence of this scan' : undefined);
      if (other === undefined && stats !== null && (await isDatabase(identity))) refuse('that is a database');
      if (other !== undefined) refuse(`that is ${other}; name another file`);
      taken.set(identity, `where ${option} is written, too`);
    } else if (!(await mayWrite(path))) refuse('it may not be written to');
  }
}

/** Of the evidence only files that have the name of an output can be one. */
async function evidenceFiles(
  outputs: readonly OutputPlace[],
  { evidence = [], paths = [] }: Kept,
): Promise<ReadonlySet<string>> {
  const wanted = new Set(await Promise.all(outputs.map(({ path }) => identityOf(path))));
  const named = new Set(await Promise.all(paths.map(identityOf)));
  const found = new Set<string>();
  for (const input of evidence) {
    if (input.kind !== 'file' || typeof input.file !== 'string') continue;
    const identity = await identityOf(input.file);
    if (!wanted.has(identity)) continue;
    // A report of before that lies in the folder that is scanned is no evidence, and may be replaced.
    if (named.has(identity) || !(await isOwnReport(identity))) found.add(identity);
  }
  return found;
}

/** What the reports and manifests of this program have near their beginning. */
const OWN: readonly RegExp[] = [
  ...Object.values(REPORT_FORMATS).flatMap(({ beginnings }) => beginnings),
  /^\{\s*"_type": ?"https:\/\/in-toto\.io/,
];
const HEAD = 64 * 1024;

async function isOwnReport(path: string): Promise<boolean> {
  const head = await headOf(path);
  return head === '' || OWN.some((pattern) => pattern.test(head));
}

/** A report is never wanted in the place of another store. */
async function isDatabase(path: string): Promise<boolean> {
  return (await headOf(path)).startsWith('SQLite format 3\0');
}

/** The first bytes as text; empty for what cannot be read. */
async function headOf(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The same for every name of a file, whether it exists or not. */
export async function identityOf(path: string): Promise<string> {
  const absolute = resolve(path);
  const real = await realpath(absolute).catch(() => null);
  if (real !== null) return real;
  const folder = await realpath(dirname(absolute)).catch(() => dirname(absolute));
  return join(folder, basename(absolute));
}

async function statOf(path: string): Promise<Stats | null> {
  return stat(path).catch(() => null);
}

async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
