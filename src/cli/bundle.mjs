// Joins the program's modules into few files: loading hundreds of them takes longer than a small scan. Packages stay
// where they are. Modules of a command that is not called are not loaded.
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

await build({
  input: { 'cli/main': path('main.ts'), 'audit/pool/worker': path('../audit/pool/worker.ts') },
  external: (id) => !/^[./]/.test(id),
  platform: 'node',
  logLevel: 'warn',
  output: {
    dir: path('../../dist'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
  },
});
