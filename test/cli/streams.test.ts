import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Ended, shell } from './built.ts';
import { gaad, gaadRole, OPEN, put } from './evidence.ts';

let folder: string;

beforeAll(async () => {
  folder = temporaryFolder();
  const roles = Array.from({ length: 400 }, (_, index) => gaadRole(`R${index}`, { trust: OPEN }));
  put(folder, 'in/2026-04-30/own.json', gaad(roles));
  put(folder, 'broken/own.json', '{"RoleDetailList": [');
  await shell('$TRUSTSIEVE scan in --db store.db --as-of 2026-05-01 --quiet', folder);
});

const scanned = (name: string, more = ''): string =>
  `$TRUSTSIEVE scan in --db ${name}.db --csv ${name}.csv --as-of 2026-05-01 ${more}`;

/** The scan came to its end: reports and store are whole. */
async function expectWhole(name: string): Promise<void> {
  expect(
    readFileSync(join(folder, `${name}.csv`), 'utf8')
      .trimEnd()
      .split('\r\n'),
  ).toHaveLength(401);
  expect(existsSync(join(folder, `${name}.csv.manifest.json`))).toBe(true);
  const { stdout } = await shell(`$TRUSTSIEVE runs --db ${name}.db`, folder);
  expect(stdout).toMatch(/ complete /);
}

function expectNoTrace({ stderr }: Ended): void {
  expect(stderr).not.toMatch(/^\s+at |internal error|node:/m);
}

describe('a scan whose output nobody takes', () => {
  const cases: readonly (readonly [what: string, redirect: string, more: string, code: number])[] = [
    ['standard output is a pipe without a reader', '| true; exit ${PIPESTATUS[0]}', '', 0],
    ['and a gate fails', '| true; exit ${PIPESTATUS[0]}', '--fail-on medium', 1],
    ['and evidence is incomplete', '| true; exit ${PIPESTATUS[0]}', 'broken', 3],
    ['standard output is full', '> /dev/full', '', 2],
    ['standard output is closed', '>&-', '', 0],
    ['messages are lost to a full disk', '2> /dev/full > /dev/null', 'broken', 3],
    [
      'messages are lost to a pipe without a reader',
      '2>&1 > /dev/null | true; exit ${PIPESTATUS[0]}',
      'broken',
      3,
    ],
    ['messages have nowhere to go', '2>&- > /dev/null', 'broken', 3],
    ['nothing can be written anywhere', '> /dev/full 2> /dev/full', '', 2],
  ];
  it.each(cases)('comes to its end when %s', async (what, redirect, more, code) => {
    const name = what.replaceAll(' ', '-');
    const result = await shell(`${scanned(name, more)} ${redirect}`, folder);
    expect(result.code).toBe(code);
    expectNoTrace(result);
    if (more !== 'broken') await expectWhole(name);
    if (redirect === '> /dev/full') {
      expect(result.stderr).toBe('error: cannot write to standard output: ENOSPC\n');
    }
  });

  it('writes the other reports when one cannot be written', async () => {
    const result = await shell(scanned('other', '--html /dev/full --md other.md --quiet'), folder);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^error: cannot write `\/dev\/full`: ENOSPC[^\n]*\n$/);
    expect(readFileSync(join(folder, 'other.csv'), 'utf8').split('\r\n')).toHaveLength(402);
    expect(existsSync(join(folder, 'other.md'))).toBe(true);
    expect(existsSync(join(folder, 'other.csv.manifest.json'))).toBe(false);
  });
});

describe('a command whose product nobody takes', () => {
  const products = [
    'report --format csv --db store.db',
    'report --format html --db store.db',
    'explain arn:aws:iam::111122223333:role/R0 --db store.db',
    'fix --format json --db store.db',
    'trend --db store.db',
    'runs --db store.db',
    '--help',
  ];
  it.each(products)('%s', async (args) => {
    const unread = await shell(`$TRUSTSIEVE ${args} | true; exit \${PIPESTATUS[0]}`, folder);
    // What fits into the pipe before its reader has gone was written.
    expect([0, 141]).toContain(unread.code);
    expect(unread).toMatchObject({ stderr: '', signal: null });
    const full = await shell(`$TRUSTSIEVE ${args} > /dev/full`, folder);
    expect(full.code).toBe(2);
    expect(full.stderr).toBe('error: cannot write to standard output: ENOSPC\n');
  });

  it('ends silently when its reader has had enough', async () => {
    const { code, stdout, stderr } = await shell(
      '$TRUSTSIEVE report --format csv --db store.db | head -n 1; exit ${PIPESTATUS[0]}',
      folder,
    );
    expect(code).toBe(141);
    expect(stdout).toMatch(/^rule,account,/);
    expect(stderr).toBe('');
  });

  it('says when a full disk takes a file', async () => {
    const result = await shell('$TRUSTSIEVE report --format html --db store.db -o /dev/full', folder);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^error: cannot write `\/dev\/full`: ENOSPC[^\n]*\n$/);
  });

  it('still writes its folder of proposals', async () => {
    const { code } = await shell(
      '$TRUSTSIEVE fix --out fixes --db store.db | true; exit ${PIPESTATUS[0]}',
      folder,
    );
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'fixes/apply.sh'), 'utf8')).toContain('all trust policies are in place');
  });
});
