import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { allow, EXT, extRoot, OTHER, OWN, policy } from '../../exposure/cases/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { GUARDED, gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli } from '../harness.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const NOW = '2026-05-01T00:00:00Z';
const at = (name: string): string => join(folder, name);
const other = { AWS: `arn:aws:iam::${OTHER}:root` };

const ENTRY = {
  id: 'EX-1',
  rule: 'D9.AWS.IAM.99',
  account: OWN,
  role: 'Partner',
  principal: extRoot.AWS,
  reason: 'The vendor moves in June.',
  expires: '2026-06-30',
  owner: 'team-a',
  ticket: 'SEC-1',
};

function putExceptions(...entries: readonly object[]): string {
  return put(folder, 'exceptions.yaml', stringify({ exceptions: entries }));
}

function putRoles(day: string, trust: Readonly<Record<string, unknown>>): void {
  const roles = Object.entries(trust).map(([name, one]) => gaadRole(name, { trust: one }));
  put(folder, `in/${day}.json`, gaad(roles));
}

const scan = (...more: string[]) =>
  cli(['scan', at('in'), '--db', at('s.db'), '--as-of', NOW, '--quiet', ...more]);

async function suppressed(...more: string[]): Promise<Readonly<Record<string, string | null>>> {
  const { stdout, exit, stderr } = await cli(['report', '--db', at('s.db'), '--format', 'json', ...more]);
  expect(exit, stderr).toBe(0);
  const verdicts = JSON.parse(stdout) as readonly { roleName: string; suppressedBy: string | null }[];
  return Object.fromEntries(verdicts.map((one) => [one.roleName, one.suppressedBy]));
}

describe('exceptions', () => {
  it('suppress a finding, which stays visible with what accepts it in every format', async () => {
    putRoles('2026-04-30', { Partner: OPEN, Other: OPEN });
    const file = putExceptions(ENTRY);
    const formats = ['csv', 'html', 'json', 'sarif', 'ocsf', 'md'];
    const flags = formats.flatMap((format) => [`--${format}`, at(`r.${format}`)]);
    expect((await scan('--exceptions', file, ...flags)).exit).toBe(0);
    // The run remembers its exceptions, and a report takes others.
    expect(await suppressed()).toEqual({ Partner: 'EX-1', Other: null });
    expect(await suppressed('--as-of', '2026-07-01')).toEqual({ Partner: null, Other: null });
    const none = put(folder, 'none.yaml', 'exceptions: []\n');
    expect(await suppressed('--exceptions', none)).toEqual({ Partner: null, Other: null });
    for (const format of formats) {
      const { stdout } = await cli(['report', '--db', at('s.db'), '--format', format]);
      if (format !== 'html') expect(stdout, format).toContain('EX-1');
    }
    const sarif = await cli(['report', '--db', at('s.db'), '--format', 'sarif']);
    const log = JSON.parse(sarif.stdout) as {
      runs: { results: { suppressions: { justification: string }[] }[] }[];
    };
    const justifications = log.runs[0]?.results.flatMap(({ suppressions }) =>
      suppressions.map(({ justification }) => justification),
    );
    expect(justifications).toEqual([
      'Accepted by the exception EX-1 until 2026-06-30: The vendor moves in June.',
    ]);
    const explained = await cli(['explain', `arn:aws:iam::${OWN}:role/Partner`, '--db', at('s.db')]);
    expect(explained.stdout).toContain(
      'accepted by the exception EX-1 until 2026-06-30: The vendor moves in June.',
    );
    const args = ['scan', at('in'), '--db', at('s.db'), '--as-of', NOW, '--exceptions', file];
    expect((await cli(args)).stdout).toContain(
      'exceptions: 1 accepts 1 of the failing verdicts; 0 expired, 0 cover nothing\n',
    );
    expect((await scan()).exit).toBe(0);
    expect(await suppressed()).toEqual({ Partner: null, Other: null });
  });

  it('pass the gates', async () => {
    putRoles('2026-03-31', { Partner: GUARDED });
    await scan();
    putRoles('2026-04-30', { Partner: OPEN });
    const file = putExceptions(ENTRY);
    const gates = ['--fail-on', 'low', '--fail-on-new'];
    expect((await scan(...gates, '--exceptions', file)).exit).toBe(0);
    rmSync(at('s.db'));
    const both = await scan(...gates);
    expect(both.exit).toBe(1);
    expect(both.stderr.match(/gate failed/g)).toHaveLength(2);
    rmSync(at('s.db'));
    const { exit } = await scan(...gates, '--exceptions', putExceptions({ ...ENTRY, expires: '2026-04-30' }));
    expect(exit).toBe(1);
  });

  it('do not swallow a principal that is let in later', async () => {
    putRoles('2026-03-31', { Partner: OPEN });
    const file = putExceptions(ENTRY);
    await scan('--exceptions', file);
    expect(await suppressed()).toEqual({ Partner: 'EX-1' });
    putRoles('2026-04-30', { Partner: policy(allow({ AWS: [extRoot.AWS, other.AWS] })) });
    await scan('--exceptions', file);
    expect(await suppressed()).toEqual({ Partner: null });
    await scan('--exceptions', putExceptions({ ...ENTRY, principal: [extRoot.AWS, OTHER] }));
    expect(await suppressed()).toEqual({ Partner: 'EX-1' });
  });

  it('hold to the end of their last day, whatever the clock says', async () => {
    putRoles('2026-04-30', { Partner: OPEN });
    await scan('--exceptions', putExceptions(ENTRY));
    expect(await suppressed('--as-of', '2026-06-30T23:59:59Z')).toEqual({ Partner: 'EX-1' });
    expect(await suppressed('--as-of', '2026-07-01T00:00:00Z')).toEqual({ Partner: null });
  });

  it('with a mistake are refused as a whole, entry by entry and key by key', async () => {
    putRoles('2026-04-30', { Partner: OPEN });
    const { reason: _, ...unreasoned } = ENTRY;
    const file = putExceptions(ENTRY, { ...unreasoned, id: 'EX-2', expires: 'soon' }, ENTRY);
    const { exit, stderr } = await scan('--exceptions', file);
    expect(exit).toBe(2);
    expect(stderr).toContain('entry 1 (`EX-2`): key `reason`: it is missing');
    expect(stderr).toContain('entry 1 (`EX-2`): key `expires`: it is not a date or time');
    expect(stderr).toContain('entry 2 (`EX-1`): key `id`: entry 0 has it already');
    const check = await cli(['exceptions', 'check', file]);
    expect(check.exit).toBe(2);
    expect(check.stdout.split('\n')).toHaveLength(4);
  });
});

