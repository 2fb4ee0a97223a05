import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FINDS } from './corpus/finds.ts';
import { observe } from './observe.ts';

const FOLDER = new URL('corpus/', import.meta.url);

describe('what the fuzzer found', () => {
  it('has a line for each file, and a file for each line', () => {
    const files = readdirSync(FOLDER).filter((name) => name !== 'finds.ts');
    expect(FINDS.map(({ file }) => file).sort()).toEqual(files.sort());
  });

  it.each(FINDS)('$file: $was', async ({ file, path, says }) => {
    const bytes = readFileSync(new URL(file, FOLDER));
    for (const piece of [0, 7]) {
      const { parts, faults } = await observe({ path, bytes }, piece);
      expect(faults).toEqual([]);
      const unread = parts.filter(({ reading }) => reading.status !== 'complete');
      const problems = unread.flatMap(({ reading }) => reading.problems);
      const rejects = parts.flatMap(({ events }) => events.filter((event) => event.kind === 'reject'));
      const said = [...problems, ...rejects.map(({ reject }) => reject)].map(({ code }) => code);
      expect(said).toContain(says);
    }
  });
});
