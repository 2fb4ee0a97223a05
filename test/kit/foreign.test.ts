import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Checkout, readCheckout } from '../../src/kit/checkout.ts';
import { readKit } from '../../src/kit/found-kit.ts';
import { makeKit } from '../../src/kit/make.ts';
import type { Platform } from '../../src/kit/platforms.ts';
import { faultsOf } from '../../src/kit/sums.ts';
import { folderOfTest } from '../temporary-folder.ts';
import { BINARY, fakePlatform, LICENCE, writePackage } from './fake-platform.ts';

const at = folderOfTest();
let checkout: Checkout;
beforeAll(async () => {
  checkout = await readCheckout();
});
afterEach(() => vi.unstubAllEnvs());

const make = (platform: Platform, more: Partial<Parameters<typeof makeKit>[0]> = {}) =>
  makeKit({
    checkout,
    platform,
    output: at(),
    key: null,
    given: [at('node.tgz')],
    cache: at('cache'),
    ...more,
  });
const windows = async () =>
  fakePlatform(
    'win-arm64',
    await writePackage(at('node.tgz'), 'node-test', { LICENSE: LICENCE, 'bin/node.exe': BINARY }),
  );
const darwin = async () =>
  fakePlatform(
    'darwin-x64',
    await writePackage(at('node.tgz'), 'node-test', { LICENSE: LICENCE, 'bin/node': BINARY }),
  );

describe('a kit for Windows', () => {
  it('is a zip archive with what Windows needs, the same in every time zone', async () => {
    const platform = await windows();
    mkdirSync(at('there'));
    vi.stubEnv('TZ', 'Pacific/Kiritimati');
    const first = await make(platform);
    vi.stubEnv('TZ', 'America/Los_Angeles');
    const second = await make(platform, { output: at('there') });
    expect(second.sha256).toBe(first.sha256);
    expect(first.path).toMatch(/trustsieve-\d+\.\d+\.\d+-win-arm64(?:-dirty)?\.zip$/);
    expect(readFileSync(first.path)).toHaveLength(first.bytes);

    const files = unzipSync(readFileSync(first.path));
    const folder = first.path.slice(at().length + 1, -'.zip'.length);
    const textOf = (name: string) => strFromU8(files[`${folder}/${name}`] ?? new Uint8Array());
    expect(textOf('node/node.exe')).toBe(BINARY);
    expect(textOf('node/LICENSE')).toBe(LICENCE);
    expect(textOf('THIRD-PARTY-NOTICES.txt')).toContain(LICENCE.trim());
    expect(textOf('trustsieve.cmd')).toContain('node.exe');
    expect(textOf('INSTALL.txt')).toContain('Get-FileHash');
    const prebuilds = Object.keys(files).filter((name) => name.includes('/prebuilds/'));
    expect(prebuilds).toEqual([`${folder}/app/node_modules/better-sqlite3/prebuilds/win32-arm64.node`]);
    expect(faultsOf(await readKit(first.path))).toEqual([]);
  }, 60_000);
});

describe('a kit for macOS', () => {
  it('is a tar archive that starts Node.js by a script', async () => {
    const { path } = await make(await darwin());
    expect(path).toMatch(/-darwin-x64(?:-dirty)?\.tar\.gz$/);
    const kit = await readKit(path);
    expect(faultsOf(kit)).toEqual([]);
    expect([...kit.files.keys()]).toEqual(
      expect.arrayContaining(['trustsieve', 'node/node', 'node/LICENSE']),
    );
  }, 60_000);
});

describe('what cannot be made', () => {
  it('leaves nothing behind when Node.js turns out to be another one', async () => {
    const platform = await darwin();
    const other = { ...platform, binary: { ...platform.binary, sha256: '0'.repeat(64) } };
    await expect(make(other)).rejects.toThrow('so no kit was made of it');
    expect(readdirSync(at())).toEqual(['node.tgz']);
  }, 60_000);

  it('leaves the kit of before when Node.js is shorter than it should be', async () => {
    const platform = await darwin();
    const { path } = await make(platform);
    const before = readFileSync(path);
    const longer = { ...platform, binary: { ...platform.binary, bytes: BINARY.length + 1 } };
    await expect(make(longer)).rejects.toThrow();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(at())).toHaveLength(2);
  }, 60_000);

  it('is a platform that SQLite has no binary for', async () => {
    const platform = { ...(await darwin()), label: 'sunos-sparc', prebuild: 'sunos-sparc' };
    await expect(make(platform)).rejects.toThrow('better-sqlite3 has no binary for sunos-sparc');
  });

  it.each([
    ['is not there', () => at('none'), 'ENOENT'],
    ['is a file', () => at('node.tgz'), 'it is no folder'],
  ])('goes to a folder that %s', async (_, output, why) => {
    await expect(make(await darwin(), { output: output() })).rejects.toThrow(
      `cannot write into \`${output()}\`: ${why}; name an existing folder that you may write to`,
    );
  });

  it('goes to a folder that may only be read', async () => {
    // Nobody may make a file there, whoever runs the tests.
    await expect(make(await darwin(), { output: '/proc' })).rejects.toThrow(/^cannot write/);
  }, 60_000);

  it('is made of a checkout that is not built', async () => {
    mkdirSync(at('src'));
    for (const name of ['package.json', 'package-lock.json']) writeFileSync(at(name), '{}');
    await expect(make(await darwin(), { checkout: { ...checkout, root: at() } })).rejects.toThrow(
      '`dist` is not what these sources build: run `npm run build`',
    );
    rmSync(at('src'), { recursive: true });
  });
});
