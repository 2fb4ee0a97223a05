// Joins the script of the page of `check --html`, the judge in it, and puts its style beside it: that of the report, which
// is built before it, and some of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const built = resolve(root, 'dist/report/html');

const bundle = await rolldown({
  input: resolve(root, 'src/cli/check-page/client/main.ts'),
  platform: 'browser',
});
await bundle.write({ file: resolve(built, 'check.js'), format: 'iife', minify: true, comments: false });
await bundle.close();
const style = [resolve(built, 'report.css'), resolve(root, 'src/cli/check-page/check.css')];
writeFileSync(resolve(built, 'check.css'), style.map((file) => readFileSync(file, 'utf8')).join('\n'));
