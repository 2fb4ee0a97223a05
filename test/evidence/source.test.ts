import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ByteSource } from '../../src/evidence/source.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const NOBODY_WRITES = join(temporaryFolder(), 'pipe');

it('gives up a pipe whenever the request to stop comes, also while it is being opened', async () => {
  expect(spawnSync('mkfifo', [NOBODY_WRITES]).status).toBe(0);
  const reason = new Error('asked to stop');
  for (const turns of [0, 1, 2, 3, 5, 10, 50]) {
    const stop = new AbortController();
    const read = async (): Promise<Uint8Array | null> => {
      const source = await ByteSource.open(NOBODY_WRITES, { stop: stop.signal });
      return source.next();
    };
    const ended = expect(read()).rejects.toThrow();
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(reason);
    await ended;
  }
});
