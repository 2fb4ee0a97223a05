import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ZipMember, zipped, zipTime } from '../../files/zip.ts';
import {
  type FreeSheet,
  freeSheetXml,
  type ListSheet,
  listSheetXml,
  Rest,
  SHEET_LIMITS,
  type SheetLimits,
  type WrittenSheet,
} from './sheet.ts';
import { stylesXml } from './styles.ts';
import { XML_HEAD, xmlText } from './xml.ts';

export type Sheet = FreeSheet | ListSheet;

/** Sheets in the order in which they are written, which may be another one than that of their tabs. */
export interface Book {
  readonly sheets: readonly ((before: readonly WrittenSheet[]) => Sheet)[];
  /** Names of sheets in the order of tabs, first the one that a reader should see first. */
  readonly tabs: readonly string[];
}

/**
 * Writes a workbook (Office Open XML, ECMA-376) to a stream, which stays open, and holds none of its rows. A list that is
 * longer than a sheet may be goes on in `Findings (2)`, `Findings (3)` and so on.
 */
export async function writeBook(
  out: Writable,
  book: Book,
  limits: SheetLimits = SHEET_LIMITS,
): Promise<void> {
  const archive = zipped(members(book, limits), zipTime());
  await pipeline(Readable.from(archive, { objectMode: false }), out, { end: false });
}

/** By which a workbook of this program is known; it comes first in the archive, and as it is. */
const APPLICATION = `${XML_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>trustsieve</Application></Properties>`;

async function* members({ sheets, tabs }: Book, limits: SheetLimits): AsyncGenerator<ZipMember> {
  yield { name: 'docProps/app.xml', uncompressed: true, chunks: () => [Buffer.from(APPLICATION)] };
  const written: WrittenSheet[] = [];
  for (const make of sheets) {
    const sheet = make(written);
    if ('widths' in sheet) {
      yield sheetMember(written, freeSheetXml(sheet));
      continue;
    }
    const items = new Rest(sheet.rows);
    try {
      for (let part = 1; part === 1 || !items.isEmpty; part++) {
        const name = partName(sheet.name, part);
        const naming = { name, next: partName(sheet.name, part + 1), limits };
        yield sheetMember(written, listSheetXml(sheet, items, naming));
      }
    } finally {
      items.end();
    }
  }
  const inTabs = tabs.flatMap((tab) =>
    written.flatMap((sheet, index) => (isPartOf(sheet, tab) ? [{ ...sheet, number: index + 1 }] : [])),
  );
  yield made('xl/styles.xml', stylesXml());
  yield made('xl/workbook.xml', workbookXml(inTabs));
  yield made('xl/_rels/workbook.xml.rels', workbookRelations(written.length));
  yield made('_rels/.rels', RELATIONS);
  yield made('[Content_Types].xml', contentTypes(written.length));
}

/** The first part of a list has its name. */
function partName(name: string, part: number): string {
  return part === 1 ? name : `${name} (${part})`;
}

export function isPartOf({ name }: WrittenSheet, list: string): boolean {
  return name === list || (name.startsWith(`${list} (`) && name.endsWith(')'));
}

function sheetMember(written: WrittenSheet[], xml: Generator<string, WrittenSheet>): ZipMember {
  function* chunks(): Generator<Uint8Array> {
    for (;;) {
      const step = xml.next();
      if (step.done === true) {
        written.push(step.value);
        return;
      }
      yield Buffer.from(step.value);
    }
  }
  return { name: `xl/worksheets/sheet${written.length + 1}.xml`, chunks };
}

function made(name: string, text: string): ZipMember {
  return { name, chunks: () => [Buffer.from(text)] };
}

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** The names of a list say what can be filtered, what is printed, and that its titles are printed on every page. */
function workbookXml(tabs: readonly (WrittenSheet & { readonly number: number })[]): string {
  const sheets = tabs.map(
    ({ name, number }) => `<sheet name="${xmlText(name)}" sheetId="${number}" r:id="rId${number}"/>`,
  );
  const names = tabs.flatMap(({ name, list }, index) => {
    if (list === null) return [];
    const defined = (what: string, range: string, more = ''): string =>
      `<definedName name="_xlnm.${what}" localSheetId="${index}"${more}>'${xmlText(name)}'!${range}</definedName>`;
    return [
      defined('_FilterDatabase', list.filtered, ' hidden="1"'),
      defined('Print_Area', list.printed),
      defined('Print_Titles', '$1:$2'),
    ];
  });
  const defined = names.length === 0 ? '' : `<definedNames>${names.join('')}</definedNames>`;
  return `${XML_HEAD}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${sheets.join('')}</sheets>${defined}</workbook>`;
}

function workbookRelations(sheets: number): string {
  const own = numbers(sheets).map(
    (n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
  );
  const styles = `<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/>`;
  return `${XML_HEAD}<Relationships xmlns="${PACKAGE}/relationships">${own.join('')}${styles}</Relationships>`;
}

const RELATIONS = `${XML_HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="${OFFICE}/extended-properties" Target="docProps/app.xml"/></Relationships>`;

function contentTypes(sheets: number): string {
  const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const parts = [
    ['/xl/workbook.xml', `${spreadsheet}.sheet.main+xml`],
    ['/xl/styles.xml', `${spreadsheet}.styles+xml`],
    ['/docProps/app.xml', 'application/vnd.openxmlformats-officedocument.extended-properties+xml'],
    ...numbers(sheets).map((n) => [`/xl/worksheets/sheet${n}.xml`, `${spreadsheet}.worksheet+xml`]),
  ];
  const overrides = parts.map(([part, type]) => `<Override PartName="${part}" ContentType="${type}"/>`);
  return `${XML_HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`;
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
