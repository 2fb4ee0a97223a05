/** What may happen to the bytes of a file, at random. */

export type Random = (below: number) => number;

/** Whole numbers below a bound; the same for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const PAGE = 8192;

export interface Damaged {
  readonly what: string;
  readonly bytes: Buffer;
}

/** @param before the same file as it was at some time before */
export function damage(sound: Buffer, before: Buffer, random: Random): Damaged {
  const bytes = Buffer.from(sound);
  const at = random(bytes.length);
  const block = (size: number): number => at - (at % size);
  const other = (size: number): number => random(Math.floor(bytes.length / size)) * size;
  const kinds: readonly (() => string | Damaged)[] = [
    () => {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      return `a bit of byte ${at}`;
    },
    () => {
      // Where a page says what it holds.
      const place = block(PAGE) + random(100);
      bytes[place] = random(256);
      return `byte ${place}`;
    },
    () => {
      for (let n = 0; n < 16; n++) bytes[Math.min(at + n, bytes.length - 1)] = random(256);
      return `16 bytes at ${at}`;
    },
    ...[512, 4096, PAGE].flatMap((size) => [
      () => {
        bytes.fill(0, block(size), block(size) + size);
        return `zeros over the ${size} bytes at ${block(size)}`;
      },
      () => {
        const from = other(size);
        sound.copy(bytes, block(size), from, from + size);
        sound.copy(bytes, from, block(size), block(size) + size);
        return `${size} bytes at ${block(size)} and ${from} for each other`;
      },
      () => {
        const from = other(size);
        sound.copy(bytes, block(size), from, from + size);
        return `the ${size} bytes at ${from} again at ${block(size)}`;
      },
    ]),
    () => {
      const place = random(Math.floor(before.length / PAGE)) * PAGE;
      before.copy(bytes, place, place, place + PAGE);
      return `the page at ${place} as it was before`;
    },
    () => ({ what: `cut at ${at}`, bytes: bytes.subarray(0, at) }),
    () => ({ what: `cut at ${block(PAGE)}`, bytes: bytes.subarray(0, block(PAGE)) }),
  ];
  const told = kinds[random(kinds.length)]?.() ?? '';
  return typeof told === 'string' ? { what: told, bytes } : told;
}
