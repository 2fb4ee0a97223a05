/** Readers of the typed values that condition operators compare; each null when the text is no such value. */

/** A decimal number as Numeric operators take it. */
export function parseNumber(text: string): number | null {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text.trim())) return null;
  return Number(text);
}

const ISO_DATE =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?)?$/;

/** A date as Date operators take it, ISO 8601 or epoch seconds, in epoch seconds. */
export function parseDate(text: string): number | null {
  const found = ISO_DATE.exec(text);
  if (found === null) return /^\d{1,12}(?:\.\d+)?$/.test(text) ? Number(text) : null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = found;
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (Number.isNaN(utc) || Number(month) > 12 || Number(day) > 31) return null;
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  const shift =
    offset === null ? 0 : (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60;
  return utc / 1000 - shift + Number(fraction === '' ? 0 : fraction);
}

export function parseBoolean(text: string): boolean | null {
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : null;
}

/** An address range; both ends are part of it. */
export interface AddressRange {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

/** An IPv4 or IPv6 address, or a CIDR range of them. */
export function parseAddressRange(text: string): AddressRange | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  let length: number = address.bits;
  if (slash >= 0) {
    const suffix = text.slice(slash + 1);
    if (!/^\d{1,3}$/.test(suffix)) return null;
    length = Number(suffix);
    if (length > address.bits) return null;
  }
  const host = (1n << BigInt(address.bits - length)) - 1n;
  const first = address.value & ~host;
  return { bits: address.bits, first, last: first | host };
}

function parseAddress(text: string): { bits: 32 | 128; value: bigint } | null {
  if (text.includes(':')) return parseIpv6(text);
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    value = (value << 8n) | BigInt(part);
  }
  return { bits: 32, value };
}

function parseIpv6(text: string): { bits: 128; value: bigint } | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const head = groups[0] ?? [];
  const tail = groups[1] ?? [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  let value = 0n;
  for (const group of [...head, ...Array<string>(Math.max(0, missing)).fill('0'), ...tail]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return { bits: 128, value };
}

/** The text of an address, IPv6 in full groups. */
export function printAddress(bits: 32 | 128, value: bigint): string {
  const groups: string[] = [];
  const [width, count, radix] = bits === 32 ? [8n, 4, 10] : [16n, 8, 16];
  for (let group = 0; group < count; group++) {
    const shift = width * BigInt(count - 1 - group);
    groups.push(((value >> shift) & ((1n << width) - 1n)).toString(radix));
  }
  return groups.join(bits === 32 ? '.' : ':');
}
