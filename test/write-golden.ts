/** `npm run golden`: writes what the built program makes of the samples to test/golden. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GOLDEN, goldenFiles, storeGoldenFiles } from './golden.ts';

const folder = mkdtempSync(join(tmpdir(), 'trustsieve-golden-'));
try {
  const files = await goldenFiles(folder);
  storeGoldenFiles(files);
  console.log(`${files.size} files in ${GOLDEN}: look at what \`git diff --stat test/golden\` says`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
