import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { OTHER, OWN } from '../exposure/cases/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { CLOSED, gaad, gaadRole, OPEN, put } from './evidence.ts';
import { cli, type Outcome } from './harness.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** A policy that nobody can decide. */
const UNDECIDED = { Version: '2012-10-17', Statement: 'oops' };
const THIRD = '333300001111';
const FOURTH = '444400001111';
const at = (name: string): string => join(folder, name);
const tool = (command: string, ...args: string[]): Promise<Outcome> =>
  cli([command, ...args, '--db', at('s.db')]);
const scan = (...args: string[]): Promise<Outcome> => tool('scan', ...args, '--as-of', '2026-05-01');
const report = (...args: string[]): Promise<Outcome> => tool('report', '--format', 'md', ...args);

/** An export of the whole account, dated by its folder. */
function whole(day: string, account = OWN, more: object = {}): string {
  return put(
    folder,
    `${day}/${account}.json`,
    gaad([gaadRole('A', { account, trust: OPEN }), gaadRole('B', { account, trust: CLOSED })], more),
  );
}

function members(...accounts: readonly object[]): string {
  return put(folder, 'members.json', { Accounts: accounts });
}
const member = (Id: string, Status?: string): object => ({ Id, Name: `name of ${Id}`, Status });

function sql(query: string): readonly unknown[] {
  const db = new Database(at('s.db'), { readonly: true });
  try {
    return db.prepare(query).raw().all();
  } finally {
    db.close();
  }
}

describe('a member list', () => {
  it('names every open account without complete evidence, and keeps doing so without the option', {
    timeout: 60_000,
  }, async () => {
    const list = members(
      member(OWN),
      member(OTHER, 'ACTIVE'),
      member(THIRD, 'ACTIVE'),
      member(FOURTH, 'SUSPENDED'),
    );
    const cut = whole('2026-04-30', OTHER, { IsTruncated: true, Marker: 'm' });
    const first = await scan(whole('2026-04-30'), cut, '--accounts', list);
    expect(first.exit).toBe(3);
    expect(first.stdout).toContain('organisation: 3 accounts, 1 more is closed; 2 without the evidence');
    expect(first.stdout).toContain(`${THIRD} name of ${THIRD}: no evidence`);
    expect(first.stdout).toContain(`${OTHER} name of ${OTHER}: no capture of it is complete`);
    expect(first.stdout).toContain(`${FOURTH} name of ${FOURTH} (SUSPENDED)`);
    expect(first.stdout).not.toContain('evidence: complete');
    expect(first.stderr).toContain(`there is no evidence of account ${THIRD}`);
    expect(first.stderr).toContain(`there never was complete evidence of account ${OTHER}`);

    const second = await scan(whole('2026-04-29'));
    expect(second.exit).toBe(3);
    expect(second.stderr).toContain(`there is no evidence of account ${THIRD}`);
    const told = await report();
    expect(told.exit).toBe(3);
    expect(told.stderr).toContain(`there is no evidence of account ${THIRD}`);
    expect(sql('SELECT account_id, name, why, captured_at, age FROM v_account_gap')).toEqual(
      [
        [OTHER, `name of ${OTHER}`, 'never-complete', '2026-04-30T00:00:00Z', 0],
        [THIRD, `name of ${THIRD}`, 'no-evidence', null, null],
      ].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    );
  });

  it('makes evidence complete, and nothing else does', async () => {
    const without = await scan(whole('2026-04-30'));
    expect(without.exit).toBe(0);
    expect(without.stdout).not.toMatch(/\bcomplete\b/);
    expect(without.stdout).toContain('its accounts were not given');
    expect(without.stdout).toContain('relations are not graded (--accounts FILE tells)');
    const given = await scan(whole('2026-04-30'), '--accounts', members(member(OWN)));
    expect(given).toMatchObject({ exit: 0, stderr: '' });
    expect(given.stdout).toContain('evidence: complete');
  });

  it('stays when a list of vendors comes later', async () => {
    await scan(whole('2026-04-30'), '--accounts', members(member(OWN), member(THIRD)));
    const vendors = put(folder, 'vendors.yaml', `- name: Vendor\n  accounts: ["${OTHER}"]\n`);
    const { exit, stdout } = await scan(whole('2026-04-30'), '--known-accounts', vendors);
    expect(exit).toBe(3);
    expect(stdout).toContain(`${THIRD} name of ${THIRD}: no evidence`);
    expect(sql('SELECT id, relation FROM account WHERE relation IS NOT NULL ORDER BY relation, id')).toEqual([
      [OWN, 'same-organisation'],
      [THIRD, 'same-organisation'],
      [OTHER, 'third-party'],
    ]);
  });

  it.each([
    ['Status', 'SUSPENDED', 0],
    ['Status', 'PENDING_CLOSURE', 0],
    ['State', 'CLOSED', 0],
    ['State', 'ACTIVE', 3],
    ['Status', 'ACTIVE', 3],
    ['Status', undefined, 3],
  ] as const)('%s %s of a missing account ends with %d', async (key, status, expected) => {
    const list = members(member(OWN), { Id: THIRD, [key]: status });
    expect((await scan(whole('2026-04-30'), '--accounts', list)).exit).toBe(expected);
  });

  it('that names an account twice expects it when it is open once', async () => {
    const list = members(member(OWN), member(THIRD, 'SUSPENDED'), member(THIRD, 'ACTIVE'), member(OWN));
    const { stdout } = await scan(whole('2026-04-30'), '--accounts', list);
    expect(stdout).toContain('organisation: 2 accounts; 1 without');
  });

  it('may come in pages, and is no whole list without the last', async () => {
    const pages = [{ Accounts: [member(OWN)], NextToken: 'x' }, { Accounts: [member(FOURTH, 'CLOSED')] }];
    const list = put(folder, 'pages.json', pages);
    expect((await scan(whole('2026-04-30'), '--accounts', list)).exit).toBe(0);
    const cut = await scan(whole('2026-04-30'), '--accounts', put(folder, 'page.json', pages[0]));
    expect(cut.exit).toBe(3);
    expect(cut.stderr).toContain('the list of the accounts ends before its last page');
    expect((await report()).exit).toBe(3);
  });
});

