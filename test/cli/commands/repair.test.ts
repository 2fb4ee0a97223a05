import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { dumpStore } from '../../store/dump.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { CLOSED, gaad, gaadRole, OPEN, put, putOrganisation } from '../evidence.ts';
import { cli } from '../harness.ts';

const AS_OF = ['--as-of', '2026-05-01T00:00:00Z'];

interface Scanned {
  readonly at: (name: string) => string;
  readonly db: string;
  readonly report: () => Promise<string>;
  readonly repair: (...more: readonly string[]) => ReturnType<typeof cli>;
}

/** An organisation, scanned twice. */
async function scanned(...more: readonly string[]): Promise<Scanned> {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const db = at('s.db');
  putOrganisation(at('in'));
  await cli(['scan', at('in'), '--db', db, ...AS_OF, '--quiet', '--manifest', at('1.json'), ...more]);
  put(at('late'), '2026-05-31/own.json', gaad([gaadRole('Steady', { trust: CLOSED })]));
  const second = ['scan', at('late'), '--db', db, ...AS_OF, '--quiet', '--manifest', at('2.json')];
  await cli([...second, '--previous-manifest', at('1.json')]);
  return {
    at,
    db,
    report: async () => {
      const { exit, stdout } = await cli(['report', '--db', db, '--format', 'json', ...AS_OF]);
      return `${exit} ${stdout}`;
    },
    repair: async (...options) => cli(['runs', '--repair', '--db', db, ...options]),
  };
}

