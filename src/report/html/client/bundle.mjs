// Joins the page's modules into scripts without imports, because a page opened from disk cannot load modules,
// and puts the styles beside them.
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
  'beside',
  'worst',
  'verdicts',
  'facts',
  'tables',
  'virtual-table',
  'register',
  'pictures',
  'accounts',
  'trend',
  'controls',
  'detail',
  'narrow',
  'whole-lists',
  'print',
  'print-tables',
];

/** The pages of `diff` and `trend` have no table that is filtered, and entries of their own. */
const HISTORY_STYLES = STYLES.flatMap((name) => {
  if (['virtual-table', 'whole-lists', 'controls'].includes(name)) return [];
  return name === 'narrow' ? ['history', name] : [name];
});

mkdirSync(built, { recursive: true });
for (const [file, entry] of [
  ['client.js', 'main.ts'],
  ['theme.js', 'theme.ts'],
]) {
  const bundle = await rolldown({
    input: resolve(root, 'src/report/html/client', entry),
    platform: 'browser',
  });
  await bundle.write({ file: resolve(built, file), format: 'iife', minify: true, comments: false });
  await bundle.close();
}
for (const [file, names] of [
  ['report.css', STYLES],
  ['history.css', HISTORY_STYLES],
]) {
  const styles = names.map((name) =>
    readFileSync(resolve(root, `src/report/html/style/${name}.css`), 'utf8'),
  );
  writeFileSync(resolve(built, file), styles.join('\n'));
}
