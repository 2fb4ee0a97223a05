import { describe, expect, it } from 'vitest';
import { renderDiffXlsx } from '../../../src/report/history/diff-xlsx.ts';
import { writtenBytes } from '../sink.ts';
import { bookText, listOf, noteOf, readBook, sheetOf } from '../xlsx/read-book.ts';
import { COMPLETE, change, diff, hostile, OPTIONS, report } from './sample-diff.ts';

const bookOf = async (...of: Parameters<typeof report>) =>
  readBook(await writtenBytes((out) => renderDiffXlsx(report(...of), out, OPTIONS)));

const changes = [
  change({ roleName: 'Gone', change: 'resolved', cause: 'role-deleted', direction: 'better' }),
  change({ roleName: 'High' }),
  change({
    roleName: 'Critical',
    severity: 'critical',
    toWho: [{ account: '*', name: null, relation: 'any' }],
  }),
];

describe('a comparison as a workbook', () => {
  it('says what it is, for whom and by whom, and of which evidence', async () => {
    const [first, second, ...facts] = sheetOf(await bookOf(diff(changes)), 'Summary').rows;
    expect(String(first?.[0])).toContain('Third quarter');
    expect(String(second?.[0])).toContain('2026-01-31');
    const told = facts.map((row) => row.slice(0, 2).map(String));
    expect(told).toContainEqual(['Prepared by', 'Audit & Sons']);
    expect(told).toContainEqual(['Evidence digest', OPTIONS.evidenceDigest]);
  });

  it('lists every change, the most important first, with who, why and policies', async () => {
    const book = await bookOf(diff(changes));
    expect(book.sheets.map(({ name }) => name)).toEqual(['Summary', 'Changes', 'Coverage']);
    const rows = listOf(book, 'Changes');
    expect(rows.map(({ Role }) => Role)).toEqual(['Critical', 'High', 'Gone']);
    expect(rows[0]).toMatchObject({
      Change: 'New',
      Severity: 'Critical',
      Account: '111122223333',
      Who: 'anyone gets in unguarded',
      Why: 'The role was created',
      'Trust policy after': '{ "Version": "1" }',
    });
    expect(sheetOf(book, 'Changes').freezePane).toEqual({ rows: 2 });
    expect(listOf(book, 'Coverage')[0]).toMatchObject({ Account: '111122223333', Standing: 'Limited' });
  });

  it('says in each sheet what is missing', async () => {
    const book = await bookOf(diff([]), { ...COMPLETE, reasons: ['a file is missing'] });
    for (const name of ['Changes', 'Coverage'])
      expect(noteOf(book, name)).toMatch(/Evidence incomplete: a file/);
    expect(bookText({ ...book, sheets: [sheetOf(book, 'Summary')] })).toMatch(/Evidence incomplete: a file/);
  });

  it('has no formula, and none that would be one in CSV', async () => {
    const { sheets } = await bookOf(hostile);
    for (const { cells } of sheets) {
      for (const { formula, value } of cells?.values() ?? []) {
        expect(formula).toBeUndefined();
        expect(String(value)).not.toMatch(/^\s*[=+\-@]/);
      }
    }
  });
});
