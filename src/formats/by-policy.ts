import { MAX_REMEMBERED_POLICY } from './record.ts';

const REMEMBERED = 1024;

/** Remembers what comes of a policy's text, because most roles share their policy with others. */
export function byPolicy<Result>(make: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    if (text.length > MAX_REMEMBERED_POLICY) return make(text);
    let result = known.get(text);
    if (result === undefined) {
      result = make(text);
      if (known.size >= REMEMBERED) known.clear();
      known.set(text, result);
    }
    return result;
  };
}
