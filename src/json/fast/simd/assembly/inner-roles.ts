/** Keys of a role within the values of an element; what they mean is said at `holdsRole` of reader.ts. */
import * as state from './state';

@external('reader', 'isTrustKey')
declare function onEscapedKey(start: usize, end: usize): i32;

const LENGTH: usize = 24;
/** The same, should every letter be escaped. */
const LONGEST: usize = 6 * LENGTH;

/** @param below how many arrays and objects lie between the element, or what is looked into of it, and the key */
@inline
export function noteKey(start: usize, end: usize, below: i32): void {
  if (end - start >= LENGTH) noteLongKey(start, end, below);
}

/** True when the string that opens at `quote` and has no end before `at` may be such a key. */
export function mayBeTrustKey(quote: usize, at: usize): bool {
  return (state.expect == state.KEY || state.expect == state.FIRST_KEY) && at - quote <= LONGEST + 1;
}

function noteLongKey(start: usize, end: usize, below: i32): void {
  if (below == 3 || below == 4) return;
  const isKey = end - start == LENGTH ? isPlain(start) : end - start <= LONGEST && isEscaped(start, end);
  if (isKey) state.holdsRole = true;
}

/** `AssumeRolePolicyDocument`; the first letter may be small. */
@inline
function isPlain(at: usize): bool {
  return (
    (load<u64>(at) | 0x20) == 0x6f52656d75737361 &&
    load<u64>(at, 8) == 0x7963696c6f50656c &&
    load<u64>(at, 16) == 0x746e656d75636f44
  );
}

function isEscaped(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) if (load<u8>(at) == 0x5c) return onEscapedKey(start, end) != 0;
  return false;
}
