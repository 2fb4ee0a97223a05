import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/report/index.ts';
import { OTHER, OWN } from '../exposure/cases/index.ts';
import { bookText, readBook } from '../report/xlsx/read-book.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Ended, ended, MAIN, run, start } from './built.ts';
import { CLOSED, gaad, gaadRole, OPEN, put } from './evidence.ts';
import { cli } from './harness.ts';

const TIMES = ['--as-of', '2026-05-01', '--captured-at', '2026-04-30'];
const FORMATS = Object.keys(REPORT_FORMATS);

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = temporaryFolder();
});

/** A whole export, and a pipe into which nobody writes. */
function putStalled(): void {
  put(folder, 'in/own.json', gaad([gaadRole('Open', { trust: OPEN })]));
  expect(spawnSync('mkfifo', [at('pipe')]).status).toBe(0);
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(20);
}

/** Waits until somebody reads the pipe; returns an end to write to. */
async function openedBy(pipe: string): Promise<number> {
  for (;;) {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      await sleep(20);
    }
  }
}

/** How many files the last run in a store has kept; null where there is none. */
function filesKept(db: string): number | null {
  if (!existsSync(at(db))) return null;
  try {
    const store = new Database(at(db), { readonly: true });
    const count = store
      .prepare('SELECT max(r.id), count(x.run_id) FROM run r LEFT JOIN run_evidence x ON x.run_id = r.id')
      .raw()
      .get();
    store.close();
    const [id, files] = count as [number | null, number];
    return id === null ? null : files;
  } catch {
    return null;
  }
}

async function interrupted(
  paths: readonly string[],
  kept: number,
  signal: NodeJS.Signals,
  more: readonly string[] = [],
): Promise<Ended> {
  const child = start(['scan', ...paths, '--db', 's.db', ...TIMES, ...more], { cwd: folder });
  const result = ended(child);
  await until(() => filesKept('s.db') === kept);
  child.kill(signal);
  return result;
}

describe('an interrupted scan', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at one %s while a named pipe stalls, and writes no report', async (signal, code) => {
    putStalled();
    writeFileSync(at('report.csv'), 'of before');
    const reports = FORMATS.flatMap((format) => [`--${format}`, `report.${format}`]);
    const result = await interrupted(['in', 'pipe'], 1, signal, reports);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(/^interrupted: 1 of 2 files is kept, and no report was written; /m);
    expect(readFileSync(at('report.csv'), 'utf8')).toBe('of before');
    for (const format of FORMATS.filter((one) => one !== 'csv')) {
      expect(existsSync(at(`report.${format}`))).toBe(false);
    }
    expect(existsSync(at('report.csv.manifest.json'))).toBe(false);
  });

  it('ends while standard input stalls after half an export, of which nothing is kept', async () => {
    const half = JSON.stringify(gaad([gaadRole('Half', { trust: CLOSED })])).slice(0, -30);
    const child = start(['scan', '-', '--db', 's.db', ...TIMES], { cwd: folder });
    const result = ended(child);
    child.stdin?.write(half);
    await until(() => filesKept('s.db') === 0);
    await sleep(300);
    child.kill('SIGTERM');
    expect(await result).toMatchObject({ code: 143 });
    expect(filesKept('s.db')).toBe(0);
  });

  it('keeps nothing of a pipe whose writer was interrupted too', async () => {
    putStalled();
    const lines = Array.from({ length: 50 }, (_, index) =>
      JSON.stringify({ ...gaadRole(`R${index}`, { trust: CLOSED }) }),
    ).join('\n');
    const child = start(['scan', 'pipe', '--db', 's.db', ...TIMES], { cwd: folder });
    const result = ended(child);
    const writer = await open(at('pipe'), 'w');
    await writer.write(`${lines}\n`);
    await until(() => filesKept('s.db') === 0);
    child.kill('SIGINT');
    await writer.close();
    expect(await result).toMatchObject({ code: 130 });
    expect(filesKept('s.db')).toBe(0);
  });

  it('reads a pipe to its end when nobody interrupts it', async () => {
    putStalled();
    const child = start(['scan', 'pipe', '--db', 's.db', ...TIMES, '--quiet'], { cwd: folder });
    const result = ended(child);
    await sleep(300);
    writeFileSync(at('pipe'), JSON.stringify(gaad([gaadRole('Piped', { trust: OPEN })])));
    expect(await result).toMatchObject({ code: 0 });
    expect((await cli(['report', '--format', 'json', '--db', at('s.db')])).stdout).toContain('role/Piped');
  });
});

