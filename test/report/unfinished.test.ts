import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { forget, removeUnfinished, temporaryBeside } from '../../src/report/files/unfinished.ts';
import { writeReportFile } from '../../src/report/files/write-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** The name that a process of this number would have given. */
function nameOf(pid: number): string {
  const elsewhere = temporaryBeside(join(tmpdir(), 'report.html'));
  forget(elsewhere);
  return basename(elsewhere).replace(`-${process.pid}-`, `-${pid}-`);
}

function deadProcess(): number {
  return spawnSync('true').pid;
}

const write = (): Promise<void> =>
  writeReportFile(join(folder, 'new.csv'), async (out) => void out.write('x'));

describe('what a killed report leaves', () => {
  it('is removed by the next one in its folder', async () => {
    writeFileSync(join(folder, nameOf(deadProcess())), 'half');
    await write();
    expect(readdirSync(folder)).toEqual(['new.csv']);
  });

  it('stays when it may be needed, or is not ours', async () => {
    const ours = nameOf(deadProcess());
    const names = [
      nameOf(process.ppid),
      ours.replace(/trustsieve-[0-9a-f]{12}/, 'trustsieve-0123456789ab'),
      ours.replace('trustsieve', 'other'),
      ours.slice(1),
      `${ours}.old`,
      '.report.html.tmp',
    ];
    for (const name of names) writeFileSync(join(folder, name), 'of somebody');
    symlinkSync('elsewhere', join(folder, ours));
    await write();
    expect(readdirSync(folder).sort()).toEqual([...names, ours, 'new.csv'].sort());
  });

  it('is removed by the process itself when it has time to', () => {
    const kept = temporaryBeside(join(folder, 'kept.csv'));
    const left = temporaryBeside(join(folder, 'left.csv'));
    for (const path of [kept, left]) writeFileSync(path, 'half');
    forget(kept);
    removeUnfinished();
    expect([existsSync(kept), existsSync(left)]).toEqual([true, false]);
    forget(left);
  });
});
