// Joins what `trustsieve/policy` needs into one module without imports, small enough for web pages to carry.
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

await build({
  input: path('policy.ts'),
  platform: 'neutral',
  logLevel: 'warn',
  output: { file: path('../../dist/api/policy.js'), format: 'esm', minify: true, comments: false },
});