describe('another command that waits', () => {
  it.each([
    ['check', ['check', 'pipe', '--account', OTHER]],
    ['an option', ['scan', 'in', '--accounts', 'pipe']],
  ])('ends at once: %s', async (_, args) => {
    putStalled();
    const child = start(args, { cwd: folder });
    const result = ended(child);
    const writer = await openedBy(at('pipe'));
    child.kill('SIGTERM');
    expect(await result).toMatchObject({ code: 143, stderr: '' });
    closeSync(writer);
  });
});

describe('check of a policy that takes long', () => {
  it('ends at once', async () => {
    const list = (of: (i: number) => unknown, length: number): readonly unknown[] =>
      Array.from({ length }, (_, i) => of(i));
    const anybody = { Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
    const among = list((i) => `arn:aws:iam::${OTHER}:role/*${i}*a?b*`, 3_000);
    const denies = list((i) => {
      const Condition = {
        StringNotLike: { 'aws:PrincipalArn': `*${i}*x*` },
        StringLike: { 'sts:ExternalId': `*${i}*b*` },
      };
      return { Effect: 'Deny', ...anybody, Condition };
    }, 300);
    const allowed = { Effect: 'Allow', ...anybody, Condition: { StringLike: { 'aws:PrincipalArn': among } } };
    const child = start(['check', '-', '--account', '111122223333']);
    const result = ended(child);
    // What is judged is longer than a pipe holds: once all of it is written, nearly all of it is read.
    child.stdin?.end(JSON.stringify({ Version: '2012-10-17', Statement: [allowed, ...denies] }));
    await once(child.stdin as Writable, 'finish');
    await sleep(50);
    child.kill('SIGTERM');
    const { code, signal, stdout } = await result;
    expect(stdout).toBe('');
    expect(signal ?? code).toBe(signal === null ? 143 : 'SIGTERM');
  });
});

describe('a store whose last scan did not come to its end', () => {
  async function report(
    format: string,
    ...more: string[]
  ): Promise<{ exit: number; stdout: string; stderr: string }> {
    const args = ['report', '--format', format, '--status', 'all', '--db', at('s.db'), ...more];
    if (format !== 'xlsx') return cli(args);
    const result = await cli([...args, '-o', at('report.xlsx')]);
    return { ...result, stdout: bookText(await readBook(readFileSync(at('report.xlsx')))) };
  }

  /** Makes it one, without the chances of time. */
  async function unfinished(status: 'running' | 'interrupted'): Promise<void> {
    put(folder, 'in/own.json', gaad([gaadRole('Open', { trust: OPEN })]));
    expect((await cli(['scan', at('in'), '--db', at('s.db'), ...TIMES, '--quiet'])).exit).toBe(0);
    const db = new Database(at('s.db'));
    db.prepare('UPDATE run SET status = ?, finished_at = NULL').run(status);
    db.close();
  }

  it.each(['running', 'interrupted'] as const)('says so in every format (%s)', async (status) => {
    await unfinished(status);
    for (const format of FORMATS) {
      const { exit, stderr, stdout } = await report(format);
      expect(exit, format).toBe(3);
      expect(stderr, format).toMatch(/^incomplete \(exit 3\): scan 1 of .*in was interrupted/m);
      // Rows of verdicts and accounts have no place for it.
      if (format !== 'csv' && format !== 'register')
        expect(stdout, format).toMatch(/scan 1 of .*was interrupted/);
    }
    const log = JSON.parse((await report('sarif')).stdout) as {
      runs: {
        invocations: {
          executionSuccessful: boolean;
          toolExecutionNotifications: { level: string; descriptor: { id: string } }[];
        }[];
      }[];
    };
    const [invocation] = log.runs[0]?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications).toContainEqual(
      expect.objectContaining({
        level: 'error',
        descriptor: expect.objectContaining({ id: 'scan-interrupted' }),
      }),
    );
    const { stdout: page } = await report('html');
    expect(page).not.toContain('Evidence complete');
    expect(page).toContain('Evidence incomplete');
    const { stdout: summary } = await report('md');
    expect(summary).not.toContain('Complete: every file');
  });

  it.each([
    ['diff', ['diff', 'previous', 'latest']],
    ['trend', ['trend']],
    ['fix', ['fix']],
    ['explain', ['explain', 'arn:aws:iam::111122223333:role/Open']],
  ])('says so in %s', async (_, args) => {
    await unfinished('interrupted');
    expect(await cli([...args, '--db', at('s.db')])).toMatchObject({
      exit: 3,
      stderr: expect.stringMatching(/^incomplete \(exit 3\): scan 1 of /),
    });
  });

  it('is whole again when the same paths were read, or a folder that holds them', async () => {
    for (const again of [at('in'), `${at('in')}/`, folder]) {
      await unfinished('running');
      await cli(['scan', again, '--db', at('s.db'), ...TIMES, '--quiet']);
      expect(await report('md'), again).toMatchObject({ exit: 0, stderr: '' });
      expect(await report('md', '--run', '1'), again).toMatchObject({ exit: 3 });
      rmSync(at('s.db'));
    }
  });

  it('stays what it is when other paths were read, whose scan says so, too', async () => {
    await unfinished('running');
    put(folder, 'more/other.json', gaad([gaadRole('Other', { account: OTHER, trust: OPEN })]));
    const { exit, stderr } = await cli([
      'scan',
      at('more'),
      '--db',
      at('s.db'),
      ...TIMES,
      '--md',
      at('r.md'),
    ]);
    expect(exit).toBe(3);
    expect(stderr).toMatch(/^incomplete \(exit 3\): scan 1 of /m);
    expect(readFileSync(at('r.md'), 'utf8')).toContain('was interrupted');
    const { predicate } = JSON.parse(readFileSync(at('r.md.manifest.json'), 'utf8')) as {
      predicate: { completeness: object };
    };
    expect(predicate.completeness).toMatchObject({
      complete: false,
      reasons: [expect.stringMatching(/^scan 1 of .* was interrupted/)],
    });
  });
});

