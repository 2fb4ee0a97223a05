import type { InterruptedRun } from '../../store/types.ts';

const SHOWN_PATHS = 3;

/** What a run that did not come to its end means, as part of a sentence. Paths are shown as they were given. */
export function interruptedText({ id, paths }: InterruptedRun): string {
  const more = paths.length - SHOWN_PATHS;
  const of = paths.slice(0, SHOWN_PATHS).join(', ') + (more > 0 ? ` and ${more} more` : '');
  // What came through a pipe has no path by which a later scan could be known to have read it again.
  const end = paths.includes('-')
    ? `\`trustsieve runs forget ${id}\` takes it back`
    : 'the same paths are scanned to the end';
  return `scan ${id}${of === '' ? '' : ` of ${of}`} was interrupted or is still under way, so evidence may be missing until ${end}`;
}
