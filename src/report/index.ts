import { CSV_FORMAT } from './csv/format.ts';
import { REGISTER_FORMAT } from './csv/register.ts';
import { byId, type ReportFormat } from './format.ts';
import { HTML_FORMAT } from './html/format.ts';
import { JSON_FORMAT, NDJSON_FORMAT } from './json/format.ts';
import { MARKDOWN_FORMAT } from './markdown/format.ts';
import { OCSF_FORMAT } from './ocsf/format.ts';
import { SARIF_FORMAT } from './sarif/format.ts';
import { XLSX_FORMAT } from './xlsx/format.ts';

export { writeAll } from './files/stream.ts';
export { writeReportFile } from './files/write-file.ts';
export { type HistoryOptions, type ReportFormat, writeReport } from './format.ts';
export { DIFF_FORMATS, TREND_FORMATS } from './history/formats.ts';
export type {
  CsvDelimiter,
  CsvOptions,
  PrintedDetails,
  ReportHeading,
  ReportOptions,
} from './shared/options.ts';

const FORMATS = [
  CSV_FORMAT,
  HTML_FORMAT,
  JSON_FORMAT,
  NDJSON_FORMAT,
  SARIF_FORMAT,
  OCSF_FORMAT,
  MARKDOWN_FORMAT,
  REGISTER_FORMAT,
  XLSX_FORMAT,
] as const;

export type ReportFormatId = (typeof FORMATS)[number]['id'];

/** Every report format by the name that the command line uses, in the order of help and manifests. */
export const REPORT_FORMATS: Readonly<Record<ReportFormatId, ReportFormat>> = byId(FORMATS);