describe('what ends a scan as incomplete', () => {
  beforeEach(() => {
    put(folder, 'in/own.json', gaad([gaadRole('Open', { trust: OPEN })]));
    put(folder, 'members.json', { Accounts: [{ Id: OWN, Name: 'own', Status: 'ACTIVE' }] });
  });
  const scan = (path: string): Promise<{ exit: number; stdout: string; stderr: string }> =>
    cli(['scan', path, '--db', at('s.db'), ...TIMES, '--accounts', at('members.json'), '--progress', 'none']);

  it('is never called complete on the screen', async () => {
    expect(await scan(at('in'))).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('evidence: complete'),
    });
    put(folder, 'aside/functions.json', '{"Functions": []}');
    const aside = await scan(at('aside'));
    expect(aside).toMatchObject({ exit: 3, stderr: expect.stringContaining('no role was found') });
    expect(aside.stdout).not.toContain('evidence: complete');
    const db = new Database(at('s.db'));
    db.prepare("UPDATE run SET status = 'running', finished_at = NULL WHERE id = 2").run();
    db.close();
    const after = await scan(at('in'));
    expect(after).toMatchObject({ exit: 3, stderr: expect.stringContaining('scan 2 of ') });
    expect(after.stdout).not.toContain('evidence: complete');
  });

  it('of standard input is taken back only by `runs forget`', async () => {
    await scan(at('in'));
    const db = new Database(at('s.db'));
    db.prepare("UPDATE run SET status = 'running', finished_at = NULL, options = ?").run('{"paths":["-"]}');
    db.close();
    const args = [MAIN, 'scan', '-', '--db', at('s.db'), ...TIMES, '--quiet'];
    expect(spawnSync(process.execPath, args, { input: readFileSync(at('in/own.json')) }).status).toBe(3);
    const report = await cli(['report', '--format', 'json', '--db', at('s.db')]);
    expect(report).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('until `trustsieve runs forget 1`'),
    });
    await cli(['runs', 'forget', '1', '--db', at('s.db')]);
    expect(await cli(['report', '--format', 'json', '--db', at('s.db')])).toMatchObject({ exit: 0 });
  });
});

describe('exit codes of a scan', () => {
  it('names the gate that failed beside incomplete evidence', async () => {
    put(folder, 'in/own.json', gaad([gaadRole('Open', { trust: OPEN })]));
    put(folder, 'in/broken.json', '{"RoleDetailList": [');
    const { code, stderr } = await run(
      ['scan', 'in', '--db', 's.db', ...TIMES, '--quiet', '--fail-on', 'low'],
      { cwd: folder },
    );
    expect(code).toBe(3);
    expect(stderr).toMatch(/^incomplete \(exit 3\): some evidence could not be read/m);
    expect(stderr).toMatch(
      /^gate failed \(exit 1, outranked by 3\): arn:aws:iam::111122223333:role\/Open is a finding/m,
    );
  });
});
