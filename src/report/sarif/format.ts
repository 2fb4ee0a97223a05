import type { ReportSource } from '../../model/report-source.ts';
import { formatCount } from '../../text/counted.ts';
import { writeReportFile } from '../files/write-file.ts';
import type { ReportFormat, WrittenReport } from '../format.ts';
import { listedCount } from '../shared/listed-count.ts';
import type { ReportOptions } from '../shared/options.ts';
import { renderSarif } from './index.ts';

export const SARIF_FORMAT = {
  id: 'sarif',
  description: 'a SARIF 2.1.0 log',
  extension: 'sarif',
  options: ['outcomes'],
  render: renderSarif,
  write,
  beginnings: [/"tool":\{"driver":\{"name":"trustsieve"/],
} as const satisfies ReportFormat;

/**
 * Results of a run that GitHub shows, and that it accepts at all
 * (https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support).
 */
const SHOWN = 5_000;
const ACCEPTED = 25_000;

async function write(path: string, source: ReportSource, options: ReportOptions): Promise<WrittenReport> {
  await writeReportFile(path, (out) => renderSarif(source, out, options));
  const count = listedCount(source, options);
  if (count <= SHOWN) return { files: [path], remarks: [] };
  const github =
    count > ACCEPTED
      ? `GitHub refuses a log of more than ${formatCount(ACCEPTED)}`
      : `GitHub shows the first ${formatCount(SHOWN)} of them`;
  const remark = `${path}: ${formatCount(count)} results, and ${github}; list fewer with --status, or make a store for a part of the accounts`;
  return { files: [path], remarks: [remark] };
}
