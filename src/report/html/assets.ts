import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TrustsieveError } from '../../errors.ts';

export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** The page's script and style as built; from sources the built script in `dist` is used. */
export function loadAssets(): PageAssets {
  const script = readFirst('client.js', ['./client.js', '../../../dist/report/html/client.js']);
  const style = readFirst('report.css', ['./report.css', '../../../dist/report/html/report.css']);
  // Either would end its element early and turn the rest into text.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new TrustsieveError('internal', 'the report page cannot carry its own script or style');
  }
  return { script, style };
}

function readFirst(name: string, places: readonly string[]): string {
  for (const place of places) {
    try {
      return readFileSync(fileURLToPath(new URL(place, import.meta.url)), 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  throw new TrustsieveError(
    'internal',
    `\`${name}\` of the HTML report is missing: build it with \`npm run build\``,
  );
}

/** Source expression for a Content-Security-Policy (https://www.w3.org/TR/CSP3/#grammardef-hash-source). */
export function cspHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}
