import { D9_AWS_IAM_99 } from './d9-aws-iam-99.ts';
import type { RuleMetadata } from './types.ts';

/** The rule catalogue, in the order of ids. */
export const RULES: readonly RuleMetadata[] = [D9_AWS_IAM_99];
