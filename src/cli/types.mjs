// Writes the type declarations of the library: those of the modules that `exports` of package.json names, and of what
// they speak of. A consumer has none of our packages' types, so these name none.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const entries = Object.values(exports)
  .flatMap(({ types }) => (types === undefined ? [] : [types]))
  .map((types) => resolve(root, types.replace(/^\.\/dist\/(.*)\.d\.ts$/, 'src/$1.ts')))
  .filter((path) => existsSync(path));

const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const program = ts.createProgram(entries, {
  ...options,
  noEmit: false,
  declaration: true,
  emitDeclarationOnly: true,
  noCheck: true,
  rootDir: `${root}src`,
  outDir: `${root}dist`,
});

const pending = [...entries];
const written = new Set();
for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
  if (written.has(path)) continue;
  written.add(path);
  const source = program.getSourceFile(path);
  if (source === undefined) throw new Error(`${path} is not there`);
  program.emit(source, (file, text) => {
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (!/^\.\.?\/.*\.ts$/.test(fileName)) {
        throw new Error(
          `the types of ${relative(root, path)} need \`${fileName}\`, which a consumer may not have`,
        );
      }
      pending.push(resolve(dirname(path), fileName));
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text.replace(/(\bfrom |\bimport\()(["'])(\.[^"']*)\.ts\2/g, '$1$2$3.js$2'));
  });
}
