import { describe, expect, it } from 'vitest';
import type { DiffChange } from '../../../src/history/compare/diff.ts';
import type { ToldDiff } from '../../../src/history/report/sides.ts';
import { csvFile } from '../../../src/report/csv/index.ts';
import { DIFF_COLUMNS, TREND_COLUMNS } from '../../../src/report/history/columns.ts';
import { renderDiffMarkdown } from '../../../src/report/history/diff-markdown.ts';
import { headlineOf } from '../../../src/report/history/headline.ts';
import { renderDiffJson, trendJson } from '../../../src/report/history/json.ts';
import { paragraphOf, whoClauses } from '../../../src/report/history/words.ts';
import { readCsv } from '../csv/read-csv.ts';
import { HOSTILE } from '../hostile-source.ts';
import { written } from '../sink.ts';
import { COMPLETE, change, diff, EVIDENCE, hostile, OPTIONS, points, report, roles } from './sample-diff.ts';

describe('the other formats of diff and trend', () => {
  it('csv guards against formulas unless it is raw', () => {
    const csv = [...csvFile(DIFF_COLUMNS, hostile.changes, {})].join('');
    const rows = readCsv(csv);
    expect(rows[0]).toEqual([
      'change',
      'cause',
      'rule',
      'account',
      'arn',
      'role_id',
      'from_verdict',
      'to_verdict',
      'account_name',
      'role_name',
      'severity',
      'from_severity',
      'to_severity',
      'direction',
      'from_who',
      'from_who_names',
      'to_who',
      'to_who_names',
    ]);
    expect(rows).toHaveLength(HOSTILE.length + 1);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+\-@]|\u202e/);
    const raw = [...csvFile(DIFF_COLUMNS, hostile.changes, { raw: true, delimiter: ';' })].join('');
    expect(raw).toContain("=cmd|' /C calc'!A0");
    const trendRows = [...csvFile(TREND_COLUMNS, points, { bom: true })].join('').split('\r\n');
    expect(trendRows).toEqual([
      '\ufeffat,accounts,carried_forward,roles,fail,fail_rate,new,resolved,critical,high,medium,low,comparable_accounts,comparable_roles,comparable_fail,captured,to_date,error,comparable_error,incomplete_accounts',
      '2026-01-31,2,0,3,1,0.3333333333333333,0,0,1,0,0,0,2,3,1,2026-01-31,no,0,0,0',
      '2026-02-28,3,1,4,2,0.5,1,0,1,1,0,0,2,3,1,2026-02-28,no,0,0,0',
      '2026-03-31,3,0,4,0,0,0,2,0,0,0,0,2,3,0,2026-03-30,yes,0,0,0',
      '',
    ]);
  });

  it('json holds everything, one change a line', async () => {
    const json = await written((out) => renderDiffJson(hostile, COMPLETE, out));
    expect(json.trimEnd().split('\n')).toHaveLength(HOSTILE.length + 2);
    const { from, to, coverage, summary } = hostile;
    const changes = [...hostile.changes].map(({ fromPolicy: _, toPolicy: __, ...told }) => told);
    const evidence = { complete: true, membersKnown: true, reasons: [] };
    expect(JSON.parse(json)).toEqual(
      JSON.parse(
        JSON.stringify({
          from,
          to,
          coverage: { ...coverage, undecided: { from: 0, to: 0 } },
          summary,
          evidence,
          changes,
        }),
      ),
    );
    expect(JSON.parse(trendJson(points, EVIDENCE, COMPLETE))).toEqual({
      evidence: { ...EVIDENCE, ...evidence },
      points,
    });
    expect(JSON.parse(trendJson([], null, COMPLETE))).toEqual({ evidence: null, points: [] });
  });

  it('json says what is missing and what could not be decided', async () => {
    const missing = { ...COMPLETE, reasons: ['scan 1 of \u202e was interrupted'] };
    const evidence = { complete: false, membersKnown: true, reasons: missing.reasons };
    const open = { ...diff([]), undecided: { from: roles(2), to: roles(3) } };
    const json = await written((out) => renderDiffJson(open, missing, out));
    expect(json).not.toContain('\u202e');
    expect(JSON.parse(json)).toMatchObject({
      coverage: { undecided: { from: 2, to: 3 } },
      evidence,
      changes: [],
    });
    expect(JSON.parse(trendJson(points, EVIDENCE, missing))).toMatchObject({ evidence });
  });
});

