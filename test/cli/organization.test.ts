import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { inCheckout } from '../checkout.ts';
import { dumpStore } from '../store/dump.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Ended, run, shell } from './built.ts';
import { CLOSED, gaad, gaadRole, put } from './evidence.ts';

const [MANAGEMENT, WORKLOAD, SANDBOX] = ['111122223333', '222233334444', '333344445555'] as const;
const FIXTURE = inCheckout('test', 'formats', 'fixtures', 'organization.json');
interface Document {
  accounts: { Id: string; Name: string; Status: string }[];
  parents: Record<string, string>;
  policies: { Type: string; Content: string }[];
}
const DOCUMENT = readFileSync(FIXTURE, 'utf8');

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
const at = (name: string): string => join(folder, name);
const scan = (...args: string[]): Promise<Ended> =>
  run(['scan', ...args, '--db', at('s.db'), '--as-of', '2026-03-01'], { cwd: folder });

/** Exports of all accounts, and the document beside them or elsewhere; `change` spoils it. */
function evidence(where: string, change: (document: Document) => unknown = () => {}): void {
  for (const account of [MANAGEMENT, WORKLOAD, SANDBOX]) {
    const roles = [gaadRole('A', { account, trust: CLOSED })];
    put(folder, `evidence/2026-02-01/${account}.json`, gaad(roles));
  }
  const document = JSON.parse(DOCUMENT) as Document;
  change(document);
  put(folder, `${where}/organization-20260201T000000Z.json`, document);
}

function policiesOf(account: string): readonly string[] | null {
  const store = openStore(at('s.db'), { mode: 'read' });
  try {
    return (
      store.reader
        .organizationOf(account, null)
        ?.policiesOf(account)
        .policies?.map(({ id }) => id) ?? null
    );
  } finally {
    store.close();
  }
}

