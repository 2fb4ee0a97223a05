import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { inCheckout } from '../../checkout.ts';
import { run } from '../../cli/built.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { expectCompletion, expectPlainError, expectWhole, prepared, type Whole } from '../oracle.ts';
import { rounds } from '../random.ts';

const HOOK = inCheckout('test', 'faults', 'io', 'dying-thread.cjs');

/** Threads of a scan: one that reads and judges, one that reads ahead and hashes, one that decodes Parquet. */
export type ThreadKind = 'reader' | 'ahead' | 'table';

/** The first thread of the kind dies, or every one: a file is read once more, or said to be unreadable. */
export async function killThread(whole: Whole, kind: ThreadKind, count: number): Promise<void> {
  let met = 0;
  const made = await rounds(`a thread dies, ${kind}: ${whole.work.name}`, count, async (chance, note) => {
    const once = chance.fraction() < 0.7;
    const moment = chance.fraction() * whole.milliseconds * 0.6;
    // Threads start before there is anything to read, and may be gone by then.
    const after = kind === 'ahead' ? chance.upTo(12) : chance.fraction() < 0.3 ? 0 : Math.floor(moment);
    note(`${once ? 'once' : 'each'}, after ${after}`);
    const folder = prepared(whole.work);
    const marker = join(temporaryFolder(), 'died');
    const env = {
      ...process.env,
      NODE_OPTIONS: `--require "${HOOK}"`,
      DYING_THREAD: kind,
      DYING_AFTER: String(after),
      ...(once && { DYING_ONCE: marker }),
    };
    const result = await run(whole.work.args, { cwd: folder, env });
    if (existsSync(marker) || result.code === 3) met++;
    if (result.code === whole.exit && whole.exit === 0) expectWhole(whole, folder);
    else expectPlainError(result, [3], /^incomplete \(exit 3\): /m);
    await expectCompletion(whole, folder, { afterReading: true });
  });
  // Were no thread of the kind ever met, it would be no test.
  if (made >= 5) expect(met).toBeGreaterThan(made / 4);
}
