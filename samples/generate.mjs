/**
 * Writes the samples: `node samples/generate.mjs [folder]`, without a folder into this one. What it writes depends
 * on nothing but these scripts: the same bytes on every machine.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleFiles } from './generator/files.mjs';

const own = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? own;
const files = sampleFiles();
// What is no longer generated must not stay behind; a folder of the user's is only added to.
if (target === own) rmSync(join(own, 'evidence'), { recursive: true, force: true });
for (const [path, content] of files) {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
console.log(`${files.size} files written to ${target}`);
