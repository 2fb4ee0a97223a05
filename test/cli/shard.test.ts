import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/report/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { CLOSED, gaad, gaadRole, OPEN, put } from './evidence.ts';
import { cli, type Outcome } from './harness.ts';

const evidence = temporaryFolder();
const IN = join(evidence, 'in');
const TIMES = ['--as-of', '2026-05-01', '--captured-at', '2026-04-01'];
const LOST = /[Pp]arts? [\d, toand]+ of 4 of a scan \(list [0-9a-f]{12}\) (?:is|are) not in this store/;

/** An export of one account, the only roles of it. */
function account(index: number, more: object = {}): string {
  const id = `${100_000_000_000 + index}`;
  const roles = [
    gaadRole(`Open${index}`, { account: id, trust: OPEN }),
    gaadRole(`Closed${index}`, { account: id, trust: CLOSED }),
  ];
  return JSON.stringify(gaad(roles, more));
}

beforeAll(async () => {
  for (let index = 0; index < 4; index++) put(evidence, `in/accounts/${index}/gaad.json`, account(index));
  put(evidence, 'in/deep/er/cut.json', account(4).slice(0, -40));
  put(evidence, 'in/notes.txt', 'nothing of roles');
  const zipped = [5, 6, 7, 8].map((index) => [`z/${index}.json`, strToU8(account(index))] as const);
  put(evidence, 'in/export.zip', Buffer.from(zipSync(Object.fromEntries(zipped))));
  const entries = [9, 10, 11].map((index) => {
    const body = account(index);
    return { header: { name: `t/${index}.json`, size: Buffer.byteLength(body) }, body };
  });
  const packed = Buffer.from(await packTar(entries));
  put(evidence, 'in/export.tar.gz', gzipSync(packed));
  put(evidence, 'in/damaged.zip', Buffer.from(zipSync({ 'a.json': strToU8('{}') })).subarray(0, 40));
});

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
const at = (name: string): string => join(folder, name);
const scan = (db: string, ...args: string[]): Promise<Outcome> =>
  cli(['scan', IN, '--db', at(db), ...TIMES, ...args]);
const shard = (part: number, db: string, ...args: string[]): Promise<Outcome> =>
  scan(db, '--shard', `${part}/4`, ...args);

function rows(db: string, query: string): readonly unknown[] {
  const store = new Database(at(db), { readonly: true });
  try {
    return store.prepare(query).raw().all();
  } finally {
    store.close();
  }
}

const FILES = `SELECT path, sha256, bytes, format, account, captured_at, captured_from, records_read, records_accepted,
  records_superseded, records_duplicate, records_rejected, status, whole, problems, problem_codes FROM evidence`;

function sorted(all: readonly unknown[]): readonly string[] {
  return all.map((row) => JSON.stringify(row)).sort();
}

/** Where each verdict was found. */
async function verdicts(db: string): Promise<readonly string[]> {
  const { stdout } = await cli(['report', '--db', at(db), '--format', 'ndjson', '--status', 'all']);
  const found: string[] = [];
  for (const line of stdout.trim().split('\n')) {
    const { arn, rule, verdict, evidence: place } = JSON.parse(line);
    if (arn !== '') found.push(JSON.stringify([arn, rule, verdict, place]));
  }
  return found.sort();
}

const DAMAGE = 'some evidence could not be read in full';

