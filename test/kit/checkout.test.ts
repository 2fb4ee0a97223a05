import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { isBuilt, readCheckout, sourcesDigest, stampPath } from '../../src/kit/checkout.ts';
import { folderOfTest } from '../temporary-folder.ts';

const at = folderOfTest();
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-C', at(), '-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], {
    env: { ...process.env, GIT_AUTHOR_DATE: '@1700000000 +0000', GIT_COMMITTER_DATE: '@1700000001 +0200' },
    encoding: 'utf8',
  }).trim();

beforeEach(() => {
  mkdirSync(at('src'));
  mkdirSync(at('dist'));
  writeFileSync(at('package.json'), '{"version": "1.2.3"}');
  writeFileSync(at('package-lock.json'), '{}');
  writeFileSync(at('src', 'a.ts'), '');
  writeFileSync(at('.gitignore'), 'dist\n');
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
});

describe('readCheckout', () => {
  it('says which version of which commit it is, and when that was made', async () => {
    expect(await readCheckout(at(), undefined)).toEqual({
      root: at(),
      version: '1.2.3',
      commit: git('rev-parse', 'HEAD'),
      seconds: 1700000001,
      isChanged: false,
      files: ['.gitignore', 'package-lock.json', 'package.json', 'src/a.ts'],
    });
  });

  it.each([
    ['a changed file', () => writeFileSync(at('src', 'a.ts'), '1'), true],
    ['a removed file', () => rmSync(at('src', 'a.ts')), true],
    ['a new source', () => writeFileSync(at('src', 'b.ts'), ''), true],
    ['a file beside the sources', () => writeFileSync(at('notes.txt'), ''), false],
    ['what git ignores', () => writeFileSync(at('dist', 'x'), ''), false],
  ])('sees %s', async (_, change, isChanged) => {
    change();
    expect((await readCheckout(at(), undefined)).isChanged).toBe(isChanged);
  });

  it('takes its time from SOURCE_DATE_EPOCH where that is set', async () => {
    expect((await readCheckout(at(), '86400')).seconds).toBe(86400);
    await expect(readCheckout(at(), 'today')).rejects.toThrow('is not a number of seconds: `today`');
  });

  it('refuses a folder without a commit, in one line', async () => {
    rmSync(at('.git'), { recursive: true });
    await expect(readCheckout(at(), undefined)).rejects.toThrow(/^a kit says of which commit it is, .*$/);
  });
});

describe('isBuilt', () => {
  it('is true until a source changes, comes or goes', async () => {
    expect(await isBuilt(at())).toBe(false);
    writeFileSync(stampPath(at()), await sourcesDigest(at()));
    expect(await isBuilt(at())).toBe(true);
    writeFileSync(at('src', 'b.ts'), '');
    expect(await isBuilt(at())).toBe(false);
    rmSync(at('src', 'b.ts'));
    expect(await isBuilt(at())).toBe(true);
    writeFileSync(at('src', 'a.ts'), '1');
    expect(await isBuilt(at())).toBe(false);
  });
});
