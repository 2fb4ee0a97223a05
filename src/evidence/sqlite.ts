import Database from 'better-sqlite3';

/**
 * better-sqlite3. To be imported from here, because some versions of Node.js abort the process when the collector frees
 * one of its statements or iterators (https://github.com/nodejs/node/issues/65446): there, all of them are kept.
 */
export { Database };

/** Since 24.19 the headers that an addon is compiled with have the fault. */
export function collectsUnsafely(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 24 && minor >= 19;
}

const kept: unknown[] = [];

/** Makes a method keep whatever it returns. */
function keepResults(prototype: Record<string, (...given: unknown[]) => unknown>, method: string): void {
  const original = prototype[method] as (...given: unknown[]) => unknown;
  prototype[method] = function (this: unknown, ...given) {
    const result = Reflect.apply(original, this, given);
    kept.push(result);
    return result;
  };
}

if (collectsUnsafely(process.versions.node)) {
  const database = new Database(':memory:');
  // Everything is prepared by the native database behind the one that is seen, pragmas and transactions too.
  const [native] = Object.getOwnPropertySymbols(database).map((key) => Reflect.get(database, key) as object);
  keepResults(Object.getPrototypeOf(native), 'prepare');
  // A statement holds its database.
  keepResults(Object.getPrototypeOf(database.prepare('SELECT 1')), 'iterate');
}
