import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';
import { CASES } from './cases.ts';
import { faultsOf } from './faults-of.ts';
import { runCase } from './run-case.ts';

// The same kinds, in sizes that a suite of minutes can afford; `npm run test:faults` tries them in theirs.
it.each(CASES)('$name, smaller', { timeout: 1_200_000 }, async (one) => {
  const folder = temporaryFolder();
  expect(faultsOf(one, await runCase(one, 'short', folder), 'short')).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});
