import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';
import { GUARDED, gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli } from '../harness.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const DAYS = ['2026-01-31', '2026-02-28', '2026-03-31'];

const rule = (logic: string): string => JSON.stringify([{ id: 'X.1', name: 'X', severity: 'High', logic }]);
const FIRST = rule("IamRole should have name like 'A%'");
const SECOND = rule("IamRole should have name like 'A%' and path = '/'");

beforeAll(() => {
  folder = temporaryFolder();
  for (const day of DAYS) {
    // `Baker` breaks the rule always, `Bold` from February on.
    const roles = ['Able', 'Baker', ...(day > '2026-02' ? ['Bold'] : [])].map((name) =>
      gaadRole(name, { trust: day > '2026-03' && name === 'Able' ? GUARDED : OPEN }),
    );
    put(folder, `${day}.json`, gaad(roles));
  }
  put(folder, 'first.json', FIRST);
  put(folder, 'second.json', SECOND);
  put(folder, 'second-reworded.json', SECOND.replace('"name":"X"', '"name":"Another title"'));
});

async function scan(store: string, day: string, rules: string | null, ...more: string[]) {
  const args = ['scan', at(`${day}.json`), '--db', at(store), '--as-of', '2026-05-01', '--quiet', ...more];
  return cli(rules === null ? args : [...args, '--rules', at(rules)]);
}

async function changes(store: string, from: string, to: string): Promise<readonly string[]> {
  const { stdout, exit, stderr } = await cli(['diff', from, to, '--db', at(store), '--format', 'json']);
  expect(exit, stderr).toBe(0);
  const { changes: list } = JSON.parse(stdout) as { changes: readonly Readonly<Record<string, string>>[] };
  return list.map((one) =>
    [one['change'], one['cause'], one['rule'], one['arn']?.split('/').at(-1)].join(' '),
  );
}

describe('a rule whose text changes', () => {
  it('is not compared with its former self, and again when the evidence is judged anew', async () => {
    await scan('a.db', '2026-01-31', 'first.json');
    await scan('a.db', '2026-02-28', 'second.json');
    expect(await changes('a.db', '2026-01-31', '2026-02-28')).toEqual([
      'not-comparable rule-changed X.1 Baker',
      'new role-created D9.AWS.IAM.99 Bold',
      'new role-created X.1 Bold',
    ]);
    await scan('a.db', '2026-01-31', 'second.json');
    expect(await changes('a.db', '2026-01-31', '2026-02-28')).toEqual([
      'new role-created D9.AWS.IAM.99 Bold',
      'new role-created X.1 Bold',
    ]);
  });

  it('is the same rule under other words', async () => {
    await scan('b.db', '2026-02-28', 'second.json');
    await scan('b.db', '2026-03-31', 'second-reworded.json');
    expect(await changes('b.db', '2026-02-28', '2026-03-31')).toEqual([
      'resolved guard-added D9.AWS.IAM.99 Able',
    ]);
  });

  it('makes findings not comparable in a report and does not trip --fail-on-new', async () => {
    await scan('c.db', '2026-02-28', 'first.json');
    const { exit, stderr } = await scan('c.db', '2026-03-31', 'second.json', '--fail-on-new');
    expect(exit, stderr).toBe(0);
    const { stdout } = await cli(['report', '--db', at('c.db'), '--format', 'json']);
    const verdicts = JSON.parse(stdout) as readonly Readonly<Record<string, string>>[];
    expect(verdicts.filter((one) => one['rule'] === 'X.1').map((one) => one['state'])).toEqual([
      'not-comparable',
      'not-comparable',
    ]);
  });

  it('cannot be compared with evidence that it did not judge', async () => {
    await scan('d.db', '2026-01-31', null);
    await scan('d.db', '2026-02-28', 'first.json');
    const expected = [
      'not-comparable rule-changed X.1 Baker',
      'new role-created D9.AWS.IAM.99 Bold',
      'not-comparable rule-changed X.1 Bold',
    ];
    expect(await changes('d.db', '2026-01-31', '2026-02-28')).toEqual(expected);
    expect(await changes('d.db', '1', '2')).toEqual(expected);
    const { exit } = await scan('d.db', '2026-02-28', 'first.json', '--fail-on-new');
    expect(exit).toBe(0);
  });
});
