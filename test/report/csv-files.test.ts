import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderCsv } from '../../src/report/csv.ts';
import { SPREADSHEET_ROWS, writeCsvFiles } from '../../src/report/csv-files.ts';
import type { ReportSource } from '../../src/store/types.ts';
import { readCsv } from './read-csv.ts';
import { makeVerdict, memorySource, OPTIONS } from './sample-source.ts';
import { renderToString } from './sink.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trustsieve-csv-'));
  path = join(folder, 'findings.csv');
});
afterEach(() => rmSync(folder, { recursive: true }));

function rolesIn(name: string): readonly (string | undefined)[] {
  const [header = [], ...rows] = readCsv(readFileSync(join(folder, name), 'utf8'));
  return rows.map((row) => row[header.indexOf('role_name')]);
}

function source(count: number): ReportSource {
  const verdicts = Array.from({ length: count }, (_, n) =>
    makeVerdict({ account: String(100_000_000_000 + n), roleName: `role-${n}` }),
  );
  verdicts.push(makeVerdict({ account: '999999999999', verdict: 'pass', severity: null }));
  return memorySource({ verdicts });
}

describe('writeCsvFiles', () => {
  it('leaves room for the header in what Excel opens', () => {
    expect(SPREADSHEET_ROWS + 1).toBe(2 ** 20);
  });

  it.each([0, 1, 5])('writes one file of %i rows when that is what fits', async (rows) => {
    const files = await writeCsvFiles(path, source(rows), { ...OPTIONS, rowsPerFile: 5 });
    expect(files).toEqual([{ path, rows }]);
    expect(readdirSync(folder)).toEqual(['findings.csv']);
    expect(readFileSync(path, 'utf8')).toBe(await renderToString(renderCsv, source(rows)));
  });

  it('splits what does not fit, in order, and lists the parts in the file asked for', async () => {
    const files = await writeCsvFiles(path, source(11), { ...OPTIONS, rowsPerFile: 5 });
    const names = ['findings-001.csv', 'findings-002.csv', 'findings-003.csv'];
    expect(files).toEqual(names.map((name, n) => ({ path: join(folder, name), rows: n < 2 ? 5 : 1 })));
    expect(readdirSync(folder).sort()).toEqual([...names, 'findings.csv']);
    expect(names.flatMap(rolesIn)).toEqual(Array.from({ length: 11 }, (_, n) => `role-${n}`));
    const sha256 = (name: string): string =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
    expect(readCsv(readFileSync(path, 'utf8'))).toEqual([
      ['file', 'rows', 'first_account', 'last_account', 'sha256'],
      [names[0], '5', '100000000000', '100000000004', sha256('findings-001.csv')],
      [names[1], '5', '100000000005', '100000000009', sha256('findings-002.csv')],
      [names[2], '1', '100000000010', '100000000010', sha256('findings-003.csv')],
    ]);
  });

  it('fills the last part to the brim without an empty one after it', async () => {
    const files = await writeCsvFiles(path, source(10), { ...OPTIONS, rowsPerFile: 5 });
    expect(files.map(({ rows }) => rows)).toEqual([5, 5]);
  });

  it('gives every part the options and the outcomes asked for', async () => {
    const csv = { bom: true, delimiter: ';' } as const;
    const options = { ...OPTIONS, csv, outcomes: ['fail', 'pass'] as const, rowsPerFile: 2 };
    const files = await writeCsvFiles(path, source(2), options);
    expect(files.map(({ rows }) => rows)).toEqual([2, 1]);
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'utf8');
      expect(text.startsWith('\ufeff'), name).toBe(true);
      expect(text.split('\r\n')[0]?.split(';').length, name).toBeGreaterThan(4);
    }
  });

  it('never splits what goes into a pipe or device', async () => {
    const files = await writeCsvFiles('/dev/null', source(9), { ...OPTIONS, rowsPerFile: 2 });
    expect(files).toEqual([{ path: '/dev/null', rows: 9 }]);
  });

  it('lets go of the source when a part cannot be written', async () => {
    let released = false;
    const plain = source(9);
    const watched: ReportSource = {
      ...plain,
      *verdicts(filter) {
        try {
          yield* plain.verdicts(filter);
        } finally {
          released = true;
        }
      },
    };
    const missing = join(folder, 'missing', 'findings.csv');
    await expect(writeCsvFiles(missing, watched, { ...OPTIONS, rowsPerFile: 2 })).rejects.toMatchObject({
      code: 'output-unwritable',
    });
    expect(released).toBe(true);
  });
});
