import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { safeName } from '../../../src/cli/fix/fix-folder.ts';
import { evaluateTrustPolicy } from '../../../src/rules/judge.ts';
import { allow, EXT, extRoot, OTHER, OWN, policy } from '../../exposure/cases/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { CLOSED, GUARDED, gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli, type Outcome } from '../harness.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const WORLD = policy(allow({ AWS: '*' }));
const arn = (name: string, account = OWN): string => `arn:aws:iam::${account}:role/${name}`;

async function scan(roles: readonly object[], ...more: string[]): Promise<void> {
  put(join(folder, 'in'), '2026-04-30/roles.json', gaad(roles));
  const { exit } = await cli(['scan', join(folder, 'in'), '--db', join(folder, 'store.db'), ...more]);
  expect(exit).toBeLessThan(4);
}

function fix(...args: string[]): Promise<Outcome> {
  return cli(['fix', '--db', join(folder, 'store.db'), ...args]);
}

const ROLES = [
  gaadRole('Vendor', { trust: OPEN }),
  gaadRole('=cmd', { trust: OPEN }),
  gaadRole('Guarded', { trust: GUARDED }),
  gaadRole('Closed', { trust: CLOSED }),
  gaadRole('Elsewhere', { account: OTHER, trust: OPEN }),
];

