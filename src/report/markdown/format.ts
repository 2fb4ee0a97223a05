import type { ReportFormat } from '../format.ts';
import { renderMarkdown } from './index.ts';

export const MARKDOWN_FORMAT = {
  id: 'md',
  description: 'a summary in Markdown',
  extension: 'md',
  options: ['outcomes'],
  render: renderMarkdown,
  beginnings: [/^# Cross-account trust/],
} as const satisfies ReportFormat;
