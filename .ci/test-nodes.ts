/**
 * Runs the tests that need no browser (unit and slow) on each Node.js the program supports: `npm run test:nodes`, or
 * `npm run test:nodes -- 26 test/store`. The binaries come from the registry, once, into the user's cache.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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
    // Not in the cache: some tests run the program as another user, who may not look into a home.
    const folder = mkdtempSync(join(tmpdir(), `${node.name}-${node.version}-`));
    chmodSync(folder, 0o755);
    let status: number | null;
    try {
      await unpackNode(await keptPackage(node, cache), folder);
      console.log(`\nNode.js ${node.version}`);
      status = runTests(folder, plan.rest);
    } catch (error) {
      if (error instanceof TrustsieveError) return refuse(error.message);
      throw error;
    } finally {
      rmSync(folder, { recursive: true });
    }
    failed ||= status !== 0;
    results.push(`Node.js ${node.version}: ${status === 0 ? 'passed' : 'FAILED'}`);
  }
  console.log(`\n${results.join('\n')}`);
  return failed ? 1 : 0;
}

/** Anew each time, so that what runs is what was checked. */
async function unpackNode(archive: string, folder: string): Promise<void> {
  await writeFile(join(folder, 'node'), memberChunks(archive, 'bin/node'), { mode: 0o755 });
}

/** Tests that start the program start it on the Node.js they run on. */
function runTests(folder: string, rest: readonly string[]): number | null {
  const runner = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [runner, 'run', '--project', 'unit', '--project', 'slow', ...rest];
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
