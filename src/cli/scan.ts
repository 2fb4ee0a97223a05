import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { joinRelations } from '../audit/account-lists.ts';
import { reachesSeverity } from '../audit/relations.ts';
import { TrustsieveError } from '../errors.ts';
import type { EvidenceInput } from '../evidence/types.ts';
import { walkEvidence } from '../evidence/walk.ts';
import type { ReadOptions } from '../formats/reading.ts';
import { formatTime } from '../formats/times.ts';
import { GATED, type Gated, type NewFindings, newFindings } from '../history/gate.ts';
import { openReport, type Report } from '../history/report-source.ts';
import { chooseReader, READER_CHOICES, type ReaderChoice } from '../json/fast-choice.ts';
import { missingOf } from '../report/shared/missing.ts';
import { ruleDigest } from '../rules/digest.ts';
import { RULES } from '../rules/index.ts';
import type { RuleMetadata } from '../rules/types.ts';
import { openStore } from '../store/store.ts';
import { readAccountLists } from './account-files.ts';
import { accountArgument, ageFlags, agesArgument, timeArgument } from './arguments.ts';
import type { Arguments, Command } from './command.ts';
import { type CliContext, EXIT, type ExitCode, write } from './context.ts';
import { openCoverage } from './coverage.ts';
import { exceptionsArgument } from './exception-files.ts';
import { manifestPlaces, planManifest, writeManifest } from './manifest.ts';
import { modifiedTimes } from './modified-times.ts';
import { checkOutputs } from './output-places.ts';
import { printable } from './printable.ts';
import { openProblemGroups } from './problem-groups.ts';
import { type ProgressMode, startProgress } from './progress.ts';
import { csvFlags, incomplete, reportPlaces, writeReports } from './report.ts';
import { usableRules } from './rule-files.ts';
import { readInputs } from './scan-reading.ts';
import { unlessUnread } from './standard-output.ts';
import { summary } from './summary.ts';
import { TOOL_VERSION } from './version.ts';

export const scanCommand: Command = {
  name: 'scan <path...>',
  summary: 'Read evidence, judge every role, keep the results in the store',
  examples: [
    ['trustsieve scan evidence/', 'everything below a folder, into trustsieve.db'],
    ['trustsieve scan q1/ q2/ --html report.html --csv findings.csv', 'two quarters, with reports'],
    ['zcat dump.json.gz | trustsieve scan - --captured-at 2026-02-01', 'standard input'],
  ],
  options: scanOptions,
  run: scan,
};

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'none'] as const;

