import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Argv } from 'yargs';
import { auditFile } from '../audit/audit-file.ts';
import { VerdictMemo } from '../audit/memo.ts';
import { reachesSeverity } from '../audit/relations.ts';
import type { Severity } from '../audit/verdict.ts';
import { TrustsieveError } from '../errors.ts';
import type { EvidenceInput } from '../evidence/types.ts';
import { walkEvidence } from '../evidence/walk.ts';
import type { ReadOptions } from '../formats/reading.ts';
import type { AccountCapture } from '../formats/record.ts';
import { formatTime } from '../formats/times.ts';
import { openReport } from '../history/report-source.ts';
import { RULES } from '../rules/index.ts';
import type { Run } from '../store/run.ts';
import { openStore } from '../store/store.ts';
import type { EvidenceRow, ReportSource } from '../store/types.ts';
import { readAccountRelations } from './account-files.ts';
import { accountArgument, timeArgument } from './arguments.ts';
import type { Arguments, Command } from './command.ts';
import { type CliContext, EXIT, type ExitCode, write } from './context.ts';
import { printable } from './printable.ts';
import { type Progress, type ProgressMode, startProgress } from './progress.ts';
import { writeReports } from './report.ts';
import { type ScanOutcome, summary } from './summary.ts';
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
  return parser
    .positional('path', { type: 'string', array: true, demandOption: true, describe: 'files, folders, or -' })
    .option('db', { type: 'string', default: 'trustsieve.db', describe: 'the store, made when missing' })
    .option('csv', { type: 'string', describe: 'write a CSV report' })
    .option('html', { type: 'string', describe: 'write an HTML report' })
    .option('json', { type: 'string', describe: 'write a JSON report' })
    .option('account', { type: 'string', describe: 'account of input that carries none' })
    .option('captured-at', { type: 'string', describe: 'capture time of input that carries none' })
    .option('accounts', {
      type: 'string',
      describe: 'own organisation: output of `aws organizations list-accounts`',
    })
    .option('known-accounts', { type: 'string', describe: 'names of vendor accounts (YAML)' })
    .option('as-of', { type: 'string', describe: 'the moment to judge against (default: now)' })
    .option('jobs', { type: 'number', describe: 'files read at once (default: the processor cores)' })
    .option('format', { type: 'string', describe: 'format of the evidence, instead of looking at it' })
    .option('fail-on', {
      choices: SEVERITIES,
      default: 'none' as const,
      describe: 'exit 1 when a finding is that severe',
    })
    .option('fail-on-new', {
      type: 'boolean',
      default: false,
      describe: 'exit 1 when a finding is new or reopened',
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
  };
  const jobs = jobsArgument(args['jobs'] as number | undefined);
  const relations = await readAccountRelations(
    args['accounts'] as string | undefined,
    args['knownAccounts'] as string | undefined,
  );
  const inputs: EvidenceInput[] = [];
  for await (const input of walkEvidence(args['path'] as string[])) inputs.push(input);
  const store = openStore(args['db'] as string, { mode: 'write' });
  try {
    if (relations !== null) store.saveRelations(relations);
    const run = store.beginRun({
      startedAt: now,
      asOf,
      toolVersion: TOOL_VERSION,
      rules: RULES.map((rule) => rule.id),
      options: { paths: args['path'], ...readOptions },
    });
    const quiet = args['quiet'] === true;
    const mode = quiet ? 'none' : (args['progress'] as ProgressMode);
    const progress = startProgress(mode, { files: inputs.length, bytes: await totalBytes(inputs) }, context);
    const outcome = await readAll(inputs, readOptions, jobs, run, progress, context);
    progress.stop();
    const interrupted = context.stop.aborted;
    const finishedAt = formatTime(Math.floor(Date.now() / 1000) * 1000);
    run.finish(interrupted ? 'interrupted' : outcome.incomplete ? 'incomplete' : 'complete', finishedAt);
    const source = openReport(store, { asOf });
    await writeReports(source, args);
    if (!quiet) await write(context.stdout, summary(source, outcome));
    return exitCode(source, outcome, args, context);
  } finally {
    store.close();
  }
}

async function readAll(
  inputs: readonly EvidenceInput[],
  options: ReadOptions,
  jobs: number,
  run: Run,
  progress: Progress,
  context: CliContext,
): Promise<ScanOutcome> {
  const memo = new VerdictMemo();
  const limit = pLimit(jobs);
  let records = 0;
  let files = 0;
  let incomplete = false;
  const readOne = async (input: EvidenceInput): Promise<void> => {
    if (context.stop.aborted) return;
    progress.fileStarted(input.path);
    const row = await readFile(input, options, memo, run, progress);
    progress.fileDone();
    files++;
    records += row.recordsRead;
    if (row.status !== 'complete' || row.recordsRejected > 0) incomplete = true;
    for (const problem of row.problems) context.stderr.write(`${printable(`${row.path}: ${problem}`)}\n`);
  };
  await Promise.all(inputs.map((input) => limit(() => readOne(input))));
  return { files, records, incomplete };
}

async function readFile(
  input: EvidenceInput,
  options: ReadOptions,
  memo: VerdictMemo,
  run: Run,
  progress: Progress,
): Promise<EvidenceRow> {
  const writer = run.evidence();
  try {
    const captures: AccountCapture[] = [];
    const sink = {
      add: writer.add,
      reject: writer.reject,
      capture: (capture: AccountCapture) => captures.push(capture),
    };
    const { problems, ...reading } = await auditFile(input, options, memo, sink, progress);
    return writer.finish({ ...reading, captures, problems: problems.map(({ message }) => message) });
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

function exitCode(
  source: ReportSource,
  outcome: ScanOutcome,
  args: Arguments,
  context: CliContext,
): ExitCode {
  const { error: undecided } = source.totals().verdicts;
  if (outcome.incomplete || undecided > 0) {
    const why = [
      ...(outcome.incomplete ? ['some evidence could not be read in full'] : []),
      ...(undecided > 0 ? [`${undecided} roles could not be decided`] : []),
    ].join(', ');
    context.stderr.write(`incomplete (exit 3): ${why}\n`);
    return EXIT.incomplete;
  }
  const failOn = args['failOn'] as (typeof SEVERITIES)[number];
  const failOnNew = args['failOnNew'] === true;
  if (failOn === 'none' && !failOnNew) return EXIT.done;
  for (const { object } of source.verdicts({ outcomes: ['fail'] })) {
    if (object.suppressedBy !== null) continue;
    const severe = failOn !== 'none' && reachesSeverity(object.severity, failOn as Severity);
    const fresh = failOnNew && (object.state === 'new' || object.state === 'reopened');
    if (!severe && !fresh) continue;
    context.stderr.write(
      `gate failed (exit 1): ${printable(object.arn)} is ${severe ? `a finding of severity ${object.severity}` : `a ${object.state} finding`}\n`,
    );
    return EXIT.gate;
  }
  return EXIT.done;
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
