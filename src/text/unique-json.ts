const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** As deep as evidence is read; text in strings of evidence can be deeper. */
const MAX_DEPTH = 512;

/**
 * The value of JSON text; undefined when it is none or nested more deeply than evidence is read, and when an object in it
 * names a key twice, since readers differ in which of the two they take.
 *
 * @param members how many members its objects have as they are written, where that is known
 */
export function parseUnique(text: string, members: number | null = null): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return keysIn(value) === (members ?? membersOf(text)) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** NaN for what is nested too deeply. */
function keysIn(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === MAX_DEPTH) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) count += keysIn(item, depth + 1);
    return count;
  }
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) count += 1 + keysIn(object[key], depth + 1);
  return count;
}

/** Each has a colon outside of strings. */
function membersOf(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON) count++;
    else if (code === QUOTE) {
      for (at++; text.charCodeAt(at) !== QUOTE; at++) if (text.charCodeAt(at) === BACKSLASH) at++;
    }
  }
  return count;
}
