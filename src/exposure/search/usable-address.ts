import { type AddressRange, parseAddressRange, printAddress } from '../../iam/values.ts';

/**
 * Addresses set apart for a purpose (https://www.iana.org/assignments/iana-ipv4-special-registry and
 * .../iana-ipv6-special-registry). Private ones are those of networks that a VPC endpoint or an agreement leads to AWS
 * from; documentation's stand for public ones in examples. Nobody calls from the rest.
 */
const SET_APART: readonly (readonly [range: string, kind: Kind])[] = [
  ['0.0.0.0/8', 'unusable'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'private'],
  ['127.0.0.0/8', 'unusable'],
  ['169.254.0.0/16', 'unusable'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'unusable'],
  ['192.0.2.0/24', 'example'],
  ['192.88.99.0/24', 'unusable'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'example'],
  ['198.51.100.0/24', 'example'],
  ['203.0.113.0/24', 'example'],
  ['224.0.0.0/3', 'unusable'],
  ['::/3', 'unusable'],
  ['2000::/16', 'unusable'],
  ['2001::/23', 'unusable'],
  ['2001:db8::/32', 'example'],
  ['2002::/16', 'unusable'],
  ['4000::/2', 'unusable'],
  ['8000::/2', 'unusable'],
  ['c000::/3', 'unusable'],
  ['e000::/4', 'unusable'],
  ['f000::/5', 'unusable'],
  ['f800::/6', 'unusable'],
  ['fc00::/7', 'private'],
  ['fe00::/7', 'unusable'],
];

type Kind = 'public' | 'private' | 'example' | 'unusable';

interface Block extends AddressRange {
  readonly kind: Kind;
}

/** The whole address space in order, cut into blocks of one kind. */
const BLOCKS: Readonly<Record<32 | 128, readonly Block[]>> = { 32: blocksOf(32), 128: blocksOf(128) };

function blocksOf(bits: 32 | 128): readonly Block[] {
  const apart = SET_APART.map(([text, kind]) => ({ ...(parseAddressRange(text) as AddressRange), kind }))
    .filter((block) => block.bits === bits)
    .sort((a, b) => (a.first < b.first ? -1 : 1));
  const blocks: Block[] = [];
  let next = 0n;
  for (const block of apart) {
    if (block.first > next) blocks.push({ bits, first: next, last: block.first - 1n, kind: 'public' });
    blocks.push(block);
    next = block.last + 1n;
  }
  const end = (1n << BigInt(bits)) - 1n;
  return next > end ? blocks : [...blocks, { bits, first: next, last: end, kind: 'public' }];
}

/** An address, and how fit it is: the lower the better. */
export interface RatedAddress {
  readonly text: string;
  readonly rank: number;
}

/**
 * An address of the range that a caller can have: no network's own, no broadcast's, and a public one if there is one, or
 * with `prefer` a private one. Of a range without such an address the first.
 */
export function usableAddress(range: AddressRange, prefer: 'public' | 'private'): RatedAddress {
  const { bits } = range;
  const order: readonly Kind[] =
    prefer === 'public'
      ? ['public', 'private', 'example', 'unusable']
      : ['private', 'public', 'example', 'unusable'];
  const within = BLOCKS[bits].filter(({ first, last }) => first <= range.last && last >= range.first);
  for (const [rank, kind] of order.entries()) {
    for (const block of within) {
      if (block.kind !== kind) continue;
      let { first, last } = range;
      if (block.first > first) first = block.first;
      if (block.last < last) last = block.last;
      return { text: printAddress(bits, kind === 'unusable' ? first : hostIn(first, last)), rank };
    }
  }
  return { text: printAddress(bits, range.first), rank: order.length };
}

/** An address that ends neither in 0 nor in 255, nor lies at an end of the range, where the range has one. */
function hostIn(first: bigint, last: bigint): bigint {
  const ends = new Set([0n, 255n]);
  for (let address = first; address <= last && address < first + 4n; address++) {
    const atEnd = last - first > 1n && (address === first || address === last);
    if (!atEnd && !ends.has(address & 255n)) return address;
  }
  return first;
}
