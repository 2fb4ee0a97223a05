import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('large-book.ts', import.meta.url));
const TYPES = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];

it('a workpaper of 200,000 findings takes less than 300 MB', { timeout: 240_000 }, () => {
  const written = execFileSync(process.execPath, [...TYPES, SCRIPT, '200000'], { encoding: 'utf8' });
  const { bytes, megabytes } = JSON.parse(written) as { readonly bytes: number; readonly megabytes: number };
  expect(bytes).toBeGreaterThan(10_000_000);
  expect(megabytes).toBeLessThan(300);
});
