import { TrustsieveError } from '../../errors.ts';
import { captureReports } from '../../history/report/captures.ts';
import { openScopedReport } from '../../history/report/scoped-report.ts';
import { writeLake } from '../../report/parquet/lake.ts';
import { openScannedStore } from '../../store/index.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import { type CliContext, EXIT, type ExitCode } from '../context.ts';
import { STORE_OPTION, timeArgument } from '../input/arguments.ts';
import { incomplete } from '../output/missing.ts';
import { TOOL_VERSION } from '../version.ts';

const OPTIONS = {
  ...STORE_OPTION,
  format: { choices: ['parquet'], default: 'parquet', describe: 'what to write' },
  output: { alias: 'o', type: 'string', demandOption: true, describe: 'a folder, new or empty' },
  'as-of': {
    type: 'string',
    describe: 'what counts as now for exceptions and for dates in policies (default: as in the runs)',
  },
} as const satisfies Specs;

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write every verdict of every capture as Parquet files, for other engines',
  examples: [
    [
      'trustsieve export --format parquet -o lake',
      'a folder for DuckDB, Athena or Spark, by account and capture',
    ],
  ],
  positionals: {},
  options: OPTIONS,
  run: exportLake,
});

async function exportLake(args: ArgumentsOf<typeof OPTIONS>, context: CliContext): Promise<ExitCode> {
  const asOf = timeArgument('as-of', args.asOf);
  if (args.output === '-') {
    throw new TrustsieveError('usage', '-o names a folder here: the export is many files');
  }
  const store = openScannedStore(args.db);
  try {
    const reasons = await writeLake(args.output, {
      captures: captureReports(store, asOf),
      source: openScopedReport(store, { asOf }),
      toolVersion: TOOL_VERSION,
    });
    return reasons.length > 0 ? incomplete(reasons, context) : EXIT.done;
  } finally {
    store.close();
  }
}
