import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { differences } from '../../../src/kit/check/compare.ts';
import { type Ran, withoutNetwork } from '../../../src/kit/check/sandbox.ts';
import { offered, steps } from '../../../src/kit/check/steps.ts';
import { cli } from '../../cli/harness.ts';
import { folderOfTest } from '../../temporary-folder.ts';

const at = folderOfTest();

describe('withoutNetwork', () => {
  const script = (text: string) => {
    writeFileSync(at('unshare'), `#!/bin/sh\n${text}\n`);
    chmodSync(at('unshare'), 0o755);
    return at('unshare');
  };

  it('says in one line what the machine does not allow', async () => {
    const unshare = script('echo "unshare: unshare failed: Operation not permitted" >&2; exit 1');
    await expect(withoutNetwork(process.execPath, unshare)).rejects.toThrow(
      /^this machine does not let a program run without a network, so nothing was checked: unshare: unshare failed: Operation not permitted$/,
    );
    await expect(withoutNetwork(process.execPath, null)).rejects.toThrow('there is no `unshare`');
  });

  it('does not believe a namespace in which there is a network', async () => {
    const unshare = script(`echo "eth0, ECONNREFUSED, PATH="`);
    await expect(withoutNetwork(process.execPath, unshare)).rejects.toThrow(
      'in the namespace there still is eth0',
    );
  });

  it('runs what it is given, with an empty PATH and nothing else', async () => {
    const behind = 'while [ "$1" != -- ]; do shift; done; shift';
    const unshare = script(`${behind}
case "$*" in
  *--eval*) echo -n "no interface, ENETUNREACH, PATH=" ;;
  *) exec "$@" ;;
esac`);
    const run = await withoutNetwork(process.execPath, unshare);
    const { code, stdout } = await run('/usr/bin/env', [], at());
    expect([
      code,
      stdout
        .toString()
        .split('\n')
        .filter((line) => /^(?:PATH|HOME|NODE)/.test(line)),
    ]).toEqual([0, ['PATH=']]);
  });
});

describe('differences', () => {
  const step = { name: 'a step', args: [] };
  const ran = (code: number, stdout = '', stderr = ''): Ran => ({
    code,
    stdout: Buffer.from(stdout),
    stderr: Buffer.from(stderr),
  });
  const put = (name: string, ...contents: readonly (string | null)[]) => {
    for (const [index, content] of contents.entries()) {
      if (content !== null) writeFileSync(at(['kit', 'checkout'][index] as string, name), content);
    }
  };
  const between = (ours: Ran, theirs: Ran, isTimed = false) =>
    differences(
      { ...step, isTimed },
      { ran: ours, folder: at('kit') },
      { ran: theirs, folder: at('checkout') },
    );
  beforeEach(() => {
    mkdirSync(at('kit'));
    mkdirSync(at('checkout'));
  });

  it('finds none where all is the same, whatever the store and the messages hold', async () => {
    put('a.json', '{}', '{}');
    put('store.db', 'one', 'other');
    expect(await between(ran(3, 'out', 'took 1 s'), ran(3, 'out', 'took 2 s'))).toEqual([]);
  });

  it('names what differs', async () => {
    put('a.json', '{}', '{ }');
    put('b.json', null, '');
    put('c.json', '', null);
    expect(await between(ran(2, 'x', 'trustsieve: no\nmore'), ran(0, 'y'))).toEqual([
      'exit code 2 instead of 0: trustsieve: no',
      'standard output differs',
      '`a.json` differs',
      '`b.json` is missing',
      '`c.json` is too much',
    ]);
  });

  it('does not take two programs that fail alike for two that work', async () => {
    expect(await between(ran(4, '', 'internal error'), ran(4, ''))).toEqual([
      'exit code 4 with both: internal error',
    ]);
  });

  it('leaves what hangs on the clock alone, but not the exit code', async () => {
    expect(await between(ran(0, 'now'), ran(0, 'then'), true)).toEqual([]);
    expect(await between(ran(0, 'now'), ran(3, 'then'), true)).toHaveLength(1);
  });
});

describe('steps', { timeout: 60_000 }, () => {
  it('has one for every command, report and shell that the help names', async () => {
    const help = async (...args: readonly string[]) => (await cli([...args, '--help'])).stdout;
    const offers = offered(await help('report'), await help('completion'), await help('check'));
    expect(offers.reports).toEqual(
      expect.arrayContaining(['csv', 'html', 'json', 'ndjson', 'sarif', 'ocsf', 'md']),
    );
    expect(offers.shells).toEqual(expect.arrayContaining(['bash', 'zsh']));
    const lines = steps(offers).map(({ args }) => args.join(' '));
    const commands = [...(await help()).matchAll(/^ {2}trustsieve (\w+)/gm)].map(
      ([, name]) => name as string,
    );
    expect(commands.length).toBeGreaterThan(10);
    for (const command of commands)
      expect(
        lines.some((line) => line.startsWith(command)),
        command,
      ).toBe(true);
    for (const format of offers.reports) {
      expect(
        lines.some((line) => line.startsWith(`report --format ${format} `)),
        format,
      ).toBe(true);
    }
  });

  it('writes the page of check where there is one', () => {
    const page = offered('', '', 'Options:\n      --html            write a page\n');
    expect(steps(page).map(({ name }) => name)).toContain('check --html');
    expect(steps({ ...page, hasCheckPage: false }).map(({ name }) => name)).not.toContain('check --html');
  });
});
