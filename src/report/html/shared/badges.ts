import { CONFLICTING_RECORDS } from '../../../model/completeness.ts';
import type { Outcome } from '../../../model/exposure.ts';
import type { Guarded } from '../../../model/guardrail.ts';
import type { Severity, VerdictObject } from '../../../model/verdict.ts';
import { DISAGREEING_WORDS } from '../../shared/disagreement.ts';
import { OUTCOME_LABEL, SEVERITY_LABEL } from '../../shared/labels.ts';
import { carriedWords } from '../../shared/missing.ts';
import { GUARDRAIL_LABEL, guardrailEffect } from '../../shared/words/guardrail-words.ts';

/** What a badge says, in the page as it is written and in what its script shows. */
export interface Badge {
  /** Names of classes in the style sheet. */
  readonly classes: string;
  readonly text: string;
  /** What the tables of the script say of it as a tip, because their cells may cut its text; null where it is short. */
  readonly tip: string | null;
}

/** Severity in words, with a shape of its own; colour only repeats what the words say. */
export function severityBadge(severity: Severity | null): Badge {
  return severity === null
    ? { classes: 'muted', text: '–', tip: null }
    : { classes: `badge sev-${severity}`, text: SEVERITY_LABEL[severity], tip: null };
}

export function outcomeBadge(outcome: Outcome): Badge {
  return { classes: `outcome out-${outcome}`, text: OUTCOME_LABEL[outcome], tip: null };
}

/** Beside an account that stands as it was `age` days before the newest capture; null beside any other. */
export function carriedBadge(age: number | null): Badge | null {
  return age === null ? null : { classes: 'badge carried', text: carriedWords(age), tip: carriedWords(age) };
}

/** Beside a role on which files of one moment disagree, as its notes say; null beside any other. */
export function disagreementBadge(notes: readonly string[]): Badge | null {
  return notes.includes(CONFLICTING_RECORDS)
    ? { classes: 'badge carried', text: DISAGREEING_WORDS, tip: DISAGREEING_WORDS }
    : null;
}

/** Beside a verdict that guardrails change, or of which they are not known; null beside any other. */
export function guardrailBadge(object: Guarded & Pick<VerdictObject, 'notes'>): Badge | null {
  const effect = guardrailEffect(object);
  if (effect === 'none' || effect === 'open') return null;
  const text = GUARDRAIL_LABEL[effect];
  return { classes: 'badge carried', text, tip: text };
}
