import type { ReportFormat } from '../format.ts';
import { renderJson, renderNdjson } from './index.ts';

export const JSON_FORMAT = {
  id: 'json',
  description: 'a JSON report',
  extension: 'json',
  options: ['outcomes'],
  render: renderJson,
  beginnings: [/^\[\s*(?:\{"rule":|\]\s*$)/],
} as const satisfies ReportFormat;

export const NDJSON_FORMAT = {
  id: 'ndjson',
  description: 'one JSON object per line',
  extension: 'ndjson',
  options: ['outcomes'],
  render: renderNdjson,
  beginnings: [/^\{"rule":/],
} as const satisfies ReportFormat;
