import { expect, it, vi } from 'vitest';
import { openDuckdb } from '../../../src/evidence/tables/duckdb.ts';

vi.mock('@duckdb/node-api', () => {
  throw new Error('not installed');
});

it('says which package is missing', async () => {
  await expect(openDuckdb({ file: 'x' }, ['t'])).rejects.toMatchObject({
    code: 'package-missing',
    message: expect.stringContaining('npm install @duckdb/node-api'),
  });
});
