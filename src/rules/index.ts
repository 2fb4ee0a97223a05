import { UNGUARDED_EXTERNAL_ACCESS } from './d9-aws-iam-99.ts';
import type { Rule } from './judgement.ts';
import type { RuleMetadata } from './types.ts';

/** The rules that judge trust policies, in the order of ids. */
export const TRUST_RULES: readonly Rule[] = [UNGUARDED_EXTERNAL_ACCESS];

/** The rule catalogue, in the order of ids. */
export const RULES: readonly RuleMetadata[] = TRUST_RULES.map(({ metadata }) => metadata);
