import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { OTHER } from '../../exposure/cases/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli, type Outcome } from '../harness.ts';

let db: string;
beforeAll(async () => {
  const folder = temporaryFolder();
  db = join(folder, 's.db');
  const open = (name: string, account?: string) =>
    gaadRole(name, { trust: OPEN, ...(account !== undefined && { account }) });
  const many = Array.from({ length: 23 }, (_, n) => {
    const account = String(300_000_000_000 + n);
    return put(folder, `many/2026-04-30/${account}.json`, gaad([open('Everywhere', account)]));
  });
  expect(many).toHaveLength(23);
  put(folder, 'in/2026-03-31/own.json', gaad([open('Partner'), open('Twice'), open('Gone')]));
  put(folder, 'in/2026-04-30/own.json', gaad([open('Partner'), open('Twice')]));
  put(folder, 'in/2026-04-30/other.json', gaad([open('Twice', OTHER), open('Gone', OTHER)]));
  const args = ['--db', db, '--as-of', '2026-05-01', '--quiet'];
  await cli(['scan', join(folder, 'in'), join(folder, 'many'), ...args]);
});

const explain = (role: string): Promise<Outcome> => cli(['explain', role, '--db', db]);

describe('explain', () => {
  it('takes a name that one role has', async () => {
    const named = await explain('Partner');
    expect(named).toMatchObject({ exit: 0, stderr: '' });
    expect(named).toEqual(await explain('arn:aws:iam::111122223333:role/Partner'));
    // Where another one of the name is gone, too.
    expect((await explain('Gone')).stdout).toContain(`arn:aws:iam::${OTHER}:role/Gone`);
  });

  it('lists the roles of a name that several have', async () => {
    const { exit, stdout, stderr } = await explain('Twice');
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    const arns = ['111122223333', OTHER].sort().map((account) => `arn:aws:iam::${account}:role/Twice`);
    expect(stderr).toBe(
      [
        ...arns.map((arn) => `note: \`Twice\` is the name of ${arn}`),
        'error: 2 roles are named `Twice`: give the ARN of one of them',
        '',
      ].join('\n'),
    );
  });

  it('lists the first twenty of them', async () => {
    const { exit, stderr } = await explain('Everywhere');
    expect(exit).toBe(2);
    expect(stderr.match(/^note: /gm)).toHaveLength(20);
    expect(stderr).toMatch(/error: more than 20 roles are named `Everywhere`: [^\n]*\n$/);
  });

  it.each([
    ['Partnr', 'Partner'],
    ['partner', 'Partner'],
    ['arn:aws:iam::111122223333:role/Partnre', 'arn:aws:iam::111122223333:role/Partner'],
  ])('offers what is near to %s', async (word, meant) => {
    const { exit, stderr } = await explain(word);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^error: the store knows no role [^\n]*\n$/);
    expect(stderr).toContain(`(did you mean \`${meant}\`?)`);
  });

  it('offers nothing that is far', async () => {
    expect((await explain('SomethingElse')).stderr).not.toContain('did you mean');
  });
});

it('fix takes names, too', async () => {
  const named = await cli(['fix', 'Partner', '--db', db]);
  expect(named.exit).toBe(0);
  expect(named).toEqual(await cli(['fix', 'arn:aws:iam::111122223333:role/Partner', '--db', db]));
  expect((await cli(['fix', 'Twice', '--db', db])).exit).toBe(2);
});
