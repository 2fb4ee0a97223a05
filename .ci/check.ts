/**
 * `npm run check`: format, lint, types and imports, all at once. Nothing of it needs a build but one generated file.
 * Says how long each took, shows what a failing one says, and fails when one does.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';

// By the longest first: with two cores they end at about the same time.
const PARTS: readonly (readonly [what: string, command: string])[] = [
  ['types', 'tsc -p tsconfig.json --incremental --tsBuildInfoFile build/check/types.tsbuildinfo'],
  ['imports', 'depcruise --config .dependency-cruiser.mjs src test'],
  [
    'types of the page',
    'tsc -p src/report/html/client --noEmit --incremental --tsBuildInfoFile build/check/page.tsbuildinfo',
  ],
  [
    'types of the page of check',
    'tsc -p src/cli/check-page/client --noEmit --incremental --tsBuildInfoFile build/check/check-page.tsbuildinfo',
  ],
  ['format and lint', 'biome check --error-on-warnings .'],
];

/** Runs one part to its end; true when it had nothing to say against the project. */
async function passes([what, command]: (typeof PARTS)[number]): Promise<boolean> {
  const began = performance.now();
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const said = await Promise.all([text(child.stdout), text(child.stderr)]);
  const passed = (await ended) === 0;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${passed ? 'ok    ' : 'failed'} ${what} (${seconds} s)`);
  if (!passed) console.log(`${command}\n${said.join('')}`);
  return passed;
}

mkdirSync('build/check', { recursive: true });
if (!existsSync('src/json/fast/simd/scanner-wasm.ts')) {
  const { status } = spawnSync('npm run --silent build:scanner', { shell: true, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
const passed = await Promise.all(PARTS.map(passes));
process.exitCode = passed.includes(false) ? 1 : 0;