describe('scan', { timeout: 60_000 }, () => {
  it('finds organisation evidence among the rest, and then knows which accounts there should be', async () => {
    evidence('evidence/org');
    const { code, stdout } = await scan('evidence');
    expect(stdout).toContain('organisation: 3 accounts; 0 without the evidence they should have');
    expect(stdout).toContain(`${WORKLOAD}  Workload`);
    expect(stdout).toContain('evidence: complete');
    expect(code).toBe(0);
    expect(policiesOf(WORKLOAD)).toEqual(['p-perimeter1']);
  });

  it('tells the views what guardrails close, and `runs settle` and `runs forget` do, too', async () => {
    evidence('evidence/org');
    const trust = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'sts:AssumeRole' },
    };
    const roles = [gaadRole('Open', { account: WORKLOAD, trust })];
    put(folder, `evidence/2026-02-01/${WORKLOAD}.json`, gaad(roles));
    const views = (): unknown[] => {
      const db = new Database(at('s.db'), { readonly: true });
      try {
        return db
          .prepare(
            'SELECT role_name, verdict, guardrail, settled FROM v_current_verdict WHERE account_id = ?',
          )
          .raw()
          .all(WORKLOAD);
      } finally {
        db.close();
      }
    };
    await scan('evidence');
    expect(views()).toEqual([['Open', 'fail', 'not-applicable', 1]]);
    const db = new Database(at('s.db'));
    db.exec('DELETE FROM settled_account');
    db.close();
    expect(views()).toEqual([['Open', 'fail', null, 0]]);
    expect(await run(['runs', 'settle', '--db', at('s.db')], { cwd: folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('are settled'),
    });
    expect(views()).toEqual([['Open', 'fail', 'not-applicable', 1]]);
    await scan('evidence/2026-02-01');
    await run(['runs', 'forget', '1', '--db', at('s.db')], { cwd: folder });
    expect(views()).toEqual([['Open', 'fail', null, 1]]);
  });

  it('takes it from --organization, a file or a folder, to the same end', async () => {
    evidence('org');
    const named = await scan('evidence', '--organization', 'org', '--html', 'r.html');
    expect(named.code).toBe(0);
    expect(policiesOf(WORKLOAD)).toEqual(['p-perimeter1']);
    const expected = dumpStore(at('s.db'));
    const manifest = JSON.parse(readFileSync(at('r.html.manifest.json'), 'utf8')) as {
      predicate: { options: { organization: string[] }; evidence: { path: string }[] };
    };
    expect(manifest.predicate.options.organization).toEqual(['org']);
    expect(JSON.stringify(manifest)).toContain('org/organization-20260201T000000Z.json');
    const verified = await run(['verify', 'r.html.manifest.json'], { cwd: folder });
    expect(verified.code).toBe(0);
    const other = await shell(
      '$TRUSTSIEVE scan evidence --db a.db && $TRUSTSIEVE scan org --db a.db && $TRUSTSIEVE report --db a.db --format json',
      folder,
    );
    expect(other.code).toBe(0);
    const { organizations, members, observations } = dumpStore(at('a.db'));
    expect({ organizations, members, observations }).toEqual({
      organizations: expected.organizations,
      members: expected.members,
      observations: expected.observations,
    });
  });

  it('reads what is named twice once', async () => {
    evidence('evidence/org');
    const { code, stdout } = await scan(
      'evidence',
      '--organization',
      './evidence/org',
      '--organization',
      'evidence',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('this scan: 4 files');
  });

  it('says when there is nothing of an organisation where it should be', async () => {
    evidence('evidence/org');
    put(folder, 'notes/readme.md', '# Nothing');
    // Where several are named, each has to lead to something.
    const { code, stderr } = await scan('evidence', '--organization', 'notes', 'evidence/org');
    expect(code).toBe(3);
    expect(stderr).toContain('nothing of an organisation was found where --organization says (notes: ');
    const missing = await scan('evidence', '--organization', 'nowhere');
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toBe('error: there is no file or folder `nowhere`\n');
  });

  it('misses the accounts that it names', async () => {
    evidence('org', ({ accounts }) =>
      accounts.push(
        { ...(accounts[0] as Document['accounts'][number]), Id: '444455556666', Name: 'Forgotten' },
        {
          ...(accounts[0] as Document['accounts'][number]),
          Id: '555566667777',
          Name: 'Gone',
          Status: 'SUSPENDED',
        },
      ),
    );
    const { code, stdout, stderr } = await scan('evidence', '--organization', 'org');
    expect(code).toBe(3);
    expect(stdout).toContain('444455556666 Forgotten: no evidence of it was read');
    expect(stdout).toContain('555566667777 Gone (SUSPENDED)');
    expect(stderr).toContain('there is no evidence of account 444455556666');
  });

  it.each<readonly [string, (document: Document) => unknown, readonly string[]]>([
    [
      'a circle of units',
      ({ parents }) => Object.assign(parents, { 'ou-ab12-11111111': 'ou-ab12-22222222' }),
      [
        'go round in a circle at ou-ab12-11111111 (organization-unit-cycle)',
        `of account ${WORKLOAD}: it does not show the way of ${WORKLOAD} to the root (organization-guardrails-unknown)`,
      ],
    ],
    [
      'a policy attached to what is not there',
      ({ policies }) =>
        Object.assign(policies[2] ?? {}, { targets: [{ TargetId: '777766665555', Type: 'ACCOUNT' }] }),
      ['attached to what does not exist: p-unused001 to 777766665555 (organization-target-unknown)'],
    ],
    [
      'damaged text',
      ({ policies }) => Object.assign(policies[1] ?? {}, { Content: '{"Version": "2012-10-17", "Stat' }),
      [
        '1 record was rejected (organization-policy-damaged)',
        `of account ${WORKLOAD}: it does not show a text of p-perimeter1 that can be used (organization-guardrails-unknown)`,
      ],
    ],
    [
      'an account without its unit',
      ({ parents }) => Reflect.deleteProperty(parents, WORKLOAD),
      [
        `of account ${WORKLOAD}: it does not show in which unit ${WORKLOAD} lies (organization-guardrails-unknown)`,
      ],
    ],
  ])('is incomplete by %s, in every report, and loses nothing else', async (_, change, words) => {
    evidence('evidence/org', change);
    const { code, stdout, stderr } = await scan('evidence');
    expect(code).toBe(3);
    for (const word of words) expect(stderr).toContain(word);
    expect(stdout).toContain('3 roles in 3 accounts');
    const html = await run(['report', '--db', at('s.db'), '--format', 'md'], { cwd: folder });
    expect(html.code).toBe(3);
    for (const word of words) expect(html.stdout.replaceAll('\\', '')).toContain(word);
    expect(policiesOf(SANDBOX)).toEqual([]);
  });

  it('knows at each moment what was known then', async () => {
    evidence('org');
    await scan('evidence', '--organization', 'org');
    for (const account of [MANAGEMENT, WORKLOAD, SANDBOX])
      put(folder, `later/2026-02-20/${account}.json`, gaad([gaadRole('A', { account, trust: CLOSED })]));
    const document = JSON.parse(DOCUMENT) as Document;
    document.accounts.push({ ...(document.accounts[0] as Document['accounts'][number]), Id: '444455556666' });
    put(folder, 'later/organization-20260220T000000Z.json', document);
    expect((await scan('later')).code).toBe(3);
    const report = (...args: string[]) =>
      run(['report', '--db', at('s.db'), '--format', 'md', ...args], { cwd: folder });
    expect((await report()).code).toBe(3);
    expect((await report('--at', '2026-02-10')).code).toBe(0);
  });
});

