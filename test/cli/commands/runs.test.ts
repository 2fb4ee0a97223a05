import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';
import { CLOSED, gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli } from '../harness.ts';

it('says of every run from when to when its evidence is, and what it comes to, in 80 columns', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  const db = ['--db', join(folder, 's.db')];
  for (let month = 1; month <= 12; month++) {
    const day = `2025-${String(month).padStart(2, '0')}-28`;
    const roles = Array.from({ length: month }, (_, n) => gaadRole(`R${n}`, { trust: OPEN }));
    const evidence = put(folder, `${day}/own.json`, gaad([...roles, gaadRole('C', { trust: CLOSED })]));
    await cli(['scan', evidence, ...db, '--as-of', day, '--quiet']);
  }
  const undecided = gaad([gaadRole('Odd', { trust: 'not a policy' })]);
  await cli(['scan', put(folder, '2026-01-28/own.json', undecided), ...db, '--quiet']);
  const { exit, stdout } = await cli(['runs', ...db]);
  expect(exit).toBe(0);
  const rows = stdout.split('\n');
  expect(rows[0]).toMatch(/^run +status +from +to +accounts +roles +fail +error$/);
  expect(rows[1]).toMatch(/^ +1 +complete +2025-01-28 +2025-01-28 +- +- +- +-$/);
  expect(rows[2]).toMatch(/^ +2 +complete +2025-02-28 +2025-02-28 +1 +3 +2 +0$/);
  expect(rows[13]).toMatch(/^ +13 +incomplete +2026-01-28 +2026-01-28 +1 +1 +0 +1$/);
  expect(rows[14]).toBe('the verdicts of 1 earlier run are not counted');
  for (const row of rows) expect(row.length, row).toBeLessThanOrEqual(80);
});

it('notes that a store is not sealed, and `settle` seals it', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const db = ['--db', join(folder, 's.db')];
  await cli(['scan', put(folder, 'own.json', gaad([gaadRole('R', { trust: CLOSED })])), ...db, '--quiet']);
  const program = new Database(join(folder, 's.db'));
  program.exec('CREATE TABLE theirs (id)');
  program.close();
  const note = /^note: `[^`]*s\.db` is not sealed, .*`trustsieve runs settle`/m;
  expect((await cli(['runs', ...db])).stderr).toMatch(note);
  expect(await cli(['runs', '--check', ...db])).toMatchObject({
    exit: 0,
    stdout: 'ok\n',
    stderr: expect.stringMatching(note),
  });
  expect((await cli(['runs', 'settle', ...db])).exit).toBe(0);
  expect((await cli(['runs', ...db])).stderr).not.toContain('sealed');
  expect(await cli(['runs', '--check', ...db])).toEqual({ exit: 0, stdout: 'ok\n', stderr: '' });
});