describe('exceptions check', () => {
  const check = (file: string, ...more: string[]) =>
    cli(['exceptions', 'check', file, '--db', at('s.db'), '--as-of', NOW, ...more]);

  beforeEach(async () => {
    putRoles('2026-04-30', { Partner: OPEN, Wide: policy(allow({ AWS: [extRoot.AWS, other.AWS] })) });
    await scan();
  });

  it('lists expired, expiring, unused and over-broad entries', async () => {
    const file = putExceptions(
      ENTRY,
      { ...ENTRY, id: 'EX-OLD', expires: '2026-04-30' },
      { ...ENTRY, id: 'EX-SOON', expires: '2026-05-31' },
      { ...ENTRY, id: 'EX-UNUSED', role: 'partner' },
      { ...ENTRY, id: 'EX-PARTLY', role: 'Wide' },
      { id: 'EX-BROAD', reason: 'None of your business.', expiry: '2027-01-01' },
    );
    const { exit, stdout } = await check(file, '--format', 'json');
    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      asOf: NOW,
      expired: ['EX-OLD'],
      expiring: ['EX-SOON'],
      unused: ['EX-UNUSED', 'EX-PARTLY'],
      overBroad: ['EX-BROAD'],
      entries: [
        { id: 'EX-1', status: 'active', findings: 1, partly: 0, overBroad: [] },
        { id: 'EX-OLD', status: 'expired', findings: 1 },
        { id: 'EX-SOON', status: 'expiring' },
        { id: 'EX-UNUSED', findings: 0, partly: 0 },
        { id: 'EX-PARTLY', findings: 0, partly: 1 },
        { id: 'EX-BROAD', findings: 2, owner: null, ticket: null },
      ],
    });
    const shown = await check(file);
    expect(shown.exit).toBe(1);
    expect(shown.stdout).toContain(
      '6 exceptions as of 2026-05-01T00:00:00Z: 1 expired, 1 expiring, 2 unused, 1 over-broad',
    );
    expect(shown.stdout).toContain('EX-OLD: since 2026-04-30; 1 finding is open again');
    expect(shown.stdout).toContain('EX-PARTLY: 1 finding has further ways in, which it does not accept');
    expect(shown.stdout).toContain('EX-BROAD: it accepts every principal');
  });

  it('is content with entries that are used and still hold a while, or are only about to end', async () => {
    expect((await check(putExceptions(ENTRY))).exit).toBe(0);
    expect((await check(putExceptions({ ...ENTRY, expires: '2026-05-02' }))).exit).toBe(0);
  });

  it('without a store says nothing of use, and does not take a missing one for an empty one', async () => {
    const file = putExceptions({ ...ENTRY, role: 'nobody' });
    const args = ['exceptions', 'check', file, '--as-of', NOW];
    const { exit, stdout } = await cli(args);
    expect([exit, stdout.includes('without a store nothing is known of their use')]).toEqual([0, true]);
    expect((await cli([...args, '--db', at('missing.db')])).exit).toBe(2);
  });

  it('shows hostile text of the file as text', async () => {
    const file = putExceptions({ ...ENTRY, id: 'a\u001b[31m', reason: 'b\u202ec' });
    const { stdout } = await check(file);
    expect(stdout).toContain('a\\u001b[31m');
    expect(stdout).toContain('b\\u202ec');
  });

  it.each([
    ['a', 'it is no list of exceptions'],
    ['- 1', 'entry 0: it is no mapping'],
    ['a: [', 'it is not YAML'],
    ['exceptions: []\nversion: 1', 'the key `version` at the top is unknown'],
    ['- {id: x, reason: y, expires: 2026-01-01, princpal: z}', 'key `princpal`: there is no such key'],
    [
      '- {id: x, reason: y, expires: 2026-01-01, expiry: 2026-01-01}',
      'key `expiry`: `expires` is given twice',
    ],
    ['- {id: x, reason: " ", expires: 2026-01-01}', 'key `reason`: it is empty'],
    ['- {id: x, reason: y, expires: 2026-01-01, account: 012345678901}', 'key `account`: it is no account'],
    ['- {id: x, reason: y, expires: 2026-01-01, role: "arn:aws:iam"}', 'key `role`: it begins like an ARN'],
    ['- {id: x, reason: y, expires: 2026-01-01, principal: []}', 'key `principal`: the list is empty'],
    [
      `- {id: x, reason: y, expires: 2026-01-01, principalAccount: [${EXT}, x]}`,
      'key `principalAccount`: it is no account',
    ],
  ])('refuses %j', async (content, message) => {
    const { exit, stdout } = await check(put(folder, 'bad.yaml', content));
    expect(exit).toBe(2);
    expect(stdout).toContain(message);
  });
});

