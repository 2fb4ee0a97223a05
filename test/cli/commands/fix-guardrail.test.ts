import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { allow, policy } from '../../exposure/cases/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { GUARDED, gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli, type Outcome } from '../harness.ts';

const MANAGEMENT = '111122223333';
const WORKLOAD = '222233334444';
const ORGANIZATION = 'o-example1234';

const arn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;

/** Two accounts below one root, without policies of their own. */
const DOCUMENT = {
  organization: {
    Organization: {
      Id: ORGANIZATION,
      MasterAccountId: MANAGEMENT,
      AvailablePolicyTypes: [{ Type: 'RESOURCE_CONTROL_POLICY', Status: 'ENABLED' }],
    },
  },
  accounts: [
    { Id: MANAGEMENT, Name: 'Management', Status: 'ACTIVE' },
    { Id: WORKLOAD, Name: 'Workload', Status: 'ACTIVE' },
  ],
  parents: { [MANAGEMENT]: 'r-ex01', [WORKLOAD]: 'r-ex01' },
  policies: [],
};

/** Only who brings neither guard gets in, so none can be asked of the caller. */
const NEVER_GUARDED = policy(
  allow(
    { AWS: 'arn:aws:iam::999988887777:user/robot' },
    { Null: { 'sts:ExternalId': 'true', 'aws:MultiFactorAuthPresent': 'true' } },
  ),
);
const COLLEAGUE = policy(allow({ AWS: `arn:aws:iam::${MANAGEMENT}:root` }));

let folder: string;
beforeEach(async () => {
  folder = temporaryFolder();
  put(
    join(folder, 'in'),
    '2026-04-30/a.json',
    gaad([gaadRole('Vendor', { account: MANAGEMENT, trust: OPEN })]),
  );
  const roles = [
    gaadRole('Colleague', { account: WORKLOAD, trust: COLLEAGUE }),
    gaadRole('Guarded', { account: WORKLOAD, trust: GUARDED }),
    gaadRole('Robot', { account: WORKLOAD, trust: NEVER_GUARDED }),
    gaadRole('Vendor', { account: WORKLOAD, trust: OPEN }),
  ];
  put(join(folder, 'in'), '2026-04-30/b.json', gaad(roles));
});

async function scan(): Promise<void> {
  const { exit } = await cli(['scan', join(folder, 'in'), '--db', join(folder, 'store.db')]);
  expect(exit).toBeLessThan(4);
}

function fix(...args: string[]): Promise<Outcome> {
  return cli(['fix', '--db', join(folder, 'store.db'), ...args]);
}

describe('fix with evidence of the organisation', () => {
  beforeEach(async () => {
    put(join(folder, 'in'), '2026-04-30/organization.json', DOCUMENT);
    await scan();
  });

  it('proposes one policy against all unguarded outsiders, and says what becomes of every role', async () => {
    const { stdout } = await fix('--format', 'json');
    const last = (JSON.parse(stdout) as Record<string, unknown>[]).at(-1);
    expect(last).toMatchObject({
      kind: 'resource-control-policy',
      organization: ORGANIZATION,
      status: 'proposed',
      closed: 2,
      open: 1,
      shutOut: 1,
      roles: [
        { arn: arn(MANAGEMENT, 'Vendor'), becomes: 'open', shutsOut: [] },
        {
          arn: arn(WORKLOAD, 'Robot'),
          becomes: 'closed',
          shutsOut: [{ principal: 'arn:aws:iam::999988887777:user/robot', account: '999988887777' }],
        },
        { arn: arn(WORKLOAD, 'Vendor'), becomes: 'closed', shutsOut: [] },
      ],
    });
    const [statement, ...others] = (
      JSON.parse(String(last?.['policyDocument'])) as { Statement: { Action: unknown; Effect: unknown }[] }
    ).Statement;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: 'Deny', Action: 'sts:AssumeRole' });
  });

  it('closes what it says it closes when it is attached', async () => {
    const attached = {
      Id: 'p-example12345',
      Name: 'Ours',
      Type: 'RESOURCE_CONTROL_POLICY',
      AwsManaged: false,
      Content: await proposedPolicy(),
      targets: [{ TargetId: 'r-ex01', Type: 'ROOT' }],
    };
    const document = { ...DOCUMENT, policies: [attached] };
    put(join(folder, 'in'), '2026-05-31/organization.json', document);
    await scan();
    const { stdout } = await cli([
      'report',
      '--db',
      join(folder, 'store.db'),
      '--format',
      'json',
      '--status',
      'all',
    ]);
    const verdicts = JSON.parse(stdout) as { arn: string; guardrail: { verdict: string } }[];
    const held = Object.fromEntries(verdicts.map((one) => [one.arn, one.guardrail.verdict]));
    expect(held).toEqual({
      [arn(MANAGEMENT, 'Vendor')]: 'fail',
      [arn(WORKLOAD, 'Colleague')]: 'fail',
      [arn(WORKLOAD, 'Guarded')]: 'pass',
      [arn(WORKLOAD, 'Robot')]: 'not-applicable',
      [arn(WORKLOAD, 'Vendor')]: 'pass',
    });
  });

  it('writes it into the folder, and leaves it out of the script', async () => {
    const out = join(folder, 'proposals');
    const { stdout } = await fix('--out', out);
    expect(stdout).toContain(`${arn(WORKLOAD, 'Vendor')}: closed\n`);
    expect(stdout).toContain('STAYS OPEN: resource control policies do not touch the management account');
    const file = join(out, ORGANIZATION, 'resource-control-policy.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('Statement');
    expect(readFileSync(join(out, 'apply.sh'), 'utf8')).not.toContain('organizations');
  });

  it('proposes none to whoever asks for one role', async () => {
    const { stdout } = await fix(arn(WORKLOAD, 'Vendor'));
    expect(stdout).not.toContain('Organisation');
  });
});

it('proposes no policy without evidence of an organisation', async () => {
  await scan();
  const { stdout } = await fix('--format', 'json');
  expect(stdout).not.toContain('resource-control-policy');
});

async function proposedPolicy(): Promise<string> {
  const { stdout } = await fix('--format', 'json');
  const last = (JSON.parse(stdout) as Record<string, unknown>[]).at(-1);
  return String(last?.['policyDocument']);
}
