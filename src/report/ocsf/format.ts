import type { ReportFormat } from '../format.ts';
import { renderOcsf } from './index.ts';

export const OCSF_FORMAT = {
  id: 'ocsf',
  description: 'OCSF Compliance Findings, one per line',
  extension: 'ocsf.ndjson',
  options: ['outcomes'],
  render: renderOcsf,
  beginnings: [/^\{"activity_id":.*"product":\{"name":"trustsieve"/],
} as const satisfies ReportFormat;
