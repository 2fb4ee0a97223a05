import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { consumerFolder, ROOT, runNode } from '../api/consumer.ts';
import { run } from '../cli/built.ts';
import { put } from '../cli/evidence.ts';

/** Runs what docs/library.md shows with the built library: run `npm run build` first. */

const text = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
const commands = [...text.matchAll(/^npx trustsieve (.+)$/gm)].map(([, args = '']) => args.split(' '));

let folder: string;
beforeAll(async () => {
  folder = consumerFolder();
  symlinkSync(join(ROOT, 'samples'), join(folder, 'samples'), 'junction');
  for (const args of commands) {
    const { code } = await run(args, { cwd: folder });
    // The samples lack something.
    expect(code).toBe(3);
  }
}, 60_000);

describe('docs/library.md', () => {
  it('has an example for every module that it names with a section', () => {
    const sections = [...text.matchAll(/^## (trustsieve\/\w+)$/gm)].map(([, name]) => name as string);
    expect(sections).toContain('trustsieve/stream');
    expect(sections).toContain('trustsieve/store');
    for (const name of sections)
      expect(
        blocks.some((code) => code.includes(`from '${name}'`)),
        name,
      ).toBe(true);
    expect(commands).toHaveLength(1);
  });

  it.for(blocks.map((code, index) => [index + 1, code] as const))(
    'prints what example %i says',
    { timeout: 60_000 },
    async ([index, code]) => {
      const printed = [...code.matchAll(/^\s*\/\/ prints: (.*)$/gm)].map(([, line]) => `${line}\n`);
      expect(printed.length).toBeGreaterThan(0);
      put(folder, `example-${index}.mjs`, code);
      const { stdout, stderr } = await runNode(folder, [`example-${index}.mjs`]);
      expect(stderr).toBe('');
      expect(stdout).toBe(printed.join(''));
    },
  );
});
