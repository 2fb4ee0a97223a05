import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.ts';
import { removeStore, scan } from './contenders.ts';
import { ORDINARY, REAL, rolesFor, sizeOf, writeEvidence } from './generate-file.ts';
import { FILES, writeDailyExports, writeMixedFolder } from './generate-folder.ts';
import type { WholeOptions } from './whole.ts';

const ONE = 'one job';
const JOBS = [scan(ONE, ['--jobs', '1']), scan('two jobs', ['--jobs', '2'])];

/** Gzip files of all formats, and of one, read by one and by two jobs. */
export async function benchFolder({ folder, bytes, runs }: WholeOptions): Promise<void> {
  for (const [title, gaadOnly] of [
    ['all formats', false],
    ['GAAD', true],
  ] as const) {
    const path = join(folder, 'mixed');
    const roles = await writeMixedFolder(path, sizeOf(bytes), gaadOnly);
    await compare({
      title: `${FILES} gzip files of ${title}, ${bytes} unpacked, as real`,
      path,
      contenders: JOBS,
      runs,
      roles,
      base: ONE,
    });
    rmSync(path, { recursive: true });
    removeStore();
  }
}

/** Many small captures: a year of two accounts. */
export async function benchDaily({ folder, runs }: Omit<WholeOptions, 'bytes'>): Promise<void> {
  const path = join(folder, 'daily');
  const roles = writeDailyExports(path);
  const contenders = [scan()];
  await compare({
    title: '730 daily listings of two accounts, 200 roles each',
    path,
    contenders,
    runs,
    roles,
  });
  rmSync(path, { recursive: true });
  removeStore();
}

/** Unchanged evidence once more into the store that holds it. */
export async function benchAgain({ folder, bytes, runs }: WholeOptions): Promise<void> {
  const first = 'first scan';
  for (const format of ['gaad', 'cloudquery']) {
    const path = join(folder, 'again.json');
    const roles = rolesFor(format, sizeOf(bytes));
    await writeEvidence(format, { ...ORDINARY, ...REAL, roles, accounts: 10 }, path);
    const contenders = [scan(first), scan('second scan', [], 'same')];
    await compare({
      title: `${format}, ${bytes}, as real, scanned twice`,
      path,
      contenders,
      runs,
      roles,
      base: first,
    });
    rmSync(path);
    removeStore();
  }
}
