/**
 * What cannot be seen in a text, or makes it look like another: control characters (C0, C1, delete), format characters
 * (marks of direction, zero-width ones, the byte order mark, tags), separators of lines and paragraphs, halves of
 * surrogate pairs, and what is no character at all (U+FFFE, U+FFFF and their like). The only such list: text of others goes through one of these functions wherever it is shown.
 *
 * https://www.unicode.org/reports/tr44/#General_Category_Values
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/gu;
/** Of these, the ones that stand for a blank or the end of a line. */
const WHITE = /[\t-\r\u2028\u2029]/;
const LONE_SURROGATE = /\p{Cs}/gu;
const REPLACEMENT = '\ufffd';

/**
 * A text as it may be looked at and still told from every other: each hidden character stands as `\uXXXX`, one escape
 * per UTF-16 unit. Inside a JSON string that is the same value as before.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, escapeUnits);
}

/** The same for a text of several lines, which are kept. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** `\uXXXX` for each UTF-16 unit, whatever it is. */
export function escapeUnits(text: string): string {
  let escaped = '';
  for (let at = 0; at < text.length; at++) {
    escaped += `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/** A name for messages and paths: each hidden character becomes U+FFFD, so that one sees that something was there. */
export function withoutHidden(text: string): string {
  return text.replace(HIDDEN, REPLACEMENT);
}

/**
 * A sentence or a line of source of others, on one line and as long as before in UTF-16 units, so that a place in it
 * stays where it was: hidden white space becomes a blank, any other hidden character U+FFFD.
 */
export function oneLine(text: string): string {
  return text.replace(HIDDEN, (character) =>
    (WHITE.test(character) ? ' ' : REPLACEMENT).repeat(character.length),
  );
}

/** Text as a file or a clipboard holds it, without the byte order mark that some editors put first. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** A text that has a UTF-8 form; otherwise as it was. */
export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, REPLACEMENT);
}
