// Joins the page's compiled modules into one script without imports, because a page opened from disk cannot
// load modules, and puts the style beside it. Run after tsc; the compiled modules are removed.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const compiled = resolve(root, 'dist/report/html/client');
const IMPORT = /^import\s+(?:\{[^}]*\}\s+from\s+)?["'](\.[^"']+)["'];\n/gm;

/** Module texts in the order they must run; each once. */
function collect(file, done, texts) {
  if (done.has(file)) return;
  done.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, target] of source.matchAll(IMPORT)) collect(resolve(dirname(file), target), done, texts);
  const body = source
    .replace(IMPORT, '')
    .replace(/^export (?=const|let|function|async function|class)/gm, '');
  const left = /^(?:import|export)\b.*$/m.exec(body.replace(/^export \{\};\n/m, ''));
  if (left !== null) throw new Error(`cannot bundle \`${left[0]}\` of ${file}`);
  texts.push(body.replace(/^export \{\};\n/m, '').trim());
}

/** In one scope a second function of a name would silently replace the first. */
function refuseRepeatedNames(texts) {
  const seen = new Set();
  for (const [, name] of texts.join('\n').matchAll(/^(?:async )?(?:const|let|function\*?|class) (\w+)/gm)) {
    if (seen.has(name)) throw new Error(`two modules of the page declare \`${name}\` at top level`);
    seen.add(name);
  }
}

const texts = [];
collect(resolve(compiled, 'report/html/client/main.js'), new Set(), texts);
refuseRepeatedNames(texts);
rmSync(compiled, { recursive: true });
writeFileSync(
  resolve(root, 'dist/report/html/client.js'),
  `(() => {\n'use strict';\n${texts.join('\n')}\n})();\n`,
);
copyFileSync(resolve(root, 'src/report/html/report.css'), resolve(root, 'dist/report/html/report.css'));