describe('scan --shard', () => {
  it('reads in four parts what one scan reads: the same files, members, records and verdicts, each once', {
    timeout: 120_000,
  }, async () => {
    await scan('all.db');
    const files: unknown[] = [];
    const found: string[] = [];
    const lists = new Set<unknown>();
    for (const part of [1, 2, 3, 4]) {
      const { exit, stdout, stderr } = await shard(part, `${part}.db`);
      expect(exit).toBe(3);
      expect(stdout).toMatch(new RegExp(`^Part ${part} of 4: \\d+ of 14 files`, 'm'));
      expect(stderr).toMatch(LOST);
      const own = rows(`${part}.db`, FILES);
      expect(own.length).toBeGreaterThan(1);
      files.push(...own);
      found.push(...(await verdicts(`${part}.db`)));
      const [[list, ...named]] = rows(`${part}.db`, 'SELECT list, parts, part FROM shard') as [[string]];
      expect(named).toEqual([4, part]);
      lists.add(list);
    }
    expect(sorted(files)).toEqual(sorted(rows('all.db', FILES)));
    expect(found.sort()).toEqual(await verdicts('all.db'));
    expect(lists.size).toBe(1);
    // Nothing of the list but the part itself is in the options, so that parts joined have those of one scan.
    const options = (db: string): unknown => {
      const { receivedAt: _, ...more } = JSON.parse(String(rows(db, 'SELECT options FROM run').flat()[0]));
      return more;
    };
    expect(options('3.db')).toEqual(options('all.db'));
  });

  it('is incomplete until the store has all parts, of which the last says so', {
    timeout: 120_000,
  }, async () => {
    for (const [part, lost] of [
      [2, 'parts 1, 3 and 4 of 4'],
      [4, 'parts 1 and 3 of 4'],
      [1, 'part 3 of 4'],
    ] as const) {
      const { exit, stderr } = await shard(part, 's.db');
      expect(exit).toBe(3);
      expect(stderr).toContain(lost);
    }
    const view = 'SELECT parts, first_part, last_part FROM v_missing_part';
    expect(rows('s.db', view)).toEqual([[4, 3, 3]]);
    const last = await shard(3, 's.db');
    expect(last.stderr).not.toMatch(LOST);
    expect(last.stderr).toContain(DAMAGE);
    expect(last.stdout).toMatch(/^Part 3 of 4: \d+ of 14 files; no part is missing$/m);
    expect(rows('s.db', view)).toEqual([]);
    await scan('all.db');
    expect(sorted(rows('s.db', FILES))).toEqual(sorted(rows('all.db', FILES)));
    expect(await verdicts('s.db')).toEqual(await verdicts('all.db'));
    // What is taken back is missing again.
    expect((await cli(['runs', 'forget', '3', '--db', at('s.db')])).exit).toBe(0);
    expect(rows('s.db', view)).toEqual([[4, 1, 1]]);
  });

  it('ends with 0 where nothing but parts was missing; empty parts count', { timeout: 60_000 }, async () => {
    const one = put(folder, 'one/a.json', account(1));
    const part = (number: number): Promise<Outcome> =>
      cli(['scan', one, '--db', at('s.db'), ...TIMES, '--shard', `${number}/3`]);
    const empty = await part(3);
    expect(empty).toMatchObject({ exit: 3 });
    expect(empty.stdout).toContain('Part 3 of 3: 0 of 1 file');
    expect((await part(1)).exit).toBe(3);
    expect((await part(2)).exit).toBe(0);
    expect((await cli(['report', '--db', at('s.db'), '--format', 'md'])).exit).toBe(0);
  });

  it('finds no role in the list where no part of it has one, as one scan does', async () => {
    put(folder, 'old/a.json', account(1));
    expect((await cli(['scan', at('old'), '--db', at('s.db'), ...TIMES])).exit).toBe(0);
    put(folder, 'notes/a.txt', 'nothing');
    put(folder, 'notes/b.txt', 'nothing either');
    const part = (number: number): Promise<Outcome> =>
      cli(['scan', at('notes'), '--db', at('s.db'), ...TIMES, '--shard', `${number}/2`]);
    expect((await part(1)).stderr).not.toContain('no role was found');
    const last = await part(2);
    expect(last).toMatchObject({ exit: 3 });
    expect(last.stderr).toContain('no role was found in the evidence');
  });

  it('is mended by a scan of the whole list, and not by one of another', { timeout: 60_000 }, async () => {
    await shard(2, 's.db');
    const other = put(folder, 'other.json', account(30));
    expect((await cli(['scan', other, '--db', at('s.db'), ...TIMES])).stderr).toMatch(LOST);
    expect((await scan('s.db', join(IN, 'notes.txt'))).stderr).not.toMatch(LOST);
    expect((await cli(['report', '--db', at('s.db'), '--format', 'md'])).stdout).not.toMatch(LOST);
    expect(rows('s.db', 'SELECT run_id, parts, part FROM shard')).toEqual([
      [1, 4, 2],
      [3, 1, 1],
    ]);
  });

  it('leaves what --organization leads to together: every part reads it', { timeout: 60_000 }, async () => {
    const accounts = put(folder, 'org/accounts.json', {
      Accounts: [
        {
          Id: '100000000001',
          Arn: 'arn:aws:organizations::100000000001:account/o-abcdefghij/100000000001',
          Status: 'ACTIVE',
          Name: 'one',
          Email: 'a@b.example',
          JoinedMethod: 'CREATED',
          JoinedTimestamp: '2020-01-01T00:00:00Z',
        },
      ],
    });
    for (const part of [1, 2, 3, 4]) {
      await shard(part, `${part}.db`, '--organization', at('org'));
      expect(rows(`${part}.db`, `SELECT path FROM evidence WHERE path = '${accounts}'`)).toHaveLength(1);
    }
  });

  it('writes a manifest that names the part and that verify accepts', { timeout: 60_000 }, async () => {
    await shard(3, 's.db', '--csv', at('r.csv'));
    const { predicate } = JSON.parse(readFileSync(at('r.csv.manifest.json'), 'utf8'));
    expect(predicate.options.shard).toEqual({
      list: rows('s.db', 'SELECT list FROM shard').flat()[0],
      part: 3,
      parts: 4,
    });
    expect(predicate.completeness.complete).toBe(false);
    expect(predicate.completeness.reasons.join()).toMatch(LOST);
    expect((await cli(['verify', at('r.csv.manifest.json')])).exit).toBe(0);
  });

  it.each(['0/3', '4/3', 'a/b', '1.5/2', '1/0', '3', '', '-1/2', '1/2/3', '1/100001', '1/99999999999'])(
    'refuses --shard %s in one line',
    async (value) => {
      const { exit, stdout, stderr } = await scan('s.db', `--shard=${value}`);
      expect([exit, stdout]).toEqual([2, '']);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toContain('--shard');
    },
  );

  it('takes neither standard input nor a pipe', async () => {
    expect(spawnSync('mkfifo', [at('pipe')]).status).toBe(0);
    for (const path of ['-', at('pipe')]) {
      const { exit, stderr } = await cli(['scan', path, '--db', at('s.db'), '--shard', '1/2']);
      expect(exit).toBe(2);
      expect(stderr).toContain('save it to a file first');
    }
    expect(readdirSync(folder)).toEqual(['pipe']);
  });
});

