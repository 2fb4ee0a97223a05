import { join } from 'node:path';
import { runChild } from './child.ts';
import { compare } from './compare.ts';
import { MAIN, PROGRAM, removeStore, scan } from './contenders.ts';
import { ORDINARY, writeEvidence } from './generate-file.ts';
import type { WholeOptions } from './whole.ts';

const RUNS = 11;

/** How long the smallest scan takes, beside Node.js doing nothing. */
export async function benchStart({ folder }: Pick<WholeOptions, 'folder'>): Promise<void> {
  const path = join(folder, 'small.json');
  await writeEvidence('gaad', { ...ORDINARY, roles: 5, accounts: 1 }, path);
  const contenders = [
    { name: 'node -e 0', run: () => runChild(process.execPath, ['-e', '0']) },
    { name: `${PROGRAM} --version`, run: () => runChild(process.execPath, [MAIN, '--version']) },
    scan(),
  ];
  await compare({
    title: 'Start: a scan of 5 roles',
    path,
    contenders,
    runs: RUNS,
    roles: null,
    base: 'node -e 0',
  });
  removeStore();
}