function scanOptions(parser: Argv): Argv {
  return csvFlags(ageFlags(parser))
    .positional('path', { type: 'string', array: true, demandOption: true, describe: 'files, folders, or -' })
    .option('db', { type: 'string', default: 'trustsieve.db', describe: 'the store, made when missing' })
    .option('csv', { type: 'string', describe: 'write a CSV report' })
    .option('html', { type: 'string', describe: 'write an HTML report' })
    .option('json', { type: 'string', describe: 'write a JSON report' })
    .option('ndjson', { type: 'string', describe: 'write one JSON object per line' })
    .option('sarif', { type: 'string', describe: 'write a SARIF 2.1.0 log' })
    .option('ocsf', { type: 'string', describe: 'write OCSF Compliance Findings, one per line' })
    .option('md', { type: 'string', describe: 'write a summary in Markdown' })
    .option('manifest', {
      type: 'string',
      describe:
        'write a manifest (default: FILE.manifest.json beside the first report; --no-manifest for none)',
    })
    .option('sign-key', { type: 'string', describe: 'sign the manifest with this Ed25519 key (PEM)' })
    .option('previous-manifest', {
      type: 'string',
      describe: 'the manifest of the scan before, whose digest goes into this one',
    })
    .option('account', { type: 'string', describe: 'account of input that carries none' })
    .option('captured-at', { type: 'string', describe: 'capture time of input that carries none' })
    .option('accounts', {
      type: 'string',
      describe: 'own organisation: output of `aws organizations list-accounts`',
    })
    .option('known-accounts', { type: 'string', describe: 'names of vendor accounts (YAML)' })
    .option('exceptions', { type: 'string', describe: 'accepted findings (YAML), see docs/exceptions.md' })
    .option('rules', { type: 'string', array: true, describe: 'files with further rules to judge by' })
    .option('as-of', { type: 'string', describe: 'the moment to judge against (default: now)' })
    .option('jobs', { type: 'number', describe: 'files read at once (default: the processor cores)' })
    .option('whole', {
      type: 'boolean',
      default: false,
      describe:
        'say that listings and query results show all roles, though no service-linked role is among them',
    })
    .option('format', { type: 'string', describe: 'format of the evidence, instead of looking at it' })
    .option('reader', {
      choices: READER_CHOICES,
      default: 'auto' as const,
      describe: 'how JSON is read; both readers give the same records',
    })
    .option('strict', {
      type: 'boolean',
      default: false,
      describe: 'exit 3 for every file in no supported format, not only for those with traces of roles',
    })
    .option('fail-on', {
      choices: SEVERITIES,
      default: 'none' as const,
      describe: 'exit 1 when a finding is that severe',
    })
    .option('fail-on-new', {
      type: 'boolean',
      default: false,
      describe: 'exit 1 when a finding was not there in the run before, or lets more accounts in',
    })
    .option('progress', {
      choices: ['auto', 'plain', 'json', 'none'] as const,
      default: 'auto' as const,
      describe: 'how to show progress on stderr',
    })
    .option('quiet', { type: 'boolean', default: false, describe: 'no progress, no summary' });
}

