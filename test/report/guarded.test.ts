import { describe, expect, it } from 'vitest';
import { renderCsv } from '../../src/report/csv/index.ts';
import { renderHtml } from '../../src/report/html/index.ts';
import { renderJson } from '../../src/report/json/index.ts';
import { renderMarkdown } from '../../src/report/markdown/index.ts';
import { renderOcsf } from '../../src/report/ocsf/index.ts';
import { renderSarif } from '../../src/report/sarif/index.ts';
import { gatherStatistics } from '../../src/report/shared/statistics.ts';
import { guardrailEffect, guardrailStory } from '../../src/report/shared/words/guardrail-words.ts';
import { compareByImpact, impactKey } from '../../src/report/shared/words/impact-words.ts';
import { storyText } from '../../src/report/shared/words/witness-story.ts';
import { readCsv } from './csv/read-csv.ts';
import { GUARDRAIL, guardedSource, IMPACT, NASTY } from './guarded-source.ts';
import { renderToString } from './sink.ts';

const SOURCE = guardedSource();

describe('a report of findings with guardrails', () => {
  it('counts what is closed apart, and who gets in by the ways that are left', () => {
    const { outcomes, closed, externals, severities } = gatherStatistics(SOURCE);
    expect({ outcomes, closed }).toMatchObject({ outcomes: { fail: 4, pass: 1 }, closed: 1 });
    expect(severities).toEqual({ critical: 0, high: 3, medium: 0, low: 1 });
    expect(externals.map(({ account, open }) => [account, open])).toEqual([['444455556666', 4]]);
  });

  it('ranks findings of one severity by what they lead to, then by last use', () => {
    const { worst } = gatherStatistics(SOURCE);
    expect(worst.map(({ roleName }) => roleName)).toEqual(['Used', 'Idle', 'Unknown', 'Narrowed']);
    expect(worst.at(-1)?.outsiders.first.map(({ account }) => account)).toEqual(['444455556666']);
    expect(worst.at(-1)?.outsiders.count).toBe(1);
  });

  it('names policy, statement and place in JSON, and lists what is closed with what fails', async () => {
    const text = await renderToString(renderJson, SOURCE, { outcomes: ['fail'] });
    const objects = JSON.parse(text) as { roleName: string; guardrail: unknown; impact: unknown }[];
    expect(objects.map(({ roleName }) => roleName)).toEqual([
      'Closed',
      'Idle',
      'Narrowed',
      'Unknown',
      'Used',
    ]);
    expect(objects[0]).toMatchObject({ guardrail: GUARDRAIL, impact: IMPACT });
    const all = JSON.parse(await renderToString(renderJson, SOURCE)) as { reason: string; account: string }[];
    expect(all.find(({ reason }) => reason === 'guardrails-unknown')).toMatchObject({
      account: '111122223333',
    });
  });

  it('guards the cells of CSV', async () => {
    const [header = [], ...rows] = readCsv(await renderToString(renderCsv, SOURCE));
    const cell = (row: readonly string[], name: string) => row[header.indexOf(name)];
    // What guardrails close comes after all findings.
    const closed = rows.at(-1) ?? [];
    expect(cell(closed, 'guardrail')).toBe('pass');
    expect(cell(closed, 'privileges')).toBe('administrator');
    expect(cell(closed, 'last_used')).toBe(IMPACT.lastUsed);
    expect(cell(closed, 'tags')).toBe(`'${NASTY}=${NASTY}; team=crane`);
    expect(rows.map((row) => cell(row, 'guardrail_effect'))).toEqual([
      'open',
      'unknown',
      'open',
      'narrowed',
      'closed',
    ]);
  });

  it('makes no alarm of what is closed in SARIF, and an outcome that counts in OCSF', async () => {
    const sarif = JSON.parse(await renderToString(renderSarif, SOURCE)) as {
      runs: [{ results: { level: string; message: { text: string }; properties: object }[] }];
    };
    const [closed, idle] = sarif.runs[0].results;
    expect(closed).toMatchObject({ level: 'note', properties: { verdict: 'fail', guardrail: GUARDRAIL } });
    expect(closed?.message.text).toContain('resource control policy p-abc');
    expect(idle).toMatchObject({ level: 'error' });
    const [finding] = (await renderToString(renderOcsf, SOURCE))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(finding).toMatchObject({
      ...{ status: 'Resolved', activity_name: 'Close', compliance: { status: 'Pass' } },
      unmapped: { verdict: 'fail', guardrail: GUARDRAIL, impact: IMPACT },
    });
  });

  it('says both beside the headline, and names nothing of the evidence as markup', async () => {
    const markdown = await renderToString(renderMarkdown, SOURCE);
    expect(markdown).toContain('**1** more role fails by the trust policy alone');
    expect(markdown).toMatch(
      /^- policy `p-abc` `.*`, statement 2, attached to `r-ab12`, `ou-ab12-1`, `111122223333`: 1 role$/m,
    );
    expect(markdown).toContain('Administrator, last used 2026-01-30');
    const html = await renderToString(renderHtml, SOURCE);
    expect(html).toContain('<strong>1</strong> more role fails by the trust policy alone');
    expect(html).toContain('narrowed, still open');
    for (const text of [markdown, html]) expect(text).not.toContain('<img');
  });
});

describe('the words of a guardrail', () => {
  const told = (changes: object): string =>
    guardrailStory({ verdict: 'fail', notes: [], guardrail: GUARDRAIL, ...changes })
      .map(storyText)
      .join(' ');

  it('tell which statement closes the ways in, and where it is attached', () => {
    expect(told({})).toContain(
      `policy p-abc (${NASTY}), statement 2, attached to the root r-ab12 and the unit ou-ab12-1 and the account 111122223333, denies`,
    );
  });

  it('tell that the members decide where no statement closes', () => {
    expect(told({ guardrail: { ...GUARDRAIL, policies: [] } })).toContain(
      'by the members of the organisation',
    );
  });

  it('tell nothing where nothing is known or nothing fails', () => {
    expect(told({ guardrail: null })).toBe('');
    expect(told({ verdict: 'pass' })).toBe('');
    expect(guardrailEffect({ verdict: 'pass', notes: [], guardrail: GUARDRAIL })).toBe('open');
  });
});

describe('the order by impact', () => {
  it('puts what is not known between what is grave and what is not', () => {
    const of = (privileges: (typeof IMPACT)['privileges'], lastUsed: string | null = null) => ({
      ...IMPACT,
      privileges,
      lastUsed,
    });
    const order = [
      of('administrator', '2026-02-01T00:00:00Z'),
      of('administrator', '2026-01-01T00:00:00Z'),
      of('administrator'),
      of('administrator', 'never'),
      of('can-become-administrator'),
      null,
      of('limited', '2026-02-01T00:00:00Z'),
      of('none'),
    ];
    const shuffled = [...order].reverse();
    expect(shuffled.sort(compareByImpact)).toEqual(order);
    expect([...order].reverse().sort((a, b) => (impactKey(a) < impactKey(b) ? -1 : 1))).toEqual(order);
  });
});
