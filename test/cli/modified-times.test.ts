import { describe, expect, it } from 'vitest';
import { modifiedTimes } from '../../src/cli/scan/modified-times.ts';

describe('modifiedTimes', () => {
  it('says nothing where all files tell their time', () => {
    const times = modifiedTimes();
    for (const capturedFrom of ['evidence', 'option', 'name', null] as const) {
      times.add({ path: 'a', capturedFrom });
    }
    expect(times.warning()).toBeNull();
  });

  it('gives one sentence with the number and one file, whatever the order', () => {
    const paths = ['c.json', 'a.json', 'b.json'];
    const said = [paths, paths.toReversed()].map((order) => {
      const times = modifiedTimes();
      for (const path of order) times.add({ path, capturedFrom: 'modified' });
      return times.warning();
    });
    expect(said[0]).toBe(said[1]);
    expect(said[0]).toMatch(/^warning: 3 files .*such as a\.json.*--captured-at/);
  });
});