async function scan(args: Arguments, context: CliContext): Promise<ExitCode> {
  const now = formatTime(Math.floor(Date.now() / 1000) * 1000);
  const asOf = timeArgument('as-of', args['asOf'] as string | undefined) ?? now;
  const readOptions: ReadOptions = {
    account: accountArgument(args['account'] as string | undefined),
    capturedAt: timeArgument('captured-at', args['capturedAt'] as string | undefined),
    format: (args['format'] as string | undefined) ?? null,
    receivedAt: now,
    whole: args['whole'] === true,
  };
  const jobs = jobsArgument(args['jobs'] as number | undefined);
  const ages = agesArgument(args);
  const lists = await readAccountLists(
    args['accounts'] as string | undefined,
    args['knownAccounts'] as string | undefined,
  );
  const further = await usableRules((args['rules'] as readonly string[] | undefined) ?? [], (text) =>
    context.stderr.write(text),
  );
  const accepted = await exceptionsArgument(args['exceptions'] as string | undefined, (text) =>
    context.stderr.write(text),
  );
  const reader = args['reader'] as ReaderChoice;
  const { note } = chooseReader(reader);
  if (note !== null) context.stderr.write(`${note}\n`);
  const inputs: EvidenceInput[] = [];
  for await (const input of walkEvidence(args['path'] as string[])) {
    if (!isStore(input, args['db'] as string)) inputs.push(input);
  }
  if (inputs.length === 0) throw new TrustsieveError('file-not-found', 'there is no file below these paths');
  const reports = reportPlaces(args);
  const manifest = await planManifest(
    args,
    reports.map(({ path }) => path),
  );
  await checkOutputs([...reports, ...(manifest === null ? [] : manifestPlaces(manifest))], {
    db: args['db'] as string,
    files: namedFiles(args),
    evidence: inputs,
    paths: args['path'] as string[],
  });
  // From here on there is something to end properly.
  let show = (text: string): void => void context.stderr.write(`${text}\n`);
  const stopping = (): void => show('stopping after the files under way; press again to stop at once');
  context.stop.addEventListener('abort', stopping);
  const store = openStore(args['db'] as string, { mode: 'write' });
  try {
    if (lists.organisation !== null) store.saveMembers(lists.organisation);
    if (lists.organisation !== null || lists.vendors !== null) {
      store.saveRelations(joinRelations(lists, store.relations()));
    }
    // What was too old for the last scan must not look young because an option was left out.
    const before = store.reader.runFacts(null);
    const run = store.beginRun({
      furtherRules: further,
      startedAt: now,
      asOf,
      toolVersion: TOOL_VERSION,
      rules: [...RULES.map((rule) => rule.id), ...further.map(({ metadata }) => metadata.id)],
      ruleDigests: Object.fromEntries(
        [...RULES, ...further.map(({ metadata }) => metadata)].map((rule) => [rule.id, ruleDigest(rule)]),
      ),
      exceptions: accepted ?? [],
      ...(before !== null && { staleAfter: before.staleAfter, maxAge: before.maxAge }),
      ...ages,
      options: { paths: args['path'], ...readOptions },
    });
    const quiet = args['quiet'] === true;
    const mode = quiet ? 'none' : (args['progress'] as ProgressMode);
    const bytes = await totalBytes(inputs);
    const progress = startProgress(mode, { files: inputs.length, bytes }, context);
    show = progress.note;
    const plan = { options: readOptions, reader, furtherRules: further, asOf, jobs, bytes };
    const coverage = openCoverage();
    const groups = openProblemGroups(progress.note);
    const outcome = { files: 0, records: 0 };
    const clock = modifiedTimes();
    let kept = 0;
    try {
      kept = await readInputs(inputs, plan, run, progress, context.stop, ({ row, reading, rejects }) => {
        coverage.add(reading);
        clock.add(row);
        outcome.files++;
        outcome.records += row.recordsRead;
        groups.file(row.path, reading.problems);
        groups.rejects(row.path, rejects);
      });
    } finally {
      progress.stop();
      context.stop.removeEventListener('abort', stopping);
    }
    for (const line of groups.lines()) context.stderr.write(`${line}\n`);
    const timed = clock.warning();
    if (timed !== null) context.stderr.write(`${printable(timed)}\n`);
    const finishedAt = formatTime(Math.floor(Date.now() / 1000) * 1000);
    if (context.stop.aborted) {
      run.finish(kept < inputs.length ? 'interrupted' : 'incomplete', finishedAt);
      context.stderr.write(stopped(kept, inputs.length));
      return EXIT.incomplete;
    }
    // What the store lacks is known only once the run is over.
    run.finish('incomplete', finishedAt);
    const source = openReport(store, { asOf });
    const gaps = [...new Set([...coverage.gaps(args['strict'] === true), ...missingOf(source).reasons])];
    if (gaps.length === 0) run.finish('complete', finishedAt);
    const outputs = await writeReports(source, args, context);
    if (manifest !== null) {
      const ofRun = openReport(store, { asOf, run: run.id });
      const rules = judgingRules(ofRun);
      await writeManifest(manifest, {
        args,
        asOf,
        toolVersion: TOOL_VERSION,
        rules,
        outputs,
        source: ofRun,
        completeness: { ...missingOf(source), reasons: gaps },
        disagreements: source.disagreements(),
      });
    }
    const exit = exitCode(source, gaps, args, context, () =>
      newFindings(store, run.id, accepted ?? [], asOf),
    );
    if (!quiet) await unlessUnread(() => write(context.stdout, summary(source, outcome, gaps)));
    return exit;
  } finally {
    store.close();
  }
}

function exitCode(
  source: Report,
  gaps: readonly string[],
  args: Arguments,
  context: CliContext,
  found: () => NewFindings,
): ExitCode {
  const failed = [
    severityGate(source, args['failOn'] as (typeof SEVERITIES)[number]),
    args['failOnNew'] === true ? newFindingsGate(found(), context) : null,
  ].filter((why) => why !== null);
  const outranked = gaps.length > 0 ? ', outranked by 3' : '';
  for (const why of failed) context.stderr.write(`gate failed (exit 1${outranked}): ${printable(why)}\n`);
  if (gaps.length > 0) return incomplete(gaps, context);
  return failed.length > 0 ? EXIT.gate : EXIT.done;
}

