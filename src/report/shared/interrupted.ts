import type { InterruptedRun } from '../../store/types.ts';

const SHOWN_PATHS = 3;

/** What a run that did not come to its end means, as part of a sentence. Paths are shown as they were given. */
export function interruptedText({ id, paths }: InterruptedRun): string {
  const more = paths.length - SHOWN_PATHS;
  const of = paths.slice(0, SHOWN_PATHS).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `scan ${id}${of === '' ? '' : ` of ${of}`} was interrupted or is still under way, so evidence may be missing until the same paths are scanned to the end`;
}
