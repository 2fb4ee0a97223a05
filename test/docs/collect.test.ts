import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inCheckout } from '../checkout.ts';
import { run } from '../cli/built.ts';
import { temporaryFolder, writeBelow } from '../temporary-folder.ts';

const [OWN, OTHER, CLOSED_TO_US] = ['111122223333', '222233334444', '333344445555'] as const;

/** Stands for the AWS CLI: knows who calls by the key, and has one account that lets nobody in. */
const AWS = `#!/usr/bin/env bash
account="\${AWS_ACCESS_KEY_ID:-key-of-${OWN}}"
account="\${account#key-of-}"
case "$1 $2" in
  'sts get-caller-identity') case "$*" in
    *Account*) echo "$account" ;;
    *) echo "arn:aws:sts::$account:assumed-role/evidence-collector/somebody" ;;
  esac ;;
  'organizations list-accounts') case "$*" in
    *--query*) [ -z "\${REFUSED:-}" ] || exit 254
      echo "${OWN} ${OTHER} ${CLOSED_TO_US}" ;;
    *) echo '{"Accounts": [${[OWN, OTHER, CLOSED_TO_US].map((id) => `{"Id": "${id}", "Arn": "arn:aws:organizations::${OWN}:account/o-abcdefghij/${id}", "Name": "account ${id}", "Status": "ACTIVE"}`).join(', ')}]}' ;;
  esac ;;
  'sts assume-role') case "$*" in
    *${CLOSED_TO_US}*) echo 'An error occurred (AccessDenied) when calling the AssumeRole operation: no' >&2; exit 254 ;;
    *"iam::${OTHER}:role/iam-evidence --external-id the-id"*) printf 'key-of-%s\\tsecret\\ttoken\\n' ${OTHER} ;;
    *) echo "unexpected: $*" >&2; exit 1 ;;
  esac ;;
  'iam get-account-authorization-details')
    echo "{\\"UserDetailList\\": [], \\"GroupDetailList\\": [], \\"Policies\\": [], \\"RoleDetailList\\": [{\\"Arn\\": \\"arn:aws:iam::$account:role/A\\",
      \\"RoleName\\": \\"A\\", \\"RoleId\\": \\"AROAEXAMPLE0000000001\\", \\"AssumeRolePolicyDocument\\": {\\"Version\\": \\"2012-10-17\\",
      \\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Principal\\": {\\"Service\\": \\"ec2.amazonaws.com\\"}, \\"Action\\": \\"sts:AssumeRole\\"}]}}]}" ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
`;

function collect(folder: string, more: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  const page = readFileSync(inCheckout('docs', 'collect.md'), 'utf8');
  const script = page.split('<!-- collect.sh -->\n```sh\n')[1]?.split('\n```\n')[0] ?? '';
  expect(script).toContain('get-account-authorization-details');
  writeBelow(folder, 'collect.sh', script);
  chmodSync(writeBelow(folder, 'bin/aws', AWS), 0o755);
  return spawnSync('bash', ['collect.sh', 'iam-evidence', 'the-id'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, ...more },
  });
}

it('stops where the accounts cannot be listed, and hands nothing over', () => {
  const folder = temporaryFolder();
  expect(collect(folder, { REFUSED: 'yes' }).status).not.toBe(0);
  expect(readdirSync(folder).filter((name) => name.endsWith('.sha256'))).toEqual([]);
});

it('collects every account that lets it in, and leaves the others as gaps that a scan names', async () => {
  const folder = temporaryFolder();
  const collected = collect(folder);
  expect(collected.stderr).toContain(`${CLOSED_TO_US}: An error occurred (AccessDenied)`);
  expect(collected.stderr).toContain('accounts that failed: 1');
  expect(collected.status).toBe(1);

  const evidence = readdirSync(folder).find((name) => /^evidence-[0-9TZ]+$/.test(name)) ?? 'none';
  expect(readdirSync(join(folder, evidence)).sort()).toEqual(
    ['list-accounts.json', ...[OWN, OTHER, CLOSED_TO_US].map((id) => `${id}.json`)].sort(),
  );
  // Each file holds the account that it is named after.
  for (const id of [OWN, OTHER])
    expect(readFileSync(join(folder, evidence, `${id}.json`), 'utf8')).toContain(`iam::${id}:role/A`);
  const sums = spawnSync('sha256sum', ['--check', '--quiet', join('..', `${evidence}.sha256`)], {
    cwd: join(folder, evidence),
    encoding: 'utf8',
  });
  expect(sums).toMatchObject({ status: 0, stdout: '' });

  const scanned = await run(['scan', evidence], { cwd: folder });
  expect(scanned.code).toBe(3);
  expect(scanned.stdout).toContain('2 roles in 2 accounts');
  expect(scanned.stdout).toContain(`${CLOSED_TO_US} account ${CLOSED_TO_US}: no evidence`);
});
