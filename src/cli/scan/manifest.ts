import { basename, dirname, relative, sep } from 'node:path';
import { TrustsieveError } from '../../errors.ts';
import { hashFile } from '../../evidence/hash-file.ts';
import { readKey, signaturePath, signManifest } from '../../manifest/signature.ts';
import { type ConfigurationFile, manifestText, type NamedFile } from '../../manifest/statement.ts';
import { ruleTextDigest } from '../../manifest/verify.ts';
import type { Completeness, DisagreementRow } from '../../model/completeness.ts';
import type { ReportSource } from '../../model/report-source.ts';
import type { RuleMetadata } from '../../model/rule.ts';
import { writeAll } from '../../report/files/stream.ts';
import { isReplaceable, writeReportFile } from '../../report/files/write-file.ts';
import { RULES } from '../../rules/index.ts';
import { optionFile } from '../input/option-file.ts';
import type { OutputPlace } from '../output/output-places.ts';
import type { ScanArguments } from './options.ts';
import type { ScanShard } from './shard.ts';

/** Options that decide what comes out of a scan; where it goes and how fast does not. */
const DECIDING: readonly (keyof ScanArguments)[] = [
  'account',
  'capturedAt',
  'format',
  'whole',
  'strict',
  'failOn',
  'failOnNew',
  'title',
  'client',
  'preparedBy',
  'printDetails',
  'csvRaw',
  'csvBom',
  'csvDelimiter',
  'staleAfter',
  'maxAge',
];
/** Options that name files by which a scan judges. */
const CONFIGURATION = ['accounts', 'knownAccounts', 'exceptions', 'rules'] as const;

/** Where the manifest of a scan goes, and by whom it is signed; null when none is written. */
export interface ManifestPlan {
  readonly path: string;
  readonly signKey: ReturnType<typeof readKey> | null;
  readonly previous: NamedFile | null;
}

/**
 * Reads the options before anything is scanned, so that a wrong key costs no scan.
 *
 * @param reports the files that reports are written to, in order
 */
export async function planManifest(
  args: Pick<ScanArguments, 'manifest' | 'signKey' | 'previousManifest'>,
  reports: readonly string[],
): Promise<ManifestPlan | null> {
  const { manifest: asked, signKey: keyFile, previousManifest: before } = args;
  const path = typeof asked === 'string' ? asked : asked === false ? null : await besideReports(reports);
  if (path === null) {
    if (keyFile === undefined && before === undefined) return null;
    throw new TrustsieveError(
      'usage',
      '--sign-key and --previous-manifest need --manifest FILE, or a report file',
    );
  }
  const signKey =
    typeof keyFile === 'string' ? readKey('private', await optionFile('sign-key', keyFile), keyFile) : null;
  const previous = typeof before === 'string' ? await namedFile(before, nameBeside(path, before)) : null;
  return { path, signKey, previous };
}

/** Beside the first report that is a plain file: a manifest cannot vouch for what went into a pipe. */
async function besideReports(reports: readonly string[]): Promise<string | null> {
  for (const report of reports) if (await isReplaceable(report)) return `${report}.manifest.json`;
  return null;
}

/** The files of a manifest, for checkOutputs. */
export function manifestPlaces({ path, signKey }: ManifestPlan): readonly OutputPlace[] {
  const option = '--manifest';
  return [{ option, path }, ...(signKey === null ? [] : [{ option, path: signaturePath(path) }])];
}

/** What a manifest needs to know besides its plan. */
export interface ManifestFacts {
  readonly args: ScanArguments;
  readonly shard: ScanShard | null;
  /** ISO 8601 UTC. */
  readonly asOf: string;
  readonly toolVersion: string;
  readonly rules: readonly RuleMetadata[];
  /** Files that were written. */
  readonly outputs: readonly string[];
  /** The evidence of this scan. */
  readonly source: ReportSource;
  /** What is missing in what the reports speak of: the whole store. */
  readonly completeness: Completeness;
  readonly disagreements: Iterable<DisagreementRow>;
}

/** Writes the manifest and its signature. */
export async function writeManifest(plan: ManifestPlan, facts: ManifestFacts): Promise<void> {
  const { path, signKey, previous } = plan;
  const { args, shard, asOf, toolVersion, source, completeness } = facts;
  const outputs: NamedFile[] = [];
  for (const output of facts.outputs) {
    if (await isReplaceable(output)) outputs.push(await namedFile(output, nameBeside(path, output)));
  }
  const configuration: ConfigurationFile[] = [];
  for (const option of CONFIGURATION) {
    for (const file of [args[option] ?? []].flat()) {
      configuration.push({ ...(await namedFile(file, slashed(file))), option });
    }
  }
  const options = {
    paths: args.path.map(slashed).sort(),
    organization: args.organization?.map(slashed).sort() ?? null,
    ...(shard !== null && { shard: { list: shard.list, part: shard.part, parts: shard.parts } }),
    ...Object.fromEntries(DECIDING.map((name) => [name, args[name] ?? null])),
  };
  const text = manifestText({
    toolVersion,
    asOf,
    options,
    rules: facts.rules.map(({ id, logic }) => ({
      id,
      sha256: ruleTextDigest(logic),
      builtIn: RULES.some((rule) => rule.id === id),
    })),
    configuration,
    previous,
    outputs: outputs.sort((a, b) => (a.name < b.name ? -1 : 1)),
    completeness,
    disagreements: facts.disagreements,
    evidence: source.evidence(),
  });
  await writeReportFile(path, (out) => writeAll(out, text));
  if (signKey === null) return;
  const { sha256 } = await namedFile(path, path);
  const envelope = signManifest(signKey, basename(path), sha256);
  await writeReportFile(signaturePath(path), (out) => writeAll(out, [envelope]));
}

async function namedFile(path: string, name: string): Promise<NamedFile> {
  const hashed = await hashFile(path);
  if (hashed.state === 'hashed') return { name, sha256: hashed.sha256, bytes: hashed.bytes };
  const missing = hashed.state === 'missing';
  throw new TrustsieveError(
    missing ? 'file-not-found' : 'file-unreadable',
    missing ? `there is no file \`${path}\` for the manifest` : `cannot hash \`${path}\`: ${hashed.reason}`,
  );
}

/** A path as seen from the manifest's folder. */
function nameBeside(manifest: string, path: string): string {
  return slashed(relative(dirname(manifest), path));
}

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
