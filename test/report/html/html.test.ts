import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ReportSource } from '../../../src/model/report-source.ts';
import type { VerdictObject } from '../../../src/model/verdict.ts';
import { emptyCounts } from '../../../src/model/verdict-class.ts';
import { type HtmlOptions, renderHtml } from '../../../src/report/html/index.ts';
import { chooseBudgets, DEFAULT_LIMITS } from '../../../src/report/html/page/limits.ts';
import { html } from '../../../src/report/html/page/markup.ts';
import { StringIndex } from '../../../src/report/html/page/string-index.ts';
import { textKey } from '../../../src/report/html/page/text-key.ts';
import { pageData } from '../page-data.ts';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makeEvidence, makePath, makeVerdict, memorySource, OWN } from '../sample-source.ts';
import { renderToString } from '../sink.ts';

async function render(source: ReportSource, options: Partial<HtmlOptions> = {}): Promise<string> {
  return renderToString(renderHtml, source, options);
}

/** The rows of the sum on the first screen. */
function ledgerOf(page: string): readonly string[] {
  const table = /<table class="ledger">([\s\S]*?)<\/table>/.exec(page)?.[1] ?? '';
  const rows = table.matchAll(/<a [^>]*>([^<]*)<\/a><\/td><th scope="row"><span [^>]*>([^<]*)/g);
  return [...rows].map(([, count, what]) => `${count} ${what}`);
}

function listedRoles(page: string): readonly string[] {
  return pageData(page).flatMap((line) => (line.kind === 'findings' ? line.columns.roleName : []));
}

