import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { OWN } from '../../exposure/cases/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli, type Outcome } from '../harness.ts';

const trusting = (Principal: unknown): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
});
const ANYONE = trusting('*');

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const at = (name: string): string => join(folder, name);
const scan = (...args: readonly string[]): Promise<Outcome> =>
  cli(['scan', at('in'), '--as-of', '2026-05-01', '--captured-at', '2026-04-30', ...args]);

/** An account with so many open roles. */
function putAccount(account: string, open: number, more?: object): void {
  const roles = Array.from({ length: open }, (_, n) => gaadRole(`R${n}`, { trust: OPEN, account }));
  const anchor = gaadRole('Service', { account, trust: trusting({ Service: 'ec2.amazonaws.com' }) });
  put(folder, `in/${account}.json`, gaad([...roles, anchor], more));
}

describe('the summary of a scan', () => {
  it('gives the answer first, then the worst by name, and commands that work', async () => {
    putAccount('300000000000', 2);
    put(folder, 'in/own.json', gaad([gaadRole('A', { trust: OPEN }), gaadRole('World', { trust: ANYONE })]));
    const accepted = `exceptions:\n  - id: known\n    rule: D9.AWS.IAM.99\n    account: "${OWN}"\n    role: A\n    reason: agreed with the owner\n    expires: 2026-12-31\n    owner: me\n`;
    const exceptions = put(folder, 'accepted.yaml', accepted);
    const { exit, stdout } = await scan('--db', at('my store.db'), '--exceptions', exceptions);
    expect(exit, stdout).toBe(0);
    const [first, apart, meaning, ...lines] = stdout.split('\n');
    expect(first).toBe('At least 1 of 5 roles is open to anyone.');
    expect(apart).toBe(
      '4 of 5 fail: 1 open to outsiders, 2 open to accounts whose relation is not graded, 1 accepted by exceptions.',
    );
    expect(meaning).toMatch(/^Open: /);
    expect(lines[1]).toMatch(/^findings {2}critical +high +medium +low$/);
    expect(lines[2]).toMatch(/^open +1 +not graded +2 +not graded$/);
    expect(lines[3]).toMatch(/^accepted +0 +not graded +1 +not graded$/);
    expect(lines[6]).toMatch(new RegExp(`^critical +World +${OWN} +anyone$`));
    expect(stdout).toContain(`\nwritten\n  store  ${at('my store.db')}\nnext\n`);
    const next = stdout.slice(stdout.indexOf('\nnext\n')).match(/^ {2}trustsieve .*$/gm);
    expect(next).toEqual([
      `  trustsieve explain arn:aws:iam::${OWN}:role/World --db '${at('my store.db')}'`,
      `  trustsieve report -o report.html --db '${at('my store.db')}'`,
    ]);
  });

  it('says in its first lines what may be missing', async () => {
    putAccount(OWN, 1, { IsTruncated: true, Marker: 'm' });
    put(folder, 'in/cut.json', '{"RoleDetailList": [');
    const { exit, stdout } = await scan('--db', at('s.db'));
    expect(exit).toBe(3);
    expect(stdout).toMatch(
      /^1 of 2 roles is open [^\n]*\nThe evidence is INCOMPLETE, so there may be more\.\n/,
    );
  });

  it('lists accounts by failures, and never hides those that are incomplete without a count', async () => {
    for (let n = 0; n < 22; n++) putAccount(String(300_000_000_000 + n), 1 + (n % 3));
    for (let n = 0; n < 12; n++)
      putAccount(String(200_000_000_000 + n), 0, { IsTruncated: true, Marker: 'm' });
    const { stdout } = await scan('--db', at('s.db'));
    const rows = [
      ...stdout.matchAll(/^([23]\d{11}) +2026-04-30 +(INCOMPLETE|all roles) +\d+ +(\d+) +\d+$/gm),
    ];
    const fails = rows.map(([, , , fail]) => Number(fail));
    expect(rows).toHaveLength(30);
    expect(fails).toEqual([...fails].sort((a, b) => b - a));
    expect(rows.slice(0, 7).map(([, account]) => Number(account) % 1000)).toEqual([2, 5, 8, 11, 14, 17, 20]);
    expect(rows.filter(([, , evidence]) => evidence === 'INCOMPLETE')).toHaveLength(10);
    expect(stdout).toContain(
      'and 4 more accounts, 2 of them INCOMPLETE or CARRIED forward; every report has',
    );
  });

  it('names what was written as it was typed', async () => {
    putAccount(OWN, 1);
    const { stdout } = await scan('--db', at('s.db'), '--csv', at('f.csv'), '--html', at('r.html'));
    const part = stdout.slice(stdout.indexOf('\nwritten\n'));
    expect(part).toContain(`  csv       ${at('f.csv')}\n            ${at('f.evidence.csv')}\n`);
    expect(part).toContain(`  html      ${at('r.html')}\n  manifest  ${at('f.csv.manifest.json')}\n`);
    expect(part).not.toContain('report -o');
  });

  it('is the same, as are the messages, for any number of jobs', { timeout: 60_000 }, async () => {
    for (let n = 0; n < 12; n++) {
      putAccount(String(300_000_000_000 + n), n);
      put(folder, `in/cut-${n}.json`, `{"RoleDetailList": [${' '.repeat(n * 10_000)}`);
    }
    const outcomes: Outcome[] = [];
    for (const jobs of ['1', '8']) {
      const done = await scan('--db', at(`${jobs}.db`), '--jobs', jobs, '--progress', 'none');
      outcomes.push({ ...done, stdout: done.stdout.replaceAll(`${jobs}.db`, 'x.db') });
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    const paths = [...(outcomes[0]?.stderr ?? '').matchAll(/^warning: (.*cut-\d+\.json)/gm)].map(
      ([, p]) => p,
    );
    expect(paths).toHaveLength(12);
    expect(paths).toEqual([...paths].sort());
  });
});
