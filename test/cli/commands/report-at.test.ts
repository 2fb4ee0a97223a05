import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../../src/report/index.ts';
import { shownTime } from '../../../src/report/shared/labels.ts';
import { allow, EXT, extRoot, OTHER, OWN, policy } from '../../exposure/cases/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { CLOSED, GUARDED, gaad, gaadRole, OPEN, put, putOrganisation } from '../evidence.ts';
import { cli, type Outcome } from '../harness.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const at = (name: string): string => join(folder, name);

const Q1 = '2026-04-30';
const THIRD = '333300001111';
const VENDOR = '210987654321';
const FAILED = 'An error occurred (AccessDenied) when calling the ListRoles operation';
const WIDER = policy(allow(extRoot), allow({ AWS: `arn:aws:iam::${VENDOR}:root` }));
const SHARED = policy(allow(extRoot, { StringEquals: { 'sts:ExternalId': 'agreed-value-1' } }));

const tool = (store: string, command: string, ...args: string[]): Promise<Outcome> =>
  cli([command, ...args, '--db', at(store)]);

/** Account lists, exceptions and rules of a quarter, as options of a scan. */
function optionsOf(quarter: string, accounts: readonly string[], more: readonly object[] = []): string[] {
  const named = accounts.map((Id) => ({ Id, Name: `${Id} in ${quarter}`, Status: 'ACTIVE' }));
  const vendors = `- {name: Vendor of ${quarter}, accounts: ["${EXT}"]}\n`;
  const exception = `- {id: ${quarter}, role: Steady, reason: agreed, expires: 2026-12-31}\n`;
  const rule = (id: string, logic: string): object => ({ id, name: id, severity: 'High', logic });
  const rules = [rule('X.1', "IamRole should have name like 'S%'"), ...more];
  return [
    ...['--accounts', put(folder, `${quarter}.accounts.json`, { Accounts: [...named, ...more] })],
    ...['--known-accounts', put(folder, `${quarter}.vendors.yaml`, vendors)],
    ...['--exceptions', put(folder, `${quarter}.exceptions.yaml`, exception)],
    ...['--rules', put(folder, `${quarter}.rules.json`, rules)],
  ];
}

/** What lies there at the end of the first quarter. */
function putFirst(): void {
  putOrganisation(at('in'));
  put(folder, `in/broken/${Q1}/${THIRD}.json`, FAILED);
  put(folder, 'in/latest.json', FAILED);
}

/** What comes later: roles deleted, new, changed and made anew, another account, another unreadable file. */
function putSecond(below: string): void {
  const roles = [
    gaadRole('Fixed', { trust: OPEN }),
    gaadRole('Steady', { trust: WIDER }),
    gaadRole('Closed', { trust: CLOSED, roleId: 'AROAMADEANEW00000000' }),
    gaadRole('Later', { trust: OPEN }),
  ];
  put(folder, `${below}/gaad/2026-07-31/own.json`, gaad(roles));
  const shared = [gaadRole('Agreed', { account: THIRD, trust: SHARED })];
  put(folder, `${below}/gaad/2026-07-31/third.json`, gaad(shared, { IsTruncated: true, Marker: 'm' }));
  put(folder, `${below}/broken/2026-07-31/${OTHER}.json`, FAILED);
  put(folder, `${below}/rows-20260731.json`, gaad([{ RoleName: 'no ARN' }, ...roles]));
}

/** Every format of a report with what is written beside it, and what is said. */
async function reports(store: string, ...args: string[]): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const format of Object.keys(REPORT_FORMATS)) {
    const out = put(folder, `out/report.${format}`, '');
    const { exit, stderr } = await tool(
      store,
      'report',
      '--format',
      format,
      '--status',
      'all',
      '-o',
      out,
      ...args,
    );
    files[`${format} said`] = `${exit} ${stderr}`;
    for (const name of readdirSync(at('out'))) {
      files[`${format} ${name}`] = readFileSync(at(`out/${name}`), 'utf8');
    }
    rmSync(at('out'), { recursive: true });
  }
  return files;
}

