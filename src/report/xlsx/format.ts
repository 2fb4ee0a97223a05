import type { ReportSource } from '../../model/report-source.ts';
import { isReplaceable, writeReportFile } from '../files/write-file.ts';
import type { ReportFormat, WrittenReport } from '../format.ts';
import type { ReportOptions } from '../shared/options.ts';
import { renderXlsx } from './index.ts';

export const XLSX_FORMAT = {
  id: 'xlsx',
  description: 'a workpaper for Excel',
  extension: 'xlsx',
  options: ['outcomes'],
  render: renderXlsx,
  write,
  beginnings: [
    /^PK[\s\S]{0,60}docProps\/app\.xml[\s\S]{0,8}<\?xml [\s\S]{0,400}<Application>trustsieve<\/Application>/,
  ],
} as const satisfies ReportFormat;

async function write(path: string, source: ReportSource, options: ReportOptions): Promise<WrittenReport> {
  const beside = (await isReplaceable(path)) ? { target: path } : {};
  await writeReportFile(path, (out) => renderXlsx(source, out, { ...options, ...beside }));
  return { files: [path], remarks: [] };
}
