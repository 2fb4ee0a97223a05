// Joins the page's modules into one script without imports, because a page opened from disk cannot load modules,
// and puts the style beside it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const built = resolve(root, 'dist/report/html');

/** Later ones outrank earlier ones. */
const STYLES = [
  'base',
  'frame',
  'summary',
  'verdicts',
  'facts',
  'tables',
  'virtual-table',
  'pictures',
  'controls',
  'detail',
  'narrow',
  'print',
  'print-tables',
];

const bundle = await rolldown({
  input: resolve(root, 'src/report/html/client/main.ts'),
  platform: 'browser',
});
mkdirSync(built, { recursive: true });
await bundle.write({ file: resolve(built, 'client.js'), format: 'iife', minify: true, comments: false });
await bundle.close();
const style = STYLES.map((name) => readFileSync(resolve(root, `src/report/html/style/${name}.css`), 'utf8'));
writeFileSync(resolve(built, 'report.css'), style.join('\n'));
