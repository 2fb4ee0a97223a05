import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TrustsieveError } from '../../../errors.ts';

export interface PageAssets {
  /** Chooses the colours before anything is shown. */
  readonly theme: string;
  /** '' for a page without any other. */
  readonly script: string;
  readonly style: string;
}

/** A page's scripts and style as built; from sources those in `dist` are used. By default those of the report. */
export function loadAssets(scriptFile: string | null = 'client.js', styleFile = 'report.css'): PageAssets {
  const theme = readFirst('theme.js').trim();
  const script = scriptFile === null ? '' : readFirst(scriptFile);
  const style = readFirst(styleFile);
  // Each would end its element early and turn the rest into text.
  if (/<\/script|<!--/i.test(theme + script) || /<\/style/i.test(style)) {
    throw new TrustsieveError('internal', 'the report page cannot carry its own script or style');
  }
  return { theme, script, style };
}

/** Seen from the program's parts in `dist`, and from this file. */
const FOLDERS = ['../report/html/', '../../../../dist/report/html/'];

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
