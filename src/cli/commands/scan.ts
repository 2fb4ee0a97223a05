import { newFindings } from '../../history/compare/gate.ts';
import { openReport, type Report } from '../../history/report/report.ts';
import { settleExposures } from '../../history/report/settle-exposures.ts';
import { joinRelations } from '../../model/account-lists.ts';
import type { Shard } from '../../model/completeness.ts';
import type { RuleMetadata } from '../../model/rule.ts';
import { missingOf } from '../../report/shared/missing.ts';
import { ruleDigest } from '../../rules/digest.ts';
import { RULES } from '../../rules/index.ts';
import { openStore, type Run, type Store } from '../../store/index.ts';
import { defineCommand } from '../command.ts';
import { type CliContext, EXIT, type ExitCode, write } from '../context.ts';
import { printedDetails } from '../fix/shown-fix.ts';
import { withStore } from '../output/closing.ts';
import { reportPlaces, writeReports } from '../output/reports.ts';
import { unlessUnread } from '../output/standard-output.ts';
import { interruptionNotice, openStopping, readIntoStore, type Stopping } from '../scan/evidence.ts';
import { exitCode } from '../scan/gates.ts';
import { manifestPlaces, writeManifest } from '../scan/manifest.ts';
import { SCAN_OPTIONS, SCAN_POSITIONALS, type ScanArguments } from '../scan/options.ts';
import { evidencePaths, now, readRequest, type ScanRequest } from '../scan/request.ts';
import { recordsFound, shardLine, wholeOfOpenList } from '../scan/shard.ts';
import { type ScanOutcome, summary } from '../scan/summary.ts';
import { TOOL_VERSION } from '../version.ts';

export const scanCommand = defineCommand({
  name: 'scan <path...>',
  summary: 'Read evidence, judge every role, keep the results in the store',
  examples: [
    ['trustsieve scan evidence/', 'everything below a folder, into trustsieve.db'],
    ['trustsieve scan q1/ q2/ --html report.html --csv findings.csv', 'two quarters, with reports'],
    [
      'trustsieve scan evidence/ --shard 3/20 --db part-3.db',
      'the third of twenty parts, on one of many machines; `merge` joins their stores',
    ],
    ['zcat dump.json.gz | trustsieve scan - --captured-at 2026-02-01', 'standard input'],
  ],
  positionals: SCAN_POSITIONALS,
  options: SCAN_OPTIONS,
  run: scan,
});

async function scan(args: ScanArguments, context: CliContext): Promise<ExitCode> {
  const request = await readRequest(args, context);
  // From here on there is something to end properly.
  const stopping = openStopping(context);
  return withStore(
    openStore(args.db, { mode: 'write' }),
    (store) => scanInto(store, request, args, stopping, context),
    context,
  );
}

async function scanInto(
  store: Store,
  request: ScanRequest,
  args: ScanArguments,
  stopping: Stopping,
  context: CliContext,
): Promise<ExitCode> {
  const shard = request.shard ?? (await wholeOfOpenList(store.reader, request.inputs));
  const run = beginRun(store, request, args, shard);
  const read = await readIntoStore(request, run, args, stopping, context);
  const finishedAt = now();
  if (context.stop.aborted) {
    run.finish(read.kept < request.inputs.length ? 'interrupted' : 'incomplete', finishedAt);
    context.stderr.write(interruptionNotice(read.kept, request.inputs.length));
    return EXIT.incomplete;
  }
  // What the store lacks is known only once the run is over.
  run.finish('incomplete', finishedAt);
  const { asOf, accepted, manifest } = request;
  const source = openReport(store, { asOf });
  const found = recordsFound(store.reader, read.tally.records, request.shard);
  const gaps = [
    ...new Set([...read.tally.gaps(args.strict, args.organization, found), ...missingOf(source).reasons]),
  ];
  if (gaps.length === 0) run.finish('complete', finishedAt);
  settleExposures(store);
  const outputs = await writeReports(
    source,
    args,
    {
      heading: request.heading,
      ...(args.printDetails && { details: printedDetails(store.reader.relations()) }),
    },
    context,
  );
  if (manifest !== null) {
    const ofRun = openReport(store, { asOf, run: run.id });
    await writeManifest(manifest, {
      args,
      shard: request.shard,
      asOf,
      toolVersion: TOOL_VERSION,
      rules: judgingRules(ofRun),
      outputs,
      source: ofRun,
      completeness: { ...missingOf(source), reasons: gaps },
      disagreements: source.disagreements(),
    });
  }
  const exit = exitCode(source, gaps, args, context, () => newFindings(store, run.id, accepted ?? [], asOf));
  if (!args.quiet) {
    const { files, records } = read.tally;
    const written = writtenBy(args, outputs, manifest);
    const part = request.shard === null ? null : shardLine(request.shard, store.reader, gaps);
    const outcome = { files, records, shard: part, reasons: gaps, db: args.db, written };
    await unlessUnread(() => write(context.stdout, summary(source, outcome, context)));
  }
  return exit;
}

/** What was written, by format; what belongs to a report follows it. */
function writtenBy(
  args: ScanArguments,
  outputs: readonly string[],
  manifest: ScanRequest['manifest'],
): ScanOutcome['written'] {
  const named = new Map(reportPlaces(args).map(({ option, path }) => [path, option.replace(/^--/, '')]));
  const written: [string, string[]][] = [];
  for (const path of outputs) {
    const format = named.get(path);
    if (format !== undefined) written.push([format, [path]]);
    else written.at(-1)?.[1].push(path);
  }
  if (manifest !== null) written.push(['manifest', manifestPlaces(manifest).map(({ path }) => path)]);
  return written;
}

function beginRun(store: Store, request: ScanRequest, args: ScanArguments, shard: Shard | null): Run {
  const { lists, furtherRules, accepted } = request;
  if (lists.organisation !== null) store.saveMembers(lists.organisation);
  if (lists.organisation !== null || lists.vendors !== null) {
    store.saveRelations(joinRelations(lists, store.relations()));
  }
  // What was too old for the last scan must not look young because an option was left out.
  const before = store.reader.runFacts(null);
  const rules = [...RULES, ...furtherRules.map(({ metadata }) => metadata)];
  return store.beginRun({
    furtherRules,
    startedAt: request.startedAt,
    asOf: request.asOf,
    toolVersion: TOOL_VERSION,
    rules: rules.map((rule) => rule.id),
    ruleDigests: Object.fromEntries(rules.map((rule) => [rule.id, ruleDigest(rule)])),
    exceptions: accepted ?? [],
    ...(before !== null && { staleAfter: before.staleAfter, maxAge: before.maxAge }),
    ...request.ages,
    ...(shard !== null && { shards: [shard] }),
    options: { paths: evidencePaths(args), ...request.readOptions },
  });
}

/** The rules that judged, by id. */
function judgingRules(source: Report): readonly RuleMetadata[] {
  const all = [...RULES, ...source.furtherRules.map(({ metadata }) => metadata)];
  return all.sort((a, b) => (a.id < b.id ? -1 : 1));
}
