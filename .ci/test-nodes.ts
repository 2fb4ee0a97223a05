/**
 * Runs the tests that need no browser on each Node.js the program supports: `npm run test:nodes`, or
 * `npm run test:nodes -- 26 test/store`. The binaries come from the registry, once, into the user's cache.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TrustsieveError } from '../src/errors.ts';
import { cacheFolder, keptPackage, memberChunks } from '../src/kit/pinned-package.ts';
import { planOf } from './nodes.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const cache = cacheFolder();
process.exitCode = await main();

async function main(): Promise<number> {
  const plan = planOf(process.argv.slice(2), `${process.platform}-${process.arch}`);
  if (plan.refusal !== null) return refuse(plan.refusal);
  const results: string[] = [];
  let failed = false;
  for (const node of plan.nodes) {
    const folder = join(cache, `${node.name}-${node.version}`);
    try {
      await unpackNode(await keptPackage(node, cache), folder);
    } catch (error) {
      if (error instanceof TrustsieveError) return refuse(error.message);
      throw error;
    }
    console.log(`\nNode.js ${node.version}`);
    const status = runTests(folder, plan.rest);
    failed ||= status !== 0;
    results.push(`Node.js ${node.version}: ${status === 0 ? 'passed' : 'FAILED'}`);
  }
  console.log(`\n${results.join('\n')}`);
  return failed ? 1 : 0;
}

/** Anew each time, so that what runs is what was checked; the tests of another terminal may run the one before. */
async function unpackNode(archive: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `node.${process.pid}`);
  await writeFile(unfinished, memberChunks(archive, 'bin/node'), { mode: 0o755 });
  renameSync(unfinished, join(folder, 'node'));
}

/** Tests that start the program start it on the Node.js they run on. */
function runTests(folder: string, rest: readonly string[]): number | null {
  const runner = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [runner, 'run', '--exclude', 'test/**/*.browser.test.ts', ...rest];
  const { status } = spawnSync(join(folder, 'node'), args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
  });
  return status;
}

function refuse(why: string): number {
  console.error(`test:nodes: ${why}`);
  return 2;
}
