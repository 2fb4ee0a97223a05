import { describe, expect, it } from 'vitest';
import type { RejectRow } from '../../../src/model/evidence-row.ts';
import type { ReportSource } from '../../../src/model/report-source.ts';
import { renderXlsx, type XlsxOptions } from '../../../src/report/xlsx/index.ts';
import { guardedSource, IMPACT } from '../guarded-source.ts';
import {
  makeDisagreement,
  makeEvidence,
  makeException,
  makePath,
  makeVerdict,
  memorySource,
  OPTIONS,
  OWN,
  RULES,
  SHA,
} from '../sample-source.ts';
import { writtenBytes } from '../sink.ts';
import { bookText, cellOf, listOf, noteOf, readBook, sheetOf } from './read-book.ts';

const bytesOf = (source: ReportSource, options: Partial<XlsxOptions> = {}): Promise<Buffer> =>
  writtenBytes((out) => renderXlsx(source, out, { ...OPTIONS, ...options }));
const bookOf = async (source: ReportSource, options: Partial<XlsxOptions> = {}) =>
  readBook(await bytesOf(source, options));

const OTHER = '222233334444';

const makeReject = (): RejectRow => ({
  ...{ path: 'a.json', offset: 7, pointer: '/0', code: 'arn-invalid', message: 'has no ARN' },
});

/** One verdict of each severity and one error, in the order of a store. */
const graded = memorySource({
  verdicts: [
    makeVerdict({ roleName: 'A-low', severity: 'low' }),
    makeVerdict({ roleName: 'B-high', severity: 'high' }),
    makeVerdict({ roleName: 'C-error', verdict: 'error', severity: null, paths: [], witness: null }),
    makeVerdict({
      roleName: 'D-critical',
      severity: 'critical',
      paths: [makePath({ account: '*', accountName: null, relation: 'any' })],
    }),
    makeVerdict({ account: OTHER, roleName: 'E-high', severity: 'high' }),
    makeVerdict({ account: OTHER, roleName: 'F-medium', severity: 'medium' }),
    makeVerdict({ account: OTHER, roleName: 'G-pass', verdict: 'pass', severity: null }),
  ],
  evidence: [makeEvidence(), makeEvidence({ path: `${OTHER}.json`, account: OTHER })],
  exceptions: [makeException({ status: 'expired' })],
});

