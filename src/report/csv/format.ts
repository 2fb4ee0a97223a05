import type { ReportSource } from '../../model/report-source.ts';
import type { ReportFormat, WrittenReport } from '../format.ts';
import type { ReportOptions } from '../shared/options.ts';
import { writeCsvFiles, writeEvidenceCsv } from './files.ts';
import { renderCsv } from './index.ts';

/** Said of CSV that goes where no other file can be beside it. */
export const NO_COMPANION =
  'rejected records and accounts that are missing stand in a file beside CSV (-o FILE); there is none beside standard output or a pipe';

export const CSV_FORMAT = {
  id: 'csv',
  description: 'a CSV report',
  extension: 'csv',
  options: ['outcomes', 'csv'],
  render: renderCsv,
  write,
  besideFile: NO_COMPANION,
  beginnings: [
    /^\uFEFF?rule[,;\t|]account[,;\t|]partition/,
    /^\uFEFF?kind[,;\t|]path[,;\t|]sha256/,
    /^\uFEFF?file[,;\t|]rows[,;\t|]first_account/,
  ],
} as const satisfies ReportFormat;

/** The findings, in several files where a spreadsheet would not open one, and what stands behind them. */
async function write(path: string, source: ReportSource, options: ReportOptions): Promise<WrittenReport> {
  const files = await writeCsvFiles(path, source, options);
  const split = `${path}: more rows than a spreadsheet opens; it lists the ${files.length} files that hold them`;
  const beside = await writeEvidenceCsv(path, source, options);
  return {
    files: [...new Set([path, ...files.map((file) => file.path), ...beside])],
    remarks: [
      ...(files.length > 1 ? [split] : []),
      ...(beside.length === 0 ? [`${path}: ${NO_COMPANION}`] : []),
    ],
  };
}
