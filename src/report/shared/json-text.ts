import { visible } from './visible.ts';

/** Nothing in it needs to be looked at twice; most text is so, and this is quick to tell. */
const PLAIN = /^[\x20-\x7e\n]*$/;

/**
 * A value as JSON whose hidden characters (control, format, line ends of any kind) are escapes: the same value, on as
 * many lines as it seems to have, and with nothing in it that a terminal would obey.
 */
export function jsonText(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent);
  // Line feeds are those of the indent; those of the value are escapes already.
  return PLAIN.test(text) ? text : text.split('\n').map(visible).join('\n');
}

/** The elements of a JSON array, one a line, without its brackets. */
export function* jsonElements(values: Iterable<unknown>): Generator<string> {
  let separator = '\n';
  for (const value of values) {
    yield separator + jsonText(value);
    separator = ',\n';
  }
  if (separator !== '\n') yield '\n';
}
