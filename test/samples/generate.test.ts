import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { filesBelow, SAMPLES, sampleFile } from './folder.ts';

const GENERATED = ['accounts.json', 'vendors.yaml'];

describe('samples/generate.mjs', () => {
  let again: string;

  beforeAll(() => {
    again = temporaryFolder();
    execFileSync(process.execPath, [join(SAMPLES, 'generate.mjs'), again]);
  });

  it('writes the committed files byte for byte, and no others', () => {
    const committed = filesBelow(join(SAMPLES, 'evidence')).map((path) => `evidence/${path}`);
    expect(filesBelow(again)).toEqual([...GENERATED, ...committed].sort());
    for (const path of filesBelow(again)) {
      expect(readFileSync(join(again, path)).equals(sampleFile(path)), path).toBe(true);
    }
  });

  it('names no account but its own invented ones', () => {
    const listed = new Set([
      ...GENERATED.flatMap(
        (path) =>
          sampleFile(path)
            .toString('utf8')
            .match(/\b\d{12}\b/g) ?? [],
      ),
      // The two strangers, on no list by intent.
      '109876543210',
      '999988887777',
    ]);
    for (const path of filesBelow(join(SAMPLES, 'evidence'))) {
      const bytes = sampleFile(`evidence/${path}`);
      const text = decodeUrl((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
      const found = new Set(text.match(/(?<=:iam::|:sts::|"AWS":\s?")\d{12}/g) ?? []);
      expect(
        [...found].filter((account) => !listed.has(account)),
        path,
      ).toEqual([]);
    }
  });

  it('stays below a megabyte', () => {
    const bytes = filesBelow(SAMPLES).reduce((sum, path) => sum + sampleFile(path).length, 0);
    expect(bytes).toBeLessThan(1_000_000);
  });

  it('writes gzip headers without a time, a name or an operating system', () => {
    const compressed = filesBelow(join(SAMPLES, 'evidence')).filter((path) => path.endsWith('.gz'));
    expect(compressed.length).toBeGreaterThan(0);
    for (const path of compressed) {
      const header = sampleFile(`evidence/${path}`).subarray(0, 10);
      expect(header.toString('hex'), path).toBe('1f8b08000000000002ff');
    }
  });
});

/** Good enough to find account ids: sequences that are no UTF-8 stay as they are. */
function decodeUrl(text: string): string {
  return text.replaceAll(/%[2-7][0-9A-F]/g, (code) => decodeURIComponent(code));
}
