import type { Rule, RuleMetadata } from '../model/rule.ts';
import { UNGUARDED_EXTERNAL_ACCESS } from './d9-aws-iam-99/rule.ts';

/** The rules that judge trust policies, in the order of ids. */
export const TRUST_RULES: readonly Rule[] = [UNGUARDED_EXTERNAL_ACCESS];

/** The rule catalogue, in the order of ids. */
export const RULES: readonly RuleMetadata[] = TRUST_RULES.map(({ metadata }) => metadata);
