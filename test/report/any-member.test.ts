import { describe, expect, it } from 'vitest';
import { whoGetsIn } from '../../src/cli/scan/findings-tally.ts';
import { ANY_MEMBER } from '../../src/model/third-party.ts';
import { CSV_FORMAT } from '../../src/report/csv/format.ts';
import { REGISTER_FORMAT } from '../../src/report/csv/register.ts';
import { outsideWords, whoClauses } from '../../src/report/history/words.ts';
import { renderHtml } from '../../src/report/html/index.ts';
import { renderMarkdown } from '../../src/report/markdown/index.ts';
import { renderOcsf } from '../../src/report/ocsf/index.ts';
import { renderSarif } from '../../src/report/sarif/index.ts';
import { externalAccounts } from '../../src/report/shared/paths.ts';
import { whyItMatters } from '../../src/report/shared/words/why-it-matters.ts';
import { WorstFindings } from '../../src/report/shared/worst-findings.ts';
import { renderXlsx } from '../../src/report/xlsx/index.ts';
import { change } from './history/sample-diff.ts';
import { makePath, makeVerdict, memorySource, OPTIONS } from './sample-source.ts';
import { renderToString, writtenBytes } from './sink.ts';
import { listOf, readBook } from './xlsx/read-book.ts';

const WORDS = 'any account of the own organisation';
const MEMBER = '012345678901';
const anyone = makePath({ principal: '*', account: '*', accountName: null, relation: 'any' });
const member = makePath({
  ...{ principal: '*', account: MEMBER, accountName: 'Archive', anyMember: true },
  relation: 'same-organisation',
});
const guarded = { ...anyone, guards: ['external-id'] as const };
const LEFT = 'Any account of organisation `o-1` can assume this role.';

/** Anyone by the trust policy; by guardrails every member, and others with an external ID. */
const narrowed = {
  ...makeVerdict({
    ...{ roleName: 'Export', severity: 'low', notes: ['guardrails-narrow'], paths: [anyone] },
    message: 'Anyone, from any account, can assume this role.',
    guardrail: { verdict: 'fail', policies: [], capturedAt: '2026-02-01T00:00:00Z' },
  }),
  ways: [guarded, member],
  leftMessage: LEFT,
};
const SOURCE = memorySource({ verdicts: [narrowed] });

describe('a way in that is open to every account of the own organisation', () => {
  it('is told as such, with an account for example, in the workpaper, where no column says another thing', async () => {
    const book = await readBook(await writtenBytes((out) => renderXlsx(SOURCE, out, OPTIONS)));
    expect(listOf(book, 'Findings')).toMatchObject([
      {
        'Who gets in': `${WORDS}, for example ${MEMBER} Archive`,
        Why: LEFT,
        'Outside accounts': `anyone (with an external ID); ${WORDS}`,
        Principals: '*',
      },
    ]);
    expect(listOf(book, 'Third parties')).toEqual(
      expect.arrayContaining([expect.objectContaining({ 'Outside account': WORDS, Vendor: null })]),
    );
  });

  it('is a row of the register, in which its example has none', async () => {
    const text = await renderToString(REGISTER_FORMAT.render, SOURCE);
    expect(text).toContain(`\r\n${WORDS},,same-organisation,low,1,`);
    expect(text).toContain(`for example ${MEMBER}`);
    expect(text).not.toContain(`\r\n${MEMBER}`);
  });

  it('is told in Markdown, on the page, and at the terminal', async () => {
    const markdown = await renderToString(renderMarkdown, SOURCE);
    expect(markdown).toContain(`| **${WORDS}**, for example \`${MEMBER}\` \`Archive\` |`);
    expect(markdown).toContain(`| **${WORDS}** | – | Same organisation | 1 | 0 |`);
    const page = await renderToString(renderHtml, SOURCE);
    expect(page).toContain(
      `<strong>${WORDS}</strong>, for example <code>${MEMBER}</code> <bdi>Archive</bdi>`,
    );
    expect(page).toContain(`<bdi>Any account of the own organisation</bdi>`);
    expect(page).toContain(`data-filter="verdict:fail open:${ANY_MEMBER}"`);
    const worst = new WorstFindings(1);
    worst.add({ object: narrowed.object, ways: [member] });
    expect(worst.list().map(whoGetsIn)).toEqual([WORDS]);
  });

  it('stands behind the message of the trust policy in formats of one text', async () => {
    for (const render of [renderSarif, renderOcsf]) {
      expect(await renderToString(render, SOURCE)).toContain(`What is left: ${LEFT}`);
    }
    expect(await renderToString(CSV_FORMAT.render, SOURCE)).not.toContain(WORDS);
  });

  it('is never told to be the only one in a comparison, whatever member is the example', () => {
    const who = { account: MEMBER, anyMember: true, name: 'Archive', relation: 'same-organisation' } as const;
    const everybody = { account: '*', name: null, relation: 'any' } as const;
    const told = (changes: Parameters<typeof change>[0]): string =>
      whoClauses(change({ change: 'changed', ...changes }))
        .map(({ before, who: named, after }) => `${before}${named.map(outsideWords).join(', ')}${after}`)
        .join('; ');
    expect(told({ fromWho: [everybody], toWho: [who] })).toBe(
      `now ${WORDS} (for example ${MEMBER} Archive) gets in unguarded; before anyone`,
    );
    expect(told({ fromWho: [who], toWho: [everybody] })).toBe(
      `now anyone gets in unguarded; before ${WORDS} (for example ${MEMBER} Archive)`,
    );
    expect(told({ fromWho: [who], toWho: [{ ...who, account: '111122223333' }] })).toMatch(/^as before, /);
  });

  it('is one, and matters by what it is', () => {
    expect(externalAccounts([member, { ...member, account: '111122223333' }])).toEqual([ANY_MEMBER]);
    const told = whyItMatters({ ...narrowed.object, accountName: null, ways: [member] });
    expect(JSON.stringify(told)).toContain(`Whoever uses ${WORDS}, `);
  });
});