describe('fix', () => {
  it('leaves a placeholder that the next scan shows, and names it then', async () => {
    await scan([gaadRole('Vendor', { trust: OPEN })]);
    const [proposed] = JSON.parse((await fix('--format', 'json', arn('Vendor'))).stdout) as Record<
      string,
      string
    >[];
    put(
      join(folder, 'next'),
      '2026-05-31/roles.json',
      gaad([
        gaadRole('Vendor', { trust: JSON.parse(String(proposed?.['policyDocument'])) as object }),
        gaadRole('Strong', {
          trust: policy(allow(extRoot, { StringEquals: { 'sts:ExternalId': '8f14e45fceea167a' } })),
        }),
      ]),
    );
    const db = ['--db', join(folder, 'next.db')];
    await cli(['scan', join(folder, 'next'), ...db]);
    const report = await cli(['report', '--format', 'json', '--status', 'all', ...db]);
    const graded = (JSON.parse(report.stdout) as Record<string, unknown>[]).map(
      ({ roleName, verdict, severity, notes }) => [roleName, verdict, severity, notes],
    );
    expect(graded).toEqual([
      ['Strong', 'pass', null, []],
      ['Vendor', 'pass', 'medium', ['extid-placeholder']],
    ]);
    expect((await cli(['report', '--format', 'md', ...db])).stdout).toContain(
      '1 passing verdict relies on a weak guard',
    );
    const named = await cli(['fix', ...db, arn('Vendor'), arn('Strong')]);
    expect(named.stdout).toContain(
      `passes, with a guard that is weak.\n  Replace the external ID \`REPLACE-WITH-THE-EXTERNAL-ID-OF-${EXT}\`, which is a placeholder.`,
    );
    expect(named.stdout).toContain(`${arn('Strong')}\n  captured`);
    expect(named.stdout).toContain('needs no change');
    const json = await cli(['fix', ...db, '--format', 'json', arn('Vendor')]);
    expect(JSON.parse(json.stdout)).toMatchObject([
      {
        status: 'not-needed',
        weakExternalIds: [{ value: `REPLACE-WITH-THE-EXTERNAL-ID-OF-${EXT}`, weakness: 'placeholder' }],
      },
    ]);
  });

  it('names a weak external ID that it was asked to put in', async () => {
    await scan([gaadRole('Vendor', { trust: OPEN })]);
    const { stdout } = await fix('--external-id', 'ChangeMe123', arn('Vendor'));
    expect(stdout).toContain(
      'Replace the external ID `ChangeMe123`, which can be guessed, by a longer random one.',
    );
  });

  it('shows what changes, the difference, the command and the Terraform', async () => {
    await scan(ROLES);
    const { exit, stdout } = await fix(arn('Vendor'));
    expect(exit).toBe(0);
    const compact = JSON.stringify(
      policy(
        allow(extRoot, { StringEquals: { 'sts:ExternalId': `REPLACE-WITH-THE-EXTERNAL-ID-OF-${EXT}` } }),
      ),
    );
    expect(stdout).toContain(
      `${arn('Vendor')}\n  captured 2026-04-30T00:00:00Z: Any principal of account ${EXT}`,
    );
    expect(stdout).toContain(`must now send the external ID \`REPLACE-WITH-THE-EXTERNAL-ID-OF-${EXT}\`.`);
    expect(stdout).toMatch(/--- captured\n\+\+\+ proposed\n@@ -\d+,\d+ \+\d+,\d+ @@\n/);
    expect(stdout).toContain(
      `  aws iam update-assume-role-policy --role-name=Vendor --policy-document='${compact}'\n`,
    );
    expect(stdout).toContain('  assume_role_policy = <<-POLICY\n    {\n');
    expect(stdout).toMatch(/1 proposal, 0 without; nothing was applied\n$/);
  });

  it('goes through every failing role, as JSON too', async () => {
    await scan([...ROLES, gaadRole('World', { trust: WORLD })]);
    const { exit, stdout } = await fix('--format', 'json');
    expect(exit).toBe(3);
    const fixes = JSON.parse(stdout) as Record<string, string>[];
    expect(fixes.map(({ arn: role, status }) => [role, status])).toEqual([
      [arn('=cmd'), 'proposed'],
      [arn('Vendor'), 'proposed'],
      [arn('World'), 'refused'],
      [arn('Elsewhere', OTHER), 'proposed'],
    ]);
    for (const { status, policyDocument, account, reason, advice } of fixes) {
      if (status === 'refused') {
        expect([reason, advice]).toEqual([
          expect.stringMatching(/no condition names/),
          expect.stringMatching(/name the accounts/),
        ]);
      } else {
        const trust = { state: 'document', text: policyDocument as string } as const;
        expect(evaluateTrustPolicy(trust, account as string).verdict).toBe('pass');
      }
    }
    const text = await fix();
    expect(text.exit).toBe(3);
    // How many there are, and what stays open, comes first.
    expect(text.stdout).toMatch(
      /^4 roles\n {2}3 proposals, judged again: the roles no longer fail\n {2}3 of them with an external ID that is still to be agreed\n {2}1 without a proposal: open until somebody changes it\n {4}arn:\S+World: the principal `\*` of statement 0[^\n]*\n\n/,
    );
    expect(text.stdout).toContain('No proposal: the principal `*` of statement 0');
    expect(text.stdout).toMatch(/3 proposals, 1 without; nothing was applied\n$/);
  });

  it('knows the own organisation from the scan, and leaves to the user what to ask for', async () => {
    const user = { AWS: `arn:aws:iam::${EXT}:user/ann` };
    const accounts = put(folder, 'accounts.json', { Accounts: [{ Id: EXT, Name: 'Colleagues' }] });
    await scan([gaadRole('People', { trust: policy(allow(user)) })], '--accounts', accounts);
    const asked = async (...args: string[]): Promise<unknown> => {
      const [one] = JSON.parse((await fix('--format', 'json', ...args)).stdout) as {
        policyDocument: string;
      }[];
      return (JSON.parse(one!.policyDocument) as { Statement: { Condition: unknown }[] }).Statement[0]!
        .Condition;
    };
    expect(await asked()).toEqual({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } });
    expect(await asked('--guard', 'external-id', '--external-id', 'agreed-1')).toEqual({
      StringEquals: { 'sts:ExternalId': 'agreed-1' },
    });
  });

  it('makes up external IDs, one for each pair of accounts', async () => {
    await scan(ROLES);
    const { stdout } = await fix('--format', 'json', '--generate-external-id');
    const ids = (JSON.parse(stdout) as { roleName: string; policyDocument: string }[]).map(
      ({ roleName, policyDocument }) => [
        roleName,
        /"sts:ExternalId":"([A-Za-z0-9]{32})"/.exec(policyDocument)?.[1],
      ],
    );
    const by = Object.fromEntries(ids) as Record<string, string | undefined>;
    expect(Object.values(by)).not.toContain(undefined);
    expect(by['Vendor']).toBe(by['=cmd']);
    expect(by['Vendor']).not.toBe(by['Elsewhere']);
  });

  it('says when a role needs no change or cannot be judged', async () => {
    await scan([...ROLES, gaadRole('Broken', { trust: 'not a policy' })]);
    const { exit, stdout } = await fix(arn('Guarded'), arn('Broken'), arn('Guarded'));
    expect(exit).toBe(3);
    expect(stdout).toMatch(/role\/Guarded\n.*\n {2}needs no change\n/);
    expect(stdout).toMatch(/No proposal: the trust policy could not be judged/);
    expect(stdout).toMatch(/0 proposals, 1 without, 1 needs no change; nothing was applied\n$/);
  });

  it('leaves roles to AWS that its services assume', async () => {
    await scan([gaadRole('AWSControlTowerExecution', { trust: OPEN })]);
    const { exit, stdout } = await fix();
    expect(exit).toBe(3);
    expect(stdout).toMatch(/No proposal: AWS Control Tower/);
  });

  it('shows nothing that moves the cursor', async () => {
    const trust = policy(allow(extRoot, { StringEquals: { 'aws:PrincipalTag/a\u001b[2J': 'b\u202ec' } }));
    await scan([gaadRole('Vendor', { trust }), gaadRole('x\u202ey z', { trust })]);
    const { stdout } = await fix();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(stdout).toContain('No proposal: the role has a name that IAM does not allow');
  });

  it.each([
    [['--external-id', 'a b'], /cannot be an external ID/],
    [['--external-id', 'x'], /cannot be an external ID/],
    [['--external-id', 'good-one', '--generate-external-id'], /either --external-id or/],
    [['--guard', 'password'], /guard/i],
    [[arn('Nobody')], /knows no role `arn:aws:iam::111122223333:role\/Nobody`/],
  ])('refuses %s', async (args, message) => {
    await scan(ROLES);
    const { exit, stderr, stdout } = await fix(...args);
    expect(exit).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
  });
});

