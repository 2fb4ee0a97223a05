import { renderCsv } from './csv.ts';
import { renderHtml } from './html/index.ts';
import { renderJson, renderNdjson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderOcsf } from './ocsf.ts';
import type { ReportRenderer } from './options.ts';
import { renderSarif } from './sarif/index.ts';

export { type CsvFile, writeCsvFiles, writeEvidenceCsv } from './csv-files.ts';
export { renderDiffHtml } from './history/diff-html.ts';
export { renderDiffJson } from './history/diff-json.ts';
export { diffCsv, trendCsv } from './history/tables.ts';
export { renderTrendHtml } from './history/trend-html.ts';
export { trendJson } from './history/trend-json.ts';
export { writeHtmlFiles } from './html/files.ts';
export {
  CSV_DELIMITERS,
  type CsvDelimiter,
  type CsvOptions,
  DEFAULT_OUTCOMES,
  type ReportOptions,
  type ReportRenderer,
} from './options.ts';
export { writeAll } from './stream.ts';
export { writeReportFile } from './write-file.ts';

/** Every report format by the name the command line uses. */
export const REPORT_FORMATS = {
  csv: renderCsv,
  html: renderHtml,
  json: renderJson,
  ndjson: renderNdjson,
  sarif: renderSarif,
  ocsf: renderOcsf,
  md: renderMarkdown,
} as const satisfies Readonly<Record<string, ReportRenderer>>;

export type ReportFormat = keyof typeof REPORT_FORMATS;