describe('the page', () => {
  it('is the same for the same source', async () => {
    expect(await render(sampleOrganisation(6, 40))).toBe(await render(sampleOrganisation(6, 40)));
  });

  it('starts its head with a policy that admits its own script and styles only', async () => {
    const page = await render(sampleOrganisation(1, 12));
    const [, policy = ''] =
      /<head>\s*<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page) ?? [];
    const hash = (text: string | undefined): string =>
      `'sha256-${createHash('sha256')
        .update(text ?? '')
        .digest('base64')}'`;
    // The first chooses the colours before anything is shown.
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => hash(script));
    expect(scripts).toHaveLength(2);
    const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => hash(style));
    expect(styles).toHaveLength(2);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${scripts.join(' ')}`,
      `style-src ${styles.join(' ')}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/\sstyle=|\son\w+=|@import|url\(/);
  });

  it('names the controls of a rule with source and fit, and tells its risk level from severity', async () => {
    const page = await render(sampleOrganisation(1, 12));
    const rules = page.slice(page.indexOf('<section id="rules"'), page.indexOf('<section id="method"'));
    expect(rules).toContain(
      '<td>Framework &amp; Controls</td><td><code>FC-1</code></td><td class="short">same rule</td><td>A public mapping</td>',
    );
    expect(rules).toContain('another tool maps its own version of the rule to the control');
    expect(rules).toContain('The severity of a finding grades how exposed the role was found to be');
  });

  it('carries every verdict of a small result and says so', async () => {
    const source = sampleOrganisation(3, 60);
    const page = await render(source);
    expect(listedRoles(page)).toHaveLength(180);
    expect(page).not.toContain('showing');
    expect(pageData(page).at(-1)).toEqual({ kind: 'end', findings: 180 });
  });

  it('takes the worst first when there is too much, and says what is left out', async () => {
    const verdicts = (['low', 'critical', 'medium', 'high'] as const).flatMap((severity) =>
      Array.from({ length: 3 }, (_, n) => makeVerdict({ severity, roleName: `${severity}-${n}` })),
    );
    verdicts.push(...Array.from({ length: 9 }, (_, n) => makeVerdict({ ...passing, roleName: `pass-${n}` })));
    const limits = { ...DEFAULT_LIMITS, findings: 5, others: 2 };
    const page = await render(memorySource({ verdicts }), { limits });
    expect([...listedRoles(page)].sort()).toEqual([
      'critical-0',
      'critical-1',
      'critical-2',
      'high-0',
      'high-1',
      'pass-0',
      'pass-1',
    ]);
    expect(page).toContain('<strong>showing 5 of 12</strong>');
    expect(page).toContain('<strong>showing 2 of 9</strong>');
    expect(page).toContain(
      '<strong>At least 6</strong> of 21 roles are open to outsiders: 3 to anyone, 3 to third',
    );
    expect(ledgerOf(page).at(-1)).toBe('12 Fail');
  });

  it('narrows rows, never counts, to the outcomes asked for', async () => {
    const verdicts = [makeVerdict(), makeVerdict({ ...passing, roleName: 'Guarded' })];
    const page = await render(memorySource({ verdicts }), { outcomes: ['pass'] });
    expect(listedRoles(page)).toEqual(['Guarded']);
    expect(page).toContain('<strong>1</strong> of 2 roles');
    expect(page).toContain('<strong>showing 0 of 1</strong>');
  });

  it('caps lists openly', async () => {
    const evidence = Array.from({ length: 4 }, (_, n) => makeEvidence({ path: `file-${n}` }));
    const source = memorySource({ verdicts: [makeVerdict()], evidence });
    const page = await render(source, { limits: { ...DEFAULT_LIMITS, evidence: 3 } });
    expect(page).toContain('<strong>Showing 3 of 4</strong>');
    const listed = pageData(page).flatMap((line) => (line.kind === 'evidence' ? line.rows : []));
    expect(listed.map((row) => row.path)).toEqual(['file-0', 'file-1', 'file-2']);
  });

  it('names every gap of the evidence', async () => {
    const evidence = [
      makeEvidence({ recordsRead: 5, recordsAccepted: 3, recordsDuplicate: 1, recordsRejected: 1 }),
      makeEvidence({
        path: 'cut.json',
        status: 'unreadable',
        problems: [{ code: 'json-truncated', message: 'ends in the middle of a string' }],
        recordsRead: 0,
        recordsAccepted: 0,
      }),
    ];
    const undecided = makeVerdict(
      { verdict: 'error', literal: 'error', severity: null, paths: [], witness: null },
      null,
    );
    const page = await render(memorySource({ verdicts: [undecided], evidence }));
    expect(page).toContain(
      '<strong>Incomplete.</strong> What follows could not be judged or may be missing; absence from this report proves nothing there.</p><ul><li>1 files could not be read whole.</li><li>1 records were rejected.</li>',
    );
    expect(page).toContain('<code>cut.json</code>: unreadable; ends in the middle of a string');
    expect(page).toContain('1 verdict is undecided');
    expect(page).toContain('1 record was rejected');
    expect(page).toContain('5 read = 3 accepted + 1 duplicate + 1 rejected');
  });

  it('says when the counts of records do not add up', async () => {
    const evidence = [makeEvidence({ recordsRead: 7, recordsAccepted: 3 })];
    const page = await render(memorySource({ verdicts: [], evidence }));
    expect(page).toContain('do not add up');
    expect(page).toContain('7 read ≠ 3 accepted');
  });

  it('claims completeness only when nothing is missing', async () => {
    const page = await render(memorySource({ verdicts: [makeVerdict()], evidence: [makeEvidence()] }));
    expect(page).toContain(
      '<strong>Complete.</strong> Every account of the organisation (1) is covered whole',
    );
    expect(page).toContain('<p class="state ok"><strong>Evidence complete.</strong>');
    expect(page).not.toMatch(/incomplete:|not graded without/i);
  });

  it('names accounts that are missing, closed, or stand as last captured', async () => {
    const verdicts = { pass: 0, fail: 1, 'not-applicable': 0, error: 0 };
    const row = { account: OWN, name: 'Own', capturedAt: '2026-01-01T00:00:00Z', complete: true, roles: 1 };
    const gap = (n: number) => ({ account: String(222233330000 + n), name: `Lost ${n}`, age: null });
    const source = memorySource({
      verdicts: [makeVerdict()],
      accounts: [{ ...row, carriedForward: 31, verdicts, closed: 0 }],
      evidence: [makeEvidence({ capturedFrom: 'modified' })],
      completeness: {
        members: 9,
        gaps: [0, 1, 2, 3, 4].map((n) => ({ ...gap(n), why: 'no-evidence' as const, capturedAt: null })),
        closed: [{ account: '444455550000', name: 'Gone', status: 'SUSPENDED' }],
        reasons: ['there is no evidence of accounts'],
        lacks: [
          {
            what: '5 accounts without evidence',
            named: ['222233330000', '222233330001', '222233330002'],
            more: 2,
          },
        ],
      },
    });
    const page = await render(source);
    expect(page).toContain('<strong>Evidence incomplete.</strong> Absence from this report proves nothing');
    expect(page).toContain(
      '<li>5 accounts without evidence<span class="named"><code title="222233330000">222233330000</code> <bdi>Lost 0</bdi>, <code title="222233330001">222233330001</code> <bdi>Lost 1</bdi> and 3 more</span></li>',
    );
    expect(page).toContain('<li>1 file dated by modification time alone</li>');
    expect(page).toContain('1 account carried forward</span></a> more than 7 days behind');
    const coverage = /<section id="coverage"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
    expect(coverage).toContain('5 of 9 members not covered, 0 incomplete, 1 carried forward');
    expect(coverage).toContain('<td><bdi>Lost 4</bdi></td><td>no evidence of it was read</td>');
    expect(coverage).toContain(
      '<td><code>444455550000</code></td><td><bdi>Gone</bdi></td><td>SUSPENDED</td>',
    );
    expect(coverage).toContain('1 file has no capture time but the modification time of the file');
    const badge = '<span class="badge carried">carried forward, 31 days</span>';
    // The worst findings, list of findings, heat map, list of accounts, Coverage.
    expect(page.split(badge)).toHaveLength(6);
    expect(pageData(page)).toContainEqual(
      expect.objectContaining({ kind: 'accounts', rows: [expect.objectContaining({ carriedForward: 31 })] }),
    );
  });

  it('says in short what is missing, with the end of long paths, and whole where there is no short form', async () => {
    const lacks = [
      {
        what: '4 files could not be read in full',
        named: ['/a/long/folder/of/evidence/2026-02-01/<one>.json', 'two.json', 'three.json'],
        more: 1,
      },
    ];
    const reasons = ['some evidence could not be read in full (4 files: ...)'];
    const interrupted = [{ id: 3, paths: ['exports'] }];
    const source = (completeness: object) =>
      memorySource({ verdicts: [makeVerdict()], interrupted, completeness });
    const page = await render(source({ reasons, lacks }));
    const list = /<ul class="lacks">([\s\S]*?)<\/ul>/.exec(page)?.[1];
    expect(list).toBe(
      '<li>Scan 3 was interrupted or is still under way<span class="named"><code title="exports">exports</code></span></li>' +
        '<li>4 files could not be read in full<span class="named"><code title="/a/long/folder/of/evidence/2026-02-01/&lt;one&gt;.json">…/2026-02-01/&lt;one&gt;.json</code>, <code title="two.json">two.json</code> and 2 more</span></li>',
    );
    const whole = await render(source({ reasons: [...reasons, 'something else'], lacks }));
    expect(whole).toContain('<li>Something else</li>');
  });

  it('claims nothing of completeness, and grades no relation, without a member list', async () => {
    const unknown = makeVerdict({ severity: 'medium', paths: [makePath({ relation: 'unknown' })] });
    const evidence = [makeEvidence()];
    const source = memorySource({ verdicts: [unknown], evidence, completeness: { membersKnown: false } });
    const page = await render(source);
    expect(page).toContain('<p class="state open"><strong>Completeness not known.</strong>');
    expect(page).not.toMatch(/evidence complete|<strong>complete\.|class="(?:state|notice) ok"/i);
    expect(page).toContain('<code>scan --accounts FILE</code>');
    expect(ledgerOf(page)).toEqual(['0 Critical', 'not graded High', '1 Medium', 'not graded Low', '1 Fail']);
    expect(page).toContain('open to a third party; not graded without <code>--accounts</code>');
    expect(page).toContain('<td>Not graded</td>');
    expect(page).toContain('members not given, 0 incomplete');
  });

  it('says of severity medium what there is of it, in the sum and of what is accepted', async () => {
    const medium = (notes: readonly string[], suppressedBy: string | null = null) =>
      makeVerdict({ severity: 'medium', notes, suppressedBy, roleName: `r-${notes.join()}-${suppressedBy}` });
    const network = memorySource({ verdicts: [medium(['network-confined'])] });
    expect(await render(network)).toContain(
      '<td class="ledger-words">open through a named network only</td>',
    );
    const several = memorySource({
      verdicts: [
        medium(['network-confined']),
        medium(['org-confined']),
        medium(['network-confined'], 'EX-1'),
        makeVerdict({ severity: 'low', suppressedBy: 'EX-1' }),
      ],
    });
    const page = await render(several);
    expect(page).toContain(
      '<td class="ledger-words">open 1 through a named network only, 1 to members of a named organisation only</td>',
    );
    expect(page).toContain(
      'by an exception: 1 through a named network only, 1 within the own organisation</td>',
    );
    expect(page).not.toContain('behind a weak guard');
    expect(ledgerOf(page)).toEqual(['0 Critical', '0 High', '2 Medium', '0 Low', '2 Accepted', '4 Fail']);
  });

  it('shows the count of a grade that named accounts have, member list or not', async () => {
    const source = memorySource({ verdicts: [makeVerdict()], completeness: { membersKnown: false } });
    expect(ledgerOf(await render(source))).toEqual([
      '0 Critical',
      '1 High',
      '0 Medium',
      'not graded Low',
      '1 Fail',
    ]);
  });

  it('describes the rules in full and links nothing but https', async () => {
    const page = await render(memorySource({ verdicts: [] }));
    expect(page).toContain('<a href="https://docs.example.com/trust" rel="noreferrer noopener"');
    expect(page).not.toContain('href="javascript:');
    expect(page).toContain('<li>javascript:alert(1)</li>');
    expect(page).toContain('<li>Framework Two &amp; Co</li>');
    expect(page).toContain('name like &#39;%&lt;b&gt;%&#39;\n');
  });

  it('draws the trend with what was carried forward, and says the same as a table', async () => {
    const page = await render(sampleOrganisation(2, 12));
    const section = /<section id="trend"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
    expect(section).toContain('by month');
    expect(section.match(/class="hollow"/g)).toHaveLength(1);
    expect(section.match(/class="whole"/g)).toHaveLength(2);
    expect(section.match(/class="bar bar-high"/g)).toHaveLength(3);
    expect(section).toMatch(
      /<svg [^>]*role="img" aria-label="From 2025-11-30 to 2026-02-28 failing roles went/,
    );
    const rows = [...section.matchAll(/<tr><th scope="row">(.*?)<\/th>/g)].map(([, at]) => at);
    expect(rows).toEqual(['2026-02-28', '2025-12-31', '2025-11-30']);
    expect(section).toContain('<strong>1</strong> of 2');
  });

  it('draws no trend of a single point', async () => {
    const page = await render(memorySource({ verdicts: [makeVerdict()] }));
    expect(page).toContain('There is one point in time so far');
  });

  it('counts the findings by state beside what is gone, and says what the words mean', async () => {
    const states = ['new', 'new', 'changed', 'reopened', 'unchanged', 'not-comparable', 'baseline'] as const;
    const verdicts = states.map((state, index) => makeVerdict({ state, roleName: `R${index}` }));
    verdicts.push(makeVerdict({ verdict: 'error', severity: null, state: 'not-comparable', roleName: 'E' }));
    const page = await render(memorySource({ verdicts, changes: { resolved: 5, notComparable: 6 } }));
    const card = /<aside class="changes"[\s\S]*?<\/aside>/.exec(page)?.[0] ?? '';
    const counts = [...card.matchAll(/<dt>([^<]*)<\/dt><dd>(?:<a [^>]*>)?([\d,]+)/g)].map(
      ([, name, count]) => `${name} ${count}`,
    );
    expect(counts).toEqual([
      'New 2',
      'Reopened 1',
      'Changed 1',
      'Resolved 5',
      'Unchanged 1',
      'Not comparable 2',
      'Baseline 1',
    ]);
    expect(card).toContain('data-filter="verdict:fail,error state:not-comparable"');
    expect(card).toContain('3 more findings were there as last seen and cannot be compared.');
    expect(card).toContain('<dt>Baseline</dt><dd>there is no earlier look at this account and rule');
    expect(card).not.toContain('This is the first look');
  });

  it('calls nothing new where there is no earlier look', async () => {
    const page = await render(memorySource({ verdicts: [makeVerdict({ state: 'baseline' })] }));
    expect(page).toContain('This is the first look at every account with findings');
  });

  it('lists exceptions with what is wrong with them', async () => {
    const page = await render(sampleOrganisation(2, 12));
    const section = /<section id="exceptions"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
    expect(section.match(/<tr><td class="who">/g)).toHaveLength(3);
    expect(section).toContain('data-filter="verdict:fail exception:EX-2026-014"');
    expect(section).not.toContain('data-filter="verdict:fail exception:EX-2025-002"');
    expect(section).toContain('It has expired and accepts nothing');
    expect(section).toContain('Over-broad: it accepts everybody.');
    expect(section).toContain('1 more finding has a further way in that it does not accept.');
    expect(page).toContain('Of the exceptions, 1 ends within 30 days, and 1 has expired');
    const none = await render(memorySource({ verdicts: [] }));
    expect(none).toContain('None: no finding is accepted');
  });

  it('shows the worst fifty findings without a script', async () => {
    const verdicts = Array.from({ length: 80 }, (_, n) =>
      makeVerdict({ severity: n === 79 ? 'critical' : 'low', roleName: `role-${n}` }),
    );
    const page = await render(memorySource({ verdicts }));
    const table = /data-static="findings">([\s\S]*?)<\/table>/.exec(page)?.[1] ?? '';
    const names = [...table.matchAll(/<code>(role-\d+)<\/code>/g)].map((match) => match[1]);
    expect(names).toHaveLength(50);
    expect(names[0]).toBe('role-79');
    expect(page).toContain('Showing 50 of 80.');
  });
});

