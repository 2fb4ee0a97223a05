import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VerdictObject } from '../../../src/model/verdict.ts';
import { D9_AWS_IAM_99 } from '../../../src/rules/d9-aws-iam-99/rule.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { CLOSED, gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli } from '../harness.ts';

const OWN = '111122223333';
const SEEN = '2024-03-01T10:00:00+00:00';

const folder = temporaryFolder();
let stores = 0;
const at = (name: string): string => join(folder, name);

const document = (action: unknown): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
});

function user(name: string, more: object = {}): object {
  return {
    Path: '/',
    UserName: name,
    UserId: `AIDA${name.toUpperCase().padEnd(17, '0')}`,
    Arn: `arn:aws:iam::${OWN}:user/${name}`,
    CreateDate: SEEN,
    GroupList: [],
    UserPolicyList: [],
    AttachedManagedPolicies: [],
    ...more,
  };
}

function policyDetail(arn: string, action: unknown): object {
  return {
    PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
    PolicyId: 'ANPA00000000000000000',
    Arn: arn,
    Path: '/',
    DefaultVersionId: 'v2',
    AttachmentCount: 1,
    CreateDate: SEEN,
    PolicyVersionList: [
      { VersionId: 'v1', IsDefaultVersion: false, Document: document('*') },
      {
        VersionId: 'v2',
        IsDefaultVersion: true,
        Document: encodeURIComponent(JSON.stringify(document(action))),
      },
    ],
  };
}

const INLINE = { UserPolicyList: [{ PolicyName: 'p', PolicyDocument: document('s3:*') }] };

const RULES = `
- {id: U.1, title: No inline policies, severity: High, logic: IamUser should not have inlinePolicies}
- id: P.1
  title: No administrators
  severity: Critical
  logic: IamPolicy should not have document.Statement contain [Action = '*' and Resource = '*']
- id: R.1
  title: Roles are used
  severity: Informational
  logic: IamRole should not have roleLastUsed.lastUsedDate before(-90, 'days')
- {id: R.2, logic: "IamRole should not have managedPolicies contain [name = 'AdministratorAccess']"}
- {id: R.3, logic: IamRole where path = '/nowhere/' should have tags}
- {id: G.1, logic: IamGroup should have inlinePolicies}
- {id: U.2, logic: IamUser should have mfaActive = true}
- {id: X.1, logic: S3Bucket should not have isPublic()}
`;

async function judge(paths: readonly string[], rules: string = RULES, ...more: string[]) {
  const db = at(`${stores++}.db`);
  writeFileSync(at('rules.yaml'), rules);
  const scan = await cli([
    'scan',
    ...paths,
    '--db',
    db,
    '--as-of',
    '2026-05-01',
    '--rules',
    at('rules.yaml'),
    ...more,
  ]);
  const { stdout } = await cli(['report', '--db', db, '--format', 'ndjson', '--status', 'all']);
  const objects = stdout
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as VerdictObject);
  const further = objects.filter(({ rule }) => !rule.startsWith('D9.'));
  const lines = further.map(({ rule, roleName, verdict }) => `${rule} ${roleName} ${verdict}`);
  return { db, scan, objects, further, lines };
}

const used = { RoleLastUsed: { LastUsedDate: '2026-04-20T00:00:00Z', Region: 'eu-west-1' } };

