import { dirname, join } from 'node:path';
import type { ReportSource } from '../../model/report-source.ts';
import type { ReportFormat, WrittenReport } from '../format.ts';
import type { ReportOptions } from '../shared/options.ts';
import { writeHtmlFiles } from './files.ts';
import { renderHtml } from './index.ts';

export const HTML_FORMAT = {
  id: 'html',
  description: 'an HTML report',
  extension: 'html',
  options: ['outcomes', 'details'],
  render: renderHtml,
  write,
  beginnings: [/<meta name="generator" content="trustsieve /],
} as const satisfies ReportFormat;

async function write(path: string, source: ReportSource, options: ReportOptions): Promise<WrittenReport> {
  const parts = await writeHtmlFiles(path, source, options);
  const remark = `${path}: more findings than one page carries; it lists the worst, and ${parts.length} parts beside it list all`;
  return {
    files: [path, ...parts.map((part) => join(dirname(path), part.path))],
    remarks: parts.length > 0 ? [remark] : [],
  };
}
