import { describe, expect, it } from 'vitest';
import { cli } from './harness.ts';

describe('a command line that cannot be understood', () => {
  it.each([
    ['scna in', 'there is no command `scna` (did you mean `scan`?); see `trustsieve --help`'],
    ['bogus', 'there is no command `bogus`; see `trustsieve --help`'],
    ['--hlep', 'there is no option `--hlep` (did you mean `--help`?); see `trustsieve --help`'],
    [
      'scan in --capturd-at 2026-01-01',
      'there is no option `--capturd-at` (did you mean `--captured-at`?); see `trustsieve scan --help`',
    ],
    [
      'report --foramt=csv',
      'there is no option `--foramt` (did you mean `--format`?); see `trustsieve report --help`',
    ],
    ['report -z csv -o x.csv', 'there is no option `-z`; see `trustsieve report --help`'],
    ['report extra -o x.csv', '`report` takes no further argument `extra`; see `trustsieve report --help`'],
    [
      'report --format cvs',
      /^`cvs` is no choice for --format \(did you mean `csv`\?\): give one of csv, .*; see `trustsieve report --help`$/,
    ],
    [
      'runs lst',
      '`lst` is no choice for <action> (did you mean `list`?): give one of list, forget, settle; see `trustsieve runs --help`',
    ],
    ['scan', /^not enough arguments: `scan` needs <path> \(evidence: .*\); see `trustsieve scan --help`$/],
    ['diff 2026', /^not enough arguments: `diff` needs <to> \(.*\); see `trustsieve diff --help`$/],
    ['scan in --db', '`--db` needs a value; see `trustsieve scan --help`'],
    ['scan in --db --csv x.csv', '`--db` needs a value; see `trustsieve scan --help`'],
    ['report -o', '`-o` needs a value; see `trustsieve report --help`'],
    ['runs --db a --db b', '--db is given more than once; see `trustsieve runs --help`'],
    ['--foo', 'there is no option `--foo`; see `trustsieve --help`'],
    ['-x', 'there is no option `-x`; see `trustsieve --help`'],
    ['report -o x.csv --run foo', '--run takes a number; see `trustsieve report --help`'],
    ['scan in --quiet=foo', '`--quiet` takes no value; see `trustsieve scan --help`'],
    ['trend --color=red', '`--color` takes no value; see `trustsieve trend --help`'],
    [
      'report -o x.csv --at nope',
      /^`nope` is not a date or time for --at: .*; see `trustsieve report --help`$/,
    ],
    ['exceptions check none.yaml', 'cannot read `none.yaml`: there is no such file'],
    ['rules check none.yaml', 'cannot read `none.yaml`: there is no such file'],
    ['rules list --rules none.yaml', 'cannot read `none.yaml` given with --rules: there is no such file'],
    [`runs ${'\u202e'}gnol`, /^`\\u202egnol` is no choice for <action>: /],
  ])('%s', async (line, message) => {
    const { exit, stdout, stderr } = await cli(line.split(' '));
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    const said = stderr.slice('error: '.length, -1);
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  it('without a word lists the commands, and is no success', async () => {
    const { exit, stdout, stderr } = await cli([]);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(/^error: name a command; /);
    const help = (await cli(['--help'])).stdout;
    const commands = [...help.matchAll(/^ {2}trustsieve (\w+)/gm)].map(([, name]) => name as string);
    expect(commands.length).toBeGreaterThan(10);
    for (const name of commands) expect(stderr).toMatch(new RegExp(`^ {2}${name} +\\w`, 'm'));
    for (const line of stderr.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(stderr).not.toContain('…');
  });
});

it('takes help as a command, too', async () => {
  expect(await cli(['help', 'scan'])).toEqual(await cli(['scan', '--help']));
  expect(await cli(['help'])).toEqual(await cli(['--help']));
});

it.each([
  'scan',
  'report',
  'check',
  'explain',
  'fix',
  'diff',
  'trend',
  'exceptions',
  'runs',
  'rules',
  'verify',
])('fits the help of %s into 80 columns, examples aside', async (command) => {
  const { exit, stdout } = await cli([command, '--help']);
  expect(exit).toBe(0);
  for (const line of stdout.slice(stdout.indexOf('\nOptions:')).split('\n'))
    expect(line.length, line).toBeLessThanOrEqual(80);
  expect(stdout.indexOf('Examples:')).toBeLessThan(stdout.indexOf('Options:'));
});

it('colours what is written to a stream itself where that is asked for, and no file', async () => {
  const { stderr } = await cli(['runs', 'lst', '--color']);
  expect(stderr).toContain('\u001b[');
  expect(stderr).toMatch(/error:/);
  expect((await cli(['runs', 'lst', '--no-color'])).stderr).not.toContain('\u001b');
});
