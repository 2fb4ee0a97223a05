/** Control, format (bidirectional marks, zero-width), line-separator characters and lone surrogates. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Evidence text made safe to look at: every character that hides, reorders or breaks text is written as
 * `\uXXXX`, one escape per UTF-16 unit. Inside a JSON string that is the same value as before.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, escapeUnits);
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let i = 0; i < character.length; i++) {
    escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