describe('fix --out', () => {
  const out = (): string => join(folder, 'proposals');
  const read = (name: string): string => readFileSync(join(out(), name), 'utf8');

  it('writes a policy for each role, a script, a configuration and what was refused', async () => {
    const deep = { ...gaadRole('Deep', { trust: OPEN }), Path: '/a/b/', Arn: arn('a/b/Deep') };
    await scan([...ROLES, deep, gaadRole('World', { trust: WORLD })]);
    const { exit, stdout } = await fix('--out', out());
    expect(exit).toBe(3);
    expect(stdout).toContain(`${arn('Vendor')}: ${OWN}/Vendor.json, external ID to be filled in\n`);
    expect(stdout).toContain(`${arn('World')}: NO PROPOSAL: `);
    expect(readdirSync(out()).sort()).toEqual([OWN, OTHER, 'apply.sh', 'main.tf', 'refused.json']);
    expect(readdirSync(join(out(), OWN)).sort()).toEqual(['Deep.json', 'Vendor.json', '_=cmd.json']);
    const vendor = evaluateTrustPolicy({ state: 'document', text: read(`${OWN}/Vendor.json`) }, OWN);
    expect(vendor.verdict).toBe('pass');
    expect(JSON.parse(read('refused.json'))).toMatchObject([
      { arn: arn('World'), account: OWN, roleName: 'World' },
    ]);
    const terraform = read('main.tf');
    expect(terraform).toContain(
      `resource "aws_iam_role" "role_${OWN}_Deep" {\n  name = "Deep"\n  path = "/a/b/"\n`,
    );
    expect(terraform.match(/^resource /gm)).toHaveLength(4);
  });

  it('writes a script that stops for placeholders and for the wrong account, and quotes what it passes', async () => {
    await scan(ROLES);
    await fix('--out', out());
    const script = read('apply.sh');
    expect(script).toMatch(/^#!.*\n# .*Nothing has been applied/);
    expect(script).toContain('\nset -euo pipefail\n');
    expect(script).toContain(`--profile PROFILE-OF-${OWN}`);

    const bin = join(folder, 'bin');
    const log = join(folder, 'calls');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'aws'),
      `#!/usr/bin/env bash\ncase "$*" in *get-caller-identity*) echo "$STUB_ACCOUNT";; *) printf '%s\\n' "$@" "$(cat "\${@: -1:1}" 2>/dev/null)" >> '${log}';; esac\n`,
    );
    chmodSync(join(bin, 'aws'), 0o755);
    const run = (account: string): { status: number | null; stderr: string } =>
      spawnSync('bash', [join(out(), 'apply.sh')], {
        env: { PATH: `${bin}:${process.env['PATH']}`, STUB_ACCOUNT: account },
        encoding: 'utf8',
      });

    const held = run(OWN);
    expect([held.status, existsSync(log)]).toEqual([1, false]);
    expect(held.stderr).toContain('still hold placeholders');
    for (const file of [`${OWN}/Vendor.json`, `${OWN}/_=cmd.json`, `${OTHER}/Elsewhere.json`]) {
      writeFileSync(join(out(), file), read(file).replace(/REPLACE-WITH[A-Z0-9-]*/, 'agreed-value-1'));
    }
    const wrong = run('123456789012');
    expect([wrong.status, existsSync(log)]).toEqual([1, false]);
    expect(wrong.stderr).toContain(`the credentials are for account 123456789012, not ${OWN}`);
    expect(run(OWN).stderr).toContain(`not ${OTHER}`);
    const calls = readFileSync(log, 'utf8').split('\n').filter(Boolean);
    expect(calls).toEqual([
      'iam',
      'update-assume-role-policy',
      '--role-name==cmd',
      `--policy-document=file://${OWN}/_=cmd.json`,
      'iam',
      'update-assume-role-policy',
      '--role-name=Vendor',
      `--policy-document=file://${OWN}/Vendor.json`,
    ]);
  });

  it('lists nothing when nothing is to be done, and never writes into a folder in use', async () => {
    await scan([gaadRole('Closed', { trust: CLOSED })]);
    expect((await fix('--out', out())).exit).toBe(0);
    expect(JSON.parse(read('refused.json'))).toEqual([]);
    const again = await fix('--out', out());
    expect(again.exit).toBe(2);
    expect(again.stderr).toMatch(/is not empty/);
  });

  it('says where it cannot write', async () => {
    await scan(ROLES);
    writeFileSync(join(folder, 'file'), '');
    const { exit, stderr } = await fix('--out', join(folder, 'file', 'below'));
    expect(exit).toBe(2);
    expect(stderr).toMatch(/cannot write below .*: ENOTDIR/);
  });
});

