import { describe, expect, it } from 'vitest';
import { goldenFiles, storedGoldenFiles } from '../golden.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('golden outputs of the samples', () => {
  it('are what the program writes, byte for byte', { timeout: 120_000 }, async () => {
    const written = await goldenFiles(temporaryFolder());
    const stored = storedGoldenFiles();
    const advice = 'run npm run golden and look at the diff';
    expect([...written.keys()].sort(), advice).toEqual([...stored.keys()]);
    // The names first: they say in one line what changed.
    const differing = [...written].filter(([name, text]) => stored.get(name) !== text).map(([name]) => name);
    expect(differing, advice).toEqual([]);
  });
});
