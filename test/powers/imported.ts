import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { relative } from 'node:path';
import ts from 'typescript';
import { CHECKOUT } from '../checkout.ts';

/** What a package of the user's own, which the program does not bring along, begins with. */
const NOT_OURS = '@duckdb/';
/** Modules of Node.js as they stand in scripts that threads are given as text, which no parser of imports sees. */
const NAMED = /\bnode:([a-z0-9_]+(?:\/[a-z_]+)*)/g;

/**
 * The modules of Node.js that files of `dist`, and all that they import in any way, take; each with the files that do,
 * by their path in the checkout. What cannot be found is named too, so that it does not pass for nothing.
 */
export function importedFrom(entries: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const files = new Set(entries);
  const imported = new Map<string, Set<string>>();
  for (const file of files) {
    if (!/\.[cm]?js$/.test(file)) continue;
    const note = (name: string) => {
      const by = imported.get(name) ?? new Set();
      imported.set(name, by.add(relative(CHECKOUT, file)));
    };
    const text = readFileSync(file, 'utf8');
    for (const [, name = ''] of text.matchAll(NAMED)) note(name);
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      if (fileName.startsWith(NOT_OURS)) continue;
      const found = isBuiltin(fileName) ? null : resolved(fileName, file);
      if (found === null) note(fileName.replace(/^node:/, ''));
      else files.add(found);
    }
  }
  return imported;
}

function resolved(specifier: string, from: string): string | null {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return null;
  }
}
