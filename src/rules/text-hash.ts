/**
 * A short fingerprint of a text, the same everywhere and always (FNV-1a, 64 bits, 16 hexadecimal digits). It tells
 * texts apart, it proves nothing.
 */
export function textHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at++) {
    hash = ((hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}
