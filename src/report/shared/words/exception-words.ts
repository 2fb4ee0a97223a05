import type { ExceptionRow } from '../../../model/exception.ts';
import { formatCounted } from '../../../text/counted.ts';

/** What the owner of an exception should look at, a sentence each. */
export function exceptionDoubts({ status, findings, partly, overBroad }: ExceptionRow): readonly string[] {
  return [
    ...(status === 'expired' && findings > 0
      ? ['It has expired and accepts nothing: what it covered is open again.']
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
