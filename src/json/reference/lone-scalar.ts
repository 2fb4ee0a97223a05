const TRUE = 0x74;
const FALSE = 0x66;
const NULL = 0x6e;
const ZERO = 0x30;
const MINUS = 0x2d;
const DOT = 0x2e;

/** How far a number has come (RFC 8259, section 6), or how many letters of a literal are left. */
type State =
  | 'minus'
  | 'zero'
  | 'whole'
  | 'dot'
  | 'fraction'
  | 'exponent'
  | 'sign'
  | 'power'
  | 'broken'
  | number;

/** States in which the value may end. */
const WHOLE: ReadonlySet<State> = new Set(['zero', 'whole', 'fraction', 'power', 0]);

/**
 * Tells where a number or literal that is a document of its own ends without a blank behind it. The library takes what
 * follows for the next document, so that `007` is three of them; nobody writes that, and it is refused.
 */
export class LoneScalar {
  private state: State = 'broken';

  begin(byte: number): void {
    this.state = begun(byte);
  }

  /** @returns false where a value ends in front of the byte, and the byte begins another */
  goesOn(byte: number): boolean {
    const next = follow(this.state, byte);
    if (next === 'broken' && WHOLE.has(this.state)) return false;
    this.state = next;
    return true;
  }
}

function begun(byte: number): State {
  if (byte === TRUE || byte === NULL) return 3;
  if (byte === FALSE) return 4;
  if (byte === MINUS) return 'minus';
  if (byte === ZERO) return 'zero';
  return isDigit(byte) ? 'whole' : 'broken';
}

function follow(state: State, byte: number): State {
  // Which letters they are is looked at elsewhere.
  if (typeof state === 'number') return state > 0 ? state - 1 : 'broken';
  const isE = byte === 0x65 || byte === 0x45;
  switch (state) {
    case 'minus':
      return byte === ZERO ? 'zero' : isDigit(byte) ? 'whole' : 'broken';
    case 'zero':
      return byte === DOT ? 'dot' : isE ? 'exponent' : 'broken';
    case 'whole':
      return byte === DOT ? 'dot' : isE ? 'exponent' : isDigit(byte) ? 'whole' : 'broken';
    case 'dot':
      return isDigit(byte) ? 'fraction' : 'broken';
    case 'fraction':
      return isE ? 'exponent' : isDigit(byte) ? 'fraction' : 'broken';
    case 'exponent':
      return byte === 0x2b || byte === MINUS ? 'sign' : isDigit(byte) ? 'power' : 'broken';
    case 'sign':
    case 'power':
      return isDigit(byte) ? 'power' : 'broken';
    case 'broken':
      return 'broken';
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}
