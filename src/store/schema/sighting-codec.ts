/** Longest encoding of one sighting: three numbers of up to eight bytes. */
const MAX_BYTES = 24;

/**
 * Packs sightings into about five bytes each: role and offset as differences from the one before, all numbers as
 * little-endian groups of seven bits with the sign in the lowest bit. Policy 0: the file says the role is gone.
 */
export class SightingEncoder {
  private buffer = Buffer.allocUnsafe(4096);
  private length = 0;
  private role = 0;
  private offset = 0;

  add(role: number, policy: number, offset: number): void {
    if (this.length + MAX_BYTES > this.buffer.length) {
      const larger = Buffer.allocUnsafe(this.buffer.length * 2);
      this.buffer.copy(larger, 0, 0, this.length);
      this.buffer = larger;
    }
    this.put(role - this.role);
    this.put(policy);
    this.put(offset - this.offset);
    this.role = role;
    this.offset = offset;
  }

  /** The bytes so far, valid until the next call; starts afresh. */
  take(): Buffer {
    const bytes = this.buffer.subarray(0, this.length);
    this.length = 0;
    this.role = 0;
    this.offset = 0;
    return bytes;
  }

  private put(value: number): void {
    // Arithmetic instead of bit operators: offsets pass 32 bits in large files.
    let rest = value < 0 ? -value * 2 - 1 : value * 2;
    while (rest >= 128) {
      this.buffer[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.length++] = rest;
  }
}

/** Calls `visit` for every sighting in the order they were added. */
export function decodeSightings(
  bytes: Uint8Array,
  visit: (role: number, policy: number, offset: number) => void,
): void {
  let at = 0;
  const next = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('sighting data ends early');
      value += (byte % 128) * scale;
      if (byte < 128) break;
      scale *= 128;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  let role = 0;
  let offset = 0;
  while (at < bytes.length) {
    role += next();
    const policy = next();
    offset += next();
    visit(role, policy, offset);
  }
}
