import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { run } from '../cli/built.ts';
import { gaad, gaadRole, OPEN, put } from '../cli/evidence.ts';
import { consumerFolder, ROOT, runNode } from './consumer.ts';

/** The library as it is packed: run `npm run build` first. */

describe('importing trustsieve/stream', () => {
  it('loads no SQLite and none of what only some evidence needs', () => {
    const { packages } = loadedBy(join(ROOT, 'dist/api/stream.js'));
    expect(packages).not.toContain('better-sqlite3');
    expect(packages).not.toContain('yargs');
    expect(packages).not.toContain('yauzl');
    // It would be found.
    expect(loadedBy(join(ROOT, 'dist/api/store.js')).packages).toContain('better-sqlite3');
    expect(packages).toContain('node:crypto');
  });

  it('starts nothing, whether it is imported or required', { timeout: 60_000 }, async () => {
    const folder = consumerFolder();
    // Node.js itself looks at its streams when it loads some of its modules.
    const show = `const active = process.getActiveResourcesInfo().filter((kind) => kind !== 'PipeWrap');
      console.log(typeof judgeEvidence, typeof openStore, active.length);`;
    put(
      folder,
      'a.mjs',
      `import { judgeEvidence } from 'trustsieve/stream'; import { openStore } from 'trustsieve/store'; ${show}`,
    );
    put(
      folder,
      'a.cjs',
      `const { judgeEvidence } = require('trustsieve/stream'); const { openStore } = require('trustsieve/store'); ${show}`,
    );
    expect((await runNode(folder, ['a.mjs'])).stdout).toBe('function function 0\n');
    expect((await runNode(folder, ['--no-warnings', 'a.cjs'])).stdout).toBe('function function 0\n');
  });

  it('gives the error class that the store has, too', async () => {
    const folder = consumerFolder();
    put(
      folder,
      'a.mjs',
      `import { TrustsieveError } from 'trustsieve/stream';
       import { openStore } from 'trustsieve/store';
       try { openStore('none.db'); } catch (error) { console.log(error instanceof TrustsieveError, error.code); }`,
    );
    expect((await runNode(folder, ['a.mjs'])).stdout).toBe('true store-not-found\n');
  });
});

describe('the built library', () => {
  it('reads tables, and lets go of their threads when the loop is left: the program ends', {
    timeout: 60_000,
  }, async () => {
    const folder = consumerFolder();
    const rows = Array.from({ length: 3_000 }, (_, at) => ({
      _cq_sync_time: '2026-02-01T06:00:00Z',
      account_id: '111122223333',
      arn: `arn:aws:iam::111122223333:role/R${at}`,
      assume_role_policy_document: JSON.stringify(OPEN),
    }));
    const columns = Object.keys(rows[0] ?? {}) as (keyof (typeof rows)[number])[];
    const columnData = columns.map((name) => ({ name, data: rows.map((row) => row[name]) }));
    put(folder, 'e/a.parquet', Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 100 })));
    const db = new Database(join(folder, 'e/b.sqlite'));
    db.exec(`CREATE TABLE aws_iam_roles (${columns.join(', ')})`);
    const insert = db.prepare(
      `INSERT INTO aws_iam_roles VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
    );
    for (const row of rows) insert.run(row);
    db.close();
    put(
      folder,
      'a.mjs',
      `import { judgeEvidence } from 'trustsieve/stream';
       const found = {};
       const judging = judgeEvidence('e');
       for await (const { evidence, verdict } of judging) {
         const key = evidence.source + ' ' + verdict;
         found[key] = (found[key] ?? 0) + 1;
       }
       console.log(JSON.stringify(found), judging.summary().recordsJudged);
       for (const path of ['e/a.parquet', 'e/b.sqlite']) {
         for await (const { arn } of judgeEvidence(path)) { console.log(arn); break; }
       }`,
    );
    const { stdout, stderr } = await runNode(folder, ['a.mjs']);
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      '{"e/a.parquet fail":3000,"e/b.sqlite fail":3000} 6000',
      'arn:aws:iam::111122223333:role/R0',
      'arn:aws:iam::111122223333:role/R0',
      '',
    ]);
  });

  it('reads more evidence than fits into memory', { timeout: 60_000 }, async () => {
    const folder = consumerFolder();
    put(
      folder,
      'a.mjs',
      `import { judgeEvidence } from 'trustsieve/stream';
       const role = JSON.stringify(${JSON.stringify(gaadRole('NAME', { trust: OPEN }))}).padEnd(3000, ' ');
       function* bytes() {
         yield Buffer.from('{"RoleDetailList":[');
         for (let at = 0; at < 1500; at++) {
           const part = Array.from({ length: 50 }, (_, n) => role.replaceAll('NAME', 'R' + at + 'x' + n)).join();
           yield Buffer.from((at === 0 ? '' : ',') + part);
         }
         yield Buffer.from(']}');
       }
       const judging = judgeEvidence({ name: '2026-02-01.json', bytes: bytes() });
       for await (const _ of judging);
       console.log(judging.summary().recordsJudged, judging.summary().bytes > 2e8);`,
    );
    const { stdout, stderr } = await runNode(folder, ['--max-old-space-size=40', 'a.mjs']);
    expect(stderr).toBe('');
    expect(stdout).toBe('75000 true\n');
  });

  it('opens the stores of the built program', { timeout: 60_000 }, async () => {
    const folder = consumerFolder();
    put(folder, 'e/2026-02-01/own.json', gaad([gaadRole('Open', { trust: OPEN })]));
    expect((await run(['scan', 'e', '--quiet'], { cwd: folder })).code).toBe(0);
    put(
      folder,
      'a.mjs',
      `import { openStore } from 'trustsieve/store';
       const store = openStore('trustsieve.db');
       for (const { arn, verdict, state } of store.findings()) console.log(arn, verdict, state);
       store.close();`,
    );
    expect(await runNode(folder, ['a.mjs'])).toEqual({
      stdout: 'arn:aws:iam::111122223333:role/Open fail baseline\n',
      stderr: '',
    });
  });
});

/** What is loaded before anything is called. */
function loadedBy(entry: string): { readonly packages: readonly string[] } {
  const packages = new Set<string>();
  const pending = [entry];
  const seen = new Set<string>();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(
      /^(?:import|export)\b[^'"\n]*["']([^'"]+)["'];$/gm,
    )) {
      if (name.startsWith('.')) pending.push(join(dirname(path), name));
      else packages.add(name);
    }
  }
  return { packages: [...packages] };
}
