import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOfTest, temporaryFolder, writeBelow } from './temporary-folder.ts';

/** What runs without the tests' runner, in processes of its own. */
const WITHOUT_RUNNER = [
  'temporary-folder.ts',
  'write-golden.ts',
  join('faults', 'hostile', 'measure.ts'),
  join('fuzz', 'try-one.ts'),
  join('fuzz', 'whole-scan.ts'),
];

describe('temporary folders', () => {
  const at = folderOfTest();

  it('are empty, and each is another', () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    expect([readdirSync(one), readdirSync(two)]).toEqual([[], []]);
    expect(one).not.toBe(two);
  });

  it.each(['first', 'second'])('are new for the %s test', (name) => {
    expect(readdirSync(at())).toEqual([]);
    const path = writeBelow(at(), join('a', 'b.txt'), name);
    expect(path).toBe(at('a', 'b.txt'));
    expect(readFileSync(path, 'utf8')).toBe(name);
    expect(existsSync(at('a'))).toBe(true);
  });

  it('are made by nothing else in the tests', () => {
    const others = readdirSync(import.meta.dirname, { encoding: 'utf8', recursive: true })
      .filter((name) => name.endsWith('.ts') && !WITHOUT_RUNNER.includes(name))
      .filter((name) => /mkd[t]emp/.test(readFileSync(join(import.meta.dirname, name), 'utf8')));
    expect(others).toEqual([]);
  });
});
