/** Line ends for some readers of lines, yet plain characters to JSON. */
const LINE_SEPARATORS = /[\u0085\u2028\u2029]/g;

/** A value as JSON on one line, whatever the reader takes for the end of a line. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    LINE_SEPARATORS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The elements of a JSON array, one a line, without its brackets. */
export function* jsonElements(values: Iterable<unknown>): Generator<string> {
  let separator = '\n';
  for (const value of values) {
    yield separator + jsonLine(value);
    separator = ',\n';
  }
  if (separator !== '\n') yield '\n';
}
