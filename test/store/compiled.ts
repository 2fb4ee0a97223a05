import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { CHECKOUT } from '../checkout.ts';
import { temporaryFolder, writeBelow } from '../temporary-folder.ts';

/**
 * Translates a program of this folder, and all that it imports, into a fresh folder that plain Node can run; returns the
 * folder, under which the files keep their places.
 */
export function compileForChild(program: string): string {
  const target = temporaryFolder();
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  symlinkSync(join(CHECKOUT, 'node_modules'), join(target, 'node_modules'));
  for (const file of reachedFrom(`test/store/${program}`)) {
    const { outputText } = ts.transpileModule(readFileSync(join(CHECKOUT, file), 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
      fileName: file,
    });
    writeBelow(target, file.replace(/\.ts$/, '.js'), outputText);
  }
  return target;
}

function reachedFrom(program: string): ReadonlySet<string> {
  const found = new Set([program]);
  for (const file of found) {
    for (const { fileName } of ts.preProcessFile(readFileSync(join(CHECKOUT, file), 'utf8')).importedFiles) {
      if (fileName.startsWith('.')) found.add(join(dirname(file), fileName));
    }
  }
  return found;
}
