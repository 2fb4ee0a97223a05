import { GATED, type Gated, type NewFindings } from '../../history/compare/gate.ts';
import type { Report } from '../../history/report/report.ts';
import { reachesSeverity } from '../../model/grading.ts';
import { effectiveVerdict } from '../../model/guardrail.ts';
import { counted } from '../../text/counted.ts';
import { type CliContext, EXIT, type ExitCode } from '../context.ts';
import { say, sayOutcome } from '../output/messages.ts';
import { incomplete } from '../output/missing.ts';
import type { ScanArguments } from './options.ts';

/**
 * What a scan ends with, and says why: missing evidence outranks a gate that fails.
 *
 * @param found what is new, asked for only when a gate wants to know
 */
export function exitCode(
  source: Report,
  gaps: readonly string[],
  args: ScanArguments,
  context: CliContext,
  found: () => NewFindings,
): ExitCode {
  const failed = [
    severityGate(source, args.failOn),
    args.failOnNew ? newFindingsGate(found(), context) : null,
  ].filter((why) => why !== null);
  const outranked = gaps.length > 0 ? ', outranked by 3' : '';
  for (const why of failed) sayOutcome('bad', `gate failed (exit 1${outranked})`, why, context);
  if (gaps.length > 0) return incomplete(gaps, context);
  return failed.length > 0 ? EXIT.gate : EXIT.done;
}

/** Why the gate fails; null when it does not. What an exception accepts passes both gates. */
function severityGate(source: Report, failOn: ScanArguments['failOn']): string | null {
  if (failOn === 'none') return null;
  for (const { object } of source.verdicts({ outcomes: ['fail'] })) {
    // What guardrails close is listed, and is no finding.
    if (effectiveVerdict(object) !== 'fail') continue;
    if (object.suppressedBy !== null || !reachesSeverity(object.severity, failOn)) continue;
    return `${object.arn} is a finding of severity ${object.severity}`;
  }
  return null;
}

function newFindingsGate(found: NewFindings, context: CliContext): string | null {
  const { changes, gated, first, accepted, firstCovered } = found;
  if (firstCovered.length > 0) {
    say(
      'note',
      `${counted(firstCovered.length, 'account is', 'accounts are')} covered for the first time; --fail-on-new has nothing to compare ${firstCovered.length === 1 ? 'it' : 'them'} with`,
      context,
    );
  }
  const baseline = changes.baseline > 0 ? ` (${changes.baseline} of them without an earlier look)` : '';
  say(
    'note',
    `since the runs before: ${changes.new} new, ${changes.resolved} resolved, ${changes.changed} changed, ${changes.reopened} reopened, ${changes.unchanged} unchanged, ${changes.notComparable} not comparable${baseline}${accepted > 0 ? `; exceptions accept ${accepted} that would fail the gate` : ''}`,
    context,
  );
  if (first === null) return null;
  const kinds = GATED.filter((kind) => gated[kind] > 0);
  const [kind] = kinds;
  if (kinds.length === 1 && kind !== undefined && gated[kind] === 1) {
    return `${first} is a ${GATED_WORDS[kind][0]}`;
  }
  const counts = kinds.map((one) => counted(gated[one], ...GATED_WORDS[one]));
  return `${counts.join(', ')}, the first of ${first}`;
}

const GATED_WORDS: Readonly<Record<Gated, readonly [one: string, several: string]>> = {
  new: ['new finding', 'new findings'],
  reopened: ['reopened finding', 'reopened findings'],
  changed: ['finding that lets more accounts in', 'findings that let more accounts in'],
  'not-comparable': [
    'finding that the evidence before, being incomplete, neither shows nor rules out',
    'findings that the evidence before, being incomplete, neither shows nor rules out',
  ],
};
