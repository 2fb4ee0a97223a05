// Joins the program's modules, and the packages that nearly every command loads, into few files: loading hundreds of
// them takes longer than a small scan. Other packages stay where they are. The library's modules are joined apart from
// the program's, so that neither is cut into more files because of the other.
import { chmodSync, cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { bundledYargs } from './bundled-yargs.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** Packages that start with the program. */
const JOINED = /^(?:yargs|cli-progress|p-limit|stream-json|csv-stringify|fzstd)(?:\/|$)/;
/**
 * The files, the lowest first: each gets what all modules named with it load, unless a file before it has it. So no
 * file needs one behind it, a thread loads nothing of the command line, and a command little that it does not call.
 */
const LAYERS = [
  ['starting', 'start.ts'],
  ['reading-ahead', '../audit/pool/worker.ts'],
  ['ground', 'program.ts', '../audit/pool/work.ts'],
  ['judging', '../audit/pool/work.ts', 'commands/check.ts'],
  ['reading', '../audit/pool/work.ts'],
  ['command-line', 'program.ts'],
  ['reporting', 'commands/check.ts'],
  ['history', 'commands/diff.ts'],
  ['history', 'commands/report.ts'],
  ['history', 'commands/explain.ts'],
  ['scanning', 'commands/scan.ts'],
];

async function bundle(input, dir, options) {
  await build({
    platform: 'node',
    logLevel: 'warn',
    ...options,
    input,
    output: {
      dir: path(dir),
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name].js',
      ...options.output,
    },
  });
}

/** Names the layer of a module, for rolldown. What runs or is loaded by itself has a file of its own. */
function layers() {
  let reached = null;
  return (id, graph) => {
    const { isEntry, dynamicImporters } = graph.getModuleInfo(id);
    if (isEntry || dynamicImporters.length > 0) return null;
    reached ??= LAYERS.map(([, ...entries]) => entries.map((entry) => reachedFrom(path(entry), graph)));
    return LAYERS[reached.findIndex((all) => all.every((modules) => modules.has(id)))]?.[0] ?? null;
  };
}

/** A module and all that is loaded with it. */
function reachedFrom(entry, graph) {
  const modules = new Set([entry]);
  for (const id of modules) for (const next of graph.getModuleInfo(id)?.importedIds ?? []) modules.add(next);
  return modules;
}

await bundle(
  { 'cli/main': path('main.ts'), 'audit/pool/worker': path('../audit/pool/worker.ts') },
  '../../dist',
  {
    external: (id, parent) => !/^[./]/.test(id) && !JOINED.test(id) && !parent?.includes('node_modules'),
    plugins: bundledYargs,
    preserveEntrySignatures: 'allow-extension',
    output: {
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [{ name: layers(), debugName: 'layers' }],
      },
    },
  },
);
// npm sets this when it installs the program, and npx not again after another build.
chmodSync(path('../../dist/cli/main.js'), 0o755);
cpSync(path('../../node_modules/yargs/locales'), path('../../dist/locales'), { recursive: true });
await bundle({ stream: path('../api/stream.ts'), store: path('../api/store.ts') }, '../../dist/api', {
  external: (id) => !/^[./]/.test(id),
});
