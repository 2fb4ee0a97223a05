import { VPC_SOURCE_IP } from '../../iam/conditions/keys.ts';
import { type AddressRange, parseAddressRange } from '../../iam/values.ts';
import { usableAddress } from './usable-address.ts';

/** Public ones, and plainly made up. */
export const STRANGER_ADDRESSES: readonly string[] = ['1.2.3.4', '5.6.7.8', '9.10.11.12'];
const HALF_OF_ALL = 1n << 31n;

/**
 * One address of every stretch that the ranges cut the address space into, one that a caller can have where there is
 * one; addresses of the kind that callers have most come first.
 */
export function addresses(key: string, bounds: ReadonlyMap<32 | 128, readonly bigint[]>): readonly string[] {
  const prefer = key === VPC_SOURCE_IP ? 'private' : 'public';
  const ranges = bounds.get(32) ?? [];
  // Half of all addresses, or all of them, are no network that somebody could be said to come from.
  const isNamed = (text: string): boolean => {
    const { first } = parseAddressRange(text) as AddressRange;
    return ranges.some((start, index) => {
      const end = ranges[index + 1] ?? start;
      return index % 2 === 0 && start <= first && first < end && end - start < HALF_OF_ALL;
    });
  };
  const found = [32, 128].flatMap((bits) => {
    const width = bits === 32 ? 32 : 128;
    const end = 1n << BigInt(width);
    const starts = [...new Set([0n, ...(bounds.get(width) ?? [])])].filter((start) => start < end);
    starts.sort((a, b) => (a < b ? -1 : 1));
    return starts.map((start, index) =>
      usableAddress({ bits: width, first: start, last: (starts[index + 1] ?? end) - 1n }, prefer),
    );
  });
  found.sort((a, b) => a.rank - b.rank);
  return [
    ...new Set([...STRANGER_ADDRESSES.filter((text) => !isNamed(text)), ...found.map(({ text }) => text)]),
  ];
}
