import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type KitFile, madeFile } from '../../src/kit/kit-file.ts';
import { demandSignature, type FoundKit, faultsOf, sealed } from '../../src/kit/sums.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const FILES = [madeFile('a', 'one'), madeFile('empty', ''), madeFile('über/b c', 'two')];
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** What an archive would hold; like one, it does not ask for the bytes of a file that has none. */
async function pack(files: readonly KitFile[]): Promise<ReadonlyMap<string, Buffer>> {
  const packed = new Map<string, Buffer>();
  for (const file of files) {
    const chunks: Uint8Array[] = [];
    if (file.bytes > 0) for await (const chunk of file.chunks()) chunks.push(chunk);
    const content = Buffer.concat(chunks);
    expect(content.length).toBe(file.bytes);
    packed.set(file.name, content);
  }
  return packed;
}

const found = (text: string, more: Partial<FoundKit> = {}): FoundKit => ({
  files: new Map([
    ['a', sha256('one')],
    ['empty', sha256('')],
    ['über/b c', sha256('two')],
  ]),
  strays: [],
  sums: Buffer.from(text),
  signature: null,
  ...more,
});
const TEXT = `${sha256('one')}  a\n${sha256('')}  empty\n${sha256('two')}  über/b c\n`;

describe('sealed', () => {
  it('adds the sums of all files behind them', async () => {
    const packed = await pack(sealed(FILES, null));
    expect([...packed.keys()]).toEqual(['a', 'empty', 'über/b c', 'SHA256SUMS']);
    expect(packed.get('SHA256SUMS')?.toString()).toBe(TEXT);
  });

  it('signs the sums as they are, so that other programs can check it', async () => {
    const packed = await pack(sealed(FILES, privateKey));
    const [sums, signature] = [packed.get('SHA256SUMS'), packed.get('SHA256SUMS.sig')];
    expect(verify(null, sums as Buffer, publicKey, signature as Buffer)).toBe(true);
  });
});

describe('faultsOf', () => {
  it('finds a kit as it was packed', () => {
    expect(faultsOf(found(TEXT))).toEqual([]);
  });

  it.each([
    ['no sums', found(TEXT, { sums: null }), 'there is no SHA256SUMS'],
    ['a changed file', found(TEXT.replace(sha256('one'), sha256('1'))), '`a` is not as it was packed'],
    ['a file that is gone', found(`${TEXT}${sha256('x')}  x\n`), '`x` is missing'],
    ['a file that was added', found(TEXT.replace(/^.*empty\n/m, '')), '`empty` is not in SHA256SUMS'],
    ['a link', found(TEXT, { strays: ['l'] }), '`l` does not belong into a kit'],
    ['a line that is none', found(`${TEXT}nonsense\n`), 'SHA256SUMS has a line that is none: `nonsense`'],
    ['sums that break off', found(TEXT.slice(0, -1)), 'SHA256SUMS breaks off'],
  ])('names %s', (_, kit, fault) => {
    expect(faultsOf(kit)).toContain(fault);
  });
});

describe('demandSignature', () => {
  const signature = async () => (await pack(sealed(FILES, privateKey))).get('SHA256SUMS.sig') as Buffer;

  it('accepts the signature of the key', async () => {
    const kit = found(TEXT, { signature: await signature() });
    expect(() => demandSignature(kit, publicKey)).not.toThrow();
  });
  it('refuses a kit that is not signed', () => {
    expect(() => demandSignature(found(TEXT), publicKey)).toThrow('the kit is not signed');
  });
  it('refuses another key, changed sums and a signature that is none', async () => {
    const other = generateKeyPairSync('ed25519').publicKey;
    const kit = found(TEXT, { signature: await signature() });
    expect(() => demandSignature(kit, other)).toThrow('is not the signature of SHA256SUMS by this key');
    const changed = found(`${TEXT}x`, { signature: await signature() });
    expect(() => demandSignature(changed, publicKey)).toThrow('is not the signature');
    const none = found(TEXT, { signature: Buffer.from('x') });
    expect(() => demandSignature(none, publicKey)).toThrow('is not the signature');
  });
});
