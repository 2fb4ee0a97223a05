/** What bytes are, after decompression. Everything that is no known container counts as text. */
export type Content = 'text' | 'tar' | 'zip' | 'parquet' | 'sqlite' | 'duckdb';

/** First bytes that `contentOf` wants to see. */
export const CONTENT_HEAD = 512;

const MAGICS: readonly { readonly content: Content; readonly at: number; readonly magic: Buffer }[] = [
  { content: 'zip', at: 0, magic: Buffer.from('PK\x03\x04') },
  // An archive without members has nothing but its directory.
  { content: 'zip', at: 0, magic: Buffer.from('PK\x05\x06') },
  { content: 'parquet', at: 0, magic: Buffer.from('PAR1') },
  { content: 'sqlite', at: 0, magic: Buffer.from('SQLite format 3\0') },
  { content: 'duckdb', at: 8, magic: Buffer.from('DUCK') },
];

/** Looks at the first bytes, never at a name. */
export function contentOf(head: Uint8Array): Content {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const known = MAGICS.find(({ at, magic }) => bytes.subarray(at, at + magic.length).equals(magic));
  if (known !== undefined) return known.content;
  return isTarHeader(head.subarray(0, CONTENT_HEAD)) ? 'tar' : 'text';
}

/** True when a block of 512 bytes carries its own sum where a tar header has it; old archives have no magic. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < 512 || block[0] === 0) return false;
  const written = Buffer.from(block.buffer, block.byteOffset + 148, 8).toString('latin1');
  const digits = /^ *([0-7]+)[ \0]*$/.exec(written)?.[1];
  if (digits === undefined) return false;
  let sum = 0;
  // The sum's own bytes count as blanks.
  for (let at = 0; at < 512; at++) sum += at >= 148 && at < 156 ? 0x20 : (block[at] as number);
  return sum === Number.parseInt(digits, 8);
}
