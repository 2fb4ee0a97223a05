import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './harness.ts';

const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trustsieve-completion-'));
  const program = join(folder, 'trustsieve');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(program, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers after a line of words, of which the last is being typed. */
function offered(...words: string[]): readonly string[] {
  const script = `
    eval "$(trustsieve completion bash)"
    COMP_WORDS=("$@")
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _trustsieve
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script, 'bash', 'trustsieve', ...words], {
    // A login shell of another kind must not change the answers.
    env: { ...process.env, PATH: `${folder}:${process.env['PATH']}`, SHELL: '/bin/zsh' },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter(Boolean);
}

describe('completion', () => {
  it('offers commands, options and choices in bash', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['scan', 'report', 'diff', 'trend', 'exceptions']));
    expect(offered('sc')).toEqual(['scan']);
    expect(offered('scan', '--fail')).toEqual(['--fail-on', '--fail-on-new']);
    expect(offered('trend', '--by', '')).toEqual(['day', 'week', 'month', 'quarter']);
  });

  it('leaves the names of files to the shell', () => {
    expect(offered('scan', 'evid')).toEqual([]);
  });

  it('prints a script for each shell it names', async () => {
    const bash = await cli(['completion']);
    expect(bash).toMatchObject({ exit: 0, stderr: '' });
    expect((await cli(['completion', 'bash'])).stdout).toBe(bash.stdout);
    expect((await cli(['completion', 'zsh'])).stdout).toMatch(/^#compdef trustsieve\n/);
    expect((await cli(['completion', 'fish'])).exit).toBe(2);
  });
});
