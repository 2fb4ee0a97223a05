import { describe, expect, it } from 'vitest';
import { inCheckout } from '../checkout.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { run } from './built.ts';

/** Help asks how wide a text is. That, and the numbers of a language, take 20 ms each when first asked for. */
const SEEN = 'a language is asked for';
const watched = `data:text/javascript,
  const { Segmenter } = Intl;
  const { toLocaleString } = Number.prototype;
  const say = () => process.stderr.write(${JSON.stringify(SEEN)});
  Intl.Segmenter = class extends Segmenter {
    constructor(...given) { super(...given); say(); }
  };
  Number.prototype.toLocaleString = function (...given) { say(); return toLocaleString.apply(this, given); };`.replaceAll(
  '\n',
  ' ',
);
const env = { ...process.env, NODE_OPTIONS: `--import ${JSON.stringify(watched)}` };

describe('help', () => {
  it.each([['runs'], ['rules', 'list'], ['scan'], ['nothing'], ['--version']])(
    'is not laid out unless asked for: %s %s',
    async (...args) => {
      const { stderr } = await run(args, { cwd: temporaryFolder(), env });
      expect(stderr).not.toContain(SEEN);
    },
  );
  it('is laid out when asked for', async () => {
    const { code, stderr, stdout } = await run(['runs', '--help'], { cwd: temporaryFolder(), env });
    expect({ code, said: stderr.includes(SEEN) }).toEqual({ code: 0, said: true });
    expect(stdout).toContain('trustsieve runs');
  });
});

describe('a small scan', () => {
  it('asks for no language', async () => {
    const evidence = inCheckout('samples', 'evidence', 'cloudquery');
    const { stdout, stderr } = await run(['scan', evidence], { cwd: temporaryFolder(), env });
    expect(stdout).toMatch(/^\d+ roles in /m);
    expect(stderr).not.toContain(SEEN);
  });
});

describe('yargs inside the program', () => {
  it('says what is wrong in the same words whatever the language of the machine', async () => {
    const german = { ...process.env, LC_ALL: 'de_DE.UTF-8' };
    const { code, stderr } = await run(['scan'], { cwd: temporaryFolder(), env: german });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: not enough arguments: `scan` needs <path> .*; see `trustsieve scan --help`\n$/,
    );
  });
});