describe('report --at', () => {
  const FIRST = (): string[] => optionsOf('q1', [OWN, OTHER, THIRD]);
  const SECOND = (): string[] => [
    ...optionsOf('q2', [OWN, '444400001111']),
    ...['--max-age', '30', '--stale-after', '1'],
  ];

  it('writes the report of an earlier quarter again, byte for byte, in every format', {
    timeout: 60_000,
  }, async () => {
    putFirst();
    expect((await tool('s.db', 'scan', at('in'), '--as-of', '2026-05-01', '--quiet', ...FIRST())).exit).toBe(
      3,
    );
    const then = await reports('s.db');
    expect(Object.keys(then)).toContain('csv report.evidence.csv');
    expect(then['html report.html']).toContain(`${OWN} in q1`);
    expect(then['md report.md']).toContain('Vendor of q1');
    // A file of the later quarter lies where one lay that could not be read, and others cannot be read now.
    putSecond('later');
    put(folder, 'in/latest.json', FAILED.replace('ListRoles', 'GetRole'));
    put(folder, 'later/undated.json', FAILED);
    const second = await tool(
      ...(['s.db', 'scan', at('later'), at('in/latest.json'), '--as-of', '2026-08-01', '--quiet'] as const),
      ...SECOND(),
    );
    expect(second.exit).toBe(3);
    expect(await reports('s.db')).not.toEqual(then);
    expect(await reports('s.db', '--at', Q1)).toEqual(then);
    expect(await reports('s.db', '--at', '2026-07-30T23:59:59Z')).toEqual(then);
    expect(await reports('s.db', '--at', '2026-07-31')).toEqual(await reports('s.db'));
    expect(await reports('s.db', '--at', '20260430', '--as-of', '2027-01-31')).toEqual(
      await reports('s.db', '--at', Q1, '--as-of', '2027-01-31'),
    );
  });

  it('does so when the later scan reads the earlier evidence again', async () => {
    putFirst();
    await tool('s.db', 'scan', at('in'), '--as-of', '2026-05-01', '--quiet', ...FIRST());
    const then = await reports('s.db');
    putSecond('in');
    await tool('s.db', 'scan', at('in'), '--as-of', '2026-08-01', '--quiet', ...SECOND());
    expect(await reports('s.db', '--at', Q1)).toEqual(then);
  });

  it('does so with what the last scan was given where all evidence came in one go', {
    timeout: 60_000,
  }, async () => {
    putFirst();
    await tool('then.db', 'scan', at('in'), '--as-of', '2026-08-01', '--quiet', ...SECOND());
    const then = await reports('then.db');
    putSecond('in');
    await tool('s.db', 'scan', at('in'), '--as-of', '2026-08-01', '--quiet', ...SECOND());
    expect(await reports('s.db')).not.toEqual(then);
    expect(await reports('s.db', '--at', Q1)).toEqual(then);
  });

  it('shows what was missing then as mended once it was read whole, and not by what is later', async () => {
    const early = put(folder, `a/${Q1}.json`, FAILED);
    const late = put(folder, 'latest.json', FAILED);
    put(folder, `b/${Q1}.json`, gaad([gaadRole('A', { trust: GUARDED })]));
    await tool('s.db', 'scan', early, late, at('b'), '--quiet');
    const missing = async (): Promise<string> =>
      (await tool('s.db', 'report', '--format', 'md', '--at', Q1)).stderr;
    expect(await missing()).toContain('(2 files: ');
    put(folder, `a/${Q1}.json`, gaad([gaadRole('B', { account: OTHER, trust: GUARDED })]));
    put(folder, 'latest.json', gaad([gaadRole('A', { trust: GUARDED })]));
    await tool('s.db', 'scan', early, '--quiet');
    await tool('s.db', 'scan', late, '--captured-at', '2026-07-31', '--quiet');
    expect((await tool('s.db', 'report', '--format', 'md')).exit).toBe(0);
    expect(await missing()).toContain(`(1 file: ${late})`);
  });

  it('keeps a file of which nobody can say when it is of', async () => {
    const file = (day: string): string =>
      put(folder, `${day}.json`, gaad([gaadRole('A', { trust: GUARDED })]));
    const undated = put(folder, 'undated.json', FAILED);
    await tool(
      's.db',
      'scan',
      file(Q1),
      file('2026-07-31'),
      undated,
      put(folder, '2026-07-31/b.json', FAILED),
      '--quiet',
    );
    const { exit, stderr } = await tool('s.db', 'report', '--format', 'md', '--at', Q1);
    expect(exit).toBe(3);
    expect(stderr).toContain(`could not be read in full (1 file: ${undated})`);
    expect((await tool('s.db', 'report', '--format', 'md')).stderr).toContain('(2 files: ');
  });

  it('knows the lists of a store from before they were kept for each scan', { timeout: 60_000 }, async () => {
    putFirst();
    await tool('s.db', 'scan', at('in'), '--as-of', '2026-05-01', '--quiet', ...FIRST());
    const then = await reports('s.db');
    const db = new Database(at('s.db'));
    db.exec('DELETE FROM account_list');
    db.close();
    expect(await reports('s.db', '--at', Q1)).toEqual(then);
    putSecond('later');
    await tool('s.db', 'scan', at('later'), '--as-of', '2026-08-01', '--quiet', ...SECOND());
    expect(await reports('s.db', '--at', Q1)).toEqual(then);
  });

  it('keeps the lists of accounts when a run is taken back', async () => {
    for (const [quarter, day, ids] of [
      ['q1', '2026-01-31', [OWN, OTHER]],
      ['q2', '2026-04-30', [OWN, THIRD]],
      ['q3', '2026-07-31', [OWN]],
    ] as const) {
      const file = put(folder, `${day}.json`, gaad([gaadRole('A', { trust: OPEN })]));
      await tool('s.db', 'scan', file, '--as-of', '2026-08-01', '--quiet', ...optionsOf(quarter, ids));
    }
    const text = async (...args: string[]): Promise<string> =>
      (await tool('s.db', 'report', '--format', 'md', ...args)).stdout;
    expect(await text('--at', '2026-01-31')).toContain(`Vendor of q1`);
    expect(await text('--at', '2026-04-30')).toContain(`Vendor of q2`);
    expect(await text()).toContain(`Vendor of q3`);
    await tool('s.db', 'runs', 'forget', '2');
    expect(await text('--at', '2026-04-30')).toContain(`Vendor of q1`);
    expect(await text()).toContain(`Vendor of q3`);
    // Without a run before it, the list of the first is what the next one knew.
    await tool('s.db', 'runs', 'forget', '3');
    expect(await text('--at', '2026-01-31')).toBe(await text());
    const db = new Database(at('s.db'), { readonly: true });
    expect(db.prepare('SELECT run_id FROM account_list').pluck().all()).toEqual([1]);
    db.close();
  });

  it.each([
    [['--at', Q1, '--run', '1'], /--at and --run do not go together/],
    [['--at', 'yesterday'], /`yesterday` is not a date or time for --at/],
    [['--at', '1'], /`1` is not a date or time for --at/],
    [['--at', '2026-02-30'], /`2026-02-30` is not a date or time/],
    [
      ['--at', '2026-04-29'],
      /no capture of an account by 2026-04-29: its evidence begins at 2026-04-30T00:00:00Z/,
    ],
  ])('refuses %j in one line', async (args, message) => {
    await tool('s.db', 'scan', put(folder, `${Q1}.json`, gaad([gaadRole('A', { trust: OPEN })])), '--quiet');
    const { exit, stdout, stderr } = await tool('s.db', 'report', '--format', 'json', ...args);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('diff', () => {
  it('refuses to go back in time, whatever the sides are', async () => {
    const file = (day: string, account: string): string =>
      put(folder, `${day}/${account}.json`, gaad([gaadRole('A', { account, trust: OPEN })]));
    await tool('s.db', 'scan', file('2026-04-30', OWN), file('2026-01-31', OTHER), '--quiet');
    await tool('s.db', 'scan', file('2026-02-28', OWN), file('2026-03-31', OTHER), '--quiet');
    for (const [from, to] of [
      ['1', '2'],
      ['1', '2026-03-31'],
      ['2026-04-30', '2'],
    ] as const) {
      const { exit, stdout, stderr } = await tool('s.db', 'diff', from, to);
      expect([exit, stdout]).toEqual([2, '']);
      expect(stderr).toContain(
        `account ${OWN} was captured at 2026-04-30T00:00:00Z there and at 2026-02-28T00:00:00Z here`,
      );
    }
    expect((await tool('s.db', 'diff', '2', '1')).stderr).toContain(`account ${OTHER}`);
    expect((await tool('s.db', 'diff', '1', '1')).exit).toBe(0);
    expect((await tool('s.db', 'diff', '1', 'latest')).exit).toBe(0);
  });

  it('refuses it of what rules of rule files judge too', async () => {
    const logic = "IamUser should have name like 'a%'";
    const rules = put(folder, 'rules.json', [{ id: 'U.1', name: 'U', severity: 'High', logic }]);
    const whole = (day: string): string =>
      put(folder, `${day}/own.json`, gaad([gaadRole('A', { trust: OPEN })]));
    const listed = gaadRole('A', { trust: OPEN }) as Record<string, unknown>;
    const { InstanceProfileList: _, RolePolicyList: __, AttachedManagedPolicies: ___, ...role } = listed;
    const scan = (...files: string[]): Promise<Outcome> =>
      tool('s.db', 'scan', ...files, '--rules', rules, '--quiet');
    await scan(whole('2026-04-30'));
    await scan(whole('2026-03-31'), put(folder, '2026-05-31/roles.json', { Roles: [role] }));
    const { exit, stderr } = await tool('s.db', 'diff', '1', '2');
    expect(exit).toBe(2);
    expect(stderr).toContain(
      `the IamUser of account ${OWN} was captured at 2026-04-30T00:00:00Z there and at 2026-03-31`,
    );
  });
});

describe('runs and trend', () => {
  it('say from when to when there is evidence', async () => {
    const file = (day: string): string => put(folder, `${day}.json`, gaad([gaadRole('A', { trust: OPEN })]));
    await tool('s.db', 'scan', file('2026-01-31'), file('2026-04-30'), '--quiet');
    await tool('s.db', 'scan', put(folder, 'broken.json', FAILED), '--quiet');
    await tool('s.db', 'scan', file('2026-03-31'), '--quiet');
    const period = { from: '2026-01-31T00:00:00Z', to: '2026-04-30T00:00:00Z' };
    const line = `evidence: from ${period.from} to ${period.to}\n`;
    expect(JSON.parse((await tool('s.db', 'runs', '--format', 'json')).stdout)).toMatchObject([
      { id: 1, files: 2, evidenceFrom: period.from, evidenceTo: period.to },
      { id: 2, files: 1, evidenceFrom: null, evidenceTo: null },
      { id: 3, files: 1, evidenceFrom: '2026-03-31T00:00:00Z', evidenceTo: '2026-03-31T00:00:00Z' },
    ]);
    const runs = (await tool('s.db', 'runs')).stdout;
    expect(runs).toMatch(/^run +status +from +to +accounts +roles +fail +error\n/);
    expect(runs).toMatch(/^ *1 +complete +2026-01-31 +2026-04-30 +1 +1 +1 +0$/m);
    expect(runs).toMatch(/^ *2 +incomplete +- +- +0 +0 +0 +0$/m);
    expect(runs.endsWith(line)).toBe(true);
    expect((await tool('s.db', 'trend')).stdout).toContain(line);
    const json = (await tool('s.db', 'trend', '--format', 'json')).stdout;
    expect(JSON.parse(json)).toMatchObject({ evidence: period, points: [{}, {}, {}] });
    const html = (await tool('s.db', 'trend', '--format', 'html')).stdout;
    expect(html).toContain(`Evidence from ${shownTime(period.from)} to ${shownTime(period.to)}.`);
  });
});
