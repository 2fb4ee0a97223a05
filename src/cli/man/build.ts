/** Writes dist/man/trustsieve.1. The date is that of the version in CHANGELOG.md, so that a build can be repeated. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ABOUT, allCommands } from '../run.ts';
import { TOOL_VERSION } from '../version.ts';
import { manPage } from './page.ts';

const root = new URL('../../../', import.meta.url);
const changes = new URL('CHANGELOG.md', root);
const entries = existsSync(changes) ? readFileSync(changes, 'utf8').split(/^## /m) : [];
const entry = entries.find((text) => text.replace('[', '').startsWith(TOOL_VERSION)) ?? '';
const [date = ''] = /^[^\n]*?\b(\d{4}-\d{2}-\d{2})\b/.exec(entry)?.slice(1) ?? [];
const folder = new URL('dist/man/', root);
mkdirSync(folder, { recursive: true });
writeFileSync(
  new URL('trustsieve.1', folder),
  manPage(await allCommands(), { version: TOOL_VERSION, date, about: ABOUT }),
);
