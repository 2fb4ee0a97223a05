import { expect, it } from 'vitest';
import { ended, start } from '../cli/built.ts';
import { folderOfTest } from '../temporary-folder.ts';
import { everything, worked } from './everything.ts';
import { guarded, noted } from './guarded.ts';

const at = folderOfTest();

it('no command reaches for a network or another process', { timeout: 600_000 }, async () => {
  const inThreads: string[] = [];
  for (const step of await everything(at())) {
    const child = start(step.args, { cwd: at('out'), env: guarded(at('log')) });
    child.stdin?.end(step.input);
    expect(worked(step, await ended(child))).toBe('');
    const [main, ...further] = noted(at('log'));
    const reached = further.filter((line) => line !== 'guarded thread');
    expect([step.name, main, ...reached]).toEqual([step.name, 'guarded']);
    if (further.length > 0) inThreads.push(step.name);
  }
  expect(inThreads).toContain('scan with two threads, every report');
});
