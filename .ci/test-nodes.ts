/**
 * Runs the tests that need no browser on each Node.js the program supports: `npm run test:nodes`, or
 * `npm run test:nodes -- 26 test/store`. The binaries come from the registry, once, into the user's cache.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { type NodePackage, planOf } from './nodes.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'trustsieve', 'nodes');
process.exitCode = await main();

async function main(): Promise<number> {
  const plan = planOf(process.argv.slice(2), `${process.platform}-${process.arch}`);
  if (plan.refusal !== null) return refuse(plan.refusal);
  const results: string[] = [];
  let failed = false;
  for (const node of plan.nodes) {
    const tarball = fetched(node);
    if (typeof tarball === 'string') return refuse(tarball);
    const folder = join(cache, `${node.name}-${node.version}`);
    await unpackNode(tarball, folder);
    console.log(`\nNode.js ${node.version}`);
    const status = runTests(folder, plan.rest);
    failed ||= status !== 0;
    results.push(`Node.js ${node.version}: ${status === 0 ? 'passed' : 'FAILED'}`);
  }
  console.log(`\n${results.join('\n')}`);
  return failed ? 1 : 0;
}

/** The package's tarball, checked; or why there is none. */
function fetched({ name, version, integrity }: NodePackage): Buffer | string {
  const path = join(cache, `${name}-${version}.tgz`);
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'fetching-'));
    try {
      const { status } = spawnSync('npm', ['pack', `${name}@${version}`, '--pack-destination', folder], {
        stdio: ['ignore', 'ignore', 'inherit'],
        shell: process.platform === 'win32',
      });
      if (status !== 0) return `npm could not fetch ${name}@${version}`;
      renameSync(join(folder, `${name}-${version}.tgz`), path);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const bytes = readFileSync(path);
  if (`sha512-${createHash('sha512').update(bytes).digest('base64')}` === integrity) return bytes;
  return `${path} is not the ${name}@${version} that is expected; remove it, and it is fetched again`;
}

/** Anew each time, so that what runs is what was checked; the tests of another terminal may run the one before. */
async function unpackNode(tarball: Buffer, folder: string): Promise<void> {
  const entries = await unpackTar(gunzipSync(tarball), { filter: ({ name }) => name === 'package/bin/node' });
  const [binary] = entries;
  if (binary?.data === undefined) throw new Error('the package has no bin/node');
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `node.${process.pid}`);
  writeFileSync(unfinished, binary.data, { mode: 0o755 });
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
