import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { VerdictObject } from '../../../src/model/verdict.ts';
import { REPORT_FORMATS } from '../../../src/report/index.ts';
import { OTHER, OWN } from '../../exposure/cases/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { MAIN } from '../built.ts';
import { CLOSED, gaad, gaadRole, OPEN, put, putOrganisation } from '../evidence.ts';
import { cli } from '../harness.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const AS_OF = ['--as-of', '2026-05-01T00:00:00Z'];
const db = (name = 'store.db'): string => join(folder, name);

/** What the store holds; the report ends with the exit code of its evidence. */
async function reported(store = db(), expected = 0): Promise<readonly VerdictObject[]> {
  const { exit, stdout } = await cli(['report', '--db', store, '--format', 'json', '--status', 'all']);
  expect(exit).toBe(expected);
  // What is missing stands at the end, as objects of no role.
  return (JSON.parse(stdout) as VerdictObject[]).filter(({ arn }) => arn !== '');
}

describe('scan', () => {
  it('reads an organisation and reports every current role', async () => {
    putOrganisation(join(folder, 'in'));
    const { exit, stdout, stderr } = await cli(['scan', join(folder, 'in'), '--db', db(), ...AS_OF]);
    expect(stderr).toMatch(/incomplete \(exit 3\): 1 role could not be decided/);
    expect(exit).toBe(3);
    expect(stdout).toMatch(/10 roles in 3 accounts: 5 fail, 1 error, 3 pass, 1 not-applicable/);
    const verdicts = await reported(db(), 3);
    const by = Object.fromEntries(
      verdicts.map((verdict) => [`${verdict.account}/${verdict.roleName}`, verdict]),
    );
    expect(
      Object.fromEntries(
        Object.entries(by).map(([name, { verdict, state }]) => [name, `${verdict} ${state}`]),
      ),
    ).toEqual({
      [`${OWN}/=cmd`]: 'fail unchanged',
      [`${OWN}/Closed`]: 'not-applicable null',
      [`${OWN}/Fixed`]: 'pass null',
      [`${OWN}/New`]: 'fail new',
      [`${OWN}/Opened`]: 'fail new',
      [`${OWN}/Steady`]: 'fail unchanged',
      '210987654321/Kept': 'pass null',
      '210987654321/Null': 'error null',
      [`${OTHER}/Audit`]: 'pass null',
      [`${OTHER}/Vendor`]: 'fail baseline',
    });
    expect(by[`${OWN}/Steady`]).toMatchObject({
      firstSeen: '2026-01-31T00:00:00Z',
      lastSeen: '2026-04-30T00:00:00Z',
      evidence: {
        source: expect.stringMatching(/gaad\/2026-04-30\/own\.json$/),
        capturedAt: '2026-04-30T00:00:00Z',
      },
    });
    const { source, offset } = by[`${OWN}/Steady`]!.evidence;
    expect(JSON.stringify(readFileSync(source, 'utf8').slice(offset, offset + 40))).toContain('Path');
  });

  it('gives the same bytes in every format for any number of jobs, order of files, reader and repetition', {
    timeout: 60_000,
  }, async () => {
    const input = join(folder, 'in');
    putOrganisation(input);
    const parts = readdirSync(input).map((name) => join(input, name));
    const scans: string[][] = [
      [input],
      [...parts].reverse(),
      [...parts, ...parts],
      [input, '--jobs', '1'],
      [input, '--jobs', '8'],
      [input, '--reader', 'reference'],
    ];
    const formats = Object.keys(REPORT_FORMATS);
    const outputs: string[] = [];
    for (const [index, args] of scans.entries()) {
      const out = (extension: string): string => join(folder, `${index}.${extension}`);
      const flags = ['--db', db(`${index}.db`), ...formats.flatMap((name) => [`--${name}`, out(name)])];
      await cli(['scan', ...args, ...flags, ...AS_OF, '--quiet']);
      outputs.push(formats.map((extension) => readFileSync(out(extension), 'utf8')).join('\n----\n'));
    }
    for (const output of outputs) expect(output).toBe(outputs[0]);
  });

  it('scanning the same evidence again adds a run and changes nothing else', async () => {
    putOrganisation(join(folder, 'in'));
    const args = ['scan', join(folder, 'in'), '--db', db(), ...AS_OF, '--quiet'];
    await cli(args);
    const before = await reported(db(), 3);
    await cli(args);
    expect(await reported(db(), 3)).toEqual(before);
    const runs = JSON.parse((await cli(['runs', '--db', db(), '--format', 'json'])).stdout) as unknown[];
    expect(runs).toHaveLength(2);
  });

  it('keeps records read equal to accepted, duplicate and rejected', async () => {
    const role = gaadRole('Twice', { trust: OPEN });
    put(
      folder,
      'in/a.json',
      gaad([
        role,
        role,
        { RoleName: 'x', Arn: 'arn:aws:iam::1:role/x' },
        gaadRole('Once', { trust: CLOSED }),
      ]),
    );
    const { stdout } = await cli(['scan', join(folder, 'in'), '--db', db(), ...AS_OF]);
    expect(stdout).toMatch(/4 records = 2 accepted \+ 1 duplicate \+ 1 rejected/);
  });

  it.each([
    ['a page that another one follows', { IsTruncated: true, Marker: 'm' }],
    ['a merged export cut by --max-items', { NextToken: 't' }],
  ])('calls %s incomplete', async (_, more) => {
    put(folder, 'in/a.json', gaad([gaadRole('A', { trust: CLOSED })], more));
    const { exit, stdout } = await cli(['scan', join(folder, 'in'), '--db', db(), ...AS_OF]);
    expect(exit).toBe(3);
    expect(stdout).toMatch(/INCOMPLETE/);
  });

  it('keeps what stands before a cut and loses nothing of other files', async () => {
    const whole = JSON.stringify(gaad([gaadRole('A', { trust: OPEN }), gaadRole('B', { trust: OPEN })]));
    put(folder, 'in/cut.json', whole.slice(0, whole.indexOf('role/B')));
    put(folder, 'in/empty.json', '');
    put(folder, 'in/good.json', gaad([gaadRole('C', { trust: OPEN, account: OTHER })]));
    const { exit, stderr } = await cli([
      'scan',
      join(folder, 'in'),
      '--db',
      db(),
      ...AS_OF,
      '--captured-at',
      '2026-04-30',
    ]);
    expect(exit).toBe(3);
    expect(stderr).toMatch(/cut\.json: the JSON ends too early at byte \d+ \(line 1, column \d+\)/);
    expect(stderr).toMatch(/empty\.json: /);
    expect((await reported(db(), 3)).map(({ roleName }) => roleName)).toEqual(['A', 'C']);
  });

  it('gates on severity and on new findings', async () => {
    put(folder, 'in/2026-01-31.json', gaad([gaadRole('A', { trust: OPEN })]));
    const scan = (...more: string[]) =>
      cli(['scan', join(folder, 'in'), '--db', db(), ...AS_OF, '--quiet', ...more]);
    expect((await scan()).exit).toBe(0);
    expect((await scan('--fail-on', 'high')).exit).toBe(0);
    expect((await scan('--fail-on', 'medium')).exit).toBe(1);
    expect((await scan('--fail-on-new')).exit).toBe(0);
    put(folder, 'in/2026-02-28.json', gaad([gaadRole('A', { trust: OPEN }), gaadRole('B', { trust: OPEN })]));
    const found = await scan('--fail-on-new');
    expect(found.stderr).toMatch(/gate failed \(exit 1\): arn:aws:iam::\d{12}:role\/B is a new finding/);
    expect(found.exit).toBe(1);
    expect((await scan('--fail-on-new')).exit).toBe(0);
  });

  it.each([
    ['a path that is not there', ['nowhere'], /there is no file or folder `nowhere`/],
    ['an unknown flag', ['--bogus'], /^error: there is no option `--bogus`; see `trustsieve scan --help`/],
    ['a bad account', ['--account', '1'], /not an account id/],
    ['a bad time', ['--as-of', 'soon'], /not a time for --as-of/],
    ['bad jobs', ['--jobs', '0'], /--jobs takes/],
    ['an unknown format', ['--format', 'x'], /there is no format `x`/],
    [
      'a misspelt format',
      ['--format', 'gadd'],
      /there is no format `gadd` \(did you mean `gaad`\?\); choose one of /,
    ],
    ['a store in a folder that is not there', ['--db', '/nonexistent/x.db'], /nonexistent/],
    ['an accounts file that is none', ['--accounts', 'package.json'], /no list `Accounts`/],
  ])('refuses %s in one line', async (_, args, message) => {
    put(folder, 'in/own.json', gaad([]));
    const { exit, stdout, stderr } = await cli([
      'scan',
      join(folder, 'in'),
      ...args,
      ...(args.includes('--db') ? [] : ['--db', db()]),
    ]);
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n')[0]).toMatch(message);
  });

  it('explains a role, and refuses one it does not know', async () => {
    putOrganisation(join(folder, 'in'));
    await cli(['scan', join(folder, 'in'), '--db', db(), ...AS_OF, '--quiet']);
    const { exit, stdout } = await cli(['explain', `arn:aws:iam::${OWN}:role/Steady`, '--db', db()]);
    expect(exit).toBe(0);
    for (const part of ['FAIL', 'Statement by statement', 'OPEN: no guard', 'Proof', 'How to fix', 'literal'])
      expect(stdout).toContain(part);
    const unknown = await cli(['explain', 'arn:aws:iam::111122223333:role/None', '--db', db()]);
    expect(unknown).toMatchObject({ exit: 2, stdout: '' });
  });
});

