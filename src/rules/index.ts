import { NOTE_SENTENCES } from '../model/notes.ts';
import type { Rule, RuleMetadata } from '../model/rule.ts';
import { LITERAL_NOTE_SENTENCES } from './d9-aws-iam-99/literal-notes.ts';
import { UNGUARDED_EXTERNAL_ACCESS } from './d9-aws-iam-99/rule.ts';

/** The rules that judge trust policies, in the order of ids. */
export const TRUST_RULES: readonly Rule[] = [UNGUARDED_EXTERNAL_ACCESS];

/** The rule catalogue, in the order of ids. */
export const RULES: readonly RuleMetadata[] = TRUST_RULES.map(({ metadata }) => metadata);

/** A sentence for every note code that a verdict can carry. */
export const ALL_NOTE_SENTENCES: Readonly<Record<string, string>> = {
  ...NOTE_SENTENCES,
  ...LITERAL_NOTE_SENTENCES,
};
