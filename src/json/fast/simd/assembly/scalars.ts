import { HEX } from './layout';

const TRUE: u32 = 0x65757274;
const NULL: u32 = 0x6c6c756e;
const ALSE: u32 = 0x65736c61;

/** Is the run of bytes a number or one of the literals, by RFC 8259? */
export function isScalar(start: usize, end: usize): bool {
  const length = end - start;
  const first = load<u8>(start);
  if (length == 4 && (first == 0x74 || first == 0x6e)) {
    const word = load<u32>(start);
    return word == TRUE || word == NULL;
  }
  if (first == 0x66) return length == 5 && load<u32>(start + 1) == ALSE;
  return isNumber(start, end);
}

function isNumber(start: usize, end: usize): bool {
  let at = start;
  if (load<u8>(at) == 0x2d) at++;
  if (at == end) return false;
  if (load<u8>(at) == 0x30) at++;
  else if ((at = skipDigits(at, end)) == 0) return false;
  if (at < end && load<u8>(at) == 0x2e) {
    if ((at = skipDigits(at + 1, end)) == 0) return false;
  }
  if (at < end && (load<u8>(at) | 0x20) == 0x65) {
    at++;
    if (at < end && (load<u8>(at) == 0x2b || load<u8>(at) == 0x2d)) at++;
    if ((at = skipDigits(at, end)) == 0) return false;
  }
  return at == end;
}

/** The address after one or more digits; 0 when there is none. */
function skipDigits(start: usize, end: usize): usize {
  let at = start;
  while (at < end && ((load<u8>(at) - 0x30) as u8) < 10) at++;
  return at == start ? 0 : at;
}

export function areHexDigits(at: usize): bool {
  return (
    (load<u8>(HEX + load<u8>(at)) &
      load<u8>(HEX + load<u8>(at + 1)) &
      load<u8>(HEX + load<u8>(at + 2)) &
      load<u8>(HEX + load<u8>(at + 3))) !=
    0
  );
}
