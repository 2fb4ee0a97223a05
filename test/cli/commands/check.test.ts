import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allow, CASES, deny, EXT, extRoot, OWN, policy } from '../../exposure/cases/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { cli } from '../harness.ts';

const folder = temporaryFolder();

const KEYS = [
  'rule',
  'account',
  'partition',
  'arn',
  'roleName',
  'roleId',
  'verdict',
  'literal',
  'severity',
  'reason',
  'notes',
  'message',
  'paths',
  'witness',
];

describe('check, one policy', () => {
  const open = JSON.stringify(policy(allow(extRoot)));

  it('prints a verdict object', async () => {
    const path = join(folder, 'open.json');
    writeFileSync(path, open);
    const { exit, stdout, stderr } = await cli(['check', path, '--account', OWN]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const verdict = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(verdict)).toEqual(KEYS);
    expect(verdict).toMatchObject({
      rule: 'D9.AWS.IAM.99',
      account: OWN,
      verdict: 'fail',
      literal: 'fail',
      severity: 'medium',
      reason: 'unguarded-external-path',
      message: `Any principal of account ${EXT} can assume this role without MFA or an external ID.`,
      paths: [
        { statement: 0, sid: null, principal: extRoot.AWS, account: EXT, relation: 'unknown', guards: [] },
      ],
      witness: { principalAccount: EXT, actions: ['sts:AssumeRole'] },
    });
  });

  it('reads standard input and names accounts', async () => {
    const accounts = join(folder, 'accounts.json');
    const vendors = join(folder, 'vendors.yaml');
    writeFileSync(accounts, JSON.stringify({ Accounts: [{ Id: EXT, Name: 'Build' }] }));
    writeFileSync(vendors, `- name: Vendor\n  accounts: ['777788889999']\n`);
    const args = ['check', '-', '--account', OWN, '--accounts', accounts, '--known-accounts', vendors];
    const { stdout } = await cli(args, open);
    expect(JSON.parse(stdout)).toMatchObject({
      severity: 'low',
      paths: [{ accountName: 'Build', relation: 'same-organisation' }],
    });
    const vendor = JSON.stringify(policy(allow({ AWS: '777788889999' })));
    expect(JSON.parse((await cli(args, vendor)).stdout)).toMatchObject({
      severity: 'high',
      paths: [{ accountName: 'Vendor', relation: 'third-party' }],
    });
    const world = JSON.stringify(policy(allow({ AWS: '*' })));
    expect(JSON.parse((await cli(args, world)).stdout)).toMatchObject({ severity: 'critical' });
  });

  it("names AWS's own accounts, external IDs that are names, and takes strangers for anybody", async () => {
    const vendors = join(folder, 'vendors.yaml');
    const entries = [
      `- name: ELB logs\n  type: aws\n  accounts: ['${EXT}']\n`,
      `- name: Amazon Thing\n  type: 'aws'\n  accounts: ['909090909090']\n`,
      `- name: Sieve & Sons\n  accounts: ['777788889999', '818181818181']\n`,
    ];
    writeFileSync(vendors, entries.join(''));
    const args = ['check', '-', '--account', OWN, '--known-accounts', vendors];
    const verdictOf = async (trust: unknown) =>
      JSON.parse((await cli(args, JSON.stringify(trust))).stdout) as Record<string, unknown>;
    expect(await verdictOf(policy(allow(extRoot)))).toMatchObject({
      severity: 'medium',
      notes: ['aws-account'],
      paths: [{ accountName: 'AWS: ELB logs', relation: 'unknown' }],
    });
    expect(await verdictOf(policy(allow({ AWS: '909090909090' })))).toMatchObject({
      paths: [{ accountName: 'Amazon Thing', relation: 'unknown' }],
    });
    const named = { StringEquals: { 'sts:ExternalId': 'sieve-and-sons' } };
    expect((await verdictOf(policy(allow({ AWS: '777788889999' }, named))))['severity']).toBeNull();
    named.StringEquals['sts:ExternalId'] = 'sieve-sons-2024';
    expect(await verdictOf(policy(allow({ AWS: '777788889999' }, named)))).toMatchObject({
      verdict: 'pass',
      severity: 'medium',
      notes: ['extid-guessable', 'known-vendor', 'literal-blind-principal'],
    });
    expect(await verdictOf(policy(allow({ AWS: '*' })))).toMatchObject({
      witness: { principalAccount: '727272727272', context: { 'aws:PrincipalAccount': '727272727272' } },
    });
    expect(
      await verdictOf(
        policy(allow({ AWS: '*' }), deny({ AWS: '727272727272' }), deny({ AWS: '636363636363' })),
      ),
    ).toMatchObject({ witness: { principalAccount: '545454545454' } });
  });

  it.each([
    ['no account', ['check', '-'], open, /--account/, 2],
    ['an account that is none', ['check', '-', '--account', '12345'], open, /not an account id/, 2],
    ['a missing file', ['check', '/nonexistent/x.json', '--account', OWN], '', /there is no file/, 2],
    ['a folder', ['check', '/', '--account', OWN], '', /is a folder/, 2],
    ['an unknown flag', ['check', '-', '--acount', OWN], open, /unknown argument|did you mean/i, 2],
    ['an unknown command', ['chekc'], '', /did you mean|unknown/i, 2],
    ['no command', [], '', /name a command/, 2],
  ])('refuses %s in one line', async (_, args, stdin, message, code) => {
    const { exit, stdout, stderr } = await cli(args, stdin);
    expect(exit).toBe(code);
    expect(stdout).toBe('');
    expect(stderr.split('\n')[0]).toMatch(message);
  });

  it('calls broken JSON an error and the run incomplete', async () => {
    const { exit, stdout } = await cli(['check', '-', '--account', OWN], '{"Version":');
    expect(exit).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'error', reason: 'malformed-input', witness: null });
  });
});

