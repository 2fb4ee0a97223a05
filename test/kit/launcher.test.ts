import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { KitFile } from '../../src/kit/kit-file.ts';
import { launcher } from '../../src/kit/launcher.ts';
import { platformOf } from '../../src/kit/platforms.ts';
import { folderOfTest } from '../temporary-folder.ts';

const at = folderOfTest();
const textOf = (file: KitFile) => Buffer.concat([...(file.chunks() as Iterable<Uint8Array>)]).toString();
const DARWIN = platformOf('darwin-arm64');

const write = (text: string) => {
  writeFileSync(at('a kit', 'trustsieve'), text);
  chmodSync(at('a kit', 'trustsieve'), 0o755);
};
const start = (path: string, cwd = at(), env: NodeJS.ProcessEnv = { PATH: '' }) => {
  const { status, stdout, stderr } = spawnSync(path, ['scan', 'a b', ''], { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
};

beforeEach(() => {
  mkdirSync(at('a kit', 'node'), { recursive: true });
  mkdirSync(at('links'));
  writeFileSync(
    at('a kit', 'node', 'node'),
    '#!/bin/sh\nfor one in "$@"; do echo "<$one>"; done\necho "$NODE_OPTIONS$NODE_PATH"\nexit 3\n',
  );
  chmodSync(at('a kit', 'node', 'node'), 0o755);
  write(textOf(launcher(DARWIN)));
});

describe('the script that starts a kit', () => {
  const said = (main: string) => ({ status: 3, stdout: `<${main}>\n<scan>\n<a b>\n<>\n\n`, stderr: '' });

  it('passes arguments and exit code, with an empty PATH', () => {
    expect(start(at('a kit', 'trustsieve'))).toEqual(said(at('a kit', 'app/dist/cli/main.js')));
    expect(start('./trustsieve', at('a kit'))).toEqual(said('./app/dist/cli/main.js'));
  });

  it('is found through links, absolute and relative ones', () => {
    symlinkSync('../a kit/trustsieve', at('links', 'one'));
    symlinkSync(at('links', 'one'), at('links', 'two'));
    symlinkSync('two', at('links', 'three'));
    expect(start(at('links', 'three'))).toEqual(said(`${at('links')}/../a kit/app/dist/cli/main.js`));
    expect(start('./three', at('links'))).toEqual(said(`${at('links')}/../a kit/app/dist/cli/main.js`));
  });

  it('keeps what is meant for another Node.js away', () => {
    const env = { PATH: '', NODE_OPTIONS: '--nonsense', NODE_PATH: '/nowhere' };
    expect(start(at('a kit', 'trustsieve'), at(), env).stdout).toMatch(/\n\n$/);
  });

  it('says in one line that Node.js is not there', () => {
    rmSync(at('a kit', 'node', 'node'));
    const { status, stdout, stderr } = start(at('a kit', 'trustsieve'));
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^trustsieve: .*node\/node is not there or may not be run; [^\n]*\n$/);
  });

  it('says in one line that the machine is another one', () => {
    write(textOf(launcher({ ...platformOf('linux-arm64'), loader: '/nowhere/ld.so' })));
    const { status, stderr } = start(at('a kit', 'trustsieve'));
    expect([status, stderr]).toEqual([
      2,
      'trustsieve: this kit is for Linux on arm64 with glibc 2.34 or newer, and /nowhere/ld.so is not here\n',
    ]);
  });

  it('has line ends of Windows there, and gives its exit code', () => {
    const file = launcher(platformOf('win-x64'));
    expect(file.name).toBe('trustsieve.cmd');
    expect(textOf(file)).not.toMatch(/[^\r]\n/);
    expect(textOf(file)).toContain('"%~dp0node\\node.exe" "%~dp0app\\dist\\cli\\main.js" %*\r\n');
    expect(textOf(file)).toMatch(/exit \/b %errorlevel%\r\n$/);
  });
});
