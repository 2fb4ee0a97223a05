import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import project from '../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const SETS = ['unit', 'browser', 'slow', 'faults'] as const;

const files = readdirSync(new URL('.', import.meta.url), { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `${ROOT}test/${name.replaceAll('\\', '/')}`)
  .toSorted();
const found = JSON.parse(
  execFileSync(process.execPath, [VITEST, 'list', '--filesOnly', '--json'], { cwd: ROOT, encoding: 'utf8' }),
) as readonly { readonly file: string; readonly projectName: string }[];

/** The modules of the project that a module imports, and what else it imports, by name. */
function imports(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/\b(?:from |import |import\()'([^']+)'/g)) {
    if (/^\..*\.ts$/.test(name)) imports(fileURLToPath(new URL(name, `file://${file}`)), seen);
    else seen.add(name);
  }
  return seen;
}

it('every test file is in exactly one set, and each set is a command', () => {
  expect(found.map(({ file }) => file).toSorted()).toEqual(files);
  expect(new Set(found.map(({ projectName }) => projectName))).toEqual(new Set(SETS));
  for (const set of SETS) expect(project.scripts[`test:${set}`]).toMatch(new RegExp(`--project ${set}$`));
});

it.each(SETS)('what opens a browser is in the set `browser` and nothing else: %s', (set) => {
  for (const { file } of found.filter(({ projectName }) => projectName === set)) {
    expect([file, imports(file).has('playwright-core')]).toEqual([file, set === 'browser']);
  }
});
