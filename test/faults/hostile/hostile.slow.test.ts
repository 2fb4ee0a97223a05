import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';
import { CASES } from './cases.ts';
import { faultsOf } from './faults-of.ts';
import { runCase } from './run-case.ts';

/** One or more of each kind, so that a suite of minutes can afford them; `npm run test:faults` tries all, in their full sizes. */
const TRIED = [
  ...[
    'json-arrays-deep',
    'json-string',
    'csv-line',
    'ndjson-line',
    'yaml-flow-deep',
    'yaml-aliases',
    'utf-16-invalid',
  ],
  ...['policy-deep', 'policy-denies', 'policy-arn-patterns', 'policy-variables', 'policy-session-tags'],
  'policies-of-a-megabyte',
  ...['gzip-bomb', 'zstd-endless', 'zip-nested', 'zip-overlapping', 'tar-sizes'],
  ...['archive-paths', 'special-files', 'link-loops'],
  ...[
    'sqlite-view',
    'sqlite-shared-pages',
    'parquet-counts',
    'parquet-values',
    'parquet-bombs',
    'duckdb-noise',
  ],
  ...['store-view', 'store-trigger'],
];

it.each(TRIED)('%s, smaller', { timeout: 1_200_000 }, async (name) => {
  const one = CASES.find((each) => each.name === name);
  if (one === undefined) throw new Error(`there is no case \`${name}\``);
  const folder = temporaryFolder();
  expect(faultsOf(one, await runCase(one, 'short', folder), 'short')).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});
