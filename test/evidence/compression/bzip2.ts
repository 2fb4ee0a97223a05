const MAX_CONTENT = 200_000;
const BLOCK = 0x314159265359n;
const END = 0x177245385090n;

/** Compresses a little content with bzip2, as one stream of one block and with codes of one length: valid, but long. */
export function bzip2(content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content);
  if (bytes.length > MAX_CONTENT) throw new Error('too much for the plain sorting here');
  const bits = new BitWriter();
  for (const byte of Buffer.from('BZh9')) bits.put(byte, 8);
  const sum = bytes.length === 0 ? 0 : checksum(bytes);
  if (bytes.length > 0) putBlock(bits, bytes, sum);
  bits.put(END, 48);
  bits.put(sum, 32);
  return bits.end();
}

function putBlock(bits: BitWriter, bytes: Buffer, sum: number): void {
  const { last, pointer } = sortRotations(shortenRuns(bytes));
  const used = [...new Set(last)].sort((a, b) => a - b);
  const symbols = moveToFront(last, used);
  const count = used.length + 2;
  const length = Math.ceil(Math.log2(count));
  bits.put(BLOCK, 48);
  bits.put(sum, 32);
  bits.put(0, 1);
  bits.put(pointer, 24);
  const groups = Array.from({ length: 16 }, (_, high) => used.filter((byte) => byte >> 4 === high));
  for (const group of groups) bits.put(group.length > 0 ? 1 : 0, 1);
  for (const group of groups.filter(({ length: size }) => size > 0)) {
    for (let low = 0; low < 16; low++) bits.put(group.some((byte) => (byte & 15) === low) ? 1 : 0, 1);
  }
  // Two tables are the fewest; all groups of 50 symbols take the first.
  bits.put(2, 3);
  const selectors = Math.ceil(symbols.length / 50);
  bits.put(selectors, 15);
  for (let index = 0; index < selectors; index++) bits.put(0, 1);
  for (let table = 0; table < 2; table++) {
    bits.put(length, 5);
    for (let symbol = 0; symbol < count; symbol++) bits.put(0, 1);
  }
  for (const symbol of symbols) bits.put(symbol, length);
}

/** Four equal bytes are followed by how many more of them there are. */
function shortenRuns(bytes: Buffer): Buffer {
  const output: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number;
    let run = 1;
    while (run < 259 && bytes[at + run] === byte) run++;
    output.push(...Array.from({ length: Math.min(run, 4) }, () => byte));
    if (run >= 4) output.push(run - 4);
    at += run;
  }
  return Buffer.from(output);
}

function sortRotations(bytes: Buffer): { readonly last: readonly number[]; readonly pointer: number } {
  const twice = Buffer.concat([bytes, bytes]);
  const order = [...bytes.keys()].sort((a, b) =>
    twice.compare(twice, b, b + bytes.length, a, a + bytes.length),
  );
  return {
    last: order.map((begin) => twice[begin + bytes.length - 1] as number),
    pointer: order.indexOf(0),
  };
}

/** Zeros are counted in digits 1 and 2 of the binary system; the last symbol is the end. */
function moveToFront(bytes: readonly number[], used: readonly number[]): readonly number[] {
  const front = [...used];
  const symbols: number[] = [];
  let zeros = 0;
  const putZeros = () => {
    for (; zeros > 0; zeros = (zeros - 1) >> 1) symbols.push((zeros - 1) & 1);
  };
  for (const byte of bytes) {
    const at = front.indexOf(byte);
    if (at === 0) {
      zeros++;
      continue;
    }
    putZeros();
    symbols.push(at + 1);
    front.splice(at, 1);
    front.unshift(byte);
  }
  putZeros();
  symbols.push(used.length + 1);
  return symbols;
}

function checksum(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return ~sum >>> 0;
}

class BitWriter {
  private readonly bytes: number[] = [];
  private bits = '';

  put(value: number | bigint, count: number): void {
    this.bits += value.toString(2).padStart(count, '0');
    for (; this.bits.length >= 8; this.bits = this.bits.slice(8)) {
      this.bytes.push(Number.parseInt(this.bits.slice(0, 8), 2));
    }
  }

  end(): Buffer {
    if (this.bits.length > 0) this.put(0, 8 - this.bits.length);
    return Buffer.from(this.bytes);
  }
}
