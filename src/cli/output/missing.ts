import type { Completeness } from '../../model/completeness.ts';
import type { EvidencePeriod, ReportSource } from '../../model/report-source.ts';
import { missingOf, standingWords, unreadScans } from '../../report/shared/missing.ts';
import { type CliContext, EXIT, type ExitCode } from '../context.ts';
import { say, sayOutcome } from './messages.ts';

/** What a report of a store lacks; `further` reasons hold for what is told of earlier moments. */
export function missingIn(source: ReportSource, further: readonly string[]): Completeness {
  const { lacks: _, ...missing } = missingOf(source);
  return { ...missing, reasons: [...missing.reasons, ...further] };
}

/**
 * The exit code of a command that compares what a store holds; says on stderr what is missing there.
 *
 * @param told the output itself says whether the evidence is complete
 */
export function exitWith(missing: Completeness, told: boolean, context: CliContext): ExitCode {
  if (missing.reasons.length > 0) return incomplete(missing.reasons, context);
  const words = told ? null : standingWords(missing);
  if (words !== null) say('note', words, context);
  return EXIT.done;
}

/** Says in one line why a result is incomplete. */
export function incomplete(reasons: readonly string[], context: CliContext): ExitCode {
  sayOutcome('doubtful', 'incomplete (exit 3)', reasons.join(', '), context);
  return EXIT.incomplete;
}

/**
 * The exit code of a command that shows single roles of a store; says on stderr which scans did not come to their end, and of
 * which parts are missing.
 */
export function exitAfter(
  source: Pick<ReportSource, 'interrupted' | 'missingParts'>,
  context: CliContext,
): ExitCode {
  const unread = unreadScans(source);
  return unread.length === 0 ? EXIT.done : incomplete([unread.join('; ')], context);
}

/** From when to when a store has evidence. */
export function periodWords({ from, to }: EvidencePeriod): string {
  return `evidence: from ${from} to ${to}`;
}
