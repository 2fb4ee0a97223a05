import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { privateFolder, userCache } from '../../src/cli/compile-cache.ts';
import { folderOfTest } from '../temporary-folder.ts';
import { run } from './built.ts';

const at = folderOfTest();

describe('userCache', () => {
  it.each([
    ['linux', { HOME: '/home/a' }, '/home/a/.cache'],
    ['linux', { HOME: '/home/a', XDG_CACHE_HOME: '/cache' }, '/cache'],
    ['linux', { HOME: '/home/a', XDG_CACHE_HOME: 'cache' }, '/home/a/.cache'],
    ['linux', { HOME: '/home/a', XDG_CACHE_HOME: '' }, '/home/a/.cache'],
    ['darwin', { HOME: '/Users/a', XDG_CACHE_HOME: '/cache' }, '/Users/a/Library/Caches'],
    ['win32', { LOCALAPPDATA: '/local', HOME: '/home/a' }, '/local'],
    ['linux', { HOME: 'home' }, null],
    ['linux', {}, null],
    ['darwin', {}, null],
    ['win32', { HOME: '/home/a' }, null],
  ] as const)('on %s with %j', (platform, env, cache) => {
    expect(userCache(platform, env)).toBe(cache);
  });
});

describe('privateFolder', () => {
  const mine = process.geteuid?.() ?? 0;

  it('is made for its user alone', () => {
    expect(privateFolder(at('cache', 'trustsieve'))).toBe(at('cache', 'trustsieve'));
    expect(statSync(at('cache', 'trustsieve')).mode & 0o777).toBe(0o700);
    expect(privateFolder(at('cache', 'trustsieve'))).toBe(at('cache', 'trustsieve'));
  });
  it.each([0o750, 0o705, 0o720, 0o702, 0o777])('that others may enter (%o) is none', (mode) => {
    mkdirSync(at('open'));
    chmodSync(at('open'), mode);
    expect(privateFolder(at('open'))).toBeNull();
  });
  it.each([
    [0o777, false],
    [0o775, false],
    [0o1777, true],
    [0o755, true],
  ])('in a folder of mode %o: %s', (mode, taken) => {
    mkdirSync(at('above'));
    chmodSync(at('above'), mode);
    expect(privateFolder(at('above', 'a', 'b')) !== null).toBe(taken);
    expect(existsSync(at('above', 'a'))).toBe(taken);
    // One that was there before is looked at in the same way.
    mkdirSync(at('above', 'c'), { mode: 0o700 });
    expect(privateFolder(at('above', 'c')) !== null).toBe(taken);
  });
  it('of another user is none', () => {
    mkdirSync(at('old'), { mode: 0o700 });
    expect(privateFolder(at('old'), mine + 1)).toBeNull();
  });
  it('behind a link is judged by where it is', () => {
    mkdirSync(at('open'));
    chmodSync(at('open'), 0o777);
    mkdirSync(at('open', 'inside'), { mode: 0o700 });
    symlinkSync(at('open', 'inside'), at('link'));
    expect(privateFolder(at('link'))).toBeNull();
    symlinkSync(at('open'), at('cache'));
    expect(privateFolder(at('cache', 'trustsieve'))).toBeNull();
    expect(existsSync(at('open', 'trustsieve'))).toBe(false);
    mkdirSync(at('good'), { mode: 0o700 });
    symlinkSync(at('good'), at('way'));
    expect(privateFolder(at('way'))).toBe(at('good'));
  });
  it.each(['file', 'lost', 'file/below', 'lost/below'])('is none where there is no folder: %s', (name) => {
    writeFileSync(at('file'), '');
    symlinkSync(at('nowhere'), at('lost'));
    expect(privateFolder(at(name))).toBeNull();
  });
});

describe('the built program', () => {
  const kept = () => at('home', '.cache', 'trustsieve', 'compiled');
  const said = { code: 0, stdout: expect.stringContaining('trustsieve explain'), stderr: '', signal: null };
  const {
    NODE_COMPILE_CACHE: _,
    XDG_CACHE_HOME: __,
    NODE_DISABLE_COMPILE_CACHE: ___,
    ...outside
  } = process.env;
  const runWith = (env: NodeJS.ProcessEnv = {}) =>
    run(['explain', '--help'], { cwd: at(), env: { ...outside, HOME: at('home'), ...env } });
  /** Of the one version of Node.js that ran. */
  const keptFiles = () => {
    const [version = ''] = readdirSync(kept());
    return readdirSync(join(kept(), version)).map((name) => join(kept(), version, name));
  };

  beforeEach(() => mkdirSync(at('home'), { mode: 0o700 }));

  it('keeps compiled code in the cache of the user, and says the same with it', async () => {
    const first = await runWith();
    expect(first).toEqual(said);
    expect(keptFiles().length).toBeGreaterThan(3);
    expect(await runWith()).toEqual(first);
  });
  it('says the same when that is damaged', async () => {
    const first = await runWith();
    for (const file of keptFiles()) writeFileSync(file, 'no code');
    expect(await runWith()).toEqual(first);
  });
  it('keeps nothing where it is told not to, or elsewhere', async () => {
    expect(await runWith({ NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual(said);
    expect(await runWith({ NODE_COMPILE_CACHE: at('elsewhere') })).toEqual(said);
    expect(readdirSync(at('home'))).toEqual([]);
    expect(readdirSync(at('elsewhere'))).toHaveLength(1);
  });
  it('keeps nothing where others could write', async () => {
    chmodSync(at('home'), 0o777);
    expect(await runWith()).toEqual(said);
    expect(readdirSync(at('home'))).toEqual([]);
  });
  it('runs where there is no home', async () => {
    expect(await runWith({ HOME: at('nowhere', 'file') })).toEqual(said);
    expect(await runWith({ HOME: undefined })).toEqual(said);
  });
});
