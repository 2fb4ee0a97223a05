import type { JsonElement } from '../../json/reader.ts';
import { createReferenceReader } from '../../json/reference/reference-reader.ts';

/** The wanted fields of an element, as the JSON reader hands them out. */
export type JsonFields = Pick<JsonElement, 'fields' | 'repeated' | 'tooLarge'>;

/**
 * Reads wanted fields out of one JSON object that stands in a string.
 *
 * @param fields paths of keys, as in a ReadPlan
 * @returns null when the text is anything but one JSON object
 */
export function readObject(text: string, fields: readonly (readonly string[])[]): JsonFields | null {
  if (!text.trimStart().startsWith('{')) return null;
  const plan = { sources: [{ at: [], shape: 'list', fields }], facts: [], framing: 'stream' } as const;
  const reader = createReferenceReader(plan);
  const events = [...reader.push(Buffer.from(text)), ...reader.end()];
  const [element] = events;
  return events.length === 1 && element?.kind === 'element' ? element : null;
}

/**
 * Reads the row that an element handed out whole is, or that it holds as JSON in a string.
 *
 * @returns the element with the row's fields; null when it holds no JSON object
 */
export function readWhole(element: JsonElement, fields: readonly (readonly string[])[]): JsonElement | null {
  const whole = element.fields.get('') ?? '';
  const row = readObject(whole.startsWith('"') ? (JSON.parse(whole) as string) : whole, fields);
  return row === null ? null : { ...element, ...pick(row), type: 'object' };
}

/**
 * Takes apart a field that holds a JSON object in a string: its fields stand under the field's name, as if the string
 * were not there. A field that holds anything else is left as it is.
 */
export function expandField(
  element: JsonElement,
  name: string,
  fields: readonly (readonly string[])[],
): JsonElement {
  const text = element.fields.get(name);
  const inner = text?.startsWith('"') === true ? readObject(JSON.parse(text) as string, fields) : null;
  if (inner === null) return element;
  const below = (key: string) => `${name}/${key}`;
  const expanded = new Map(element.fields);
  expanded.delete(name);
  for (const [key, value] of inner.fields) expanded.set(below(key), value);
  return {
    ...element,
    fields: expanded,
    repeated: [...element.repeated, ...inner.repeated.map(below)],
    tooLarge: [...element.tooLarge, ...inner.tooLarge.map(below)],
  };
}

function pick({ fields, repeated, tooLarge }: JsonFields): JsonFields {
  return { fields, repeated, tooLarge };
}
