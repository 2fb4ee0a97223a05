import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * Translates the sources a child process needs into a fresh folder that plain Node can run, and returns the folder.
 * `programs` are files of this folder; they keep their place under the new one.
 */
export function compileForChild(folders: readonly string[], programs: readonly string[]): string {
  const target = mkdtempSync(join(tmpdir(), 'trustsieve-compiled-'));
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'));
  const files = ['src/errors.ts', ...programs.map((program) => `test/store/${program}`)];
  for (const folder of folders) {
    for (const file of readdirSync(join(ROOT, folder)))
      if (file.endsWith('.ts') && !file.endsWith('.d.ts')) files.push(`${folder}/${file}`);
  }
  for (const file of files) {
    const { outputText } = ts.transpileModule(readFileSync(join(ROOT, file), 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
      fileName: file,
    });
    const output = join(target, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, outputText);
  }
  return target;
}
