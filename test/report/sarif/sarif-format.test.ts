import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeReport } from '../../../src/report/format.ts';
import { SARIF_FORMAT } from '../../../src/report/sarif/format.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { makeVerdict, memorySource, OPTIONS } from '../sample-source.ts';

it.each([
  [5_000, null],
  [5_001, '5,001 results, and GitHub shows the first 5,000 of them'],
  [25_001, '25,001 results, and GitHub refuses a log of more than 25,000'],
])('says what becomes of %i results', { timeout: 60_000 }, async (count, said) => {
  const path = join(temporaryFolder(), 'f.sarif');
  const one = makeVerdict();
  const source = memorySource({ verdicts: Array.from({ length: count }, () => one) });
  const { files, remarks } = await writeReport(SARIF_FORMAT, path, source, OPTIONS);
  expect(files).toEqual([path]);
  expect(remarks).toEqual(said === null ? [] : [expect.stringContaining(`${path}: ${said}`)]);
  const { runs } = JSON.parse(readFileSync(path, 'utf8')) as { runs: [{ results: unknown[] }] };
  expect(runs[0].results).toHaveLength(count);
});
