import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/report/index.ts';
import { allow, OWN, policy } from '../exposure/cases/index.ts';
import { readCsv } from '../report/csv/read-csv.ts';
import { bookText, readBook } from '../report/xlsx/read-book.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { gaad, gaadRole, put } from './evidence.ts';
import { cli } from './harness.ts';

/** Texts that no output may obey. */
const NASTY = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  "=cmd|' /C calc'!A0",
  '@SUM(1+1)*cmd',
  'x;=1+1',
  '\t=1',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31m',
  'abc\u202egpj.exe\u2066',
  'zero\u200bwidth\u00ad\u2060\u{e0041}',
  'two\r\nlines',
  'line\u2028separator\u0085',
  '\ud800lone',
  '`|[a](javascript:alert(1))|',
  '../../../etc/passwd',
  '${jndi:x} %{x} {{x}}',
  'n'.repeat(3_000),
];
/** What a terminal, an editor or a reader of lines would obey; our own line ends and CSV's apart. */
const OBEYED = /(?![\r\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

let folder: string;
const at = (name: string): string => join(folder, name);
const read = (format: string): string => readFileSync(at(`out.${format}`), 'utf8');
let scanned: { readonly exit: number; readonly stdout: string; readonly stderr: string };

beforeAll(async () => {
  folder = temporaryFolder();
  const roles = NASTY.flatMap((text, n) => {
    const fine = {
      ...(allow(
        { AWS: 'arn:aws:iam::444455556666:root' },
        { StringEquals: { 'aws:PrincipalTag/x': text } },
      ) as object),
      Sid: text,
    };
    const trust = { ...(policy(fine) as object), Id: text };
    // What IAM could not hold ends in a message that shows it.
    const damaged = policy(allow(text, { StringLike: { [text]: text } }), fine);
    return [
      {
        ...gaadRole(text, { trust: damaged, roleId: text }),
        Description: text,
        Tags: [{ Key: text, Value: text }],
      },
      { ...gaadRole(`plain-${n}`, { trust }), Path: `/${text}/` },
    ];
  });
  put(folder, 'in/\u202e=name\u001b[31m<b>.json', gaad(roles));
  const names = NASTY.map((Name, n) => ({ Id: String(444_455_556_666 + n), Name }));
  put(folder, 'accounts.json', { Accounts: [...names, { Id: OWN, Name: NASTY[0] }] });
  const outputs = Object.keys(REPORT_FORMATS).flatMap((format) => [`--${format}`, at(`out.${format}`)]);
  const asOf = ['--as-of', '2026-05-01T00:00:00Z', '--captured-at', '2026-04-30'];
  const input = ['scan', at('in'), '--accounts', at('accounts.json'), '--db', at('s.db')];
  scanned = await cli([...input, ...asOf, ...outputs]);
});

describe('a hostile dump', () => {
  it('is read, judged and accounted for', () => {
    const objects = JSON.parse(read('json')) as readonly {
      readonly roleName: string;
      readonly reason: string;
    }[];
    expect([0, 3]).toContain(scanned.exit);
    expect(objects.map(({ roleName }) => roleName)).toEqual(expect.arrayContaining(['plain-0', 'plain-16']));
    expect(new Set(objects.map(({ reason }) => reason))).toEqual(
      new Set(['policy-damaged', 'unguarded-external-path', 'account-gap', 'arn-invalid', 'evidence-unread']),
    );
    const counts = /(\d+) records = (\d+) accepted \+ (\d+) duplicate \+ (\d+) rejected/.exec(scanned.stdout);
    const [all = 0, ...parts] = (counts ?? []).slice(1).map(Number);
    expect(all).toBe(2 * NASTY.length);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(all);
  });

  it.each(Object.keys(REPORT_FORMATS))('%s: holds nothing that is obeyed', async (format) => {
    const text = format === 'xlsx' ? bookText(await readBook(readFileSync(at('out.xlsx')))) : read(format);
    // The scripts of the page are our own.
    expect(OBEYED.exec(text.replaceAll(/<script>[\s\S]*?<\/script>/g, ''))).toBeNull();
  });

  it.each(['csv', 'register'])('%s: no cell is a formula, wherever a spreadsheet begins cells', (format) => {
    for (const delimiter of [',', ';'] as const) {
      for (const cell of read(format)
        .split('\r\n')
        .flatMap((line) => line.split(delimiter))) {
        if (delimiter === ';') expect(cell).not.toMatch(/^"?\s*[=+\-@]/);
      }
    }
    for (const cell of readCsv(read(format)).flat()) expect(cell).not.toMatch(/^\s*[=+\-@]/);
  });

  it('xlsx: no cell is a formula, nor would be one in CSV', async () => {
    const { sheets } = await readBook(readFileSync(at('out.xlsx')));
    for (const { cells } of sheets) {
      for (const { formula = 'HYPERLINK("#', value } of cells?.values() ?? []) {
        expect(formula.slice(0, 12)).toBe('HYPERLINK("#');
        expect(String(value)).not.toMatch(/^\s*[=+\-@]/);
      }
    }
  });

  it('prints nothing that a terminal obeys', async () => {
    expect(OBEYED.exec(scanned.stdout)).toBeNull();
    expect(OBEYED.exec(scanned.stderr)).toBeNull();
    const objects = JSON.parse(read('json')) as readonly { readonly arn: string }[];
    for (const { arn } of objects.filter((object) => object.arn !== '')) {
      for (const format of ['text', 'json']) {
        const { exit, stdout } = await cli(['explain', arn, '--db', at('s.db'), '--format', format]);
        expect(exit).toBe(0);
        expect(OBEYED.exec(stdout)).toBeNull();
      }
    }
    for (const command of [
      ['fix'],
      ['fix', '--format', 'json'],
      ['runs'],
      ['runs', '--format', 'json'],
      ['trend'],
    ]) {
      const { stdout, stderr } = await cli([...command, '--db', at('s.db')]);
      expect(OBEYED.exec(stdout + stderr), command.join(' ')).toBeNull();
    }
  });
});