describe('docs/fix.md', () => {
  it('names every option that the help names', async () => {
    const page = readFileSync(new URL('../../../docs/fix.md', import.meta.url), 'utf8');
    const { stdout } = await cli(['fix', '--help']);
    const options = [...stdout.matchAll(/--([a-z-]+) /g)].map(([, name]) => name as string);
    expect(options.length).toBeGreaterThan(6);
    for (const option of options) {
      if (!['help', 'version', 'color', 'no-color', 'db'].includes(option))
        expect(page).toContain(`--${option}`);
    }
  });
});

describe('fix, while evidence is missing', () => {
  const CUT = /Evidence incomplete: .*could not be read in full \(1 file: /;
  beforeEach(async () => {
    await scan([gaadRole('Guarded', { trust: GUARDED }), gaadRole('Vendor', { trust: OPEN })]);
    const cut = JSON.stringify(gaad([gaadRole('Other', { account: OTHER, trust: OPEN })])).slice(0, -20);
    put(join(folder, 'more'), '2026-04-30/cut.json', cut);
    await cli(['scan', join(folder, 'more'), '--db', join(folder, 'store.db')]);
  });

  it('does not show the list of all that fail as whole', async () => {
    const text = await fix();
    expect(text.stdout).toMatch(CUT);
    expect(text.stderr).toMatch(/^incomplete \(exit 3\): /);
    expect(text.exit).toBe(3);
    const json = await fix('--format', 'json');
    expect(JSON.parse(json.stdout)).toBeInstanceOf(Array);
    expect(json.stderr).toMatch(/^incomplete \(exit 3\): /);
    expect(json.exit).toBe(3);
  });

  it('says so in the files, in a comment', async () => {
    const out = join(folder, 'out');
    expect((await fix('--out', out)).exit).toBe(3);
    for (const name of ['apply.sh', 'main.tf']) {
      const lines = readFileSync(join(out, name), 'utf8').split('\n');
      expect(lines.filter((line) => CUT.test(line))).toEqual([expect.stringMatching(/^# /)]);
    }
  });

  it('shows a role that was named as it is known', async () => {
    const { exit, stdout } = await fix(arn('Vendor'));
    expect(stdout).toContain('What changes');
    expect(exit).toBe(0);
  });
});

describe('safeName', () => {
  it.each([
    ['Partner', 'Partner'],
    ['a.b+c=d,e@f-g_h', 'a.b+c=d,e@f-g_h'],
    ['..', '_..'],
    ['.', '_.'],
    ['', '_'],
    ['-rf', '_-rf'],
    ['=cmd', '_=cmd'],
    ['@file', '_@file'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['COM1', '_COM1'],
    ['CONTROL', 'CONTROL'],
    ['../../etc/passwd', '_.._.._etc_passwd'],
    ['a\\b:c*?"<>|', 'a_b_c______'],
    ['ä\u202e\0', '___'],
    ['x'.repeat(300), 'x'.repeat(64)],
  ])('of %s', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });
});
