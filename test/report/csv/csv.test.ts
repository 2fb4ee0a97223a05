import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredVerdict } from '../../../src/model/report-source.ts';
import { OUTCOMES } from '../../../src/model/verdict.ts';
import { EVIDENCE_COLUMNS } from '../../../src/report/csv/evidence.ts';
import { renderCsv } from '../../../src/report/csv/index.ts';
import { listCell, textCell } from '../../../src/report/shared/csv-cells.ts';
import { CSV_COLUMNS } from '../../../src/report/shared/csv-columns.ts';
import { HOSTILE, hostileSource } from '../hostile-source.ts';
import { makePath, makeVerdict, memorySource } from '../sample-source.ts';
import { renderToString } from '../sink.ts';
import { readCsv } from './read-csv.ts';

async function csvRecords(
  verdicts: readonly StoredVerdict[],
  outcomes?: readonly ('pass' | 'fail' | 'error' | 'not-applicable')[],
): Promise<Record<string, string>[]> {
  const text = await renderToString(
    renderCsv,
    memorySource({ verdicts }),
    outcomes === undefined ? {} : { outcomes },
  );
  const [header = [], ...rows] = readCsv(text);
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])));
}

describe('csv', () => {
  it('writes one row with every column for a failing role', async () => {
    const verdict = makeVerdict({
      notes: ['a-note', 'b-note'],
      paths: [
        makePath({ guards: ['mfa'] }),
        makePath({
          statement: 2,
          relation: 'unknown',
          account: '999988887777',
          accountName: null,
          principal: '999988887777',
        }),
        makePath({ statement: 2, relation: 'any', account: '*', accountName: null, principal: '*' }),
      ],
      suppressedBy: 'EX-1',
    });
    const [record] = await csvRecords([verdict]);
    expect(record).toEqual({
      rule: 'D9.AWS.IAM.99',
      account: '111122223333',
      partition: 'aws',
      arn: 'arn:aws:iam::111122223333:role/Partner',
      role_name: 'Partner',
      role_id: 'AROAEXAMPLE0000000000',
      verdict: 'fail',
      literal: 'fail',
      readings_differ: 'no',
      severity: 'high',
      reason: 'unguarded-external-path',
      notes: 'a-note; b-note',
      message: 'Any principal of account 444455556666 can assume this role without MFA or an external ID.',
      worst_account: '*',
      worst_account_name: '',
      worst_relation: 'any',
      external_accounts: '444455556666; 999988887777; *',
      path_statements: '0; 2; 2',
      path_principals: 'arn:aws:iam::444455556666:root; 999988887777; *',
      path_accounts: '444455556666; 999988887777; *',
      path_account_names: 'Example Vendor; ; ',
      path_relations: 'third-party; unknown; any',
      path_guards: 'mfa; none; none',
      witness_principal: 'arn:aws:iam::444455556666:user/someuser',
      witness_context: '{"aws:PrincipalAccount":"444455556666"}',
      evidence_source: '111122223333.json',
      evidence_sha256: 'ab'.repeat(32),
      evidence_offset: '8192',
      captured_at: '2026-02-01T00:00:00Z',
      first_seen: '2025-11-01T00:00:00Z',
      last_seen: '2026-02-01T00:00:00Z',
      state: 'unchanged',
      suppressed_by: 'EX-1',
      guardrail: '',
      guardrail_effect: 'none',
      guardrail_policies: '',
      privileges: '',
      privileges_why: '',
      role_policies: '',
      boundary: '',
      last_used: '',
      created: '',
      max_session: '',
      tags: '',
      account_name: '',
      controls: 'Framework & Controls: FC-1 (same rule)',
    });
  });

  it('names the account that owns the role, not the one that gets in', async () => {
    const verdicts = [makeVerdict()];
    const plain = memorySource({ verdicts });
    const accounts = [...plain.accounts()].map((row) => ({ ...row, name: '=Payments' }));
    const text = await renderToString(renderCsv, memorySource({ verdicts, accounts }));
    const [header = [], row = []] = readCsv(text);
    expect(row[header.indexOf('account_name')]).toBe("'=Payments");
    expect(row[header.indexOf('worst_account_name')]).toBe('Example Vendor');
  });

  it('lists fail and error unless told otherwise', async () => {
    const verdicts = (['fail', 'pass', 'error', 'not-applicable'] as const).map((verdict) =>
      makeVerdict({ verdict, roleName: verdict }),
    );
    expect((await csvRecords(verdicts)).map((record) => record.verdict)).toEqual(['fail', 'error']);
    expect((await csvRecords(verdicts, ['pass'])).map((record) => record.verdict)).toEqual(['pass']);
  });

  it('has a header even when there is nothing to list', async () => {
    const text = await renderToString(renderCsv, memorySource({ verdicts: [] }));
    expect(text).toBe(`${CSV_COLUMNS.map((column) => column.name).join(',')}\r\n`);
  });

  it.each([
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(1)', "'@SUM(1)"],
    [' =1', "' =1"],
    ['a;=1', "a;'=1"],
    ['a; -1;@x', "a; '-1;'@x"],
    ['a,=b', 'a,=b'],
    ['\uFF1D1', "'\uFF1D1"],
    ['\t=1', '\\u0009=1'],
    ['\r=1', '\\u000d=1'],
    ['a\n=1', 'a\\u000a=1'],
    ['a\u202Eb', 'a\\u202eb'],
    ['plain', 'plain'],
  ])('shows %j as %j', (given, shown) => {
    expect(textCell(given)).toBe(shown);
  });

  it('never writes a cell that is a formula or holds a control character, whatever a role is called', async () => {
    const nasty = fc.string({ unit: 'binary' });
    const prefix = fc.constantFrom(
      'x;=',
      'x; @',
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      ' =',
      '"',
      ',',
      ';',
      '',
    );
    const hostile = fc.tuple(prefix, nasty).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (roleName, principal) => {
        const verdict = makeVerdict({
          roleName,
          message: principal,
          paths: [makePath({ principal, accountName: roleName })],
        });
        const [record] = await csvRecords([verdict]);
        for (const cell of Object.values(record ?? {})) {
          expect(cell).not.toMatch(/^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/);
          expect(cell).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          // What a spreadsheet makes of the file when it takes semicolons for the ends of cells.
          expect(cell).not.toMatch(/;\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps list cells unambiguous and within what a spreadsheet holds', () => {
    expect(listCell(['a;b', 'c\\d', 'e'])).toBe('a\\;b; c\\\\d; e');
    expect(listCell(['x', '=y'])).toBe("x; '=y");
    const long = listCell(
      Array.from({ length: 5000 }, (_, n) => `arn:aws:iam::444455556666:role/number-${n}`),
    );
    expect(long.length).toBeLessThan(32_767);
    const shown = long.split('; ').length - 1;
    expect(long).toMatch(new RegExp(`; \\(${5000 - shown} more\\)$`));
    expect(textCell('x'.repeat(50_000))).toMatch(/ \(18000 more characters\)$/);
    expect(listCell(['x'.repeat(50_000)])).toMatch(/x \(18000 more characters\)$/);
    // Not between the halves of a character.
    const cut = textCell(`x${'\u{1f600}'.repeat(20_000)}`);
    expect(cut).toMatch(/\u{1f600} \(8002 more characters\)$/u);
    expect(cut).not.toMatch(/\p{Cs}/u);
  });

  it('has the worst first: by the verdict that counts, those of one class in the order of the source', async () => {
    const closed = { verdict: 'pass', policies: [], capturedAt: '2026-02-01T00:00:00Z' } as const;
    const rows: readonly (readonly [string, Parameters<typeof makeVerdict>[0]])[] = [
      ['n/a', { verdict: 'not-applicable', severity: null }],
      ['low', { severity: 'low' }],
      ['closed', { severity: null, guardrail: closed }],
      ['medium 1', { severity: 'medium' }],
      ['pass', { verdict: 'pass', literal: 'pass', severity: null }],
      ['undecided', { verdict: 'error', severity: null }],
      ['weak', { verdict: 'pass', severity: 'medium' }],
      ['high', { severity: 'high' }],
      ['medium 2', { severity: 'medium' }],
      ['critical', { severity: 'critical' }],
    ];
    const verdicts = rows.map(([roleName, verdict]) =>
      makeVerdict({ literal: 'fail', ...verdict, roleName }),
    );
    const records = await csvRecords(verdicts, OUTCOMES);
    expect(records.map((record) => record['role_name'])).toEqual([
      ...['critical', 'high', 'undecided', 'medium 1', 'medium 2', 'low'],
      ...['closed', 'weak', 'n/a', 'pass'],
    ]);
  });
});

describe('csv options', () => {
  it('raw: gives evidence exactly, also formulas, control characters and long text', async () => {
    const texts = [
      '=1+1',
      'a\nb',
      'a\rb',
      '\t-x',
      'x'.repeat(40_000),
      'a"b',
      'plain',
      ...HOSTILE.filter(wellFormed),
    ];
    const verdicts = texts.map((roleName) => makeVerdict({ roleName, notes: ['a;b', '=c\\d'] }));
    const text = await renderToString(renderCsv, memorySource({ verdicts }), { csv: { raw: true } });
    const [header = [], ...rows] = readCsv(text);
    expect(rows.map((row) => row[header.indexOf('role_name')])).toEqual(texts);
    expect(rows[0]?.[header.indexOf('notes')]).toBe('a\\;b; =c\\\\d');
  });

  it.each([',', ';', '\t', '|'] as const)(
    'delimiter %j: keeps every cell in its column',
    async (delimiter) => {
      const text = await renderToString(renderCsv, hostileSource(), { csv: { delimiter } });
      const rows = readCsv(text, delimiter);
      expect(rows).toHaveLength(HOSTILE.length + 1);
      for (const row of rows) expect(row).toHaveLength(CSV_COLUMNS.length);
      expect(rows).toEqual(readCsv(await renderToString(renderCsv, hostileSource())));
    },
  );

  it('bom: starts with a byte order mark and is otherwise the same', async () => {
    const plain = await renderToString(renderCsv, hostileSource());
    expect(await renderToString(renderCsv, hostileSource(), { csv: { bom: true } })).toBe(`\ufeff${plain}`);
  });
});

function wellFormed(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}

describe('the columns in docs/reports.md', () => {
  it.each([
    ['| column |', CSV_COLUMNS],
    ['| in the companion |', EVIDENCE_COLUMNS],
  ] as const)(
    'are under %s those of the code, in their order and with their descriptions',
    (title, columns) => {
      const docs = readFileSync(new URL('../../../docs/reports.md', import.meta.url), 'utf8');
      const table = docs.slice(docs.indexOf(title), docs.indexOf('\n\n', docs.indexOf(title)));
      const rows = table
        .split('\n')
        .slice(2)
        .map((line) => {
          const [, name, description] = /^\| `(\w+)` \| (.*) \|$/.exec(line) ?? [];
          return [name, description];
        });
      expect(rows).toEqual(columns.map((column) => [column.name, column.description]));
    },
  );
});