describe('the workpaper', () => {
  it('has its sheets in the order in which a reader needs them', async () => {
    const { sheets } = await bookOf(graded);
    expect(sheets.map(({ name }) => name)).toEqual([
      'Summary',
      'Findings',
      'Accounts',
      'Third parties',
      'Evidence',
      'Exceptions',
      'Method',
    ]);
  });

  it('lists findings the worst first, then by account and role, and no others', async () => {
    const book = await bookOf(graded);
    expect(listOf(book, 'Findings').map(({ Role, Severity }) => `${Role} ${Severity}`)).toEqual([
      'D-critical Critical',
      'B-high High',
      'E-high High',
      'C-error Error',
      'F-medium Medium',
      'A-low Low',
    ]);
    expect(noteOf(book, 'Findings')).toMatch(/verdict fail, error, the worst first, .* no others are listed/);
    const all = await bookOf(graded, { outcomes: ['fail', 'error', 'pass', 'not-applicable'] });
    expect(listOf(all, 'Findings')).toHaveLength(7);
  });

  it('keeps ids as text, counts as numbers', async () => {
    const book = await bookOf(graded);
    const [finding] = listOf(book, 'Findings');
    expect(finding).toMatchObject({
      Account: OWN,
      'Role id': 'AROAEXAMPLE0000000000',
      'SHA-256 of the file': SHA,
      Evidence: `${OWN}.json @ 8192`,
      'Who gets in': 'anyone',
    });
    expect(cellOf(book, 'Findings', 'Account', 0)).toMatchObject({ type: 'string', style: { numFmt: '@' } });
    const file = listOf(book, 'Evidence').find(({ What }) => What === 'File');
    expect(file).toMatchObject({ File: `${OWN}.json`, Bytes: 123_456, 'Records read': 10, Account: OWN });
    expect(listOf(book, 'Accounts')[1]).toMatchObject({ Account: OTHER, Fail: 2, Pass: 1, High: 1 });
  });

  it('freezes the titles, filters the items, and wraps text', async () => {
    const book = await bookOf(graded);
    for (const name of ['Findings', 'Accounts', 'Third parties', 'Evidence', 'Exceptions']) {
      const { freezePane, autoFilter, rows, columns } = sheetOf(book, name);
      const [, titles = []] = rows;
      expect(freezePane, name).toEqual({ rows: 2 });
      expect(autoFilter?.range, name).toMatch(new RegExp(`^A2:[A-Z]+${rows.length}$`));
      expect(
        columns?.map(({ width }) => (width ?? 0) > 5),
        name,
      ).toEqual(titles.map(() => true));
    }
    expect(cellOf(book, 'Findings', 'Why', 0)?.style?.alignment?.wrapText).toBe(true);
  });

  it('colours severities, beside the word', async () => {
    const book = await bookOf(graded);
    const fills = [0, 1, 3, 4, 5].map((row) => {
      const { value, style } = cellOf(book, 'Findings', 'Severity', row) ?? {};
      return [value, style?.fill?.type === 'pattern' ? style.fill.fgColor?.rgb : undefined];
    });
    expect(fills.map(([word]) => word)).toEqual(['Critical', 'High', 'Error', 'Medium', 'Low']);
    expect(new Set(fills.map(([, fill]) => fill)).size).toBe(5);
  });

  it('leads from a finding to the rows of its file and account', async () => {
    const book = await bookOf(graded);
    const row = listOf(book, 'Findings').findIndex(({ Role }) => Role === 'E-high');
    const target = (title: string): readonly unknown[] => {
      const formula = cellOf(book, 'Findings', title, row)?.formula ?? '';
      const [, sheet = '', place = ''] = /^HYPERLINK\("#'([\w ]+)'!A(\d+)","row \d+"\)$/.exec(formula) ?? [];
      return sheetOf(book, sheet).rows[Number(place) - 1] ?? [];
    };
    expect(target('In Evidence')).toContain(`${OTHER}.json`);
    expect(target('In Accounts')[0]).toBe(OTHER);
  });

  it('is the same, byte for byte, whenever it is made', async () => {
    const first = await bytesOf(graded);
    expect((await bytesOf(graded)).equals(first)).toBe(true);
  });

  it('says who prepared it, for whom, and of when', async () => {
    const heading = { title: 'Review of Q1', client: 'Example plc', preparedBy: '=A. Auditor' };
    const book = await bookOf(graded, { heading });
    const text = bookText({ ...book, sheets: [sheetOf(book, 'Summary')] });
    for (const said of [
      'Review of Q1',
      'Example plc',
      "'=A. Auditor",
      '2026-03-31T12:00:00Z',
      'trustsieve 9.9.9',
    ]) {
      expect(text).toContain(said);
    }
  });

  it('tells the rule, its controls with source and fit, frameworks by name, and what its risk level is', async () => {
    const second = { ...RULES[0], id: 'OWN.1', title: 'A second rule' } as (typeof RULES)[number];
    const book = await bookOf(graded, { rules: [...RULES, second] });
    const text = bookText({ ...book, sheets: [sheetOf(book, 'Method')] });
    for (const said of [
      'Rule D9.AWS.IAM.99',
      'Rule OWN.1',
      'Framework Two & Co',
      'FC-1',
      'A public mapping',
    ]) {
      expect(text).toContain(said);
    }
    expect(text).toMatch(/same rule: another tool maps/);
    expect(text).toMatch(/Low\. The risk level is the catalogue's, given once for the rule/);
    expect(text).toContain('The external ID can be guessed.');
  });

  it('shows what guardrails close and narrow, and what a way in leads to', async () => {
    const rows = listOf(await bookOf(guardedSource()), 'Findings');
    const closed = rows.find(({ Role }) => Role === 'Closed');
    expect(closed).toMatchObject({
      Verdict: 'Pass',
      'Trust policy alone': 'Fail',
      Guardrails: 'closed by a guardrail',
      'Who gets in': 'nobody: guardrails close every unguarded way in',
    });
    const narrowed = rows.find(({ Role }) => Role === 'Narrowed');
    expect(narrowed).toMatchObject({ 'Outside accounts': '444455556666' });
    expect(rows.find(({ Role }) => Role === 'Used')).toMatchObject({ 'What it leads to': 'Administrator' });
  });
});

describe('the sheets as they look', () => {
  const xmlOf = async (source: ReportSource, mark: string, options: Partial<XlsxOptions> = {}) =>
    Object.entries((await bookOf(source, options)).parts).find(
      ([name, xml]) => name.startsWith('xl/worksheets/') && xml.includes(mark),
    )?.[1] ?? '';
  /** Heights of rows by the text in one of their cells. */
  const heightOf = (xml: string, text: string): number => {
    const row = xml.split('<row ').find((one) => one.includes(`>${text}`)) ?? '';
    return Number(/^r="\d+" ht="(\d+)"/.exec(row)?.[1] ?? 14);
  };

  it('makes a row as high as its text is when it is shown', async () => {
    const hidden = '\u202e'.repeat(200);
    const xml = await xmlOf(memorySource({ verdicts: [makeVerdict({ message: hidden })] }), 'u202e');
    // 1,200 characters in a column of 60.
    expect(heightOf(xml, '\\u202e')).toBe(20 * 13 + 2);
  });

  it('shows titles whole whose words do not fit beside each other', async () => {
    const xml = await xmlOf(graded, 'Weakly guarded roles');
    expect(heightOf(xml, 'Weakly guarded roles')).toBe(3 * 13 + 2);
    expect(xml).toContain('>Open role ARNs<');
  });

  it('does not let spreadsheets mark ids as mistakes', async () => {
    const { parts, sheets } = await bookOf(graded);
    const rows = listOf({ parts, sheets }, 'Findings').length + 2;
    const xml = await xmlOf(graded, 'D-critical');
    expect(xml).toMatch(
      new RegExp(`</headerFooter><ignoredErrors><ignoredError sqref="A1:AF${rows}" numberStoredAsText="1"/>`),
    );
  });

  it('prints what is wrong with the evidence, and not the heading of the report there', async () => {
    const source = memorySource({ verdicts: [], rejects: [makeReject()] });
    const book = await bookOf(source, { heading: { title: 'Title', client: 'Client' } });
    const titles = sheetOf(book, 'Evidence').rows[1] ?? [];
    const [, last = ''] = /'Evidence'!\$A\$1:\$([A-Z])\$\d+/.exec(book.parts['xl/workbook.xml'] ?? '') ?? [];
    expect(titles.slice(0, last.charCodeAt(0) - 64)).toEqual(
      expect.arrayContaining(['What', 'Account', 'File', 'What is wrong', 'SHA-256 as received']),
    );
    expect(listOf(book, 'Evidence').map(({ What }) => What)).toEqual(['Evidence digest', 'Rejected record']);
    // The first row is not cut on paper.
    const xml = await xmlOf(source, 'What is wrong');
    expect(xml).toContain(`<mergeCell ref="A1:${last}1"/>`);
  });

  it('has a line for each message, as it is', async () => {
    const problems = ['a; b', 'c\nd'].map((message) => ({ code: 'evidence-unreadable', message }) as const);
    const book = await bookOf(memorySource({ verdicts: [], evidence: [makeEvidence({ problems })] }));
    const file = listOf(book, 'Evidence').find(({ What }) => What === 'File');
    expect(file?.['What is wrong']).toBe('a; b\nc\\u000ad');
  });

  it('can be read from a stream: the size of what is stored would have to stand in front of it', async () => {
    const bytes = await bytesOf(graded);
    for (let at = bytes.indexOf('PK\x03\x04'); at >= 0; at = bytes.indexOf('PK\x03\x04', at + 4)) {
      const [flags, method] = [bytes.readUInt16LE(at + 6), bytes.readUInt16LE(at + 8)];
      expect((flags & 8) === 8 && method !== 8).toBe(false);
    }
    expect(bytes.subarray(0, 300).toString('latin1')).toContain('<Application>trustsieve</Application>');
  });

  it('says what is listed with what', async () => {
    const passing = await bookOf(graded, { outcomes: ['pass'] });
    expect(noteOf(passing, 'Findings')).toMatch(/^Roles with the verdict pass, the worst first; no others/);
    expect(noteOf(await bookOf(graded), 'Findings')).toContain('also what only guardrails close');
  });
});

describe('a workpaper of incomplete evidence', () => {
  const incomplete = memorySource({
    verdicts: [],
    accounts: [
      {
        account: OWN,
        name: 'Own',
        capturedAt: '2026-01-01T00:00:00Z',
        complete: false,
        carriedForward: 31,
        roles: 0,
        verdicts: { pass: 0, fail: 0, 'not-applicable': 0, error: 0 },
        closed: 0,
      },
    ],
    evidence: [
      makeEvidence({
        status: 'unreadable',
        problems: [{ code: 'evidence-unreadable', message: 'cannot be read' }],
      }),
    ],
    rejects: [makeReject()],
    disagreements: [makeDisagreement()],
    interrupted: [{ id: 4, paths: ['in'] }],
    completeness: {
      gaps: [{ account: OTHER, name: 'Missing', why: 'no-evidence', capturedAt: null, age: null }],
      guardrailsUnknown: [{ account: OWN, lack: 'the text of p-1' }],
    },
  });

  it('says so first in every list, also where nothing is listed', async () => {
    const book = await bookOf(incomplete);
    for (const name of ['Findings', 'Accounts', 'Third parties', 'Evidence', 'Exceptions']) {
      expect(noteOf(book, name)).toMatch(/Evidence incomplete: scan 4 of in was interrupted/);
      const note = sheetOf(book, name).cells?.get('0,0')?.style?.fill;
      expect(note?.type === 'pattern' && note.fgColor?.rgb, name).toBe('FFE3B8');
    }
    const summary = sheetOf(book, 'Summary')
      .rows.flat()
      .filter((value) => value !== null);
    expect(String(summary[1])).toMatch(/^Evidence incomplete: /);
  });

  it('names what is missing in Summary, Accounts and Evidence', async () => {
    const book = await bookOf(incomplete);
    const summary = bookText({ ...book, sheets: [sheetOf(book, 'Summary')] });
    expect(summary).toContain(`Account ${OTHER} (Missing) of the organisation is not covered`);
    expect(summary).toMatch(/a\.json: .*has no ARN/);
    const [gap, own] = listOf(book, 'Accounts');
    expect(gap).toMatchObject({ Account: OTHER, Standing: 'Not covered' });
    expect(own).toMatchObject({ Account: OWN, Standing: 'Incomplete' });
    expect(String(own?.['What limits it'])).toMatch(/carried forward, 31 days; .*the text of p-1/);
    const kinds = listOf(book, 'Evidence').map(({ What }) => What);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'Account not covered',
        'Files disagree',
        'Guardrails not known',
        'Rejected record',
      ]),
    );
  });

  it('does not call complete what has no member list', async () => {
    const book = await bookOf(memorySource({ verdicts: [], completeness: { membersKnown: false } }));
    expect(noteOf(book, 'Findings')).toMatch(/Completeness not known: /);
    expect(bookText(book)).not.toMatch(/Evidence complete/);
    const summary = sheetOf(book, 'Summary').rows.map(([first, , third]) => `${first}: ${third}`);
    const missing = summary.slice(summary.findIndex((line) => line.startsWith('What is missing')));
    expect(missing[1]).toMatch(/^List of accounts: The organisation's accounts were not given/);
    const whole = await bookOf(memorySource({ verdicts: [makeVerdict()] }));
    expect(noteOf(whole, 'Findings')).toMatch(/Evidence complete: every account/);
  });
});

