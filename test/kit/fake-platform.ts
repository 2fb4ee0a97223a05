import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import type { PinnedPackage } from '../../src/kit/pinned-package.ts';
import { type Platform, platformOf } from '../../src/kit/platforms.ts';

/** Stands for Node.js where nothing is run. */
export const BINARY = 'no Node.js at all';
export const LICENCE = 'You may do with this test what you like.\n';

/** Writes a package as `npm pack` does and gives what would be known of it. */
export async function writePackage(
  path: string,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<PinnedPackage> {
  const entries = Object.entries({ 'package.json': '{}', ...files }).map(([inner, content]) => ({
    header: { name: `package/${inner}`, size: Buffer.byteLength(content) },
    body: content,
  }));
  const packed = gzipSync(await packTar(entries));
  writeFileSync(path, packed);
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;
  return { name, version: '0.0.1', integrity };
}

/** A platform whose Node.js is a package of a few bytes. */
export function fakePlatform(
  label: string,
  node: PinnedPackage,
  licenceFrom: PinnedPackage | null = null,
): Platform {
  const real = platformOf(label);
  const sha256 = createHash('sha256').update(BINARY).digest('hex');
  return { ...real, node, licenceFrom, binary: { ...real.binary, bytes: BINARY.length, sha256 } };
}