describe('check --ndjson', () => {
  it('prints one line per line, in order, with ids, and survives broken lines', async () => {
    const lines = CASES.map(({ trust, partition = null }, id) => {
      const start = `{"id":${id},"account":"${OWN}","partition":${JSON.stringify(partition)}`;
      return typeof trust === 'string' && !isJson(trust)
        ? `${start},"trust":${JSON.stringify(trust)}}`
        : `${start},"trust":${typeof trust === 'string' ? trust : JSON.stringify(trust)}}`;
    });
    lines.splice(
      3,
      0,
      'not json',
      '',
      '[1]',
      '{"id":"no-account","trust":{}}',
      '{"id":"bad","account":"1","trust":{}}',
    );
    const { exit, stdout } = await cli(['check', '--ndjson', '-'], `${lines.join('\n')}\n`);
    expect(exit).toBe(3);
    const verdicts = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(verdicts).toHaveLength(lines.length);
    const broken = verdicts.splice(3, 5);
    for (const verdict of broken)
      expect(verdict).toMatchObject({ verdict: 'error', reason: 'malformed-input' });
    expect(broken.map((verdict) => verdict['id'])).toEqual([
      undefined,
      undefined,
      undefined,
      'no-account',
      'bad',
    ]);
    CASES.forEach(({ name, verdict }, id) => {
      expect(verdicts[id], name).toMatchObject({ id, verdict });
    });
  });

  it('judges in the partition of the ARN, else the one given, else the one that the policy shows', async () => {
    const trust = JSON.stringify(policy(allow({ AWS: 'arn:aws-us-gov:iam::444455556666:root' })));
    const arn = (partition: string): string => `"arn":"arn:${partition}:iam::${OWN}:role/r"`;
    const input = [
      `{${arn('aws')},"trust":${trust}}`,
      `{${arn('aws-us-gov')},"trust":${trust}}`,
      `{"account":"${OWN}","partition":"aws","trust":${trust}}`,
      `{"account":"${OWN}","trust":${trust}}`,
      `{"account":"${OWN}","partition":"AWS","trust":${trust}}`,
      `{"account":"${OWN}","partition":"aws","partition":"aws-cn","trust":${trust}}`,
      `{${arn('aws')},"partition":"aws-cn","trust":${trust}}`,
    ].join('\n');
    const { stdout } = await cli(['check', '--ndjson', '-'], input);
    const verdicts = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(verdicts.map(({ verdict, partition }) => [verdict, partition])).toEqual([
      ['not-applicable', 'aws'],
      ['fail', 'aws-us-gov'],
      ['not-applicable', 'aws'],
      ['fail', 'aws-us-gov'],
      ['error', 'aws'],
      ['error', 'aws'],
      ['error', 'aws'],
    ]);
    expect(verdicts[0]?.['notes']).toEqual(expect.arrayContaining(['dead-statement', 'iam-would-reject']));
  });

  it('says where a policy is damaged, and never that it is clean', async () => {
    const line = JSON.stringify({
      account: OWN,
      trust: policy(allow(extRoot, undefined, 'System.Object[]')),
    });
    const whole = JSON.stringify({ account: OWN, trust: '@{Version=2012-10-17; Statement=System.Object[]}' });
    const { exit, stdout } = await cli(['check', '--ndjson', '-'], `${line}\n${whole}\n`);
    expect(exit).toBe(3);
    const [first, second] = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(first).toMatchObject({ verdict: 'error', literal: 'error', reason: 'policy-damaged', paths: [] });
    expect(first?.['message']).toContain('`/Statement/0/Action`');
    expect(second).toMatchObject({ verdict: 'error', literal: 'error', reason: 'policy-damaged' });
  });

  it('takes a policy in any encoding an export uses, and a last line without newline', async () => {
    const trust = JSON.stringify(policy(allow(extRoot)));
    const encodings = [trust, JSON.stringify(trust), JSON.stringify(encodeURIComponent(trust))];
    const input = encodings.map((text) => `{"account":"${OWN}","trust":${text}}`).join('\r\n');
    const { exit, stdout } = await cli(['check', '--ndjson'], input);
    expect(exit).toBe(0);
    const verdicts = stdout.trimEnd().split('\n');
    expect(verdicts).toHaveLength(3);
    expect(new Set(verdicts).size).toBe(1);
  });

  it('sees keys that occur twice', async () => {
    const { stdout } = await cli(
      ['check', '--ndjson'],
      `{"account":"${OWN}","trust":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"${EXT}"},"Action":"sts:AssumeRole","Condition":{},"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}}\n`,
    );
    const { verdict, notes } = JSON.parse(stdout) as { verdict: string; notes: string[] };
    expect(verdict).toBe('fail');
    expect(notes).toEqual(expect.arrayContaining(['iam-would-reject', 'undefined-semantics']));
  });

  it('echoes an id as it came in', async () => {
    const ids = [
      '12345678901234567890123',
      '1.0',
      '{"b":1,"a":1,"b":2}',
      'null',
      '["x",{}]',
      '"\\u00e9\\u2028"',
    ];
    const lines = ids.map((id) => `{"id":${id},"account":"${OWN}","trust":{}}`);
    const { stdout } = await cli(['check', '--ndjson'], lines.join('\n'));
    const heads = stdout.trimEnd().split('\n');
    expect(heads.map((line) => line.slice(0, line.indexOf(',"rule":')))).toEqual(
      // The same text; what would break a line of output for some readers stays an escape.
      ids.map((id) => `{"id":${id === '"\\u00e9\\u2028"' ? '"\u00e9\\u2028"' : id}`),
    );
    const single = await cli(['check'], lines[0] as string);
    expect(single.stdout).toMatch(/^\{\n {2}"id":12345678901234567890123,\n {2}"rule"/);
  });

  it('takes an account as a number of 12 digits, and never another account in place of a bad one', async () => {
    const trust = JSON.stringify(policy(allow(extRoot)));
    const accounts = [OWN, '1234', 'true', '[]', `"${OWN} "`, '1.1112222333e11'];
    const input = accounts.map((account) => `{"account":${account},"trust":${trust}}`).join('\n');
    const { stdout } = await cli(['check', '--ndjson', '--account', '999999999999'], input);
    const verdicts = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { account: string | null; verdict: string; reason: string });
    expect(verdicts[0]).toMatchObject({ account: OWN, verdict: 'fail' });
    for (const verdict of verdicts.slice(1)) {
      expect(verdict).toMatchObject({ account: null, verdict: 'error', reason: 'malformed-input' });
    }
  });

  it('refuses bytes that are no text, a byte order mark in the middle, and goes on', async () => {
    const line = `{"account":"${OWN}","trust":${JSON.stringify(policy(allow(extRoot)))}}`;
    const bytes = Buffer.concat([
      Buffer.from(`\uFEFF${line}\n{"account":"${OWN}","trust":{"Version":"`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`"}}\n\uFEFF${line}\n${line}\n`),
    ]);
    const { stdout, exit } = await cli(['check', '--ndjson'], bytes);
    const verdicts = stdout.trimEnd().split('\n');
    expect(verdicts.map((text) => (JSON.parse(text) as { verdict: string }).verdict)).toEqual([
      'fail',
      'error',
      'error',
      'fail',
    ]);
    expect(verdicts[1]).toContain('not UTF-8');
    expect(exit).toBe(3);
  });

  it('reads a file that holds the URL-encoded text of the IAM API', async () => {
    const encoded = encodeURIComponent(JSON.stringify(policy(allow(extRoot))));
    const { stdout, exit } = await cli(['check', '--account', OWN], `${encoded}\n`);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'fail' });
  });

  it('makes a missing policy an error', async () => {
    const { exit, stdout } = await cli(['check', '--ndjson'], `{"id":1,"account":"${OWN}"}\n`);
    expect(exit).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, verdict: 'error', reason: 'trust-policy-missing' });
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
