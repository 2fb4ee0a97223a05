import { visibleLines } from './hidden-characters.ts';

/** Nothing in it needs to be looked at twice; most text is so, and this is quick to tell. */
const PLAIN = /^[\x20-\x7e\n]*$/;

/**
 * A value as JSON whose hidden characters (control, format, line ends of any kind) are escapes: the same value, on as
 * many lines as it seems to have, and with nothing in it that a terminal would obey.
 */
export function jsonText(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent);
  // Line feeds are those of the indent; those of the value are escapes already.
  return PLAIN.test(text) ? text : visibleLines(text);
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

/**
 * Compact JSON of any value, nested however deep, every character as it is: for comparing and searching, not for showing
 * (see `jsonText`). Never throws: what JSON cannot say is written as null.
 */
export function deepJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return deepJsonWithoutRecursion(value);
  }
}

type Frame = {
  readonly value: object;
  readonly keys: readonly string[] | null;
  readonly values: readonly unknown[];
  next: number;
};

/** The built-in writer recurses and runs out of stack some thousand levels down, which hostile JSON can reach. */
function deepJsonWithoutRecursion(root: unknown): string {
  const out: string[] = [];
  const frames: Frame[] = [];
  const open = new Set<object>();
  const write = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) out.push(scalarText(value));
    else if (open.has(value)) out.push('null');
    else {
      const list = Array.isArray(value);
      open.add(value);
      frames.push({
        value,
        keys: list ? null : Object.keys(value),
        values: list ? value : Object.values(value),
        next: 0,
      });
      out.push(list ? '[' : '{');
    }
  };
  write(root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { keys, values, next } = frame;
    if (next === values.length) {
      out.push(keys === null ? ']' : '}');
      open.delete(frame.value);
      frames.pop();
      continue;
    }
    frame.next++;
    if (next > 0) out.push(',');
    if (keys !== null) out.push(`${JSON.stringify(keys[next])}:`);
    write(values[next]);
  }
  return out.join('');
}

/** Of what is neither list nor object. */
export function scalarText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  return 'null';
}
