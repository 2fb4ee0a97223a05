import { deepJson, scalarText } from '../text/json-text.ts';

/**
 * The text that pattern operators search: a text itself, a number or boolean as written, an object or list as
 * compact JSON; null when there is nothing to search.
 */
export function searchText(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? null : deepJson(value);
    default:
      return null;
  }
}

// Characters that JSON writes as they are. A colon may follow another of these: in JSON text a colon between
// tokens always follows a quotation mark. So such a needle can only be found inside one key, text or number.
const PLAIN_NEEDLE = /^[A-Za-z0-9 _/.*+=@-][A-Za-z0-9 _/.*+=@:-]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are among what JSON escapes
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;
const RECURSION_LIMIT = 64;
/** The longest escape is a backslash and these: `u001f`. */
const ESCAPE_TAIL = 5;

/**
 * A test for "the JSON text of this value holds `needle`" that builds no text for ordinary values. Null when
 * the needle could match across JSON's own punctuation, so that the text itself has to be searched.
 */
export function containsWithoutText(needle: string): ((value: object) => boolean) | null {
  if (!PLAIN_NEEDLE.test(needle)) return null;
  // A needle without a backslash can begin inside an escape but not go on over another one, so all but its first
  // characters stand unescaped in the value. Most texts are ruled out by that alone.
  const core = needle.slice(ESCAPE_TAIL);
  // Measured: `indexOf` is faster here than `includes`, and comparing the beginning by hand faster than either;
  // what is looked for mostly stands there (ARNs), and most keys are shorter than the needle.
  const inString = (text: string): boolean => {
    if (text.length < core.length) return false;
    if (beginsWith(text, needle)) return true;
    if (text.indexOf(core) < 0) return false;
    return text.indexOf(needle) >= 0 || (NEEDS_ESCAPE.test(text) && JSON.stringify(text).includes(needle));
  };
  const inValue = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return inString(value);
    if (typeof value !== 'object' || value === null) return scalarText(value).includes(needle);
    return inStructure(value, depth);
  };
  const inStructure = (value: object, depth: number): boolean => {
    if (depth > RECURSION_LIMIT) return deepJson(value).includes(needle);
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) if (inValue(value[i], depth + 1)) return true;
      return false;
    }
    for (const key in value) {
      const member = (value as Record<string, unknown>)[key];
      if (typeof member === 'string' ? inString(member) : inValue(member, depth + 1)) return true;
      if (inString(key)) return true;
    }
    return false;
  };
  return (value) => inStructure(value, 0);
}

function beginsWith(text: string, start: string): boolean {
  if (text.length < start.length) return false;
  for (let i = 0; i < start.length; i++) if (text.charCodeAt(i) !== start.charCodeAt(i)) return false;
  return true;
}
