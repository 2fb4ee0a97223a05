import { readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeReportFile } from '../../src/report/files/write-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

describe('writeReportFile', () => {
  it('writes the whole file and leaves nothing beside it', async () => {
    const path = join(folder, 'report.csv');
    await writeReportFile(path, async (out) => {
      out.write('one\n');
      expect(await readdir(folder)).not.toContain('report.csv');
      out.write('two\n');
    });
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    expect(await readdir(folder)).toEqual(['report.csv']);
  });

  it('keeps the report of before when a run fails half way, and passes its error on', async () => {
    const path = join(folder, 'report.csv');
    await writeFile(path, 'before');
    const failure = new Error('half way');
    await expect(
      writeReportFile(path, async (out) => {
        out.write('half');
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['report.csv']);
  });

  it('writes through a link and leaves the link', async () => {
    await writeFile(join(folder, 'real.csv'), 'before');
    await symlink('real.csv', join(folder, 'link.csv'));
    await writeReportFile(join(folder, 'link.csv'), async (out) => {
      out.write('after');
    });
    expect(await readlink(join(folder, 'link.csv'))).toBe('real.csv');
    expect(await readFile(join(folder, 'real.csv'), 'utf8')).toBe('after');
  });

  it('writes into a device instead of replacing it', async () => {
    await writeReportFile('/dev/null', async (out) => {
      out.write('gone');
    });
    expect(await readFile('/dev/null', 'utf8')).toBe('');
  });

  it.each([
    ['in a folder that is not there', () => join(folder, 'missing', 'report.csv'), 'ENOENT'],
    ['that is a folder', () => folder, 'EISDIR'],
    ['below a file', () => join(folder, 'file', 'report.csv'), 'ENOTDIR'],
    ['on a full disk', () => '/dev/full', 'ENOSPC'],
  ])('reports a target %s', async (_, path, code) => {
    await writeFile(join(folder, 'file'), '');
    const error = await writeReportFile(path(), async (out) => {
      await new Promise<void>((resolve, reject) => {
        out.write('x', (failure) => (failure ? reject(failure) : resolve()));
      });
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'TrustsieveError', code: 'output-unwritable' });
    expect((error as Error).message).toMatch(new RegExp(`^cannot write \`${path()}\`: ${code}; `));
    expect((error as Error).message.includes('make room')).toBe(code === 'ENOSPC');
    expect(await readdir(folder)).toEqual(['file']);
  });
});