describe('the built program', () => {
  const start = (args: readonly string[]) => spawn(process.execPath, [MAIN, ...args], { cwd: folder });
  const ended = (child: ReturnType<typeof start>): Promise<number | null> =>
    new Promise((resolve) => child.on('exit', (code) => resolve(code)));

  it('leaves a store that opens when killed, and completes it when run again', {
    timeout: 120_000,
  }, async () => {
    for (let i = 0; i < 40; i++) {
      const account = String(100000000000 + i);
      put(
        folder,
        `in/${account}.json`,
        gaad(
          Array.from({ length: 300 }, (_, r) => gaadRole(`R${r}`, { account, trust: r % 3 ? OPEN : CLOSED })),
        ),
      );
    }
    const args = ['scan', 'in', '--captured-at', '2026-04-30', ...AS_OF, '--quiet'];
    for (const delay of [150, 350, 600]) {
      const child = start([...args, '--db', 'killed.db']);
      setTimeout(() => child.kill('SIGKILL'), delay);
      await ended(child);
      if (existsSync(db('killed.db')) && statSync(db('killed.db')).size > 0) {
        expect((await cli(['runs', '--db', db('killed.db')])).exit).toBe(0);
      }
    }
    expect(await ended(start([...args, '--db', 'killed.db']))).toBe(0);
    expect(await ended(start([...args, '--db', 'whole.db']))).toBe(0);
    expect(await reported(db('killed.db'))).toEqual(await reported(db('whole.db')));
  });

  it('reads standard input', async () => {
    const child = start(['scan', '-', '--db', 'x.db', ...AS_OF, '--captured-at', '2026-02-01', '--quiet']);
    child.stdin?.end(JSON.stringify(gaad([gaadRole('A', { trust: OPEN })])));
    expect(await ended(child)).toBe(0);
    const [verdict] = await reported(db('x.db'));
    expect(verdict).toMatchObject({ roleName: 'A', verdict: 'fail', evidence: { source: '-' } });
  });

  it('stops after the files under way when interrupted', async () => {
    for (let i = 0; i < 60; i++) {
      const account = String(100000000000 + i);
      put(
        folder,
        `in/${account}.json`,
        gaad(Array.from({ length: 1500 }, (_, r) => gaadRole(`R${r}`, { account, trust: OPEN }))),
      );
    }
    const child = start(['scan', 'in', '--db', 'x.db', ...AS_OF, '--quiet', '--jobs', '1']);
    // Before there is a store it has not begun.
    const timer = setInterval(
      () => existsSync(db('x.db-wal')) && child.kill('SIGINT') && clearInterval(timer),
      20,
    );
    expect(await ended(child)).toBe(130);
    const { stdout } = await cli(['runs', '--db', db('x.db'), '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject([{ status: 'interrupted' }]);
  });

  it('reads standard input, also next to files', async () => {
    putOrganisation(join(folder, 'in'));
    const child = start([
      'scan',
      'in',
      '-',
      '--db',
      'x.db',
      ...AS_OF,
      '--captured-at',
      '2026-02-01',
      '--quiet',
    ]);
    child.stdin.end(JSON.stringify(gaad([gaadRole('Piped', { trust: OPEN })])));
    await ended(child);
    const [role] = (await reported(db('x.db'), 3)).filter(({ roleName }) => roleName === 'Piped');
    expect(role).toMatchObject({
      verdict: 'fail',
      evidence: { source: '-', capturedAt: '2026-02-01T00:00:00Z' },
    });
  });

  it('refuses to find nothing', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(await cli(['scan', join(folder, 'empty'), '--db', db()])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('there is no file'),
    });
  });

  it('prints its version and help', async () => {
    for (const args of [['--version'], ['--help'], ['scan', '--help']])
      expect(await ended(start(args))).toBe(0);
  });
});
