import type { Outcome, Severity } from '../../../audit/verdict.ts';
import { CONFLICTING_RECORDS, DISAGREEING_WORDS } from '../../shared/disagreement.ts';
import { OUTCOME_LABEL, SEVERITY_LABEL } from '../../shared/labels.ts';
import { carriedWords } from '../../shared/missing.ts';
import { el } from './dom.ts';

export function severityBadge(severity: Severity | null): HTMLElement {
  if (severity === null) return el('span', { class: 'muted' }, '–');
  return el('span', { class: `badge sev-${severity}` }, SEVERITY_LABEL[severity]);
}

export function outcomeBadge(outcome: Outcome): HTMLElement {
  return el('span', { class: `outcome out-${outcome}` }, OUTCOME_LABEL[outcome]);
}

/** Beside an account that stands as it was that many days before the newest capture. */
export function carriedBadge(age: number): HTMLElement {
  return el('span', { class: 'badge carried', title: carriedWords(age) }, carriedWords(age));
}

/** Beside a role on which files of one moment disagree; null for any other. */
export function disagreementBadge({ notes }: { readonly notes: readonly string[] }): HTMLElement | null {
  if (!notes.includes(CONFLICTING_RECORDS)) return null;
  return el('span', { class: 'badge carried', title: DISAGREEING_WORDS }, DISAGREEING_WORDS);
}
