import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { run } from './built.ts';

/** What help needs to find out how wide a text is; to make one takes as long as a small scan. */
const SEEN = 'text is segmented\n';
const watched = `data:text/javascript,
  const { Segmenter } = Intl;
  Intl.Segmenter = class extends Segmenter {
    constructor(...given) { super(...given); process.stderr.write(${JSON.stringify(SEEN)}); }
  };`.replaceAll('\n', ' ');
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

describe('yargs inside the program', () => {
  it('still finds its texts in other languages', async () => {
    const german = { ...process.env, LC_ALL: 'de_DE.UTF-8' };
    const { code, stderr } = await run(['scan'], { cwd: temporaryFolder(), env: german });
    expect(code).toBe(2);
    expect(stderr).toContain('nicht genügend Argumente');
  });
});