describe('the age of evidence', () => {
  it('is told of accounts that stand as last captured, and can make them a gap', async () => {
    const { exit, stdout } = await scan(whole('2026-04-30'), whole('2026-04-20', OTHER), '--max-age', '30d');
    expect(exit).toBe(0);
    expect(stdout).toMatch(new RegExp(`${OTHER} .*CARRIED 10 days`));
    expect(stdout).toContain('carried forward: 1 of 2 accounts');
    expect(sql('SELECT carried_forward FROM v_account ORDER BY captured_at')).toEqual([[10], [null]]);
    const strict = await report('--max-age', '9');
    expect(strict.exit).toBe(3);
    expect(strict.stderr).toContain(`no complete evidence of the last 9 days of account ${OTHER}`);
    expect((await report('--max-age', '10')).exit).toBe(0);
    // A report goes by the options of the last scan.
    await scan(whole('2026-04-30'), '--max-age', '9', '--stale-after', '11d', '--quiet');
    // Left out, the options of the scan before stand.
    expect((await scan(whole('2026-04-30'), '--quiet')).exit).toBe(3);
    expect((await report()).exit).toBe(3);
    expect(sql('SELECT account_id, why, age FROM v_account_gap')).toEqual([
      [null, 'members-unknown', null],
      [OTHER, 'too-old', 10],
    ]);
    expect(sql('SELECT carried_forward FROM v_account ORDER BY captured_at')).toEqual([[null], [null]]);
  });

  it.each(['soon', '-1', '1.5', ''])('refuses `%s` days', async (text) => {
    const { exit, stderr } = await scan(whole('2026-04-30'), `--stale-after=${text}`);
    expect(exit).toBe(2);
    expect(stderr).toContain('--stale-after');
  });
});

describe('counts that do not add up', () => {
  it('are told by every command, whoever wrote them into the store', async () => {
    expect((await scan(whole('2026-04-30'))).exit).toBe(0);
    const db = new Database(at('s.db'));
    db.exec('UPDATE evidence SET records_read = records_read + 1');
    db.close();
    for (const outcome of [await report(), await tool('trend'), await scan(whole('2026-04-30', OTHER))]) {
      expect(outcome.exit).toBe(3);
      expect(outcome.stderr).toContain('the counts of records do not add up');
    }
  });
});

