import type { ExceptionRow } from '../../model/exception.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { markdownCode } from '../../text/markdown-text.ts';
import { day, table } from './table.ts';

const LISTED_EXCEPTIONS = 10;

const EXPIRY_LABEL = { active: 'Active', expiring: 'Ends within 30 days', expired: 'Expired' } as const;

export function exceptions(all: readonly ExceptionRow[]): string {
  if (all.length === 0) return '';
  const count = (status: ExceptionRow['status']): number =>
    all.filter((entry) => entry.status === status).length;
  const listed = all.slice(0, LISTED_EXCEPTIONS);
  const more = all.length - listed.length;
  return [
    `## Exceptions\n\n${formatCount(all.length)} in all, ${formatCounted(count('expiring'), 'ends', 'end')} within 30 days, ${formatCounted(count('expired'), 'has expired and accepts', 'have expired and accept')} nothing.${more > 0 ? ` ${formatCounted(more, 'is', 'are')} not listed here.` : ''}\n`,
    table(
      ['Exception', 'State', 'Expires', 'Findings:', 'Reason'],
      listed.map(({ id, status, expires, findings, reason }) => [
        markdownCode(id),
        EXPIRY_LABEL[status],
        day(expires),
        formatCount(findings),
        markdownCode(reason),
      ]),
    ),
    '',
  ].join('\n');
}
