import { renderCsv } from './csv.ts';
import { renderHtml } from './html/index.ts';
import { renderJson, renderNdjson } from './json.ts';
import type { ReportRenderer } from './options.ts';

export { DEFAULT_OUTCOMES, type ReportOptions, type ReportRenderer } from './options.ts';
export { writeReportFile } from './write-file.ts';

/** Every report format by the name the command line uses. */
export const REPORT_FORMATS = {
  csv: renderCsv,
  html: renderHtml,
  json: renderJson,
  ndjson: renderNdjson,
} as const satisfies Readonly<Record<string, ReportRenderer>>;

export type ReportFormat = keyof typeof REPORT_FORMATS;