const passing: Partial<VerdictObject> = { verdict: 'pass', literal: 'pass', severity: null, witness: null };

describe('html', () => {
  it('escapes values and leaves markup', () => {
    const inner = html`<b>${'<i>'}</b>`;
    expect(html`<p title="${'"\'`'}">${inner}${[inner, 'x&y']}${null}${3}</p>`.text).toBe(
      '<p title="&quot;&#39;&#96;"><b>&lt;i&gt;</b><b>&lt;i&gt;</b>x&amp;y3</p>',
    );
  });

  it('makes hidden characters visible', () => {
    expect(html`${'a\u202Eb\u0000'}`.text).toBe('a\\u202eb\\u0000');
  });
});

describe('chooseBudgets', () => {
  it('spends the limit from the worst class down', () => {
    const counts = {
      ...emptyCounts(),
      critical: 4,
      high: 4,
      error: 4,
      medium: 4,
      low: 4,
      'notable-pass': 3,
      'notable-not-applicable': 3,
    };
    const limits = { ...DEFAULT_LIMITS, findings: 10, notable: 4 };
    expect(chooseBudgets(counts, limits, ['fail', 'error', 'pass', 'not-applicable'])).toEqual({
      ...emptyCounts(),
      critical: 4,
      high: 4,
      error: 2,
      'notable-pass': 3,
      'notable-not-applicable': 1,
    });
  });
});