describe('scan --rules', () => {
  it('judges roles, users and policies of authorization details, and says what it could not judge', async () => {
    put(folder, 'gaad/2026-01-31/own.json', {
      UserDetailList: [user('ann'), user('bob', INLINE)],
      GroupDetailList: [],
      RoleDetailList: [
        { ...gaadRole('Used', { trust: CLOSED }), ...used },
        { ...gaadRole('Idle', { trust: OPEN }), RoleLastUsed: {} },
        gaadRole('Unknown', { trust: CLOSED }),
      ],
      Policies: [
        policyDetail('arn:aws:iam::aws:policy/AdministratorAccess', '*'),
        policyDetail(`arn:aws:iam::${OWN}:policy/Narrow`, 's3:*'),
      ],
    });
    const { scan, lines, objects, further } = await judge([at('gaad')]);
    expect(lines).toEqual([
      'P.1 Narrow pass',
      'R.1 Idle fail',
      'R.2 Idle pass',
      'R.3 Idle not-applicable',
      'R.2 Unknown pass',
      'R.3 Unknown not-applicable',
      'R.1 Used pass',
      'R.2 Used pass',
      'R.3 Used not-applicable',
      'U.1 ann pass',
      'U.1 bob fail',
      'P.1 AdministratorAccess fail',
    ]);
    expect(further.at(-2)).toMatchObject({
      rule: 'U.1',
      account: OWN,
      arn: `arn:aws:iam::${OWN}:user/bob`,
      roleId: 'AIDABOB00000000000000',
      literal: 'fail',
      severity: 'high',
      reason: 'rule-non-compliant',
      paths: [],
      notes: [],
      witness: null,
      state: 'baseline',
      evidence: { capturedAt: '2026-01-31T00:00:00Z' },
    });
    expect(further[0]).toMatchObject({ reason: 'rule-compliant', severity: null });
    // The trust policies are judged as ever, and only roles count as roles.
    expect(objects.filter(({ rule }) => rule === 'D9.AWS.IAM.99').map(({ verdict }) => verdict)).toEqual([
      'fail',
      'not-applicable',
      'not-applicable',
    ]);
    expect(scan.exit).toBe(0);
    expect(scan.stdout).toContain('3 roles in 1 account: 4 fail');
    expect(scan.stdout).toMatch(/R\.1: the evidence of 1 entity does not hold what it looks at/);
    expect(scan.stdout).toMatch(/U\.2: `mfaActive` comes from the account's credential report/);
    expect(scan.stdout).toMatch(/X\.1: `S3Bucket` is not an entity/);
  });

  it('ends in an error where the evidence cannot be read', async () => {
    put(folder, 'damaged/2026-01-31/own.json', {
      ...gaad([{ ...gaadRole('A', { trust: 'no policy' }), ...used }]),
      UserDetailList: [user('eve', { UserPolicyList: [{ PolicyName: 'p', PolicyDocument: '{"cut' }] })],
    });
    const rules = `
- {id: U.1, logic: IamUser should not have inlinePolicies}
- {id: U.2, logic: IamUser should have name}
- {id: R.1, logic: "IamRole should not have assumeRolePolicy.Statement contain [Effect = 'Allow']"}`;
    const { scan, lines, further } = await judge([at('damaged')], rules);
    expect(lines).toEqual(['R.1 A error', 'U.1 eve error', 'U.2 eve pass']);
    expect(further[0]).toMatchObject({ reason: 'rule-undecidable', severity: null });
    expect(scan.exit).toBe(3);
  });

  it('keeps spans of time and deletions, in any order of files and with any number of jobs', async () => {
    const capture = (day: string, users: readonly object[]): string =>
      put(folder, `time/${day}/own.json`, {
        ...gaad([gaadRole('A', { trust: CLOSED })]),
        UserDetailList: users,
      });
    const files = [
      capture('2026-01-31', [
        user('kept', INLINE),
        user('gone', INLINE),
        user('mended', INLINE),
        user('worse'),
      ]),
      capture('2026-02-28', [user('kept', INLINE), user('mended'), user('worse', INLINE)]),
      capture('2026-03-31', [
        user('kept', INLINE),
        user('mended'),
        user('worse', INLINE),
        user('fresh', INLINE),
      ]),
    ];
    // Roles alone, later: they say nothing of users.
    files.push(
      put(folder, 'time/2026-04-30/own.json', { RoleDetailList: [gaadRole('A', { trust: CLOSED })] }),
    );
    const rules = '- {id: U.1, severity: low, logic: IamUser should not have inlinePolicies}';
    const first = await judge(files, rules, '--jobs', '1');
    expect(
      first.further.map(({ roleName, verdict, state, firstSeen, lastSeen }) =>
        [roleName, verdict, state, firstSeen.slice(0, 10), lastSeen.slice(0, 10)].join(' '),
      ),
    ).toEqual([
      'fresh fail new 2026-03-31 2026-03-31',
      'kept fail unchanged 2026-01-31 2026-03-31',
      'mended pass  2026-02-28 2026-03-31',
      'worse fail unchanged 2026-02-28 2026-03-31',
    ]);
    const other = await judge(files.toReversed(), rules, '--jobs', '4');
    expect(other.objects).toEqual(first.objects);
    // Read again with and without the rules: nothing is lost and nothing added.
    await cli(['scan', ...files, '--db', first.db, '--quiet']);
    await cli([
      'scan',
      ...files,
      '--db',
      first.db,
      '--as-of',
      '2026-05-01',
      '--rules',
      at('rules.yaml'),
      '--quiet',
    ]);
    const { stdout } = await cli(['report', '--db', first.db, '--format', 'ndjson', '--status', 'all']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(first.objects);
  });

  it('lists what is missing under the built-in rule, whatever rule comes first', async () => {
    put(folder, 'missing/2026-01-31/own.json', gaad([gaadRole('A', { trust: CLOSED })]));
    put(folder, 'missing/2026-01-31/cut.json', '{"RoleDetailList": [');
    const rules = put(folder, 'first.yaml', '- {id: A.1, logic: IamRole should not have path}');
    const db = at('missing.db');
    await cli(['scan', at('missing'), '--db', db, '--rules', rules, '--quiet']);
    for (const format of ['ndjson', 'ocsf']) {
      const { stdout } = await cli(['report', '--db', db, '--format', format]);
      const last = stdout.trimEnd().split('\n').at(-1) ?? '';
      expect(last).toContain('cut.json');
      expect(last).toContain('D9.AWS.IAM.99');
      expect(last).not.toContain('A.1');
    }
  });

  it('takes another outcome of another rule for no change', async () => {
    const files = [user('ann', INLINE), user('ann', { ...INLINE, GroupList: ['g'] })].map((one, index) =>
      put(folder, `other/2026-0${index + 1}-01/own.json`, {
        ...gaad([gaadRole('A', { trust: CLOSED })]),
        UserDetailList: [one],
      }),
    );
    const rules = `
- {id: U.1, logic: IamUser should not have inlinePolicies}
- {id: U.2, logic: IamUser should not have attachedGroups}`;
    const { further } = await judge(files, rules);
    expect(further.map(({ rule, state }) => [rule, state])).toEqual([
      ['U.1', 'unchanged'],
      ['U.2', 'new'],
    ]);
  });

  it('judges what AWS Config and CloudQuery hold of a role, and nothing else', async () => {
    const arn = `arn:aws:iam::${OWN}:role/Made`;
    const trust = encodeURIComponent(JSON.stringify(CLOSED));
    put(folder, `config/${OWN}_Config_eu-west-1_ConfigSnapshot_20260430T060000Z_x.json`, {
      fileVersion: '1.0',
      configSnapshotId: 'x',
      configurationItems: [
        {
          configurationItemStatus: 'OK',
          configurationItemCaptureTime: '2026-04-01T00:00:00.000Z',
          resourceType: 'AWS::IAM::Role',
          resourceId: 'AROAMADE0000000000000',
          ARN: arn,
          awsAccountId: OWN,
          configuration: {
            path: '/',
            roleName: 'Made',
            roleId: 'AROAMADE0000000000000',
            arn,
            createDate: SEEN,
            assumeRolePolicyDocument: trust,
            instanceProfileList: [],
            rolePolicyList: [
              { policyName: 'p', policyDocument: encodeURIComponent(JSON.stringify(document('s3:*'))) },
            ],
            attachedManagedPolicies: [
              { policyName: 'AdministratorAccess', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
            ],
          },
        },
      ],
    });
    const rules = `${RULES}
- {id: R.4, logic: "IamRole should not have inlinePolicies contain [document.Statement contain [Action = 's3:*']]"}
- {id: R.5, logic: "IamRole should not have tags contain [key = 'owner']"}`;
    expect((await judge([at('config')], rules)).lines).toEqual([
      'R.2 Made fail',
      'R.3 Made not-applicable',
      'R.4 Made fail',
      'R.5 Made pass',
    ]);
    const row = {
      _cq_sync_time: '2026-04-01T00:00:00Z',
      _cq_id: '1',
      account_id: OWN,
      arn,
      role_id: 'AROAMADE0000000000000',
      role_name: 'Made',
      path: '/',
      create_date: '2024-03-01T10:00:00Z',
      tags: { owner: 'me' },
      role_last_used: JSON.stringify({ LastUsedDate: '2026-04-01T00:00:00Z', Region: 'eu-west-1' }),
      assume_role_policy_document: CLOSED,
    };
    put(folder, 'cloudquery/aws_iam_roles.json', `${JSON.stringify(row)}\n`);
    const { lines, scan } = await judge([at('cloudquery')], rules);
    expect(lines).toEqual(['R.1 Made pass', 'R.3 Made not-applicable', 'R.5 Made fail']);
    expect(scan.stdout).toContain('U.1: the evidence of 1 account holds no IamUser');
    expect(scan.stdout).toContain('R.2: the evidence of 1 entity does not hold what it looks at');
  });

  it('gives the same trust verdicts with and without rules, and describes the rules in every report', async () => {
    const db = at(`${stores++}.db`);
    await cli(['scan', at('gaad'), '--db', db, '--as-of', '2026-05-01', '--quiet']);
    const plain = await cli(['report', '--db', db, '--format', 'json', '--status', 'all']);
    const { db: with_, objects } = await judge([at('gaad')]);
    expect(objects.filter(({ rule }) => rule.startsWith('D9.'))).toEqual(JSON.parse(plain.stdout));
    const sarif = await cli(['report', '--db', with_, '--format', 'sarif']);
    expect(sarif.stdout).toContain('"id":"U.1"');
    const explained = await cli(['explain', `arn:aws:iam::${OWN}:user/bob`, '--db', with_]);
    expect(explained.stdout).toContain('U.1: FAIL, severity high (rule-non-compliant)');
    expect(explained.stdout).not.toContain('Trust policy');
  });

  it('refuses to begin with a rule file that has mistakes', async () => {
    const { scan } = await judge([at('gaad')], '- {id: a, logic: IamUser should have name =}');
    expect(scan.exit).toBe(2);
    expect(scan.stderr).toMatch(/rules\.yaml: a: line 1, column \d+ of its logic: error: .*\n.*\n +\^\n/);
    expect(scan.stderr).toContain('`trustsieve rules check` lists all');
  });
});

describe('rules', () => {
  const file = (name: string, content: string): string => {
    writeFileSync(at(name), content);
    return at(name);
  };

  it('check: prints every mistake and a sum', async () => {
    const path = file('mixed.yaml', `${RULES}\n- {id: bad, logic: IamUser should have nothing(}`);
    const { exit, stdout } = await cli(['rules', 'check', path]);
    expect(exit).toBe(2);
    expect(stdout).toMatch(/mixed\.yaml: bad: line 1, column \d+ of its logic: error: /);
    expect(stdout).toMatch(/mixed\.yaml: never judged: `mfaActive` comes from .*: U\.2\n/);
    expect(stdout).toMatch(/mixed\.yaml: never judged: `S3Bucket` is not an entity .*: X\.1\n/);
    expect(stdout).toMatch(
      /\n9 rules: 8 without errors, of which 6 can be judged on IAM evidence; 1 error, \d+ warnings\n$/,
    );
    expect((await cli(['rules', 'check', file('good.yaml', RULES)])).exit).toBe(0);
  });

  it('check: names some rules per reason in text, and all in JSON; the built-in rule may be in the file', async () => {
    const entries = Array.from({ length: 9 }, (_, index) => ({
      ruleId: `S3.${index}`,
      name: `Bucket ${index}`,
      severity: 'High',
      logic: `S3Bucket should have a${index}`,
    }));
    const built = { ruleId: D9_AWS_IAM_99.id, name: 'x', severity: 'Low', logic: D9_AWS_IAM_99.logic };
    const path = file('export.json', JSON.stringify([built, ...entries]));
    const { exit, stdout } = await cli(['rules', 'check', path]);
    expect(exit).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `${path}: rule 1, \`D9.AWS.IAM.99\`: warning: this is the built-in rule \`D9.AWS.IAM.99\`, which is always judged: the entry is left out`,
      `${path}: never judged: \`S3Bucket\` is not an entity of IAM evidence: S3.0, S3.1, S3.2, S3.3, S3.4 and 4 more`,
      '10 rules: 9 without errors, of which 0 can be judged on IAM evidence, 1 left out as given elsewhere; 0 errors, 1 warning',
      '',
    ]);
    const json = await cli(['rules', 'check', path, '--format', 'json']);
    expect(json.exit).toBe(0);
    const [read] = JSON.parse(json.stdout) as [
      { rules: { id: string; unjudged: string }[]; repeated: number },
    ];
    expect(read).toMatchObject({ path, count: 10, repeated: 1 });
    expect(read.rules.map(({ id }) => id)).toEqual(entries.map(({ ruleId }) => ruleId));
  });

  it('check: reads JSON, and lines of JSON', async () => {
    const json = file(
      'one.json',
      JSON.stringify({ rules: [{ ruleId: 'a', name: 'b', logic: 'IamUser should have name' }] }),
    );
    const lines = file(
      'two.jsonl',
      '{"id": "b", "gsl": "IamUser should have name"}\n\n{"id": "c", "logic": "true"}\n',
    );
    const { exit, stdout } = await cli(['rules', 'check', json, lines]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/two\.jsonl: never judged: it is switched off.*: c\n/);
    expect(stdout).toContain('3 rules: 3 without errors, of which 2 can be judged');
  });

  it.each([
    ['broken.json', '[{', 'it is not JSON'],
    ['broken.yaml', 'a: [', 'neither JSON nor YAML'],
    ['broken.jsonl', '{}\n{', 'line 2 is not JSON'],
    ['deep.json', '['.repeat(200_000), 'it is not JSON'],
    ['deep.yaml', '['.repeat(200_000), 'neither JSON nor YAML'],
    ['deep-value.json', `[${'['.repeat(5000)}${']'.repeat(5000)}]`, 'not an object'],
    ['long.yaml', `- ${'x'.repeat(4_300_000)}`, 'read as YAML'],
    [
      'bomb.yaml',
      Array.from(
        { length: 12 },
        (_, i) =>
          `a${i}: &a${i} [${
            i === 0
              ? 'x'
              : Array(9)
                  .fill(`*a${i - 1}`)
                  .join()
          }]`,
      ).join('\n'),
      'neither JSON nor YAML',
    ],
  ])('check: survives %s', async (name, content, message) => {
    const { exit, stdout } = await cli(['rules', 'check', file(name, content)]);
    expect([exit, stdout]).toEqual([2, expect.stringContaining(message)]);
  });

  it('comes to an end with patterns that defeat backtracking', async () => {
    const logic = `IamUser should not have inlinePolicies contain [name regexMatch /^(a*)*(a*)*(a*)*b$/]`;
    put(folder, 'slow/2026-01-31/own.json', {
      ...gaad([gaadRole('A', { trust: CLOSED })]),
      UserDetailList: [
        user('ann', { UserPolicyList: [{ PolicyName: 'a'.repeat(100_000), PolicyDocument: document('*') }] }),
      ],
    });
    const { lines } = await judge([at('slow')], JSON.stringify([{ id: 'S.1', logic }]));
    expect(lines).toEqual(['S.1 ann pass']);
  });

  it('names the controls that are tied to the rule, with source and fit', async () => {
    const { stdout } = await cli(['rules', 'show', 'D9.AWS.IAM.99']);
    expect(stdout).toMatch(/AWS Well-Architected +SEC03-BP09 +text +AWS Well-Architected, Security Pillar/);
    expect(stdout).toMatch(/DORA +Art\. 28 +near /);
    expect(stdout).toContain('  near: a neighbouring check is mapped to the control, not this one\n');
    expect(stdout).toContain('Risk level: Low\n  The risk level is the catalogue');
  });

  it('list and show take rule files', async () => {
    const path = file('good.yaml', RULES);
    const list = await cli(['rules', 'list', '--rules', path]);
    expect(list.stdout).toMatch(/\nU\.1 +High +IamUser +No inline policies\n/);
    const show = await cli(['rules', 'show', 'u.2', '--rules', path]);
    expect(show.stdout).toContain("Never judged: `mfaActive` comes from the account's credential report");
    expect(show.stdout).toContain('emptyTextIsTrue = false');
    expect((await cli(['rules', 'show', 'u.2'])).exit).toBe(2);
  });
});
