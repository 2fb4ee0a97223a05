import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TrustsieveError } from '../../../errors.ts';

export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** A page's script and style as built; from sources the built script in `dist` is used. By default those of the report. */
export function loadAssets(scriptFile = 'client.js', styleFile = 'report.css'): PageAssets {
  const script = readFirst(scriptFile);
  const style = readFirst(styleFile);
  // Either would end its element early and turn the rest into text.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new TrustsieveError('internal', 'the report page cannot carry its own script or style');
  }
  return { script, style };
}

/** Seen from the program's parts in `dist`, and from this file. */
const FOLDERS = ['../report/html/', '../../../../dist/report/html/'];

/** A style as built. */
export function loadStyle(styleFile: string): string {
  return readFirst(styleFile);
}

function readFirst(name: string): string {
  for (const folder of FOLDERS) {
    try {
      return readFileSync(fileURLToPath(new URL(folder + name, import.meta.url)), 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  throw new TrustsieveError(
    'internal',
    `\`${name}\` of the HTML page is missing: build it with \`npm run build\``,
  );
}

/** Source expression for a Content-Security-Policy (https://www.w3.org/TR/CSP3/#grammardef-hash-source). */
export function cspHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}
