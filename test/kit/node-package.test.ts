import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KitFile } from '../../src/kit/kit-file.ts';
import { carriedNode } from '../../src/kit/node-package.ts';
import type { PinnedPackage } from '../../src/kit/pinned-package.ts';
import { folderOfTest } from '../temporary-folder.ts';
import { BINARY, fakePlatform, LICENCE, writePackage } from './fake-platform.ts';

const at = folderOfTest();
const sources = (given: readonly string[] = []) => ({ root: at(), given, cache: at('cache') });
const read = async (file: KitFile) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
let pinned: PinnedPackage;
beforeEach(async () => {
  mkdirSync(at('cache'));
  pinned = await writePackage(at('node.tgz'), 'node-test', { LICENSE: LICENCE, 'bin/node': BINARY });
});

describe('carriedNode', () => {
  it('takes binary and licence out of an archive given by hand', async () => {
    const { binary, licence } = await carriedNode(
      fakePlatform('linux-x64', pinned),
      sources([at('node.tgz')]),
    );
    expect(licence).toBe(LICENCE);
    expect(binary).toMatchObject({ name: 'node/node', isExecutable: true, bytes: BINARY.length });
    expect(await read(binary)).toBe(BINARY);
  });

  it('takes what is installed, and what was fetched before', async () => {
    const platform = fakePlatform('linux-x64', pinned);
    writeFileSync(at('cache', 'node-test-0.0.1.tgz'), readFileSync(at('node.tgz')));
    expect(await read((await carriedNode(platform, sources())).binary)).toBe(BINARY);
    const installed = at('node_modules', 'node-test');
    const files = { 'package.json': '{"version":"0.0.1"}', LICENSE: 'installed', 'bin/node': BINARY };
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(installed, name)), { recursive: true });
      writeFileSync(join(installed, name), content);
    }
    expect((await carriedNode(platform, sources())).licence).toBe('installed');
  });

  it('takes the licence from a second package where the first has none', async () => {
    const bare = await writePackage(at('bare.tgz'), 'node-bare', { 'bin/node.exe': BINARY });
    const platform = fakePlatform('win-x64', bare, pinned);
    const given = [at('bare.tgz'), at('node.tgz')];
    const { binary, licence } = await carriedNode(platform, sources(given));
    expect([binary.name, licence, await read(binary)]).toEqual(['node/node.exe', LICENCE, BINARY]);
    const alone = fakePlatform('win-x64', bare);
    await expect(carriedNode(alone, sources(given.slice(0, 1)))).rejects.toThrow(
      'node-bare@0.0.1 has no LICENSE',
    );
  });

  it('refuses an archive that is another one, damaged or not there', async () => {
    const platform = fakePlatform('linux-x64', { ...pinned, integrity: 'sha512-other' });
    await expect(carriedNode(platform, sources([at('node.tgz')]))).rejects.toThrow(
      'is not what the kit needs, or is damaged: its integrity is not that of node-test@0.0.1',
    );
    await expect(carriedNode(platform, sources([at('none.tgz')]))).rejects.toThrow(
      /^there is no file `.*none.tgz`$/,
    );
  });

  it('refuses a binary that is another one, before a kit can hold it', async () => {
    const platform = fakePlatform('linux-x64', pinned);
    const other = { ...platform, binary: { ...platform.binary, sha256: '0'.repeat(64) } };
    const { binary } = await carriedNode(other, sources([at('node.tgz')]));
    await expect(read(binary)).rejects.toThrow('node-test@0.0.1 holds another `bin/node` than it should');
  });
});

describe('a package that is fetched', () => {
  // What stands for npm: it puts the file FETCHED where it is told to, or says that it cannot.
  const NPM = `
const at = process.argv.indexOf('--pack-destination');
const file = process.env.FETCHED;
if (file === undefined) {
  console.error('npm error code ECONNREFUSED\\nnpm error errno ECONNREFUSED\\nnpm error FetchError: request to http://registry.example/ failed\\nnpm error more');
  process.exit(1);
}
require('node:fs').copyFileSync(file, process.argv[at + 1] + '/node-test-0.0.1.tgz');
`;
  beforeEach(() => {
    writeFileSync(at('npm.js'), NPM);
    vi.stubEnv('npm_execpath', at('npm.js'));
    vi.stubEnv('FETCHED', undefined);
  });
  afterEach(() => vi.unstubAllEnvs());

  it('is kept, so that it is fetched once', async () => {
    vi.stubEnv('FETCHED', at('node.tgz'));
    const platform = fakePlatform('linux-x64', pinned);
    expect(await read((await carriedNode(platform, sources())).binary)).toBe(BINARY);
    vi.stubEnv('FETCHED', undefined);
    expect(await read((await carriedNode(platform, sources())).binary)).toBe(BINARY);
    expect(readdirSync(at('cache'))).toEqual(['node-test-0.0.1.tgz']);
    writeFileSync(at('cache', 'node-test-0.0.1.tgz'), 'damaged');
    await expect(carriedNode(platform, sources())).rejects.toThrow('cannot fetch');
  });

  it('is not kept when it is another one', async () => {
    vi.stubEnv('FETCHED', at('npm.js'));
    await expect(carriedNode(fakePlatform('linux-x64', pinned), sources())).rejects.toThrow(
      'the registry gave another node-test@0.0.1 than the one known here',
    );
    expect(readdirSync(at('cache'))).toEqual([]);
  });

  it('is told in one line when it cannot be fetched', async () => {
    await expect(carriedNode(fakePlatform('linux-x64', pinned), sources())).rejects.toThrow(
      /^cannot fetch node-test@0.0.1, which --node-package can give without a network: FetchError: request to http:\/\/registry.example\/ failed$/,
    );
  });
});