describe('StringIndex', () => {
  it('makes a long string again when it is taken, a short one it holds', () => {
    const index = new StringIndex();
    const made: number[] = [];
    const add = (text: string): number =>
      index.add(text, () => {
        made.push(text.length);
        return text;
      });
    const long = 'x'.repeat(20_000);
    expect([add(long), add('short'), add(long), add(`${long.slice(1)}y`)]).toEqual([0, 1, 0, 2]);
    expect(made).toEqual([]);
    expect([...index.takeFresh()]).toEqual([long, 'short', `${long.slice(1)}y`]);
    expect(made).toEqual([20_000, 20_000]);
  });

  it('takes no text for the key that stands for a long one', () => {
    const index = new StringIndex();
    const long = 'x'.repeat(20_000);
    const texts = [long, textKey(long), `\0${textKey(long)}`, ''];
    expect(texts.map((text) => index.add(text))).toEqual([0, 1, 2, 3]);
  });

  it('numbers strings once, and goes on counting after it has forgotten', () => {
    const index = new StringIndex();
    const large = 'x'.repeat(10 * 1024 * 1024);
    expect([index.add('a'), index.add(null), index.add('a'), index.add(large)]).toEqual([0, -1, 0, 1]);
    expect([...index.takeFresh()]).toEqual(['a', large]);
    expect([index.add(`${large}y`), index.add('a'), index.add('a')]).toEqual([2, 3, 3]);
    expect([...index.takeFresh()]).toEqual([`${large}y`, 'a']);
  });
});
