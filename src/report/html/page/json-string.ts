/** Characters. */
const PART = 64 * 1024;

/** What `JSON.stringify` makes of a string; that of a long one in parts, so that it never is in memory as a whole. */
export function* jsonString(text: string): Generator<string> {
  if (text.length <= PART) {
    yield JSON.stringify(text);
    return;
  }
  yield '"';
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + PART, text.length);
    // Half of a pair of surrogates alone would be written as an escape.
    while (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end += 1;
    yield JSON.stringify(text.slice(start, end)).slice(1, -1);
    start = end;
  }
  yield '"';
}
