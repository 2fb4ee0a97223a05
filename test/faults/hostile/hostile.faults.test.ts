import { existsSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';
import { CASES } from './cases.ts';
import { faultsOf } from './faults-of.ts';
import { runCase } from './run-case.ts';

it.each(CASES)('$name: $what', { timeout: 3_600_000 }, async (one) => {
  const folder = temporaryFolder();
  expect(faultsOf(one, await runCase(one, 'full', folder), 'full')).toEqual([]);
  // The next one needs the room.
  rmSync(folder, { recursive: true, force: true });
});

it('no member of an archive left it', () => {
  expect(existsSync('/tmp/trustsieve-outside.json')).toBe(false);
});
