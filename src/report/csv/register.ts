import type { Writable } from 'node:stream';
import type { ReportSource } from '../../model/report-source.ts';
import { writeAll } from '../files/stream.ts';
import { writeReportFile } from '../files/write-file.ts';
import type { ReportFormat, WrittenReport } from '../format.ts';
import { missingOf, standingOf } from '../shared/missing.ts';
import type { ReportOptions } from '../shared/options.ts';
import { REGISTER_COLUMNS, type RegisterLine } from '../shared/third-party-columns.ts';
import { writeEvidenceCsv } from './files.ts';
import { csvFile } from './index.ts';

const NO_COMPANION =
  'what is missing stands in a file beside the register (-o FILE), and in short in its last column; there is no such file beside standard output or a pipe';

/** The third-party register: one row for each outside account. */
export const REGISTER_FORMAT = {
  id: 'register',
  description: 'the third-party register: which outside accounts get into which roles, as CSV',
  extension: 'csv',
  options: ['csv'],
  render,
  write,
  besideFile: NO_COMPANION,
  beginnings: [/^\uFEFF?outside_account[,;\t|]vendor[,;\t|]relation/],
} as const satisfies ReportFormat;

async function render(source: ReportSource, out: Writable, options: ReportOptions): Promise<void> {
  await writeAll(out, registerText(source, options));
}

async function write(path: string, source: ReportSource, options: ReportOptions): Promise<WrittenReport> {
  await writeReportFile(path, (out) => render(source, out, options));
  const beside = await writeEvidenceCsv(path, source, options);
  return {
    files: [path, ...beside],
    remarks: beside.length === 0 ? [`${path}: ${NO_COMPANION}`] : [],
  };
}

function registerText(source: ReportSource, options: ReportOptions): Iterable<string> {
  return csvFile(REGISTER_COLUMNS, linesOf(source), options.csv ?? {});
}

function* linesOf(source: ReportSource): Iterable<RegisterLine> {
  const evidence = standingOf(missingOf(source));
  for (const row of source.thirdParties()) yield { row, evidence };
}
