import { describe, expect, it } from 'vitest';
import { renderXlsx } from '../../../src/report/xlsx/index.ts';
import { HOSTILE, hostileSource } from '../hostile-source.ts';
import { makeEvidence, makeVerdict, memorySource, OPTIONS } from '../sample-source.ts';
import { writtenBytes } from '../sink.ts';
import { listOf, readBook } from './read-book.ts';

const bookOf = async (source: ReturnType<typeof memorySource>) =>
  readBook(
    await writtenBytes((out) =>
      renderXlsx(source, out, { ...OPTIONS, heading: { title: HOSTILE[6] ?? '' } }),
    ),
  );

/** What XML 1.0 may not hold, also as a reference. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ufffd]|&#(?!10;)/;
const LINK = /^HYPERLINK\("#'(?:Evidence|Accounts)(?: \(\d+\))?'!A\d+","row \d+"\)$/;

describe('a workpaper of hostile evidence', () => {
  it('has no formula but links to its own rows', async () => {
    const verdicts = HOSTILE.map((text) =>
      makeVerdict({ account: text, evidence: { source: text, sha256: text, offset: 1, capturedAt: text } }),
    );
    const evidence = HOSTILE.map((text) => makeEvidence({ path: text, sha256: text }));
    const book = await bookOf(memorySource({ verdicts, evidence }));
    let links = 0;
    for (const { cells } of book.sheets) {
      for (const { formula } of cells?.values() ?? []) {
        if (formula === undefined) continue;
        expect(formula).toMatch(LINK);
        links += 1;
      }
    }
    expect(links).toBe(2 * HOSTILE.length);
  });

  it('has no cell that becomes a formula when a sheet is saved as CSV, and none that hides anything', async () => {
    const { sheets } = await bookOf(hostileSource());
    const texts = sheets.flatMap(({ rows }) => rows.flat()).filter((value) => typeof value === 'string');
    for (const text of texts) {
      expect(text).not.toMatch(/^\s*[=+\-@]/);
      expect(text).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
    }
    expect(texts).toContain("'=cmd|' /C calc'!A0");
    expect(texts).toContain('a\\u202efdp.exe\\u2066\\u200bb');
  });

  it('has parts that are XML, and links to nothing outside', async () => {
    const { parts } = await bookOf(hostileSource());
    for (const [name, xml] of Object.entries(parts)) {
      expect(FORBIDDEN.exec(xml), name).toBeNull();
      // Markup is our own: no text opens a tag or ends its element.
      for (const [, text = ''] of xml.matchAll(/<t xml:space="preserve">([\s\S]*?)<\/t>/g)) {
        expect(text.replace(/&(?:amp|lt|gt|quot|#10);/g, '')).not.toMatch(/[<>&]/);
      }
      expect(xml, name).not.toMatch(/TargetMode="External"|<hyperlink|DDE|<oleObject/);
    }
  });

  it('keeps text that looks like an escape of spreadsheets, and characters that XML lacks', async () => {
    const names = ['_x003D_1+1', '_x000d_', 'a\ufffeb\uffff', '_x005F_x003D_', '<&>"\'', '\ud83d\ude00'];
    const book = await bookOf(memorySource({ verdicts: names.map((message) => makeVerdict({ message })) }));
    expect(listOf(book, 'Findings').map(({ Why }) => Why)).toEqual([
      '_x003D_1+1',
      '_x000d_',
      'a\\ufffeb\\uffff',
      '_x005F_x003D_',
      '<&>"\'',
      '\ud83d\ude00',
    ]);
    const findings = Object.values(book.parts).find((xml) => xml.includes('003D_1+1')) ?? '';
    expect(findings).toContain('_x005F_x003D_1+1');
    expect(findings).toContain('_x005F_x000d_');
  });
});
