const LITERALS: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['True', 'true'],
  ['TRUE', 'true'],
  ['false', 'false'],
  ['False', 'false'],
  ['FALSE', 'false'],
  ['null', 'null'],
  ['Null', 'null'],
  ['NULL', 'null'],
  ['~', 'null'],
  ['', 'null'],
]);
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Writes a plain scalar as JSON. A number stays as it was written, and one that JSON would write otherwise, such as an
 * account number with a leading zero, becomes a string.
 */
export function plainJson(text: string): string {
  return LITERALS.get(text) ?? (NUMBER.test(text) ? text : JSON.stringify(text));
}
