import { escapeUnits } from './hidden-characters.ts';

/** Everything that may not stand as it is between double quotes, and what cannot be seen. */
const SPECIAL = /["\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A text as a double-quoted scalar of YAML on one line: the same text when it is read, whatever is in it
 * (https://yaml.org/spec/1.2.2/#57-escaped-characters).
 */
export function yamlText(text: string): string {
  return `"${text.replace(SPECIAL, escaped)}"`;
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  if (character.length === 1) return escapeUnits(character);
  return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
}
