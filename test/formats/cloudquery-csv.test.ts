import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readContent } from './read.ts';
import { CLOUDQUERY_ROWS, withoutPlaces } from './tables.ts';

const ROWS = CLOUDQUERY_ROWS;
const PARTNER = ROWS[0]?.assume_role_policy_document;

type Row = (typeof ROWS)[number];
const asCsv = (rows: readonly Partial<Record<keyof Row, unknown>>[], options: object = {}) =>
  stringify(rows as Record<string, unknown>[], {
    header: true,
    columns: Object.keys(ROWS[0] ?? {}),
    ...options,
  });
const HEADER = asCsv([]).trimEnd();
describe('CloudQuery CSV', () => {
  it('gives the same records as JSON lines, with the place of every row', async () => {
    const json = await readContent(ROWS.map((row) => JSON.stringify(row)).join('\n'));
    const text = asCsv(ROWS);
    const csv = await readContent(text, {}, 'aws_iam_roles.csv');
    expect(withoutPlaces(csv.roles)).toEqual(withoutPlaces(json.roles));
    expect(csv.captures).toEqual(json.captures);
    expect(csv.roles.map(({ pointer }) => pointer)).toEqual(['#2', '#3']);
    const bytes = Buffer.from(text);
    expect(csv.roles.map(({ offset }) => bytes.toString('utf8', offset, offset + 20))).toEqual([
      '2026-02-01T06:00:00Z',
      '2026-02-01T06:00:00Z',
    ]);
    expect(csv.reading).toMatchObject({
      format: 'cloudquery',
      status: 'complete',
      recordsRead: 2,
      problems: [],
    });
  });

  it.each([
    [
      'semicolons and a mark',
      () => `\ufeff${asCsv(ROWS, { delimiter: ';', record_delimiter: '\r\n', quoted: true })}`,
    ],
    ['tabs', () => asCsv(ROWS, { delimiter: '\t' })],
    ['UTF-16 with tabs', () => Buffer.from(`\ufeff${asCsv(ROWS, { delimiter: '\t' })}`, 'utf16le')],
    ['a line for Excel', () => `sep=;\r\n${asCsv(ROWS, { delimiter: ';' })}`],
    ['capitals', () => asCsv(ROWS).replace(HEADER, HEADER.toUpperCase())],
    [
      'null as a word',
      () =>
        asCsv(ROWS, {
          cast: { object: (value: object | null) => (value === null ? '<null>' : JSON.stringify(value)) },
        }),
    ],
    [
      'other columns',
      () =>
        asCsv(
          ROWS.map((row) => ({ extra: '1', ...row })),
          { columns: ['extra', 'arn', 'role_id', 'assume_role_policy_document', '_cq_sync_time'] },
        ),
    ],
  ])('reads %s', async (_, make) => {
    const expected = withoutPlaces((await readContent(asCsv(ROWS))).roles);
    const { roles, reading } = await readContent(make());
    expect(withoutPlaces(roles)).toEqual(expected);
    expect(reading).toMatchObject({ status: 'complete', problems: [] });
  });

  it.each(['12345678901', '1.23457E+10', '12345678901.0', '1,23E+11'])(
    'uses the account of the ARN where a spreadsheet made %s of it',
    async (number) => {
      const { roles, reading } = await readContent(asCsv([{ ...ROWS[1], account_id: number }]));
      expect(roles).toMatchObject([{ account: '012345678901' }]);
      expect(reading).toMatchObject({ status: 'complete', problems: [{ code: 'account-number-changed' }] });
    },
  );

  it('says that Excel cut a policy', async () => {
    const long = JSON.stringify({ ...PARTNER, Id: 'x'.repeat(40_000) }).slice(0, 32_767);
    const { roles } = await readContent(asCsv([{ ...ROWS[0], assume_role_policy_document: long }]));
    expect(roles[0]?.trust).toMatchObject({ state: 'undecodable', reason: expect.stringContaining('Excel') });
    const other = await readContent(asCsv([{ ...ROWS[0], assume_role_policy_document: long.slice(1) }]));
    expect(other.roles[0]?.trust).toMatchObject({ reason: expect.not.stringContaining('Excel') });
  });

  it('counts broken rows and reads the others', async () => {
    const [header, ...rows] = asCsv([ROWS[1], ROWS[1], ROWS[1]] as Row[])
      .trimEnd()
      .split('\n');
    const text = `${[header, rows[0], `${rows[1]},more`, `"x"y,${rows[1]}`, rows[2]].join('\n')}\n`;
    const { roles, rejects, captures, reading } = await readContent(text);
    expect(roles.map(({ pointer }) => pointer)).toEqual(['#2', '#5']);
    expect(rejects).toMatchObject([
      { code: 'row-malformed', pointer: '#3', message: 'the row has 8 cells, the header 7' },
      { code: 'row-malformed', pointer: '#4' },
    ]);
    expect(captures).toMatchObject([{ complete: false, reasons: ['records-rejected'] }]);
    expect(reading).toMatchObject({ status: 'incomplete', recordsRead: 4, recordsRejected: 2 });
  });

  it('rejects rows of a column that occurs twice', async () => {
    const text = asCsv(ROWS.slice(1)).replace('description', 'arn');
    const { rejects } = await readContent(text);
    expect(rejects).toMatchObject([{ code: 'field-repeated' }]);
  });

  it('never calls a cut table complete', async () => {
    const whole = Buffer.from(asCsv([ROWS[0], ROWS[1], ROWS[0]] as Row[]));
    for (let length = 0; length < whole.length; length++) {
      // Between two rows nothing tells that one is missing.
      const { roles, captures, reading } = await readContent(whole.subarray(0, length));
      if (roles.length > 0 && whole[length - 1] === 0x0a && reading.problems.length === 0) continue;
      expect([length, reading.status]).not.toEqual([length, 'complete']);
      expect(captures.every(({ complete }) => !complete)).toBe(true);
    }
  });

  it('asks for the header where there is none', async () => {
    const { reading } = await readContent(asCsv(ROWS, { header: false }));
    expect(reading).toMatchObject({ status: 'unreadable', problems: [{ code: 'format-unknown' }] });
    expect(reading.problems[0]?.message).toMatch(/or without a header line/);
  });

  it('names columns that are missing', async () => {
    const { reading } = await readContent('account_id,assume_role_policy_document\nx,y\n');
    expect(reading.problems[0]?.message).toMatch(/CSV, but not with the columns/);
    const forced = await readContent('a,b\nx,y\n', { format: 'cloudquery' });
    expect(forced.reading).toMatchObject({ status: 'unreadable', problems: [{ code: 'format-mismatch' }] });
  });

  it('survives any bytes in the place of any others', async () => {
    const content = Buffer.from(asCsv(ROWS));
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 6 }), async (at, noise) => {
        const spoilt = Buffer.from(content);
        spoilt.set(noise, at % (spoilt.length - noise.length));
        const { reading, roles, rejects } = await readContent(spoilt);
        expect(reading.recordsRead).toBe(roles.length + rejects.length);
      }),
      { numRuns: 200 },
    );
  });
});
