import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';
import { MAIN, run } from '../built.ts';
import { cli } from '../harness.ts';

let folder: string;

beforeAll(() => {
  folder = temporaryFolder();
  const program = join(folder, 'trustsieve');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(program, 0o755);
});

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

// Each answer is a start of the program.
describe('completion', { timeout: 60_000 }, () => {
  it('offers commands, options and choices in bash', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['scan', 'report', 'diff', 'trend', 'exceptions']));
    expect(offered('sc')).toEqual(['scan']);
    expect(offered('scan', '--fail')).toEqual(['--fail-on', '--fail-on-new']);
    expect(offered('trend', '--by', '')).toEqual(['day', 'week', 'month', 'quarter', 'year']);
  });

  it('offers options once a hyphen is typed', () => {
    expect(offered('verify', '-')).toEqual(expect.arrayContaining(['--key', '--base']));
    expect(offered('report', '--form')).toEqual(['--format']);
    expect(offered('report', '--format', 's')).toEqual(['sarif']);
  });

  it('leaves the names of files to the shell', () => {
    expect(offered('scan', 'evid')).toEqual([]);
    expect(offered('scan', '')).toEqual([]);
    expect(offered('scan', 'evidence/', '--html', '')).toEqual([]);
  });

  it('prints a script for each shell it names', async () => {
    const bash = await cli(['completion']);
    expect(bash).toMatchObject({ exit: 0, stderr: '' });
    expect((await cli(['completion', 'bash'])).stdout).toBe(bash.stdout);
    expect((await cli(['completion', 'zsh'])).stdout).toMatch(/^#compdef trustsieve\n/);
    expect((await cli(['completion', 'tcsh'])).exit).toBe(2);
  });

  it('asks in fish for what it shows, files where there is nothing', async () => {
    const { exit, stdout } = await cli(['completion', 'fish']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^ {4}set -l words \(commandline -opc\)$/m);
    expect(stdout).toContain(
      '(env SHELL=fish ZSH_NAME= trustsieve --get-yargs-completions $words "$word" 2>/dev/null)',
    );
    expect(stdout).toContain('__fish_complete_path "$word"');
    expect(stdout).toMatch(/^complete -c trustsieve -f -a '\(__trustsieve_answers\)'$/m);
  });

  it('asks in PowerShell the same way, and leaves its environment as it was', async () => {
    const { exit, stdout } = await cli(['completion', 'powershell']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^Register-ArgumentCompleter -Native -CommandName trustsieve -ScriptBlock \{$/m);
    expect(stdout).toContain('trustsieve --get-yargs-completions @words $word 2>$null | ');
    expect(stdout).toContain('$_ -split "`t", 2');
    expect(stdout).toMatch(/finally \{\n +\$env:SHELL, \$env:ZSH_NAME = \$shell, \$zsh\n/);
    expect(stdout.replace(/[^{}()]/g, '')).toSatisfy(isBalanced);
  });

  it('tells fish and PowerShell what its answers mean', async () => {
    const scan = 'scan\tRead evidence, judge every role, keep the results in the store\n';
    expect(await described('sc')).toContain(scan);
    expect(await described('trend', '--by', 'q')).toBe('quarter\n');
    expect(await described('report', '--r')).toContain(
      '--run\tonly what this run read; `trustsieve runs` lists them\n',
    );
  });

  it('takes the quotation marks by which PowerShell saves an empty word for one', async () => {
    expect(await described('trend', '--by', '""')).toBe('day\nweek\nmonth\nquarter\nyear\n');
    expect(await described('scan', '""')).toBe('');
    expect(await described('""')).toContain('\nfix\t');
  });
});

/** What the program answers to fish and PowerShell. */
async function described(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(['--get-yargs-completions', 'trustsieve', ...words], {
    env: { ...process.env, SHELL: 'fish', ZSH_NAME: '' },
  });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

function isBalanced(brackets: string): boolean {
  const left = brackets.replace(/\(\)|\{\}/g, '');
  return left === '' || (left !== brackets && isBalanced(left));
}
