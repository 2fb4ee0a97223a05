import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { inCheckout } from '../../checkout.ts';
import { held } from '../../store/merge/stores.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { CLOSED, GUARDED, gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli } from '../harness.ts';

const folder = temporaryFolder();
const AS_OF = ['--as-of', '2026-06-01'];
const at = (name: string): string => join(folder, name);

/** Three exports of two accounts, one of them cut. */
const FILES = [
  put(
    folder,
    'in/2026-01-01/a.json',
    gaad([gaadRole('Partner', { trust: OPEN }), gaadRole('Own', { trust: CLOSED })]),
  ),
  put(folder, 'in/2026-02-01/a.json', gaad([gaadRole('Partner', { trust: GUARDED })])),
  put(
    folder,
    'in/2026-02-01/b.json',
    gaad([gaadRole('Other', { trust: OPEN, account: '222233334444' })], { IsTruncated: true, Marker: 'x' }),
  ),
] as const;

const REPORTS = [
  ...['csv', 'html', 'json', 'ndjson', 'sarif', 'ocsf', 'md', 'register', 'xlsx'].map((format) => [
    'report',
    '--format',
    format,
  ]),
  ['diff', '2026-01-01', '2026-02-01'],
  ['trend'],
  ['explain', 'Partner'],
];

async function scan(files: readonly string[], db: string): Promise<string> {
  const { exit } = await cli(['scan', ...files, '--db', db, ...AS_OF, '--quiet']);
  expect([0, 3]).toContain(exit);
  return db;
}

beforeAll(async () => {
  await scan([at('in')], at('one.db'));
  await Promise.all(FILES.map((file, index) => scan([file], at(`${index}.db`))));
}, 120_000);

/** Says of each store that it read a shard of one list. */
function asShards(paths: readonly string[]): void {
  for (const [index, path] of paths.entries()) {
    const db = new Database(path);
    db.prepare("UPDATE run SET options = json_set(options, '$.paths', json_array('in'))").run();
    db.prepare("INSERT OR IGNORE INTO shard SELECT id, 'abc', 3, ? FROM run").run(index + 1);
    db.close();
  }
}

describe('merge', { timeout: 120_000 }, () => {
  const stores = FILES.map((_, index) => at(`${index}.db`));

  it('gives every report as one scan of all would', async () => {
    asShards(stores);
    const { exit, stdout, stderr } = await cli(['merge', ...[...stores].reverse(), '--db', at('all.db')]);
    expect(exit).toBe(3);
    expect(stderr).toMatch(/^incomplete \(exit 3\): /);
    expect(stdout).toContain('merged: 3 stores, 1 run\n2 roles in 2 accounts: ');
    expect(stdout).toContain('still missing: 1 file that could not be read in full');
    for (const command of REPORTS) {
      const [one, all] = await Promise.all(
        ['one.db', 'all.db'].map((db) => cli([...command, '--db', at(db)])),
      );
      expect(all, command.join(' ')).toEqual(one);
    }
    expect(statSync(at('all.db')).mode & 0o777).toBe(0o600);
  });

  it('changes nothing when the same is merged into it again, and leaves nothing beside it', async () => {
    await cli(['merge', ...stores, '--db', at('again.db'), '--quiet']);
    const before = held(at('again.db'));
    const { exit, stdout } = await cli(['merge', stores[1] as string, '--db', at('again.db'), '--quiet']);
    expect([exit, stdout]).toEqual([3, '']);
    expect(held(at('again.db'))).toEqual(before);
    expect(readdirSync(folder).filter((name) => !/^(?:in|\w+\.db)$/.test(name))).toEqual([]);
  });

  it.each([
    ['a store that is not there', [at('none.db')], 'no store at'],
    ['what is no store', [FILES[0]], 'is not a SQLite database'],
    ['its own result', [at('0.db')], 'is where the result goes, too'],
    ['a folder', [folder], 'is a folder'],
  ])('refuses %s', async (what, given, message) => {
    const out = what === 'its own result' ? at('0.db') : at('refused.db');
    const { exit, stderr } = await cli(['merge', ...given, '--db', out]);
    expect(exit).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(folder)).not.toContain('refused.db');
  });

  it('takes up what a killed scan left, and leaves it as it is', async () => {
    const open = await scan([FILES[0]], at('open.db'));
    const db = new Database(open);
    db.pragma('journal_mode = WAL');
    db.prepare("UPDATE run SET status = 'running'").run();
    // As it is while the connection is open.
    const copy = at('killed.db');
    for (const side of ['', '-wal']) put(folder, `killed.db${side}`, readFileSync(open + side));
    db.close();
    chmodSync(copy, 0o400);
    const before = ['', '-wal'].map((side) => readFileSync(copy + side));
    const { exit, stderr } = await cli(['merge', copy, '--db', at('from-killed.db')]);
    expect(exit).toBe(3);
    expect(stderr).toContain('interrupted');
    expect(['', '-wal'].map((side) => readFileSync(copy + side))).toEqual(before);
    expect(readdirSync(folder)).not.toContain('killed.db-shm');
  });

  it('refuses a store that a scan is writing', async () => {
    const path = await scan([FILES[0]], at('busy.db'));
    const code = `const db = new (require('better-sqlite3'))(${JSON.stringify(path)}); db.pragma('journal_mode = WAL');
      db.exec("UPDATE run SET status = 'running'"); console.log('open'); process.stdin.on('data', () => process.exit());`;
    const writer = spawn(process.execPath, ['-e', code], {
      cwd: inCheckout('.'),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(writer.stdout, 'data');
      const { exit, stderr } = await cli(['merge', path, '--db', at('from-busy.db')]);
      expect(exit).toBe(2);
      expect(stderr).toContain('a scan is writing into');
      expect(readdirSync(folder)).not.toContain('from-busy.db');
    } finally {
      writer.kill();
    }
  });

  it('leads its help with examples', async () => {
    const { exit, stdout } = await cli(['merge', '--help']);
    expect(exit).toBe(0);
    expect(stdout).toContain('trustsieve merge part-*.db --db all.db');
  });
});
