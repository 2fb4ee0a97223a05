import {
  appendFileSync,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ended, start } from '../../cli/built.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { type Fault, withFault } from '../faulty.ts';
import { expectCompletion, expectPlainError, expectWhole, prepared, type Whole } from '../oracle.ts';
import { rounds } from '../random.ts';

const CHANGES = {
  grows: (path) => appendFileSync(path, '{"RoleDetailList":[{"RoleName":"More",'),
  shrinks: (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
  'is written anew': (path) => writeFileSync(path, '[]'),
  'is removed': (path) => unlinkSync(path),
  'is replaced by less': (path) => {
    writeFileSync(`${path}.new`, readFileSync(path).subarray(0, 100));
    renameSync(`${path}.new`, path);
  },
} satisfies Record<string, (path: string) => void>;

const CHANGED = Object.keys(CHANGES) as (keyof typeof CHANGES)[];

/**
 * Another program changes a file of evidence just before it is opened, or while it is read: what is missing is said, and
 * reading what was there before makes up for it. The scan stands still at that call for as long as the change takes.
 */
export async function changeEvidence(whole: Whole, name: string, count: number): Promise<void> {
  await rounds(`evidence changes: ${name}`, count, async (chance, note) => {
    const change = chance.of(CHANGED);
    const operation = chance.of(['open', 'read']);
    const call = operation === 'open' ? 1 : 2;
    note(`${change} at ${operation} ${call}`);
    const folder = prepared(whole.work);
    const evidence = join(folder, 'in');
    const source = temporaryFolder();
    cpSync(evidence, source, { recursive: true, dereference: true, preserveTimestamps: true });
    rmSync(evidence);
    cpSync(source, evidence, { recursive: true, preserveTimestamps: true });
    const path = join(evidence, name);
    const log = join(temporaryFolder(), 'calls');
    const fault: Fault = { operation, path: name, call, action: { slow: 3000 } };
    const child = start(whole.work.args, { cwd: folder, env: { ...withFault(fault), FAULTY_LOG: log } });
    const result = ended(child);
    while (
      child.exitCode === null &&
      !(existsSync(log) && readFileSync(log, 'utf8').split('\n').length > call)
    )
      await sleep(10);
    CHANGES[change](path);
    // Whatever the grain of the file system's clock is.
    if (existsSync(path)) utimesSync(path, new Date(), new Date());
    const { code, signal, stdout, stderr } = await result;
    // Whoever has the file open goes on reading what it was; it is whole.
    const kept = operation === 'read' && (change === 'is removed' || change === 'is replaced by less');
    if (kept && code === 0) expectWhole(whole, folder);
    else {
      expectPlainError({ code, signal, stdout, stderr }, [3], /^incomplete \(exit 3\): /m);
      expect(stderr).toContain(name);
    }
    cpSync(source, evidence, { recursive: true, preserveTimestamps: true });
    await expectCompletion(whole, folder, { afterReading: true });
  });
}