/** Answers as `aws organizations` would, out of the document of the fixture. */
const FAKE_AWS = `#!/usr/bin/env bash
document='${FIXTURE}'
case "$2" in
  describe-organization) jq '{Organization: .organization}' "$document" ;;
  list-roots) jq '{Roots: .roots}' "$document" ;;
  list-accounts) jq '{Accounts: .accounts}' "$document" ;;
  list-organizational-units-for-parent)
    jq --arg id "$4" '{OrganizationalUnits: [.parents | to_entries[] | select(.value == $id and (.key | startswith("ou-"))) | {Id: .key}]}' "$document" ;;
  list-parents) jq --arg id "$4" '{Parents: [{Id: .parents[$id], Type: "x"}]}' "$document" ;;
  list-policies) jq '{Policies: [.policies[] | select(.Type == "RESOURCE_CONTROL_POLICY") | del(.Content, .targets)]}' "$document" ;;
  describe-policy)
    jq --arg id "$4" '.policies[] | select(.Id == $id) | {Policy: {PolicySummary: del(.Content, .targets), Content}}' "$document" ;;
  list-targets-for-policy) jq --arg id "$4" '.policies[] | select(.Id == $id) | {Targets: .targets}' "$document" ;;
  *) exit 254 ;;
esac
`;

describe('the script of docs/collect.md', { timeout: 60_000 }, () => {
  const blocks = [
    ...readFileSync(inCheckout('docs', 'collect.md'), 'utf8').matchAll(/```sh\n(#!.*?)```/gs),
  ].filter(([, script = '']) => script.includes('describe-organization'));

  it('is a script', async () => {
    expect(blocks).toHaveLength(1);
    put(folder, 'collect.sh', blocks[0]?.[1] ?? '');
    expect((await shell('bash -n collect.sh', folder)).code).toBe(0);
  });

  it('writes what is read, or nothing', async () => {
    if (spawnSync('jq', ['--version']).status !== 0) throw new Error('the script needs jq: install it');
    put(folder, 'collect.sh', blocks[0]?.[1] ?? '');
    put(folder, 'bin/aws', FAKE_AWS);
    const collected = await shell('chmod +x bin/aws && PATH="$PWD/bin:$PATH" bash collect.sh && ls', folder);
    expect(collected).toMatchObject({ code: 0, stderr: '' });
    const [name = ''] = /organization-\w+\.json/.exec(collected.stdout) ?? [];
    const { capturedAt: _, ...document } = JSON.parse(readFileSync(at(name), 'utf8')) as Document & {
      capturedAt: string;
    };
    const expected = JSON.parse(DOCUMENT) as Document;
    const policies = expected.policies.filter(({ Type }) => Type === 'RESOURCE_CONTROL_POLICY');
    expect(document).toEqual({ ...expected, policies });
    evidence('unused');
    expect((await scan('evidence', '--organization', name)).stdout).toContain(
      'organisation: 3 accounts; 0 without',
    );
    expect(policiesOf(WORKLOAD)).toEqual(['p-perimeter1']);
    put(folder, 'bin/aws', FAKE_AWS.replace('list-parents)', 'list-nothing)'));
    const failed = await shell(
      'rm organization-*.json; PATH="$PWD/bin:$PATH" bash collect.sh; echo "exit $?"; ls',
      folder,
    );
    expect(failed.stdout).toMatch(/exit [1-9]/);
    expect(failed.stdout).not.toContain('organization-');
  });
});
