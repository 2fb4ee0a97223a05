import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/report/markdown/index.ts';
import { hostileSource } from '../hostile-source.ts';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makeEvidence, makePath, makeVerdict, memorySource, OPTIONS, OWN, RULES } from '../sample-source.ts';
import { renderToString } from '../sink.ts';

/** The cells of every row under the header that holds a title. */
function rowsUnder(text: string, title: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const header = lines.findIndex((line) => line.startsWith('| ') && line.includes(`| ${title} |`));
  expect(header).toBeGreaterThan(-1);
  const rows: string[][] = [];
  for (const line of lines.slice(header + 2)) {
    if (!line.startsWith('| ')) break;
    rows.push(line.slice(2, -2).split(' | '));
  }
  return rows;
}

describe('the summary in Markdown', () => {
  it('says how it stands, what was covered and who gets in', async () => {
    const source = memorySource({
      verdicts: [
        makeVerdict({
          severity: 'medium',
          roleName: 'Less',
          paths: [makePath({ relation: 'unknown', account: '9', accountName: null })],
        }),
        makeVerdict({ suppressedBy: 'EX-1', state: 'new' }),
        makeVerdict({
          verdict: 'pass',
          severity: null,
          roleName: 'Closed',
          state: null,
          paths: [makePath({ guards: ['mfa'] })],
        }),
      ],
      evidence: [makeEvidence()],
    });
    const text = await renderToString(renderMarkdown, source);
    expect(text).toContain(
      '**1** of 3 roles is open to accounts whose relation is not graded; 1 open to outsiders, accepted by exceptions.\n\n2 of 3 fail: 1 open to accounts whose relation is not graded, 1 accepted by exceptions (1 to third parties). Open: a principal of another account can assume the role without MFA',
    );
    expect(rowsUnder(text, 'Findings since the look before').map((row) => row.slice(0, 2))).toEqual([
      ['New', '1'],
      ['Changed', '0'],
      ['Reopened', '0'],
      ['Unchanged', '1'],
      ['Not comparable', '0'],
      ['Baseline', '0'],
      ['Resolved', '0'],
    ]);
    expect(rowsUnder(text, 'Count').map((row) => row.slice(0, 2))).toEqual([
      ['Fail', '2'],
      ['Error', '0'],
      ['Pass', '1'],
      ['Not applicable', '0'],
    ]);
    expect(text).toContain('10 records read = 10 accepted + 0 duplicate + 0 rejected');
    expect(text).toContain('**Evidence complete**: every account of the organisation (1) is covered whole');
    expect(text).not.toContain('What is missing');
    expect(text).toContain('All 2, the worst first.');
    expect(rowsUnder(text, 'Who gets in')).toEqual([
      [
        'High',
        '`111122223333`',
        '`Partner`',
        '`444455556666` `Example Vendor`, third party',
        '2025-11-01',
        'New, accepted by `EX-1`',
      ],
      ['Medium', '`111122223333`', '`Less`', '`9`, relation not graded', '2025-11-01', 'Unchanged'],
    ]);
    expect(rowsUnder(text, 'Relation')).toEqual([
      ['`444455556666`', '`Example Vendor`', 'Third party', '1', '1'],
      ['`9`', '–', 'Not graded', '1', '0'],
    ]);
    expect(text).toContain('trustsieve explain arn:aws:iam::111122223333:role/Partner');
  });

  it('says what it leaves out', async () => {
    const source = sampleOrganisation(12, 60);
    const text = await renderToString(renderMarkdown, source);
    const { fail, error } = source.totals().verdicts;
    expect(rowsUnder(text, 'Who gets in')).toHaveLength(25);
    expect(text).toContain(`The worst 25 of ${fail + error}; ${fail + error - 25} are not listed here.`);
    expect(text).toContain('**1 file not complete**');
    expect(text).toContain(
      '**Evidence incomplete**: 1 accounts are not covered whole; 1 files could not be read whole;',
    );
    expect(text).toContain('Absence from this report proves nothing');
  });

  it('names the first gaps and counts the rest', async () => {
    const evidence = Array.from({ length: 20 }, (_, n) =>
      makeEvidence({
        path: `cut-${n}.json`,
        status: 'incomplete',
        problems: [{ code: 'json-truncated', message: 'the JSON ends too early' }],
      }),
    );
    const text = await renderToString(renderMarkdown, memorySource({ verdicts: [], evidence }));
    expect(text).toMatch(
      /20 files not complete\*\*: `cut-0\.json` \(incomplete, `json-truncated`\).* and 8 more\./,
    );
  });

  it('names what is missing, and what stands as last captured', async () => {
    const verdicts = { pass: 0, fail: 1, 'not-applicable': 0, error: 0 };
    const row = { account: OWN, name: null, capturedAt: '2026-02-01T00:00:00Z', complete: true, roles: 1 };
    const source = memorySource({
      verdicts: [makeVerdict()],
      accounts: [{ ...row, carriedForward: 40, verdicts, closed: 0 }],
      evidence: [makeEvidence({ capturedFrom: 'modified', recordsAccepted: 8, recordsRejected: 2 })],
      rejects: [1024, 4096].map((offset) => ({
        ...{ path: 'a.json', offset, pointer: '/x', code: 'arn-missing' as const, message: 'no ARN' },
      })),
      completeness: {
        closed: [{ account: '444455550000', name: 'Gone', status: 'SUSPENDED' }],
        gaps: Array.from({ length: 52 }, (_, n) => ({
          ...{
            account: String(222233330000 + n),
            name: n === 0 ? 'Lost' : null,
            why: 'no-evidence' as const,
          },
          ...{ capturedAt: null, age: null },
        })),
      },
    });
    const text = await renderToString(renderMarkdown, source);
    for (const line of [
      '**Evidence incomplete**: 52 accounts of the organisation are not covered; 2 records were rejected.',
      '**1 account is carried forward**: last captured more than 7 days before the newest capture.',
      '- 1 member is closed, so its absence is no gap: `444455550000` (`SUSPENDED`).',
      '- 1 file has no capture time but the modification time of the file',
      '## What is missing\n\n- **Account `222233330000`** `Lost`: no evidence of it was read.\n',
      '- **2 more accounts** of the organisation.',
      `- **1 account stands as last captured**: \`${OWN}\` (carried forward, 40 days).`,
      '- **2 records rejected** as `arn-missing`, the first at byte 1,024 of `a.json`: `no ARN`.',
    ]) {
      expect(text).toContain(line);
    }
    expect(rowsUnder(text, 'Who gets in')[0]?.[1]).toBe(`\`${OWN}\` (carried forward, 40 days)`);
  });

  it('claims nothing of completeness, and grades no relation, without a member list', async () => {
    const unknown = makeVerdict({ severity: 'medium', paths: [makePath({ relation: 'unknown' })] });
    const source = memorySource({ verdicts: [unknown], completeness: { membersKnown: false } });
    const text = await renderToString(renderMarkdown, source);
    expect(text).toContain('**Completeness not known**');
    expect(text).not.toMatch(/evidence complete|is complete|complete:/i);
    expect(text).toContain('`scan --accounts FILE`');
    expect(text).toContain('| Critical | 0 | open to anyone |');
    expect(text).toContain('| High | not graded | open to a third party; not graded without `--accounts` |');
    expect(text).toContain(
      '| Medium | 1 | relation not graded without `--accounts`, open through a named network or to a named organisation only, or passing by a weak guard |',
    );
    expect(text).toContain('| Low | not graded | open within the own organisation; not graded');
    expect(text).toContain(', relation not graded |');
  });

  it.each([
    ['nothing', memorySource({ verdicts: [] }), 'was read'],
    [
      'only passes',
      memorySource({ verdicts: [makeVerdict({ verdict: 'pass', severity: null })] }),
      'was found open among 1.',
    ],
  ])('has no findings to show for %s', async (_, source, what) => {
    const text = await renderToString(renderMarkdown, source);
    expect(text).toContain(`**No role** ${what}`);
    expect(text).toContain('## Findings\n\nNone.');
    expect(text).not.toContain('trustsieve explain');
  });

  it('says the rule of each finding when there are several', async () => {
    const rules = [...RULES, { ...RULES[0]!, id: 'X.1' }];
    const text = await renderToString(
      renderMarkdown,
      memorySource({ verdicts: [makeVerdict({ rule: 'X.1' })] }),
      {
        ...OPTIONS,
        rules,
      },
    );
    expect(rowsUnder(text, 'Rule')[0]).toContain('`X.1`');
  });

  it('counts the rules it does not name', async () => {
    const rules = Array.from({ length: 14 }, (_, n) => ({ ...RULES[0]!, id: `X.${n}` }));
    const text = await renderToString(renderMarkdown, memorySource({ verdicts: [] }), { rules });
    expect(text).toContain('- `X.9` ');
    expect(text).toContain('- and 4 more rules\n');
    expect(text).not.toContain('X.10');
  });

  it('is the same for the same source', async () => {
    const once = await renderToString(renderMarkdown, sampleOrganisation(5, 30));
    expect(await renderToString(renderMarkdown, sampleOrganisation(5, 30))).toBe(once);
  });

  it('shows hostile evidence as code and lets none of it format, link, mention or break a row', async () => {
    const text = await renderToString(renderMarkdown, hostileSource());
    expect(text).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\ufffd]/u);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    const fence = text.indexOf('```sh');
    expect(fence).toBeGreaterThan(0);
    const outsideCode = text.slice(0, fence).replace(/`[^`\n]*`/g, '');
    expect(outsideCode).not.toMatch(/`|(?<!\\)<|\]\(|@|\{|https:/);
    for (const line of outsideCode.split('\n').filter((each) => each.startsWith('|'))) {
      expect([4, 6, 7, 8]).toContain(line.split('|').length - 1);
    }
    const rows = rowsUnder(text.slice(0, fence).replace(/`[^`\n]*`/g, 'code'), 'Who gets in');
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([6]));
    // One block of code, and it ends where the report says.
    expect(text.slice(fence).match(/^```/gm)).toHaveLength(2);
  });
});
