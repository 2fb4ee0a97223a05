import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { TrustsieveError } from '../../errors.ts';
import type { EvidenceInput } from '../../evidence/evidence.ts';
import { walkEvidence } from '../../evidence/walk.ts';
import type { ReadOptions } from '../../formats/shared/file-reading.ts';
import { chooseReader, type ReaderChoice } from '../../json/choice.ts';
import type { AccountLists } from '../../model/account-lists.ts';
import type { AcceptedRisk } from '../../model/exception.ts';
import { formatTime } from '../../model/time.ts';
import type { ReportHeading } from '../../report/index.ts';
import type { FurtherRule } from '../../rules/custom/further-rule.ts';
import { SIDE_FILES } from '../../text/side-files.ts';
import type { CliContext } from '../context.ts';
import { readAccountLists } from '../input/account-files.ts';
import { accountArgument, agesArgument, timeArgument } from '../input/arguments.ts';
import { exceptionsArgument } from '../input/exception-files.ts';
import { usableRules } from '../input/rule-files.ts';
import { headingArgument } from '../output/heading.ts';
import { say } from '../output/messages.ts';
import { checkOutputs } from '../output/output-places.ts';
import { reportPlaces } from '../output/reports.ts';
import { type ManifestPlan, manifestPlaces, planManifest } from './manifest.ts';
import type { ScanArguments } from './options.ts';
import { type ScanShard, shardArgument, takeShard } from './shard.ts';

/** What a scan is to do, checked, before it does anything that lasts. */
export interface ScanRequest {
  readonly startedAt: string;
  readonly asOf: string;
  readonly inputs: readonly EvidenceInput[];
  /** The part of what its paths lead to that it reads; null: all. */
  readonly shard: ScanShard | null;
  /** Those of them, by path as shown, to which `--organization` leads, and by which of its paths; null when it was not given. */
  readonly ofOrganization: ReadonlyMap<string, readonly string[]> | null;
  readonly readOptions: ReadOptions;
  readonly reader: ReaderChoice;
  /** Files read at once. */
  readonly jobs: number;
  readonly ages: ReturnType<typeof agesArgument>;
  readonly lists: AccountLists;
  readonly furtherRules: readonly FurtherRule[];
  /** Undefined when no file of exceptions was named. */
  readonly accepted: readonly AcceptedRisk[] | undefined;
  readonly manifest: ManifestPlan | null;
  readonly heading: ReportHeading;
}

/** The time now, to the second. */
export function now(): string {
  return formatTime(Math.floor(Date.now() / 1000) * 1000);
}

/** Reads what the options name and finds the evidence. Errors: whatever keeps the scan from beginning. */
export async function readRequest(args: ScanArguments, context: CliContext): Promise<ScanRequest> {
  const startedAt = now();
  const asOf = timeArgument('as-of', args.asOf) ?? startedAt;
  const heading = headingArgument(args);
  const readOptions: ReadOptions = {
    account: accountArgument(args.account),
    capturedAt: timeArgument('captured-at', args.capturedAt),
    format: args.format ?? null,
    receivedAt: startedAt,
    whole: args.whole,
  };
  const jobs = jobsArgument(args.jobs);
  const wanted = shardArgument(args.shard);
  const ages = agesArgument(args);
  const lists = await readAccountLists(args.accounts, args.knownAccounts);
  const furtherRules = await usableRules(args.rules ?? [], context);
  const accepted = await exceptionsArgument(args.exceptions, context);
  const { reader } = args;
  const { note } = chooseReader(reader);
  if (note !== null) say('note', note, context);
  const { inputs, ofOrganization } = await inputsOf(args);
  const reports = reportPlaces(args);
  const manifest = await planManifest(
    args,
    reports.map(({ path }) => path),
  );
  await checkOutputs([...reports, ...(manifest === null ? [] : manifestPlaces(manifest))], {
    db: args.db,
    files: namedFiles(args),
    evidence: inputs,
    paths: evidencePaths(args),
  });
  const part = wanted === null ? null : await takeShard(inputs, new Set(ofOrganization?.keys()), wanted);
  return {
    startedAt,
    asOf,
    inputs: part?.inputs ?? inputs,
    shard: part?.shard ?? null,
    ofOrganization,
    readOptions,
    reader,
    jobs,
    ages,
    lists,
    furtherRules,
    accepted,
    manifest,
    heading,
  };
}

/** All paths that lead to evidence, as they were given. */
export function evidencePaths({ path, organization }: ScanArguments): readonly string[] {
  return [...path, ...(organization ?? [])];
}

function nothingBelow([path = '', ...more]: readonly string[]): string {
  return `there is no file below ${more.length === 0 ? `\`${path}\`` : 'these paths'}`;
}

async function inputsOf(args: ScanArguments): Promise<Pick<ScanRequest, 'inputs' | 'ofOrganization'>> {
  const inputs: EvidenceInput[] = [];
  for await (const input of walkEvidence(args.path)) {
    if (!isStore(input, args.db)) inputs.push(input);
  }
  if (inputs.length === 0) throw new TrustsieveError('file-not-found', nothingBelow(args.path));
  if (args.organization === undefined) return { inputs, ofOrganization: null };
  // What lies among the evidence too is read once, under its name there.
  const shown = new Map(inputs.map((input) => [identityOf(input), input.path]));
  const ofOrganization = new Map<string, string[]>();
  for (const named of args.organization) {
    for await (const input of walkEvidence([named])) {
      if (isStore(input, args.db)) continue;
      const before = shown.get(identityOf(input));
      const path = before ?? input.path;
      ofOrganization.set(path, [...(ofOrganization.get(path) ?? []), named]);
      if (before !== undefined) continue;
      shown.set(identityOf(input), input.path);
      inputs.push(input);
    }
  }
  return { inputs, ofOrganization };
}

function identityOf(input: EvidenceInput): string {
  if (input.kind === 'skipped') return `skipped ${resolve(input.path)}`;
  return typeof input.file === 'string' ? resolve(input.file) : '-';
}

/** Files that options name and the scan reads. */
function namedFiles(args: ScanArguments): readonly string[] {
  const { accounts, knownAccounts, exceptions, rules, signKey } = args;
  return [accounts, knownAccounts, exceptions, rules, signKey].flatMap((named) => named ?? []);
}

/** The store changes while the scan writes it, so it is never evidence of the same scan. */
function isStore(input: EvidenceInput, db: string): boolean {
  if (input.kind !== 'file' || typeof input.file !== 'string') return false;
  const path = resolve(input.file);
  return ['', ...SIDE_FILES].some((suffix) => path === resolve(db) + suffix);
}

function jobsArgument(jobs: number | undefined): number {
  if (jobs === undefined) return availableParallelism();
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 256) return jobs;
  throw new TrustsieveError('usage', '--jobs takes a whole number from 1 to 256');
}
