import type { JsonType } from '../reader.ts';

/** The type of a JSON value, by its first byte. */
export function typeOf(first: number): JsonType {
  switch (first) {
    case 0x7b:
      return 'object';
    case 0x5b:
      return 'array';
    case 0x22:
      return 'string';
    case 0x74:
    case 0x66:
      return 'boolean';
    case 0x6e:
      return 'null';
    default:
      return 'number';
  }
}
