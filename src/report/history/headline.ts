import type { ToldDiff } from '../../history/report/sides.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';

/** The first sentence of a comparison; `count` is what a reader should see first. */
export interface DiffHeadline {
  readonly count: string;
  readonly rest: string;
}

/** Where nothing can be said, it says that, and never that nothing changed. */
export function headlineOf(diff: ToldDiff): DiffHeadline {
  return nothingComparable(diff) ?? changesHeadline(diff);
}

function nothingComparable({ from, captures, accounts, summary, undecided }: ToldDiff): DiffHeadline | null {
  if (from === 'previous' && captures.from === null && captures.to !== null) {
    const rest = ': no account was looked at before. Scan the next capture into the same store.';
    return { count: 'Nothing to compare with yet', rest };
  }
  if (captures.from === null || captures.to === null) {
    return { count: 'Nothing can be compared', rest: ': one side has no capture of an account.' };
  }
  const { notComparable, unchanged, ...changes } = summary;
  if (Object.values(changes).some((count) => count > 0)) return null;
  if (notComparable === 0 && accounts.every(({ carriedForward }) => carriedForward)) {
    return { count: 'Nothing to compare', rest: ': both sides rest on the same captures.' };
  }
  if (notComparable > 0 && unchanged === 0) {
    const rest = `: ${formatCounted(notComparable, 'finding is', 'findings are')} on one side, and of the other nothing can be said.`;
    return { count: 'Nothing can be compared', rest };
  }
  if (unchanged === 0 && (undecided.from.isAll || undecided.to.isAll)) {
    return { count: 'Nothing can be compared', rest: `: ${undecidedWords(undecided)}.` };
  }
  return null;
}

function changesHeadline(diff: ToldDiff): DiffHeadline {
  const { worse, better } = balance(diff);
  const words = undecidedWords(diff.undecided);
  const undecided = words === null ? '.' : `; ${words}.`;
  if (worse > 0) {
    const rest = better > 0 ? `, ${formatCount(better)} for the better` : ', none for the better';
    return { count: `${formatCounted(worse, 'change')} for the worse`, rest: rest + undecided };
  }
  if (better > 0) {
    const rest = `, none for the worse${undecided}`;
    return { count: `${formatCounted(better, 'change')} for the better`, rest };
  }
  const apart = diff.summary.notComparable > 0 || words !== null ? ' in what can be compared' : '';
  return { count: 'No change', rest: ` for the worse or the better was found${apart}${undecided}` };
}

/** What could not be decided on either side, as a clause; null where all could. */
export function undecidedWords({ from, to }: ToldDiff['undecided']): string | null {
  const sides = [
    ...(from.count > 0 ? [`${formatCounted(from.count, from.what)} on the first side`] : []),
    ...(to.count > 0 ? [`${formatCounted(to.count, to.what)} on the second side`] : []),
  ];
  return sides.length === 0 ? null : `${sides.join(' and ')} could not be decided`;
}

/** How many changes there are for the worse and for the better. */
function balance({ groups }: ToldDiff): { readonly worse: number; readonly better: number } {
  const all = Object.values(groups);
  return {
    worse: all.reduce((sum, { directions }) => sum + directions.worse, 0),
    better: all.reduce((sum, { directions }) => sum + directions.better, 0),
  };
}