describe('a store without all parts', () => {
  const kept = temporaryFolder();
  const store = join(kept, 's.db');

  beforeAll(async () => {
    const before = ['--as-of', '2026-05-01', '--captured-at', '2026-03-01'];
    await cli(['scan', join(IN, 'accounts', '0'), '--db', store, ...before]);
    for (const part of [1, 2, 4]) await cli(['scan', IN, '--db', store, ...TIMES, '--shard', `${part}/4`]);
  }, 120_000);

  it.each(Object.keys(REPORT_FORMATS))(
    'is incomplete in a report as %s',
    { timeout: 60_000 },
    async (format) => {
      const out = join(folder, `report.${format}`);
      const { exit, stderr } = await cli(['report', '--db', store, '--format', format, '-o', out]);
      expect(exit).toBe(3);
      expect(stderr).toContain('part 3 of 4');
      const written = readdirSync(folder).filter((name) => name.startsWith('report.'));
      const texts = written.map((name) => readText(join(folder, name)));
      // The register tells by its standing whether it is complete; all others say what is missing.
      expect(texts.join('\n')).toMatch(format === 'register' ? /incomplete/ : /[Pp]art 3 of 4/);
    },
  );

  it.each([
    ['diff', '2026-03-01', '2026-04-01'],
    ['diff', 'previous', 'latest', '--format', 'html'],
    ['trend'],
    ['trend', '--format', 'json'],
    ['fix'],
    ['fix', '--format', 'json'],
    ['explain', 'Open0'],
    ['explain', 'Open0', '--format', 'json'],
    ['exceptions', 'propose', 'Open0'],
    ['runs'],
    ['runs', '--format', 'json'],
    ['report', '--format', 'csv', '--at', '2026-04-01'],
  ])('ends %s %s %s with 3 and says why', { timeout: 60_000 }, async (...args) => {
    const words = args.filter((word) => word !== undefined);
    const { exit, stderr } = await cli([...words, '--db', store]);
    expect(stderr).toContain('part 3 of 4');
    expect(exit).toBe(3);
  });

  it('is told of each run that read a part alone, and not of one before', { timeout: 60_000 }, async () => {
    const report = (...args: string[]): Promise<Outcome> =>
      cli(['report', '--db', store, '--format', 'md', ...args]);
    expect(await report('--run', '1')).toMatchObject({ exit: 0 });
    expect((await report('--run', '2')).stderr).toContain('parts 2 to 4 of 4');
    expect(await report('--at', '2026-03-01')).toMatchObject({ exit: 0 });
  });
});

describe('the gate for new findings', () => {
  it.each([1, 2, 3])(
    'of part %i read last fails on what the other parts found',
    {
      timeout: 60_000,
    },
    async (last) => {
      const scanned = (path: string, day: string, ...args: string[]): Promise<Outcome> =>
        cli(['scan', path, '--db', at('s.db'), '--as-of', '2026-05-01', '--captured-at', day, ...args]);
      const closed = gaad([gaadRole('Open1', { account: '100000000001', trust: CLOSED })]);
      await scanned(put(folder, 'old.json', closed), '2026-03-01');
      for (const index of [1, 2, 3]) put(folder, `new/${index}.json`, account(index));
      const shards = [1, 2, 3].filter((part) => part !== last);
      for (const part of shards) {
        expect((await scanned(at('new'), '2026-04-01', '--shard', `${part}/3`)).exit).toBe(3);
      }
      const end = await scanned(at('new'), '2026-04-01', '--shard', `${last}/3`, '--fail-on-new');
      expect(end.stderr).toContain('gate failed (exit 1)');
      expect(end.exit).toBe(1);
    },
  );
});

function readText(path: string): string {
  const bytes = readFileSync(path);
  if (bytes.subarray(0, 2).toString() !== 'PK') return bytes.toString('utf8');
  return Object.values(unzipSync(bytes))
    .map((part) => strFromU8(part))
    .join('\n');
}