/** What an interrupted scan says at its end. It writes no reports: they would look like those of a whole one. */
function stopped(kept: number, inputs: number): string {
  if (kept === inputs) {
    return `interrupted after all ${inputs} files were read: no report was written; write one with \`trustsieve report\`\n`;
  }
  return `interrupted: ${kept} of ${inputs} files are kept, and no report was written; scan the same paths again to read the rest, or write a report of what is kept with \`trustsieve report\`\n`;
}

/** Why the gate fails; null when it does not. What an exception accepts passes both gates. */
function severityGate(source: Report, failOn: (typeof SEVERITIES)[number]): string | null {
  if (failOn === 'none') return null;
  for (const { object } of source.verdicts({ outcomes: ['fail'] })) {
    if (object.suppressedBy !== null || !reachesSeverity(object.severity, failOn)) continue;
    return `${object.arn} is a finding of severity ${object.severity}`;
  }
  return null;
}

function newFindingsGate(found: NewFindings, context: CliContext): string | null {
  const { changes, gated, first, accepted, firstCovered } = found;
  if (firstCovered.length > 0) {
    context.stderr.write(
      `${firstCovered.length} accounts are covered for the first time; --fail-on-new has nothing to compare them with\n`,
    );
  }
  const baseline = changes.baseline > 0 ? ` (${changes.baseline} of them without an earlier look)` : '';
  context.stderr.write(
    `since the runs before: ${changes.new} new, ${changes.resolved} resolved, ${changes.changed} changed, ${changes.reopened} reopened, ${changes.unchanged} unchanged, ${changes.notComparable} not comparable${baseline}${accepted > 0 ? `; exceptions accept ${accepted} that would fail the gate` : ''}\n`,
  );
  if (first === null) return null;
  const kinds = GATED.filter((kind) => gated[kind] > 0);
  const [kind] = kinds;
  if (kinds.length === 1 && kind !== undefined && gated[kind] === 1) {
    return `${first} is a ${GATED_WORDS[kind][0]}`;
  }
  const counts = kinds.map((one) => `${gated[one]} ${GATED_WORDS[one][gated[one] === 1 ? 0 : 1]}`);
  return `${counts.join(', ')}, the first of ${first}`;
}

/** Files that options name and the scan reads. */
function namedFiles(args: Arguments): readonly string[] {
  return ['accounts', 'knownAccounts', 'exceptions', 'rules', 'signKey'].flatMap(
    (name) => (args[name] ?? []) as string | readonly string[],
  );
}

const GATED_WORDS: Readonly<Record<Gated, readonly [one: string, several: string]>> = {
  new: ['new finding', 'new findings'],
  reopened: ['reopened finding', 'reopened findings'],
  changed: ['finding that lets more accounts in', 'findings that let more accounts in'],
  'not-comparable': [
    'finding that the evidence before, being incomplete, neither shows nor rules out',
    'findings that the evidence before, being incomplete, neither shows nor rules out',
  ],
};

/** The rules that judged, by id. */
function judgingRules(source: Report): readonly RuleMetadata[] {
  const all = [...RULES, ...source.furtherRules.map(({ metadata }) => metadata)];
  return all.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The store changes while the scan writes it, so it is never evidence of the same scan. */
function isStore(input: EvidenceInput, db: string): boolean {
  if (input.kind !== 'file' || typeof input.file !== 'string') return false;
  const path = resolve(input.file);
  return ['', '-wal', '-shm'].some((suffix) => path === resolve(db) + suffix);
}

function jobsArgument(jobs: number | undefined): number {
  if (jobs === undefined) return availableParallelism();
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 256) return jobs;
  throw new TrustsieveError('usage', '--jobs takes a whole number from 1 to 256');
}

async function totalBytes(inputs: readonly EvidenceInput[]): Promise<number> {
  let bytes = 0;
  for (const input of inputs) {
    if (input.kind !== 'file' || typeof input.file !== 'string') continue;
    bytes += await stat(input.file).then(
      (stats) => stats.size,
      () => 0,
    );
  }
  return bytes;
}
