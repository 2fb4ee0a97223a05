import type { Outcome, Severity } from '../../audit/verdict.ts';
import { DISAGREEING_WORDS } from '../shared/disagreement.ts';
import { OUTCOME_LABEL, SEVERITY_LABEL } from '../shared/labels.ts';
import { carriedWords } from '../shared/missing.ts';
import { html, type Markup } from './markup.ts';

/** Severity in words, with a shape of its own; colour only repeats what the words say. */
export function severityBadge(severity: Severity | null): Markup {
  if (severity === null) return html`<span class="muted">–</span>`;
  return html`<span class="badge sev-${severity}">${SEVERITY_LABEL[severity]}</span>`;
}

export function outcomeBadge(outcome: Outcome): Markup {
  return html`<span class="outcome out-${outcome}">${OUTCOME_LABEL[outcome]}</span>`;
}

/** Beside an account that stands as it was that many days before the newest capture. */
export function carriedBadge(age: number): Markup {
  return html`<span class="badge carried">${carriedWords(age)}</span>`;
}

/** Beside a role on which files of one moment disagree. */
export function disagreementBadge(): Markup {
  return html`<span class="badge carried">${DISAGREEING_WORDS}</span>`;
}