describe('exceptions propose', () => {
  const arn = (name: string): string => `arn:aws:iam::${OWN}:role/${name}`;
  const propose = (...more: string[]) => cli(['exceptions', 'propose', ...more, '--db', at('s.db')]);

  beforeEach(async () => {
    putRoles('2026-04-30', {
      Partner: OPEN,
      Wide: policy(allow({ AWS: [extRoot.AWS, other.AWS] })),
      Guarded: GUARDED,
    });
    await scan();
  });

  it('gives entries that are refused as they are, and accept the findings once they are filled in', async () => {
    const { stdout, exit, stderr } = await propose(arn('Wide'), arn('Partner'), arn('Wide'));
    expect([exit, stderr]).toEqual([0, '']);
    const file = put(folder, 'proposed.yaml', `exceptions:\n${stdout}`);
    const refused = await cli(['exceptions', 'check', file, '--db', at('s.db')]);
    expect(refused.exit).toBe(2);
    expect(refused.stdout.match(/it is empty/g)).toHaveLength(4);
    const filled = stdout
      .replaceAll('reason: ""', 'reason: "The vendor moves in June."')
      .replaceAll('expires: ""', 'expires: 2026-06-30');
    const done = put(folder, 'done.yaml', filled);
    expect((await cli(['exceptions', 'check', done, '--db', at('s.db'), '--as-of', NOW])).exit).toBe(0);
    const id = (name: string): string => `${OWN}/${name}/D9.AWS.IAM.99`;
    await scan('--exceptions', done);
    expect(await suppressed()).toEqual({ Partner: id('Partner'), Wide: id('Wide') });
  });

  it('gives the same as JSON, which is refused alike', async () => {
    const { stdout } = await propose(arn('Partner'), '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject([
      { account: OWN, role: arn('Partner'), principal: [extRoot.AWS], reason: '', expires: '' },
    ]);
    const file = put(folder, 'proposed.json', stdout);
    expect((await cli(['exceptions', 'check', file, '--db', at('s.db')])).exit).toBe(2);
  });

  it('refuses what it does not know, and what does not fail, before it prints anything', async () => {
    const unknown = await propose(arn('Partner'), arn('partnr'));
    expect([unknown.exit, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain(`did you mean \`${arn('Partner')}\`?`);
    const passing = await propose(arn('Guarded'));
    expect([passing.exit, passing.stdout]).toEqual([2, '']);
    expect(passing.stderr).toContain('does not fail, so there is nothing to accept');
    expect((await propose()).exit).toBe(2);
    expect((await cli(['exceptions', 'propose', arn('Partner'), '--db', at('missing.db')])).exit).toBe(2);
    expect((await cli(['exceptions', 'check'])).exit).toBe(2);
  });
});
