import type { DiffSide, LooksBefore } from '../../history/compare/diff.ts';
import type { Report } from '../../history/report/report.ts';
import type { AccountGap, Completeness } from '../../model/completeness.ts';
import { sideWords } from '../../report/history/words.ts';
import { unreadScans } from '../../report/shared/missing.ts';
import type { Store } from '../../store/index.ts';

/** One side of a comparison, and the report of it. */
export interface ReportedSide {
  readonly side: DiffSide | LooksBefore;
  readonly report: Report;
}

/**
 * What the two sides of a comparison lack: it is complete only where both are. Each reason names its side. A scan that was
 * interrupted, or of which parts are missing, may lack evidence of any time.
 *
 * @param further reasons that hold for what is compared
 */
export function missingOnSides(
  store: Store,
  from: ReportedSide,
  to: ReportedSide,
  further: readonly string[],
): Completeness {
  const [first, second] = [from.report.completeness(), to.report.completeness()];
  const onFirst = new Set(first.reasons);
  const onSecond = new Set(second.reasons);
  const { lacks: _, ...known } = second;
  return {
    ...known,
    membersKnown: second.membersKnown && (first.membersKnown || from.side.scope.kind === 'previous'),
    gaps: [...first.gaps.filter((gap) => !second.gaps.some((other) => isSame(gap, other))), ...second.gaps],
    reasons: [
      ...unreadScans({
        interrupted: store.reader.interruptedRuns(null),
        missingParts: store.reader.missingParts(null),
      }),
      ...first.reasons.filter((reason) => onSecond.has(reason)).map((reason) => `on both sides ${reason}`),
      ...first.reasons
        .filter((reason) => !onSecond.has(reason))
        .map((reason) => `on the first side (${sideWords(from.side.label)}) ${reason}`),
      ...second.reasons
        .filter((reason) => !onFirst.has(reason))
        .map((reason) => `on the second side (${sideWords(to.side.label)}) ${reason}`),
      ...further,
    ],
  };
}

function isSame(a: AccountGap, b: AccountGap): boolean {
  return a.account === b.account && a.why === b.why && a.capturedAt === b.capturedAt;
}
