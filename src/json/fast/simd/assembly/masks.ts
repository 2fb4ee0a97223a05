/** Sets of positions in a block of 64 bytes: bit n speaks of byte n. */

@inline
export function joinMasks(a: v128, b: v128, c: v128, d: v128): u64 {
  const low: u32 = (i8x16.bitmask(a) as u32) | ((i8x16.bitmask(b) as u32) << 16);
  const high: u32 = (i8x16.bitmask(c) as u32) | ((i8x16.bitmask(d) as u32) << 16);
  return (low as u64) | ((high as u64) << 32);
}

@inline
export function bytesEqual(a: v128, b: v128, c: v128, d: v128, byte: i8): u64 {
  const wanted = i8x16.splat(byte);
  return joinMasks(i8x16.eq(a, wanted), i8x16.eq(b, wanted), i8x16.eq(c, wanted), i8x16.eq(d, wanted));
}

/** Bit n of the result is the parity of the bits 0 to n. */
@inline
export function prefixXor(bits: u64): u64 {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

/** All bits up to and with the lowest one set; everything when none is. */
@inline
export function upTo(bits: u64): u64 {
  return bits ^ (bits - 1);
}
