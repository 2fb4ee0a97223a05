import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { VerdictObject } from '../../src/model/verdict.ts';
import { bzip2 } from '../evidence/compression/bzip2.ts';
import { temporaryFolder, writeBelow } from '../temporary-folder.ts';
import { GUARDED, gaad, gaadRole, OPEN, put } from './evidence.ts';
import { cli } from './harness.ts';

const FIXTURES = new URL('../formats/fixtures/', import.meta.url);
const SOUND = '333344445555';

const folder = temporaryFolder();

function damaged(content: Buffer): Readonly<Record<string, Buffer>> {
  const flip = (bytes: Buffer, at: number) => {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] as number) ^ 0x04;
    return flipped;
  };
  const packed = gzipSync(content);
  const bzip2Packed = bzip2(content);
  return {
    empty: Buffer.alloc(0),
    cut: content.subarray(0, Math.floor(content.length / 2)),
    'flipped-early': flip(content, 2),
    'flipped-late': flip(content, Math.floor((content.length * 3) / 4)),
    'packed-cut': packed.subarray(0, Math.floor((packed.length * 2) / 3)),
    'packed-flipped': flip(packed, Math.floor(packed.length / 2)),
    'packed-empty': gzipSync(''),
    'bzip2-cut': bzip2Packed.subarray(0, Math.floor((bzip2Packed.length * 2) / 3)),
    'bzip2-flipped': flip(bzip2Packed, Math.floor(bzip2Packed.length / 2)),
  };
}

describe('a folder of damaged evidence', () => {
  it('is read to the end, loses nothing of a sound file in it and is called incomplete', {
    timeout: 120_000,
  }, async () => {
    const input = join(folder, 'in');
    let files = 1;
    const names = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('.'),
    );
    for (const name of names) {
      for (const [kind, content] of Object.entries(damaged(readFileSync(new URL(name, FIXTURES))))) {
        writeBelow(input, join(kind, name), content);
        files++;
      }
    }
    const roles = [
      gaadRole('Sound', { account: SOUND, trust: OPEN }),
      gaadRole('Kept', { account: SOUND, trust: GUARDED }),
    ];
    put(input, 'sound.json', gaad(roles));
    const db = join(folder, 'store.db');
    const { exit, stdout, stderr } = await cli([
      'scan',
      input,
      '--db',
      db,
      '--as-of',
      '2026-05-01T00:00:00Z',
    ]);
    expect(exit).toBe(3);
    expect(stdout).toContain(`this scan: ${files} files`);
    const store = new Database(db, { readonly: true });
    const unread = store.prepare("SELECT path FROM evidence WHERE status <> 'complete'").pluck().all();
    store.close();
    for (const kind of [
      'empty',
      'cut',
      'packed-cut',
      'packed-flipped',
      'packed-empty',
      'bzip2-cut',
      'bzip2-flipped',
    ]) {
      for (const name of names) expect(unread).toContain(join(input, kind, name));
    }
    expect(stderr).toMatch(/^.*empty.*: is empty: the command that wrote it failed/m);
    const report = await cli(['report', '--db', db, '--format', 'json', '--status', 'all']);
    // What is missing of the account, such as policies of a damaged organisation, is an object without a role.
    const verdicts = (JSON.parse(report.stdout) as VerdictObject[]).filter(
      ({ account, roleName }) => account === SOUND && roleName !== '',
    );
    expect(verdicts.map(({ roleName, verdict }) => `${roleName} ${verdict}`)).toEqual([
      'Kept pass',
      'Sound fail',
    ]);
  });
});
