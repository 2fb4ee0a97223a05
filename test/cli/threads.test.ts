import { spawn } from 'node:child_process';
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { dumpStore } from '../store/dump.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { MAIN } from './built.ts';
import { CLOSED, gaad, gaadRole, OPEN } from './evidence.ts';
import { cli } from './harness.ts';

const POLICY = 'arn:aws:iam::111122223333:policy/P';
const TIMES = ['--as-of', '2026-05-01', '--captured-at', '2026-04-30'];

let folder: string;
const at = (name: string): string => join(folder, name);
const evidence = (name = ''): string => join(folder, 'in', name);

beforeAll(() => {
  folder = temporaryFolder();
  mkdirSync(evidence());
  // More than is read without threads.
  const ballast = { Description: 'x'.repeat(20_000) };
  const roles = Array.from({ length: 1600 }, (_, index) => ({
    ...ballast,
    ...gaadRole(`R${index}`, { trust: index % 3 === 0 ? OPEN : CLOSED }),
    Tags: [{ Key: 'number', Value: String(index) }],
    AttachedManagedPolicies: [{ PolicyName: 'P', PolicyArn: POLICY }],
  }));
  // The first role once more, and one that cannot be placed.
  writeFileSync(
    evidence('large.json'),
    JSON.stringify(
      gaad([...roles, roles[0] as object, { Arn: 'nonsense' }], {
        Policies: [{ Arn: POLICY, PolicyVersionList: [{ IsDefaultVersion: true, Document: CLOSED }] }],
      }),
    ),
  );
  for (let account = 0; account < 6; account++) {
    const own = String(555500000000 + account);
    const content = gaad(
      Array.from({ length: 40 }, (_, index) => gaadRole(`S${index}`, { account: own, trust: OPEN })),
    );
    writeFileSync(evidence(`${own}.json.gz`), gzipSync(JSON.stringify(content)));
  }
});

/** Runs the built program, which reads in threads. */
function run(args: readonly string[], stdin?: string): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['pipe', 'ignore', 'ignore'] });
  if (stdin === undefined) child.stdin.end();
  else createReadStream(stdin).pipe(child.stdin);
  return new Promise((resolve) => child.on('exit', resolve));
}

async function report(db: string): Promise<string> {
  const { stdout } = await cli(['report', '--db', db, '--format', 'ndjson', '--status', 'all']);
  return stdout;
}

function whatFailingRolesShow(db: string) {
  const { details, managedPolicies } = dumpStore(db);
  return { details, managedPolicies };
}

it('threads find what one thread finds, with any number of them', { timeout: 60_000 }, async () => {
  expect((await cli(['scan', evidence(), '--db', at('one.db'), ...TIMES, '--quiet'])).exit).toBe(3);
  const expected = await report(at('one.db'));
  const kept = whatFailingRolesShow(at('one.db'));
  // Of those in the large file every third fails.
  expect(kept.details).toHaveLength(534 + 6 * 40);
  expect(kept.managedPolicies).toHaveLength(1);
  // Of what is missing, which stands at the end, there are two objects: the file that is not whole and what was rejected in it.
  expect(expected.split('\n')).toHaveLength(1600 + 6 * 40 + 2 + 1);
  for (const more of [
    ['--jobs', '1'],
    ['--jobs', '3'],
    ['--jobs', '2', '--reader', 'reference'],
  ]) {
    const db = at(`${more.join('')}.db`);
    expect(await run(['scan', evidence(), '--db', db, ...TIMES, '--quiet', ...more])).toBe(3);
    expect(await report(db)).toBe(expected);
    expect(whatFailingRolesShow(db)).toEqual(kept);
    const runs = await cli(['runs', '--db', db, '--format', 'json']);
    expect(JSON.parse(runs.stdout)).toMatchObject([{ status: 'incomplete', files: 7, records: 1842 }]);
  }
});

it('threads read standard input', async () => {
  expect(await run(['scan', '-', '--db', at('stdin.db'), ...TIMES, '--quiet'], evidence('large.json'))).toBe(
    3,
  );
  const lines = (await report(at('stdin.db'))).trimEnd().split('\n');
  expect(lines).toHaveLength(1600 + 2);
});