describe('accounts of which not all is known', () => {
  it('calls no severity absent that was not graded', async () => {
    const ungraded = { membersKnown: false };
    const verdicts = [
      makeVerdict({ severity: 'critical' }),
      makeVerdict({ account: OTHER, severity: 'low' }),
    ];
    const [own, other] = listOf(await bookOf(memorySource({ verdicts, completeness: ungraded })), 'Accounts');
    expect(own).toMatchObject({ Critical: 1, High: 'not graded', Medium: 0, Low: 'not graded' });
    expect(other).toMatchObject({ Critical: 0, High: 'not graded', Medium: 0, Low: 1 });
    const [graded] = listOf(await bookOf(memorySource({ verdicts })), 'Accounts');
    expect(graded).toMatchObject({ Critical: 1, High: 0, Medium: 0, Low: 0 });
  });

  it('does not call covered what guardrails are not known of', async () => {
    const [own] = listOf(await bookOf(guardedSource()), 'Accounts');
    expect(own).toMatchObject({ Standing: 'Guardrails not known' });
  });

  it('says what is wrong with accounts in Evidence', async () => {
    const accounts = [
      {
        ...{
          account: OWN,
          name: null,
          capturedAt: '2026-01-01T00:00:00Z',
          complete: false,
          roles: 0,
          closed: 0,
        },
        ...{ carriedForward: 31, verdicts: { pass: 0, fail: 0, 'not-applicable': 0, error: 0 } },
      },
    ];
    const rows = listOf(await bookOf(memorySource({ verdicts: [], accounts })), 'Evidence');
    expect(rows.map((row) => `${row['What']}: ${row['What is wrong']}`)).toEqual(
      expect.arrayContaining([
        'Account incomplete: not covered whole: roles may be missing',
        'Account carried forward: carried forward, 31 days',
      ]),
    );
  });

  it('lists a closed account that has evidence once', async () => {
    const status = 'SUSPENDED';
    const closed = [OWN, OTHER].map((account) => ({ account, name: null, status }));
    const source = memorySource({ verdicts: [makeVerdict()], completeness: { closed } });
    const rows = listOf(await bookOf(source), 'Accounts');
    expect(rows.map(({ Account, Standing }) => [Account, Standing])).toEqual([
      [OWN, 'Covered'],
      [OTHER, 'Closed'],
    ]);
    expect(rows[0]?.['What limits it']).toBe('closed, as AWS Organizations has it: SUSPENDED');
  });

  it('says of an expired exception that it accepts nothing, and what it covered', async () => {
    const exceptions = [makeException({ status: 'expired', findings: 3 })];
    const [row] = listOf(await bookOf(memorySource({ verdicts: [], exceptions })), 'Exceptions');
    expect(row).toMatchObject({
      'Findings it accepts': 0,
      'What to look at': 'It has expired and accepts nothing: 3 findings that it covered are open again.',
    });
  });

  it('counts in its summary who has a row among the third parties, by what they are', async () => {
    const verdicts = [
      makeVerdict({ paths: [makePath(), makePath({ account: '*', relation: 'any' })] }),
      makeVerdict({ paths: [makePath({ account: OTHER, relation: 'same-organisation' })] }),
      { ...makeVerdict({ verdict: 'error', paths: [] }), policy: null },
    ];
    const summary = sheetOf(await bookOf(memorySource({ verdicts })), 'Summary');
    expect(summary.rows.find(([name]) => name === 'Third parties')).toEqual([
      'Third parties',
      4,
      'Anyone, 1 outside account, 1 of the own organisation, whoever undecided roles let in; with what each reaches and by which guard.',
    ]);
  });

  it('tells of third parties in words', async () => {
    const [row] = listOf(
      await bookOf(memorySource({ verdicts: [makeVerdict({ impact: IMPACT })] })),
      'Third parties',
    );
    expect(row).toMatchObject({
      Severity: 'High',
      Relation: 'Third party',
      'Worst privileges': 'Administrator',
    });
  });
});

