import { formatTime } from '../../model/time.ts';
import type { Store } from '../../store/index.ts';
import type { DiffSide, LooksBefore } from '../compare/account-pairs.ts';
import type { Diff } from '../compare/diff.ts';
import { openReport, type Report } from './report.ts';

/** What of one side of a comparison could not be decided. */
export interface SideUndecided {
  readonly count: number;
  /** What is counted. */
  readonly what: 'role' | 'verdict';
  /** Some could not be, and no other could either. */
  readonly isAll: boolean;
}

/** A comparison, and what could not be decided on either side: of that it may have nothing to tell. */
export interface ToldDiff extends Diff {
  readonly undecided: { readonly from: SideUndecided; readonly to: SideUndecided };
}

/**
 * The report of one side of a comparison: what stands there, and what is missing. Errors: `not-found`.
 *
 * @param to the later side, which says what the look before is that of
 */
export function openSide(store: Store, side: DiffSide | LooksBefore, to: DiffSide): Report {
  const before = side.scope.kind === 'previous';
  const scope = side.scope.kind === 'previous' ? to.scope : side.scope;
  const run = scope.kind === 'run' ? scope.run : null;
  return openReport(store, {
    asOf: store.reader.runFacts(run)?.asOf ?? formatTime(0),
    ...(run !== null && { run }),
    ...(scope.kind === 'at' && { at: scope.time }),
    before,
  });
}

/** What of a side could not be decided. */
export function undecidedOn(side: Report): SideUndecided {
  const count = side.undecided();
  const what = side.furtherRules.length === 0 ? 'role' : 'verdict';
  if (count === 0) return { count, what, isAll: false };
  const { pass, fail, 'not-applicable': apart } = side.totals().verdicts;
  return { count, what, isAll: pass + fail + apart === 0 };
}
