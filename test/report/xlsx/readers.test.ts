import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { renderXlsx } from '../../../src/report/xlsx/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { guardedSource } from '../guarded-source.ts';
import { HOSTILE } from '../hostile-source.ts';
import { makeVerdict, memorySource, OPTIONS } from '../sample-source.ts';
import { writtenBytes } from '../sink.ts';
import { readBook } from './read-book.ts';

/** LibreOffice, where it is installed or `SOFFICE` names it. */
function office(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const places = [process.env['SOFFICE'] ?? '', ...folders.map((folder) => join(folder, 'soffice'))];
  for (const place of places) {
    try {
      if (place !== '' && readFileSync(place).length > 0) return place;
    } catch {
      // Not there.
    }
  }
  return null;
}

/** The cells of every sheet that have something in them, by the name of the sheet, as LibreOffice saves them as CSV. */
function asSaved(soffice: string, bytes: Uint8Array): Readonly<Record<string, readonly string[]>> {
  const folder = temporaryFolder();
  const book = join(folder, 'book.xlsx');
  writeFileSync(book, bytes);
  const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`;
  // A comma, a quote, UTF-8, values and not how they look, all sheets.
  const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1';
  execFileSync(soffice, ['--headless', profile, '--convert-to', filter, '--outdir', folder, book]);
  const files = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  return Object.fromEntries(
    files.map((name) => [
      name.replace(/^book-(.*)\.csv$/, '$1'),
      (parse(readFileSync(join(folder, name)), { relaxColumnCount: true }) as string[][])
        .flat()
        .filter((cell) => cell !== ''),
    ]),
  );
}

it.each([
  ['guarded', guardedSource()],
  [
    'hostile',
    memorySource({ verdicts: HOSTILE.map((text) => makeVerdict({ roleName: text, message: text })) }),
  ],
])('a workpaper reads alike in every program at hand: %s', { timeout: 120_000 }, async (_name, source) => {
  const bytes = await writtenBytes((out) => renderXlsx(source, out, OPTIONS));
  const { sheets } = await readBook(bytes);
  const read = Object.fromEntries(
    sheets.map(({ name, rows }) => [
      name,
      rows
        .flat()
        .filter((value) => value !== null)
        .map(String),
    ]),
  );
  expect(Object.values(read).every((cells) => cells.length > 0)).toBe(true);
  const soffice = office();
  if (soffice !== null) expect(asSaved(soffice, bytes)).toEqual(read);
});