describe('more than a sheet may hold', () => {
  const many = memorySource({
    verdicts: Array.from({ length: 10 }, (_, n) => makeVerdict({ roleName: `R${n}` })),
    evidence: Array.from({ length: 9 }, (_, n) => makeEvidence({ path: `${n}.json` })),
  });

  it.each([
    ['rows', { rows: 7, characters: 1e9 }],
    ['characters', { rows: 1e6, characters: 9_000 }],
  ])('goes on in further sheets, by %s', async (_what, limits) => {
    const book = await bookOf(many, { limits });
    const parts = book.sheets.filter(({ name }) => /^Findings/.test(name));
    expect(parts.map(({ name }) => name).slice(0, 2)).toEqual(['Findings', 'Findings (2)']);
    const listed = parts.flatMap(({ name }) => listOf(book, name)).map(({ Role }) => Role);
    expect(listed.filter((role) => role !== null)).toEqual(Array.from({ length: 10 }, (_, n) => `R${n}`));
    const first = sheetOf(book, 'Findings');
    expect(first.rows.at(-1)?.[0]).toBe('The list goes on in the sheet Findings (2).');
    expect(first.autoFilter?.range).toMatch(new RegExp(`${first.rows.length - 1}$`));
    if ('rows' in limits) for (const { rows } of parts) expect(rows.length).toBeLessThanOrEqual(limits.rows);
    expect(bookText(book)).toMatch(/In \d sheets, because one is full/);
  });

  it('shortens a cell that is too long for a spreadsheet, and says by how much', async () => {
    const long = ';='.repeat(40_000);
    const source = memorySource({
      verdicts: [
        makeVerdict({ message: 'm'.repeat(50_000), notes: [long], paths: [makePath({ principal: long })] }),
      ],
    });
    const book = await bookOf(source);
    for (const { cells } of book.sheets) {
      for (const { value } of cells?.values() ?? []) expect(String(value).length).toBeLessThanOrEqual(32_767);
    }
    expect(String(listOf(book, 'Findings')[0]?.Why)).toMatch(/m \(18000 more characters\)$/);
  });
});
