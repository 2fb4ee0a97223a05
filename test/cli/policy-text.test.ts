import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { VerdictObject } from '../../src/model/verdict.ts';
import { allow, EXT, extRoot, OTHER, OWN, policy } from '../exposure/cases/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { gaad, gaadRole, put } from './evidence.ts';
import { cli } from './harness.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const db = (): string => join(folder, 'store.db');

async function scanned(): Promise<{ exit: number; verdicts: readonly VerdictObject[] }> {
  const { exit } = await cli(['scan', join(folder, 'in'), '--db', db(), '--as-of', '2026-05-01T00:00:00Z']);
  const { stdout } = await cli(['report', '--db', db(), '--format', 'json', '--status', 'all']);
  return { exit, verdicts: JSON.parse(stdout) as VerdictObject[] };
}

describe('scan and explain', () => {
  it('say where the text of a policy is damaged, and nothing of who gets in', async () => {
    const roles = [
      gaadRole('Damaged', { trust: policy(allow(extRoot, undefined, 'sts:AssumeRole sts:TagSession')) }),
      gaadRole('Replaced', { trust: 'System.Object[]' }),
    ];
    put(folder, 'in/2026-01-31.json', gaad(roles));
    const { exit, verdicts } = await scanned();
    expect(exit).toBe(3);
    expect(
      verdicts.map(({ roleName, verdict, literal, reason }) => [roleName, verdict, literal, reason]),
    ).toEqual([
      ['Damaged', 'error', 'error', 'policy-damaged'],
      ['Replaced', 'error', 'error', 'policy-damaged'],
    ]);
    const { stdout } = await cli(['explain', `arn:aws:iam::${OWN}:role/Damaged`, '--db', db()]);
    expect(stdout).toContain('`/Statement/0/Action`');
    expect(stdout).toContain('-> not judged');
    expect(stdout).not.toContain('no way in');
  });

  it('judge one policy in the partition of each role that has it', async () => {
    const gov = policy(allow({ AWS: `arn:aws-us-gov:iam::${EXT}:root` }));
    const bare = policy(allow({ AWS: EXT }));
    for (const [partition, account] of [
      ['aws', OWN],
      ['aws-us-gov', OTHER],
    ] as const) {
      const roles = gaad([
        gaadRole('Gov', { account, trust: gov }),
        gaadRole('Bare', { account, trust: bare }),
      ]);
      const text = JSON.stringify(roles).replaceAll(
        `arn:aws:iam::${account}:role/`,
        `arn:${partition}:iam::${account}:role/`,
      );
      put(folder, `in/2026-01-31/${account}.json`, text);
    }
    const { verdicts } = await scanned();
    const said = verdicts.map(({ partition, roleName, verdict, witness }) => [
      partition,
      roleName,
      verdict,
      witness?.principalArn.split(':')[1],
    ]);
    expect(said).toEqual([
      ['aws', 'Bare', 'fail', 'aws'],
      ['aws', 'Gov', 'not-applicable', undefined],
      ['aws-us-gov', 'Bare', 'fail', 'aws-us-gov'],
      ['aws-us-gov', 'Gov', 'fail', 'aws-us-gov'],
    ]);
  });

  it('do not call a role closed that is open to federated identities', async () => {
    const provider = { Federated: `arn:aws:iam::${OWN}:saml-provider/idp` };
    put(
      folder,
      'in/2026-01-31.json',
      gaad([gaadRole('Federated', { trust: policy(allow(provider, undefined, 'sts:AssumeRoleWithSAML')) })]),
    );
    const { verdicts } = await scanned();
    expect(verdicts[0]).toMatchObject({ verdict: 'not-applicable' });
    expect(verdicts[0]?.message).toContain('Through sts:AssumeRole no principal of another account gets in');
    const { stdout } = await cli(['explain', `arn:aws:iam::${OWN}:role/Federated`, '--db', db()]);
    expect(stdout).not.toContain('at all');
  });
});
