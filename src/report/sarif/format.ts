import type { ReportFormat } from '../format.ts';
import { renderSarif } from './index.ts';

export const SARIF_FORMAT = {
  id: 'sarif',
  description: 'a SARIF 2.1.0 log',
  extension: 'sarif',
  options: ['outcomes'],
  render: renderSarif,
  beginnings: [/"tool":\{"driver":\{"name":"trustsieve"/],
} as const satisfies ReportFormat;
