import type { RuleMetadata } from '../model/rule.ts';

/**
 * Which way of deciding rules this program has. Whoever changes it so that the same rule may say something else of
 * the same evidence counts it up: what was decided in different ways is never compared.
 */
const DECIDING = 2;

/** Names what decides under a rule: its text, and the way of deciding. Wording and references do not matter. */
export function ruleDigest({ logic }: Pick<RuleMetadata, 'logic'>): string {
  return textHash(`${DECIDING}\n${logic}`);
}

/**
 * A short fingerprint of a text, the same everywhere and always (FNV-1a, 64 bits, 16 hexadecimal digits). It tells
 * texts apart, it proves nothing.
 */
export function textHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at++) {
    hash = ((hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}
