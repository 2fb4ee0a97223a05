// Joins the program's modules into few files: loading hundreds of them takes longer than a small scan. Packages stay
// where they are. Modules of a command that is not called are not loaded. The library's modules are joined apart from
// them, so that neither is cut into more files because of the other.
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

async function bundle(input, dir) {
  await build({
    input,
    external: (id) => !/^[./]/.test(id),
    platform: 'node',
    logLevel: 'warn',
    output: {
      dir: path(dir),
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name].js',
    },
  });
}

await bundle(
  { 'cli/main': path('main.ts'), 'audit/pool/worker': path('../audit/pool/worker.ts') },
  '../../dist',
);
await bundle({ stream: path('../api/stream.ts'), store: path('../api/store.ts') }, '../../dist/api');
