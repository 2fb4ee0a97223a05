import { textHash } from './text-hash.ts';
import type { RuleMetadata } from './types.ts';

/**
 * Which way of deciding rules this program has. Whoever changes it so that the same rule may say something else of
 * the same evidence counts it up: what was decided in different ways is never compared.
 */
const DECIDING = 2;

/** Names what decides under a rule: its text, and the way of deciding. Wording and references do not matter. */
export function ruleDigest({ logic }: Pick<RuleMetadata, 'logic'>): string {
  return textHash(`${DECIDING}\n${logic}`);
}
