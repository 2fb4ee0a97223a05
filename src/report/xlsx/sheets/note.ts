import type { Completeness } from '../../../model/completeness.ts';
import { completeWords, standingOf, standingWords } from '../../shared/missing.ts';
import type { Cell } from '../book/cell.ts';

/** Whether the evidence is complete, in the words of every report. */
export function standingText(missing: Completeness, where = ''): string {
  return `${standingWords(missing) ?? `Evidence complete: ${completeWords(missing, where)}`}.`;
}

/** The first row of a list: what it holds, and whether the evidence is complete. */
export function listNote(what: string, missing: Completeness, where = ''): Cell {
  const complete = standingOf(missing) === 'complete';
  return { text: `${what} ${standingText(missing, where)}`, style: complete ? 'text' : 'warning' };
}
