import { expect, it } from 'vitest';
import { table } from '../../../src/cli/output/table.ts';

const ROWS = [
  ['111122223333', '本番環境のアカウント名前', 7],
  ['444455556666', 'a-name-that-is-rather-long', 12],
];

it('aligns by what characters take of a terminal', () => {
  expect(table(['account', 'name', 'fail'], ROWS)).toBe(
    [
      'account       name                        fail',
      '111122223333  本番環境のアカウント名前       7',
      '444455556666  a-name-that-is-rather-long    12',
      '',
    ].join('\n'),
  );
});

it('cuts names to the width, and never the column of ids', () => {
  expect(table(['account', 'name', 'fail'], ROWS, { width: 35, cut: [1] })).toBe(
    [
      'account       name             fail',
      '111122223333  本番環境のアカ…     7',
      '444455556666  a-name-that-is…    12',
      '',
    ].join('\n'),
  );
  const narrow = table(['account', 'name', 'fail'], ROWS, { width: 5, cut: [1] });
  expect(narrow).toContain('111122223333');
  // An id among the names keeps its digits, too.
  expect(table(['who'], [['777788889999, and many more']], { width: 5, cut: [0] })).toContain(
    '777788889999…',
  );
});

it('shows what is hidden before it is measured, and colours after', () => {
  const text = table(['name'], [['\u001b[31m\u202ex']], { paint: (cell) => `<${cell}>` });
  expect(text).toBe('name\n<\\u001b[31m\\u202ex>\n');
});

it('puts columns closer together where numbers do not fit', () => {
  expect(table(['at', 'roles', 'fail'], [['2026', 1, 2]], { width: 14 })).toBe(
    'at   roles fail\n2026     1    2\n',
  );
});