describe('what could not be read', () => {
  const ERROR = 'An error occurred (AccessDenied) when calling the GetAccountAuthorizationDetails operation';

  it('stays known to the store after good evidence', async () => {
    expect((await scan(put(folder, 'bad.json', ERROR))).exit).toBe(3);
    const good = await scan(whole('2026-04-30'));
    expect(good.exit).toBe(3);
    expect(good.stderr).toContain('bad.json');
    expect(good.stdout).toContain('still missing: 1 file that could not be read in full');
    const told = await report();
    expect(told.exit).toBe(3);
    expect(told.stderr).toContain('bad.json');
    expect(told.stdout).toContain('bad.json');
    expect(sql('SELECT path, status FROM v_missing_evidence')).toEqual([[at('bad.json'), 'unreadable']]);
  });

  it('is back when the same path was read whole', async () => {
    const path = put(folder, `2026-04-30/${OTHER}.json`, ERROR);
    await scan(path);
    await scan(whole('2026-04-30'));
    expect((await report()).exit).toBe(3);
    whole('2026-04-30', OTHER);
    expect((await scan(path)).exit).toBe(0);
    const { exit, stdout } = await report();
    expect(exit).toBe(0);
    expect(stdout).not.toContain('not complete');
    expect(sql('SELECT * FROM v_missing_evidence')).toEqual([]);
  });

  it('is not back when the same path then holds no evidence at all, or was read before', async () => {
    const path = whole('2026-04-30');
    await scan(path);
    put(folder, `2026-04-30/${OWN}.json`, ERROR);
    expect((await scan(path)).exit).toBe(3);
    put(folder, `2026-04-30/${OWN}.json`, 'a note of what to do next');
    expect((await scan(path)).exit).toBe(3);
    expect((await report()).exit).toBe(3);
  });

  it('goes with the run that read it', async () => {
    await scan(whole('2026-04-30'));
    await scan(put(folder, 'bad.json', ERROR), whole('2026-04-30'), whole('2026-04-30', OTHER));
    const forgot = await tool('runs', 'forget', '2');
    expect(forgot).toMatchObject({ exit: 0, stdout: 'forgot run 2 and 2 files that only it read\n' });
    const { exit, stdout } = await tool('report', '--format', 'json', '--status', 'all');
    expect(exit).toBe(0);
    expect(stdout).toContain(OWN);
    expect(stdout).not.toContain(OTHER);
    expect((await tool('runs')).stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(sql('SELECT path FROM evidence')).toEqual([[at(`2026-04-30/${OWN}.json`)]]);
    expect(sql('SELECT count(*) FROM capture UNION ALL SELECT count(*) FROM sighting')).toEqual([[1], [1]]);
  });

  it('is told by code with an example when single records were rejected', async () => {
    const broken = { RoleName: 'x', Arn: 'arn:aws:iam::1:role/x' };
    const path = put(folder, '2026-04-30/r.json', gaad([gaadRole('A', { trust: OPEN }), broken, broken]));
    const first = await scan(path);
    expect(first.exit).toBe(3);
    expect(first.stdout).toMatch(
      /rejected records:\n {2}2 arn-invalid, the first in .*r\.json at \/RoleDetailList\/1:/,
    );
    const later = await scan(whole('2026-04-30', OTHER));
    expect(later.exit).toBe(3);
    expect(later.stderr).toContain('2 records were rejected (arn-invalid)');
  });

  it.each([
    [['forget'], /name a run/],
    [['forget', '9'], /no run `9`/],
    [['forget', 'x'], /is not a run/],
    [['list', '1'], /takes no number/],
  ])('runs %j is refused', async (args, message) => {
    await scan(whole('2026-04-30'));
    const { exit, stderr } = await tool('runs', ...args);
    expect(exit).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('what compares looks', () => {
  const COMPARED = [
    ['diff', 'previous', 'latest'],
    ['trend', '--by', 'month'],
  ] as const;

  it.each(COMPARED)('says what the store lacks: %s', async (command, ...args) => {
    const side = command === 'diff' ? 'on the second side (the latest look) ' : '';
    const reason = `${side}there is no evidence of account ${OTHER}`;
    await scan(whole('2026-04-30'), '--accounts', members(member(OWN, 'ACTIVE'), member(OTHER, 'ACTIVE')));
    for (const format of ['text', 'json', 'csv', 'html']) {
      const { exit, stdout, stderr } = await tool(command, ...args, '--format', format);
      expect(exit, format).toBe(3);
      expect(stderr, format).toBe(`incomplete (exit 3): ${reason}\n`);
      const told = format === 'text' || format === 'html';
      expect(stdout.includes(`Evidence incomplete: ${reason}`), format).toBe(told);
      if (format === 'json') {
        expect(JSON.parse(stdout)).toMatchObject({ evidence: { complete: false, reasons: [reason] } });
      }
      if (format !== 'csv') continue;
      const saved = await tool(command, ...args, '-o', at('x.csv'));
      expect(saved).toMatchObject({ exit: 3, stderr });
      expect(readFileSync(at('x.csv'), 'utf8')).toBe(stdout);
      const beside = readFileSync(at('x.evidence.csv'), 'utf8');
      expect(beside).toMatch(/^coverage,.*,incomplete,incomplete,/m);
      expect(beside).toContain(reason);
      expect(beside).toMatch(new RegExp(`^account-gap,.*,${OTHER},`, 'm'));
    }
  });

  it('judges both sides of a comparison, and names the one that lacks something', async () => {
    const list = members(member(OWN, 'ACTIVE'), member(OTHER, 'ACTIVE'));
    const days = ['2026-01-31', '2026-04-30', '2026-07-31'] as const;
    const error = gaad([gaadRole('A', { trust: OPEN }), gaadRole('E', { trust: UNDECIDED })]);
    await scan(
      ...days.slice(0, 2).map((day) => whole(day)),
      put(folder, `2026-07-31/${OWN}.json`, error),
      ...days.slice(1).map((day) => whole(day, OTHER)),
      '--accounts',
      list,
    );
    const first = await tool('diff', days[0], days[1], '--format', 'md');
    expect(first.exit).toBe(3);
    expect(first.stdout).not.toContain('Evidence complete');
    expect(first.stderr).toBe(
      `incomplete (exit 3): on the first side (2026-01-31) there is no evidence of account ${OTHER}\n`,
    );
    const second = await tool('diff', days[1], days[2]);
    expect(second.exit).toBe(3);
    expect(second.stderr).toBe(
      'incomplete (exit 3): on the second side (2026-07-31) 1 role could not be decided\n',
    );
    expect(second.stdout).toMatch(/^not decided, second side +1$/m);
    // The evidence of the one day is whole, whatever the store has of later days.
    const same = await tool('diff', days[1], days[1], '--format', 'md');
    expect(same.exit).toBe(0);
    expect(same.stdout).toContain(
      'every account of the organisation (2) is covered whole on both sides, and no part of the evidence is missing',
    );
    // Whoever was not looked at before is no gap, but what the look before could not decide is one.
    await scan(whole('2026-10-31'), whole('2026-10-31', OTHER));
    const before = await tool('diff', 'previous', 'latest');
    expect(before.exit).toBe(3);
    expect(before.stderr).toBe(
      'incomplete (exit 3): on the first side (the look before at each account) 1 role could not be decided\n',
    );
    const ofRun = await tool('diff', 'previous', '1');
    expect(ofRun.exit).toBe(3);
    expect(ofRun.stderr).toBe(
      'incomplete (exit 3): on the second side (run 1) 1 role could not be decided\n',
    );
  });

  it('counts in a trend what could not be decided, and is not complete for it', async () => {
    const list = members(member(OWN, 'ACTIVE'));
    const broken = gaad([gaadRole('A', { trust: UNDECIDED }), gaadRole('B', { trust: UNDECIDED })]);
    await scan(
      whole('2026-01-31'),
      put(folder, `2026-02-28/${OWN}.json`, broken),
      whole('2026-03-31'),
      '--accounts',
      list,
    );
    const json = await tool('trend', '--format', 'json');
    expect(json.exit).toBe(3);
    const reasons = ['2 roles could not be decided at 2026-02-28'];
    expect(JSON.parse(json.stdout)).toMatchObject({
      evidence: { complete: false, reasons },
      points: [
        { fail: 1, error: 0, failRate: 0.5 },
        { fail: 0, error: 2, failRate: null, comparableError: 2 },
        { fail: 1, error: 0, failRate: 0.5 },
      ],
    });
    const text = (await tool('trend')).stdout;
    expect(text).toMatch(/^2026-02-28 +1 +2 +0 +2 +\? /m);
    expect(text).toContain('err: roles that could not be decided');
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const page = (await tool('trend', '--format', 'html')).stdout;
    expect(page).not.toContain('Evidence complete');
    expect(page).toContain('at 1 of 3 points roles could not be decided');
  });

  it('knows no share of roles where evidence shows none and was cut', async () => {
    const cut = put(folder, `2026-01-31/${OWN}.json`, gaad([], { IsTruncated: true, Marker: 'm' }));
    await scan(cut, '--account', OWN);
    const { exit, stdout } = await tool('trend', '--format', 'json');
    expect(exit).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      points: [{ roles: 0, failRate: null, incompleteAccounts: 1 }],
    });
    expect((await tool('trend')).stdout).toContain('incomplete at 2026-01-31: 1 account may have more roles');
  });

  it('lays what files lack at the door of the side that has them', async () => {
    await scan(whole('2026-01-31'), whole('2026-04-30', OWN, { IsTruncated: true, Marker: 'm' }));
    const { exit, stderr } = await tool('diff', 'previous', 'latest');
    expect(exit).toBe(3);
    expect(stderr).toMatch(/^incomplete \(exit 3\): on the second side \(the latest look\) some evidence/);
    expect(stderr).not.toMatch(/both sides|first side/);
  });

  it.each(COMPARED)('says that nobody knows which accounts there should be: %s', async (command, ...args) => {
    await scan(whole('2026-04-30'));
    for (const format of ['text', 'json', 'csv', 'html']) {
      const { exit, stdout, stderr } = await tool(command, ...args, '--format', format);
      expect(exit, format).toBe(0);
      const told = format === 'text' || format === 'html';
      expect(told ? stdout : stderr, format).toMatch(/Completeness not known: .*relations are not graded/);
      expect(told ? stderr : '', format).toBe('');
    }
  });
});

describe('YAML as the AWS CLI writes it', () => {
  /** Managed policies come last; nothing closes the list. */
  const text = (end: string): string => `RoleDetailList:
- RoleName: A
  RoleId: AROAEXAMPLE0000000001
  Arn: arn:aws:iam::${OWN}:role/A
  AssumeRolePolicyDocument:
    Version: '2012-10-17'
    Statement:
    - Effect: Allow
      Principal: '*'
      Action: sts:AssumeRole
  AttachedManagedPolicies:
  - PolicyArn: arn:aws:iam::${OWN}:policy/P
  - PolicyArn: arn:aws:iam::${OWN}:policy/Q
Policies:
${['P', 'Q']
  .map(
    (name) => `- PolicyName: ${name}
  PolicyId: ANPAEXAMPLE000000000${name}
  Arn: arn:aws:iam::${OWN}:policy/${name}
  DefaultVersionId: v1
  PolicyVersionList:
  - VersionId: v1
    IsDefaultVersion: true
    Document:
      Version: '2012-10-17'
      Statement:
      - Effect: Allow
        Action: '*'
        Resource: '*'
`,
  )
  .join('')}${end}`;

  it.each([
    ['nothing', '', [`arn:aws:iam::${OWN}:policy/P`]],
    ['a page marker', 'IsTruncated: false\n', ['P', 'Q'].map((name) => `arn:aws:iam::${OWN}:policy/${name}`)],
    ['the end of the document', '...\n', ['P', 'Q'].map((name) => `arn:aws:iam::${OWN}:policy/${name}`)],
  ])(
    'shows all roles, and its last policy where it is whole for sure: %s comes after',
    async (_, end, policies) => {
      const { exit } = await scan(put(folder, '2026-04-30/a.yaml', text(end)), '--whole');
      expect([exit, sql('SELECT status FROM evidence')]).toEqual([0, [['complete']]]);
      expect(
        sql(
          'SELECT arn FROM managed_policy WHERE id IN (SELECT policy FROM managed_policy_seen WHERE document > 0) ORDER BY arn',
        ),
      ).toEqual(policies.map((arn) => [arn]));
    },
  );
});