describe('diff in Markdown, for a ticket', () => {
  const markdown = (of: ToldDiff, missing = COMPLETE): Promise<string> =>
    written((out) => renderDiffMarkdown(report(of, missing), out, OPTIONS));

  it('says what it is, for whom and by whom, and of which evidence', async () => {
    const text = await markdown(diff([]));
    expect(text.split('\n')[0]).toMatch(/^# Third quarter .*: .*2026-01-31/);
    expect(text).toContain('Prepared by Audit');
    expect(text).not.toContain('<script>');
    expect(text).toContain(`Evidence digest: \`${OPTIONS.evidenceDigest}\``);
  });

  it('shows hostile text as code that ends nowhere else', async () => {
    const text = await markdown(hostile);
    for (const line of text.split('\n').filter((each) => each.startsWith('| High'))) {
      // Pipes that are no code end cells: seven of a row of six cells.
      expect(line.match(/\|/g)).toHaveLength(7);
      expect(line.match(/`/g)?.length ?? 0).toSatisfy((count: number) => count % 2 === 0);
      expect(line.replace(/`[^`]*`/g, '')).not.toMatch(/[<@]|https:|javascript:/);
    }
    expect(text.match(/^\| High/gm)).toHaveLength(HOSTILE.length);
    expect(text).not.toMatch(/[\u202e\u2066\u200b]/);
  });

  it('lists the first 50 in order of importance, some of each kind, and counts the rest', async () => {
    const text = await markdown(
      diff([
        ...Array<DiffChange>(60).fill(change()),
        change({ severity: 'critical', roleName: 'Worst' }),
        ...Array<DiffChange>(9).fill(
          change({ change: 'resolved', cause: 'guard-added', direction: 'better' }),
        ),
      ]),
    );
    expect(text).toContain('## New or reopened, and critical (1)');
    expect(text).toContain('The first 49 of 60; 11 more are in the formats csv, json and xlsx.');
    expect(text).toContain('## Resolved (9)');
    expect(text).toContain('The first 5 of 9; 4 more are in the formats csv, json and xlsx.');
    expect(text).toContain('| High | `111122223333` | `Partner` |');
    expect(text).toContain('The way in now demands MFA or an external ID');
  });

  it.each([
    [
      { ...COMPLETE, reasons: ['scan 1 was interrupted'] },
      '**Evidence incomplete**: scan 1 was interrupted.',
    ],
    [
      { ...COMPLETE, membersKnown: false },
      "**Completeness not known**: the organisation's accounts were not given",
    ],
    [COMPLETE, '**Evidence complete**'],
  ])('says what is missing: %#', async (missing, said) => {
    expect(await markdown(diff([]), missing)).toContain(said);
  });
});

describe('a comparison in words', () => {
  it('tells what came and went, in how many accounts, and what cannot be compared', () => {
    const told = diff([
      change({ severity: 'critical' }),
      change({ change: 'resolved', cause: 'role-deleted', direction: 'better' }),
      change({ change: 'changed', cause: 'policy-changed', direction: 'better', account: '222233334444' }),
      change({
        change: 'not-comparable',
        cause: 'incomplete-evidence',
        direction: null,
        account: '333344445555',
      }),
    ]);
    const summary = { new: 1, resolved: 1, changed: 1, reopened: 0, unchanged: 7, notComparable: 1 };
    const whole: ToldDiff = {
      ...told,
      summary,
      accounts: told.accounts.map((one) => ({ ...one, carriedForward: false })),
    };
    expect(headlineOf(whole)).toEqual({ count: '1 change for the worse', rest: ', 2 for the better.' });
    expect(paragraphOf(whole)).toEqual([
      'For the worse: 1 finding is new in 1 account (1 critical: open to anyone).',
      'For the better: 1 finding is resolved in 1 account (1 high: open to a third party), 1 because the role was deleted; 1 changed so that fewer accounts get in or the exposure weighs less.',
      '7 findings are unchanged.',
      '1 finding in 1 account cannot be compared: 1 because the evidence of one side is incomplete or could not be decided.',
      'The first side rests on captures of 1 account of 2026-01-31 00:00 UTC, the second on captures of 1 account of 2026-01-31 00:00 UTC. 1 account has no newer capture on the second side and stands as last captured; of 1 account the evidence may not show all roles.',
    ]);
  });

  it('never says that nothing changed where nothing can be compared', () => {
    const none = { new: 0, resolved: 0, changed: 0, reopened: 0, unchanged: 0, notComparable: 0 };
    const same = { ...diff([]), summary: none };
    expect(headlineOf(same)).toEqual({
      count: 'Nothing to compare',
      rest: ': both sides rest on the same captures.',
    });
    // Guardrails can change what rests on the same captures.
    expect(headlineOf(diff([change({ direction: 'worse' })])).count).toBe('1 change for the worse');
    expect(headlineOf({ ...same, captures: { ...same.captures, from: null } }).count).toBe(
      'Nothing can be compared',
    );
    const accounts = same.accounts.map((one) => ({ ...one, carriedForward: false }));
    expect(headlineOf({ ...same, accounts, summary: { ...none, notComparable: 2 } }).count).toBe(
      'Nothing can be compared',
    );
    expect(headlineOf({ ...same, accounts, summary: { ...none, unchanged: 2 } })).toEqual({
      count: 'No change',
      rest: ' for the worse or the better was found.',
    });
  });

  it('tells what could not be decided, and never calls that no change', () => {
    const none = { new: 0, resolved: 0, changed: 0, reopened: 0, unchanged: 0, notComparable: 0 };
    const accounts = diff([]).accounts.map((one) => ({ ...one, carriedForward: false }));
    const of = (undecided: ToldDiff['undecided'], summary = none): ToldDiff => ({
      ...diff([]),
      accounts,
      summary,
      undecided,
    });
    expect(headlineOf(of({ from: roles(3, true), to: roles(3, true) }))).toEqual({
      count: 'Nothing can be compared',
      rest: ': 3 roles on the first side and 3 roles on the second side could not be decided.',
    });
    const some = of({ from: roles(0), to: roles(5) }, { ...none, unchanged: 2 });
    expect(headlineOf(some)).toEqual({
      count: 'No change',
      rest: ' for the worse or the better was found in what can be compared; 5 roles on the second side could not be decided.',
    });
    expect(paragraphOf(some)).toContain(
      '5 roles on the second side could not be decided: nobody knows whether they fail, so they are neither for the worse nor for the better.',
    );
    const worse = { ...diff([change()]), undecided: some.undecided };
    expect(headlineOf(worse)).toEqual({
      count: '1 change for the worse',
      rest: ', none for the better; 5 roles on the second side could not be decided.',
    });
  });

  it.each([
    [['*'], ['1'], ['now only 1 gets in unguarded', 'before *']],
    [['1'], ['*'], ['now * gets in unguarded', 'before only 1']],
    [
      ['1', '2'],
      ['2', '3'],
      ['now also 3 gets in unguarded', 'no longer 1', 'as before 2'],
    ],
    [['1'], ['1'], ['as before, 1 gets in unguarded']],
  ])('says who gets in now and did before: %j, %j', (from, to, said) => {
    const who = (accounts: readonly string[]) =>
      accounts.map((account) => ({ account, name: null, relation: 'third-party' as const }));
    const one = change({ change: 'changed', fromWho: who(from), toWho: who(to) });
    const told = whoClauses(one).map(
      (each) => each.before + each.who.map(({ account }) => account).join(',') + each.after,
    );
    expect(told).toEqual(said);
  });
});
