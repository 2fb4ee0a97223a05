import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/report/index.ts';
import { filesBelow, SAMPLES } from '../samples/folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { put } from './evidence.ts';
import { cli } from './harness.ts';

const folder = temporaryFolder();

const AS_OF = '2026-05-01T00:00:00Z';

/** Scans the groups one after the other; all formats of a report of the store then. */
async function reports(name: string, groups: readonly (readonly string[])[]): Promise<string> {
  const db = join(folder, `${name}.db`);
  const lists = [
    '--accounts',
    join(SAMPLES, 'accounts.json'),
    '--known-accounts',
    join(SAMPLES, 'vendors.yaml'),
  ];
  for (const group of groups) {
    const { exit, stderr } = await cli(['scan', ...group, '--db', db, '--as-of', AS_OF, '--quiet', ...lists]);
    expect(exit, stderr).toBe(3);
  }
  const texts: string[] = [];
  for (const format of Object.keys(REPORT_FORMATS)) {
    const out = join(folder, `${name}.${format}`);
    const args = ['report', '--db', db, '--format', format, '--status', 'all', '--as-of', AS_OF, '-o', out];
    const { exit, stderr } = await cli(args);
    expect(exit).toBe(3);
    texts.push(`${format}\n${stderr}\n${readFileSync(out, 'utf8')}`);
  }
  return texts.join('\n----\n');
}

it('a store tells the same in every format whether its evidence came in one scan or in many', {
  timeout: 120_000,
}, async () => {
  // One file that nothing recognises as evidence of an account, which must not depend on the last run either.
  const bad = put(
    folder,
    'bad.json',
    'An error occurred (AccessDenied) when calling the ListRoles operation',
  );
  const evidence = join(SAMPLES, 'evidence');
  const files = [...filesBelow(evidence).map((path) => join(evidence, path)), bad];
  const expected = await reports('one', [files]);
  const [first, second] = fc.sample(fc.shuffledSubarray(files, { minLength: files.length }), {
    numRuns: 2,
    seed: 20_260_501,
  });
  const deal = (order: readonly string[], count: number): readonly (readonly string[])[] =>
    Array.from({ length: count }, (_, part) => order.filter((_path, index) => index % count === part));
  expect(await reports('five', deal(first ?? [], 5))).toBe(expected);
  expect(await reports('two', deal(second ?? [], 2))).toBe(expected);
});
