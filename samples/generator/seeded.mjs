import { createHash } from 'node:crypto';

const SEED = 'trustsieve samples, first edition';
const DAY = 86_400_000;

/**
 * 32 bytes that depend on the key alone. Values are drawn by key and not from one running stream, so that adding
 * a role leaves all others as they were.
 */
export function bytesFor(...key) {
  return createHash('sha256')
    .update([SEED, ...key].join('\0'))
    .digest();
}

/** A whole number from 0 up to, not including, `limit` (at most 2^32). */
export function numberFor(limit, ...key) {
  return bytesFor(...key).readUInt32BE(0) % limit;
}

export function hexFor(length, ...key) {
  return bytesFor(...key)
    .toString('hex')
    .slice(0, length);
}

export function uuidFor(...key) {
  const hex = hexFor(32, ...key);
  const variant = '89ab'[Number.parseInt(hex[16], 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20),
  ].join('-');
}

/** An id of IAM with its prefix; `EXAMPLE` marks it as invented. */
export function iamIdFor(prefix, ...key) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const tail = [...bytesFor(...key).subarray(0, 10)].map((byte) => alphabet[byte % 32]).join('');
  return `${prefix}EXAMPLE${tail}`;
}

/** A moment from `from` up to `to` (milliseconds since 1970), on a whole second. */
export function momentFor(from, to, ...key) {
  const day = numberFor(Math.floor((to - from) / DAY), ...key, 'day');
  const second = numberFor(86_400, ...key, 'second');
  return from + day * DAY + second * 1000;
}
