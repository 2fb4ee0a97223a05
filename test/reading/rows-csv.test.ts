import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvRows, MAX_ROW } from '../../src/reading/tables/rows-csv.ts';

interface Found {
  readonly cells: readonly string[];
  readonly offset: number;
  readonly fault: string | null;
  readonly ended: boolean;
}

function read(text: string, delimiter = ',', step = Number.POSITIVE_INFINITY): Found[] {
  const found: Found[] = [];
  const rows = new CsvRows(delimiter, (row) => {
    const cells = Array.from({ length: row.length }, (_, index) => row.cell(index));
    found.push({ cells, offset: row.offset, fault: row.fault, ended: row.ended });
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) {
    const chunk = Buffer.from(bytes.subarray(at, at + step));
    rows.push(chunk);
    // As whoever reads files does.
    chunk.fill(0x22);
  }
  rows.end();
  return found;
}

const cells = (text: string, delimiter = ',') => read(text, delimiter).map((row) => row.cells);

describe('CsvRows', () => {
  it.each([
    [
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\n\n\r\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [',\n', [['', '']]],
    ['"a,""b""\r\n",c\n', [['a,"b"\r\n', 'c']]],
    ['"","",""\r\n', [['', '', '']]],
    ['a"b,{"x":1}\n', [['a"b', '{"x":1}']]],
    ['é,"ü"\n', [['é', 'ü']]],
    ['', []],
  ])('%j', (text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  it('takes any delimiter', () => {
    expect(cells('a;"b;c"\n', ';')).toEqual([['a', 'b;c']]);
    expect(cells('a\tb,c\n', '\t')).toEqual([['a', 'b,c']]);
  });

  it('gives the offset of every row, and tells when the last one has no end', () => {
    expect(read('a,b\n"x\n",y\n\nz,é')).toEqual([
      { cells: ['a', 'b'], offset: 0, fault: null, ended: true },
      { cells: ['x\n', 'y'], offset: 4, fault: null, ended: true },
      { cells: ['z', 'é'], offset: 12, fault: null, ended: false },
    ]);
  });

  it('names what is wrong with a row and goes on at the next line', () => {
    expect(read('"a"b,c\nd,e\n')).toEqual([
      { cells: ['a'], offset: 0, fault: 'a quoted cell goes on behind its closing quote', ended: true },
      { cells: ['d', 'e'], offset: 7, fault: null, ended: true },
    ]);
    expect(read('""a,b\n"",\n')).toMatchObject([
      { cells: [''], fault: 'a quoted cell goes on behind its closing quote' },
      { cells: ['', ''], fault: null },
    ]);
    expect(read('a,"b\nc')).toEqual([
      { cells: ['a', 'b\nc'], offset: 0, fault: 'a quoted cell has no end', ended: false },
    ]);
  });

  it.each<[string, readonly boolean[]]>([
    ['a","b"\n', [true]],
    ['"a",*b",c\n"d",e\n', [true, false]],
    ['"a",b"\r\n', [true]],
    ['a"b,{"x":"1"}\n', [false]],
    ['a,say "no"\n', [false]],
    ['"a",""\n', [false]],
  ])('tells that a cell of %j ends with a quote that nothing opens: %j', (text, expected) => {
    const found: boolean[] = [];
    const rows = new CsvRows(',', ({ unopened }) => found.push(unopened));
    rows.push(Buffer.from(text));
    rows.end();
    expect(found).toEqual(expected);
  });

  it('bounds cells and rows', { timeout: 60_000 }, () => {
    expect(read(`${','.repeat(20_000)}\na,b\n`)).toMatchObject([
      { fault: 'the row has more than 10000 cells' },
      { cells: ['a', 'b'], fault: null },
    ]);
    const rows = new CsvRows(',', () => expect.unreachable());
    const piece = Buffer.alloc(1024 * 1024, 'x');
    for (let size = 0; size <= MAX_ROW; size += piece.length) rows.push(piece);
    expect(rows.stopped).toBe(true);
  });

  it('reads back what csv-stringify writes, however the bytes are cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r', ' ', '{') });
    fc.assert(
      fc.property(
        fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { maxLength: 5 }),
        fc.constantFrom(',', ';'),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 7 }),
        (table, delimiter, lineEnd, step) => {
          const written = stringify(table, { delimiter, record_delimiter: lineEnd, quoted: true });
          const found = read(written, delimiter, step);
          expect(found.map((row) => row.cells)).toEqual(table);
          expect(found).toEqual(read(written, delimiter));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('agrees with csv-parse on sound text', () => {
    const piece = fc.constantFrom('a', '"b"', '"x""y"', '"\n"', ',', '\n', '\r\n', 'é', '{"k":1}');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = `${pieces.join('')}\n`;
        let expected: unknown;
        try {
          expected = parse(text, {
            relax_quotes: false,
            relax_column_count: true,
            skip_empty_lines: true,
            record_delimiter: ['\r\n', '\n'],
          });
        } catch {
          return;
        }
        const sound = read(text).filter(({ fault }) => fault === null);
        expect(sound.map((row) => row.cells)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