/** Zeros over the verdicts, which are not what a store says of its scans. */
function damage(db: string): void {
  const store = new Database(db, { readonly: true });
  const page = store.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'verdict'`).pluck().get();
  store.close();
  const at = (Number(page) - 1) * 8192;
  writeFileSync(db, readFileSync(db).fill(0, at, at + 8192));
}

describe('runs --repair', { timeout: 120_000 }, () => {
  it('leaves a sound store alone', async () => {
    const { db, repair } = await scanned();
    const before = readFileSync(db);
    expect(await repair()).toMatchObject({ exit: 0, stdout: expect.stringContaining('nothing to repair') });
    expect(readFileSync(db).equals(before)).toBe(true);
  });

  it('rebuilds all of which the evidence is there, and keeps the damaged store', async () => {
    const { db, report, repair } = await scanned();
    const before = await report();
    const runs = await cli(['runs', '--db', db, '--format', 'json']);
    damage(db);
    const damaged = readFileSync(db);
    expect(await report()).toBe('2 ');
    writeFileSync(`${db}.damaged`, 'of another time');
    expect((await repair()).exit).toBe(0);
    expect(await report()).toBe(before);
    expect(await cli(['runs', '--db', db, '--format', 'json'])).toEqual(runs);
    expect(readFileSync(`${db}.damaged`, 'utf8')).toBe('of another time');
    expect(readFileSync(`${db}.damaged-2`).equals(damaged)).toBe(true);
  });

  it('names evidence that is gone or has changed, and so does every report from then on', async () => {
    const { at, db, repair } = await scanned();
    const gone = at('in/gaad/2026-01-31/own.json');
    const changed = at('late/2026-05-31/own.json');
    const bytes = readFileSync(gone);
    const original = readFileSync(changed);
    rmSync(gone);
    put(at('late'), '2026-05-31/own.json', gaad([gaadRole('Steady', { trust: OPEN })]));
    damage(db);
    const { exit, stdout } = await repair();
    expect(exit).toBe(3);
    expect(stdout).toContain(`NOT REBUILT ${gone}: it is not there any more\n`);
    expect(stdout).toContain(`NOT REBUILT ${changed}: it holds something else now\n`);
    const after = await cli(['report', '--db', db, ...AS_OF, '--format', 'csv']);
    expect(after.exit).toBe(3);
    expect(after.stderr).toContain('2 files');
    // Another file in its place does not say what the first one said.
    await cli(['scan', at('late'), '--db', db, ...AS_OF, '--quiet']);
    expect((await cli(['report', '--db', db, ...AS_OF, '--format', 'csv'])).stderr).toContain('2 files');
    writeFileSync(gone, bytes);
    writeFileSync(changed, original);
    await cli(['scan', at('in'), at('late'), '--db', db, ...AS_OF, '--quiet']);
    const mended = await cli(['report', '--db', db, ...AS_OF, '--format', 'csv']);
    expect(mended.stderr).not.toContain(changed);
  });

  it('rebuilds a lost store by the manifests, and says when one of them is missing', async () => {
    const { at, db, repair } = await scanned();
    const csv = async () => (await cli(['report', '--db', db, ...AS_OF, '--format', 'csv'])).stdout;
    const before = await csv();
    rmSync(db);
    expect((await repair()).exit).toBe(2);
    const part = await repair('--manifest', at('2.json'));
    expect(part).toMatchObject({ exit: 3, stdout: expect.stringContaining('NOT REBUILT 1.json') });
    rmSync(db);
    expect(await repair('--manifest', at('1.json'), at('2.json'))).toMatchObject({ exit: 0 });
    expect(await csv()).toBe(before);
    const beheaded = readFileSync(db).fill(0, 0, 512);
    writeFileSync(at('beheaded.db'), beheaded);
    const named = ['runs', '--repair', '--db', at('beheaded.db')];
    expect((await cli(named)).exit).toBe(2);
    expect((await cli([...named, '--manifest', at('1.json'), at('2.json')])).exit).toBe(0);
    expect(readFileSync(at('beheaded.db.damaged')).equals(beheaded)).toBe(true);
    expect(existsSync(`${db}.damaged`)).toBe(false);
  });

  it('comes to the same where files were scanned several times, by the same rules and by others', async () => {
    const { at, db, report, repair } = await scanned();
    const rule = { id: 'X.1', name: 'X', severity: 'High', logic: "IamRole should have name like 'A%'" };
    put(at('.'), 'rules.json', JSON.stringify([rule]));
    const scan = async (...more: readonly string[]) =>
      cli(['scan', ...more, '--db', db, ...AS_OF, '--quiet']);
    for (const more of [
      [at('in'), at('late')],
      [at('in')],
      [at('late'), '--rules', at('rules.json')],
      [at('in')],
    ])
      expect([0, 3]).toContain((await scan(...more)).exit);
    const held = (): unknown => {
      const store = new Database(db, { readonly: true });
      const files = store
        .prepare(
          'SELECT x.run_id, e.path, e.sha256 FROM run_evidence x JOIN evidence e ON e.id = x.evidence_id',
        )
        .raw()
        .all();
      store.close();
      return [files.map(String).toSorted(), dumpStore(db)];
    };
    const before = [await report(), held()];
    damage(db);
    expect((await repair()).exit).toBe(0);
    expect([await report(), held()]).toEqual(before);
  });

  it('does not believe a list of scans that is damaged, too', async () => {
    const { db, report, repair } = await scanned();
    truncateSync(db, readFileSync(db).length - 8192);
    const bytes = readFileSync(db);
    const at = bytes.indexOf('2026-05-31/own.json');
    expect(at).toBeGreaterThan(0);
    for (let place = at; place >= 0; place = bytes.indexOf('2026-05-31/own.json', place + 1)) {
      bytes[place] = '1'.charCodeAt(0);
    }
    writeFileSync(db, bytes);
    const { exit, stdout } = await repair();
    expect([2, 3]).toContain(exit);
    if (exit === 3) {
      expect(stdout).toContain(`NOT REBUILT ${db}: `);
      expect((await report()).startsWith('3 ')).toBe(true);
    }
  });

  it('says what to give when nothing tells what was scanned', async () => {
    const { db, repair } = await scanned();
    truncateSync(db, 16_384);
    const { exit, stdout, stderr } = await repair();
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain('--manifest');
    expect(readFileSync(db).length).toBe(16_384);
  });

  it('refuses manifests without --repair', async () => {
    expect((await cli(['runs', '--manifest', 'm.json'])).exit).toBe(2);
  });
});
