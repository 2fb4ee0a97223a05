import type { ExceptionRow } from '../../../model/exception.ts';
import { formatCounted } from '../../../text/counted.ts';

/** Findings that it accepts: none once it has expired. */
export function acceptedBy({ status, findings }: Pick<ExceptionRow, 'status' | 'findings'>): number {
  return status === 'expired' ? 0 : findings;
}

/** What the owner of an exception should look at, a sentence each. */
export function exceptionDoubts({ status, findings, partly, overBroad }: ExceptionRow): readonly string[] {
  return [
    ...(status === 'expired' && findings > 0
      ? [
          `It has expired and accepts nothing: ${formatCounted(findings, 'finding that it covered is', 'findings that it covered are')} open again.`,
        ]
      : []),
    ...(findings === 0 && partly === 0 ? ['It covers no finding: it can go.'] : []),
    ...(partly > 0
      ? [
          `${formatCounted(partly, 'more finding has a further way in', 'more findings have further ways in')} that it does not accept.`,
        ]
      : []),
    ...overBroad.map((why) => `Over-broad: ${why}.`),
  ];
}
