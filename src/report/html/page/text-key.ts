import { createHash } from 'node:crypto';

/** Characters up to which a text is its own key. */
export const LONG_TEXT = 16_384;

/** Stands for a text in a map, so that a map does not hold long texts. Different for different texts. */
export function textKey(text: string): string {
  if (text.length > LONG_TEXT) return `\0#${createHash('sha256').update(text, 'utf16le').digest('hex')}`;
  return text.startsWith('\0') ? `\0${text}` : text;
}
