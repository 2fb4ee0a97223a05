import { describe, expect, it } from 'vitest';
import { visible } from '../../../src/text/hidden-characters.ts';
import { HOSTILE, hostileSource } from '../hostile-source.ts';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makeDisagreement, makeVerdict, memorySource } from '../sample-source.ts';
import { type OpenedPage, useBrowser } from './browser.ts';

const { open } = useBrowser();

function field(label: string): string {
  return `.controls label:has(> span:text-is("${label}")) > :is(input, select)`;
}

async function resultCount({ page }: OpenedPage, expected: RegExp): Promise<void> {
  await expect.poll(() => page.textContent('.result-count')).toMatch(expected);
}

describe('the page in a browser', () => {
  const organisation = sampleOrganisation(12, 36);
  const totals = organisation.totals();

  it('opens from disk without an error and without asking for anything else', async () => {
    const { page, trouble } = await open(organisation);
    expect(await page.locator('.findings tr.row').count()).toBeGreaterThan(5);
    expect(await page.locator('[data-static]:visible').count()).toBe(0);
    expect(trouble).toEqual([]);
  });

  it('counts what the source counts', async () => {
    const view = await open(organisation);
    const findings = totals.verdicts.fail + totals.verdicts.error;
    await resultCount(view, new RegExp(`^${findings} of 432 listed`));
    const legend = await view.page.locator('.legend dd strong').allTextContents();
    const { fail, error, pass, 'not-applicable': none } = totals.verdicts;
    expect(legend.map(Number)).toEqual([fail, error, pass, none]);
    const rowCount = await view.page.getAttribute('table.findings', 'aria-rowcount');
    expect(Number(rowCount)).toBe(findings + 1);
  });

  it('marks findings on which files disagree, in the table and the panel, and one link shows them alone', async () => {
    const view = await open(
      memorySource({
        verdicts: [
          makeVerdict({ notes: ['conflicting-records'] }),
          makeVerdict({ roleName: 'Undisputed' }),
          makeVerdict({ roleName: 'WeakPass', verdict: 'pass', literal: 'pass', paths: [] }),
        ],
        disagreements: [makeDisagreement()],
      }),
    );
    const { page, trouble } = view;
    const rows = page.locator('.findings tr.row');
    expect(await rows.locator('.badge', { hasText: 'files disagree' }).count()).toBe(1);
    await page.click('#coverage a[data-filter="note:conflicting-records"]');
    await resultCount(view, /^1 of 3/);
    await rows.first().click();
    expect(await page.textContent('#detail .notice.warn')).toBe('files disagree');
    expect(await page.textContent('#detail')).toContain('look first which one is in force');
    expect(trouble).toEqual([]);
  });

  it.each([
    ['Verdict', '', 432],
    ['Verdict', 'pass', totals.verdicts.pass],
    ['Severity', 'critical', countBy((v) => v.severity === 'critical')],
    [
      'Relation',
      'same-organisation',
      countBy((v) => v.paths.some((path) => path.relation === 'same-organisation')),
    ],
    ['State', 'reopened', countBy((v) => v.state === 'reopened')],
    ['Exception', 'yes', countBy((v) => v.suppressedBy !== null)],
  ])('filters by %s %s', async (label, value, expected) => {
    expect(expected).toBeGreaterThan(0);
    const view = await open(organisation);
    await view.page.selectOption(field(label), value);
    await resultCount(view, new RegExp(`^${expected} of 432`));
  });

  function countBy(test: (verdict: ReturnType<typeof makeVerdict>['object']) => boolean): number {
    const wanted = organisation.verdicts({ outcomes: ['fail', 'error'] });
    return [...wanted].filter(({ object }) => test(object)).length;
  }

  it('filters by account, by search words and by differing readings, and resets', async () => {
    const view = await open(organisation);
    const { page } = view;
    const all = totals.verdicts.fail + totals.verdicts.error;
    await page.fill(field('Filter'), 'verdict:fail,error acct:billing');
    await resultCount(view, new RegExp(`^${countBy((v) => v.account === '100015838634')} of`));
    await page.click('.controls button');
    await resultCount(view, new RegExp(`^${all} of`));
    await page.fill(field('Filter'), 'verdict:fail,error NIGHTWATCH search-');
    const expected = countBy(
      (v) =>
        v.roleName.startsWith('search-') && v.paths.some((p) => p.accountName === 'Nightwatch Monitoring'),
    );
    expect(expected).toBeGreaterThan(0);
    await resultCount(view, new RegExp(`^${expected} of`));
    await page.fill(field('Filter'), 'verdict:fail,error arn:aws:iam::100007919317:role/');
    await resultCount(view, new RegExp(`^${countBy((v) => v.account === '100007919317')} of`));
    await page.click('.controls button');
    await page.selectOption(field('Readings'), 'yes');
    await resultCount(view, new RegExp(`^${countBy((v) => v.verdict !== v.literal)} of`));
    await page.fill(field('Filter'), 'no such role');
    await resultCount(view, /^Nothing matches/);
    expect(view.trouble).toEqual([]);
  });

  it('sorts by the heading', async () => {
    const { page } = await open(organisation);
    const firstRole = () => page.locator('.findings tr.row .c-role code').first().textContent();
    await page.click('th.c-role button');
    const names = [...organisation.verdicts({ outcomes: ['fail', 'error'] })]
      .map(({ object }) => object.roleName)
      .sort();
    expect(await firstRole()).toBe(names[0]);
    expect(await page.getAttribute('th.c-role', 'aria-sort')).toBe('ascending');
    await page.click('th.c-role button');
    expect(await firstRole()).toBe(names.at(-1));
  });

  it('opens a finding by keyboard, moves on, closes, and returns to the row', async () => {
    const { page, trouble } = await open(organisation);
    await page.locator('.findings tr.row').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const name = await page.locator('.findings tr:focus .c-role code').textContent();
    await page.keyboard.press('Enter');
    expect(await page.textContent('#detail-title')).toBe(name);
    expect(page.url()).toContain('open=arn');
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await page.textContent('#detail-title')).not.toBe(name);
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    // The browser tells of the closing a moment later.
    await expect.poll(() => page.getAttribute('.findings tr:focus', 'aria-rowindex')).toBe('5');
    expect(trouble).toEqual([]);
  });

  it('keeps the keyboard in the table when rows come and go', async () => {
    const { page } = await open(sampleOrganisation(40, 60));
    await page.locator('.findings tr.row').first().focus();
    await page.keyboard.press('End');
    const last = await page.getAttribute('table.findings', 'aria-rowcount');
    expect(await page.getAttribute('.findings tr:focus', 'aria-rowindex')).toBe(last);
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    expect(await page.getAttribute('.findings tr:focus', 'aria-rowindex')).toBe('2');
    expect(await page.locator('.findings tr.row').count()).toBeLessThan(60);
  });

  it('shows everything about a finding', async () => {
    const verdict = makeVerdict({ literal: 'pass', notes: ['literal-any-statement', 'unheard-of'] });
    const { page } = await open(memorySource({ verdicts: [verdict] }));
    await page.click('.findings tr.row');
    const text = await page.textContent('#detail');
    expect(text).toContain('signed with a long-term access key, so it says nothing about MFA');
    expect(text).toContain('Statement 1 of the trust policy admits arn:aws:iam::444455556666:root');
    expect(text).toContain('The literal text accepts a guard on any statement');
    expect(text).toContain('No explanation is recorded for this code. unheard-of');
    expect(text).toContain('They differ: Fail against Pass');
    expect(text).toContain('8,192 bytes into the decompressed file');
    const marked = await page.locator('.policy .offending').allTextContents();
    expect(marked.join('\n')).toContain('"Sid": "Vendor"');
    expect(marked.join('\n')).not.toContain('"Sid": "Own"');
    expect(text).toContain('Judged again, the amended policy no longer fails.');
    const amended = await page.locator('.snippet pre').first().textContent();
    expect(JSON.parse(amended ?? '')).toHaveProperty([
      'Statement',
      1,
      'Condition',
      'StringEquals',
      'sts:ExternalId',
    ]);
    const added = await page.locator('.diff .added').allTextContents();
    expect(added.every((line) => line.startsWith('+'))).toBe(true);
    expect(added.join('\n')).toContain('sts:ExternalId');
    await page.click('summary:text-is("AWS CLI")');
    expect(await page.textContent('#detail')).toContain('aws iam update-assume-role-policy');
  });

  it('goes from a finding to its rule, with the keyboard too', async () => {
    const { page, trouble } = await open(organisation);
    await page.click('.findings tr.row');
    await page.getByRole('link', { name: 'D9.AWS.IAM.99', exact: true }).press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.closest("details")?.id')).toBe('rule-1');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    expect(new URL(page.url()).hash).toBe('#rule-1');
    expect(trouble).toEqual([]);
  });

  it('offers no change where there is nothing to change', async () => {
    const error = makeVerdict(
      { verdict: 'error', literal: 'error', severity: null, paths: [], witness: null },
      null,
    );
    const { page } = await open(memorySource({ verdicts: [error] }));
    await page.click('.findings tr.row');
    const text = await page.textContent('#detail');
    expect(text).toContain('no trust policy that could be read');
    expect(text).toContain('Nothing can be proposed');
    expect(await page.locator('.snippet').count()).toBe(0);
  });

  it('follows an address to a view and to one finding', async () => {
    const target = [...organisation.verdicts({ outcomes: ['pass'] })][3]?.object;
    const fragment = `#findings?${new URLSearchParams({ q: 'verdict:pass', open: target?.arn ?? '', under: target?.rule ?? '' })}`;
    const view = await open(organisation, { fragment });
    await resultCount(view, new RegExp(`^${totals.verdicts.pass} of`));
    expect(await view.page.textContent('#detail-title')).toBe(target?.roleName);
    await view.page.keyboard.press('Escape');
    await view.page.click('.ledger a[data-filter*="severity:high"]');
    const high = countBy((v) => v.severity === 'high' && v.suppressedBy === null);
    await resultCount(view, new RegExp(`^${high} of`));
    expect(view.page.url()).toContain('#findings?q=verdict%3Afail+severity%3Ahigh+accepted%3Ano');
    expect(view.trouble).toEqual([]);
  });

  it('goes from an account to its findings', async () => {
    const view = await open(organisation);
    const row = view.page.locator('table.accounts tr.row[data-position="2"]');
    const account = await row.locator('.c-account .first').textContent();
    await row.click();
    await resultCount(view, /^36 of 432/);
    expect(await view.page.inputValue(field('Filter'))).toBe(`acct:${account}`);
  });

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
  ] as const)('fits a window %i pixels wide (%s)', async (width, colorScheme) => {
    const { page } = await open(hostileSource(), { width, colorScheme });
    const overflow = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(await overflow()).toBe(0);
    await page.click('.findings tr.row');
    expect(
      await page.evaluate('document.querySelector("#detail").scrollWidth - innerWidth'),
    ).toBeLessThanOrEqual(0);
    await page.keyboard.press('Escape');
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible('.controls')).toBe(false);
  });

  it('shows the name of the role at every width', async () => {
    const { page } = await open(organisation);
    for (const width of [
      1400, 1241, 1240, 1101, 1100, 1024, 981, 980, 901, 900, 801, 800, 700, 621, 620, 390,
    ]) {
      await page.setViewportSize({ width, height: 900 });
      const right = "document.querySelector('.findings td.c-role').getBoundingClientRect().right";
      const left = "document.querySelector('.findings td.c-role').getBoundingClientRect().left";
      expect(await page.evaluate(`${right} - ${left}`), `${width} pixels`).toBeGreaterThan(110);
      expect(await page.evaluate(right), `${width} pixels`).toBeLessThanOrEqual(width);
    }
  });

  it('prints rows that are out of sight, as many as it says', async () => {
    const { page } = await open(sampleOrganisation(40, 60));
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.locator('.findings tr.row').count()).toBe(500);
    expect(await page.textContent('#findings .print-note')).toMatch(
      /^Filter: verdict:fail,error\. Printed: 500 of \d+ rows/,
    );
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await page.locator('.findings tr.row').count()).toBeLessThan(60);
  });

  it('labels every control and gives severity in words', async () => {
    const { page } = await open(organisation);
    const unlabelled = await page.evaluate(
      "[...document.querySelectorAll('input, select')].filter((control) => control.labels.length === 0 && !control.ariaLabel).length",
    );
    expect(unlabelled).toBe(0);
    const badges = await page.locator('.findings .c-severity .badge').allTextContents();
    expect(new Set(badges)).toEqual(new Set(['Critical']));
  });

  it('remains readable without scripts', async () => {
    const { page } = await open(organisation, { scripts: false });
    expect(await page.locator('[data-static="findings"] tbody tr:visible').count()).toBe(50);
    expect(await page.isVisible('.headline')).toBe(true);
    expect(await page.isVisible('[data-app="findings"]')).toBe(false);
  });

  it('says so when its data is cut short, and keeps the plain tables', async () => {
    const edit = (html: string): string =>
      html.replace(/(id="report-data">\n.{400})[\s\S]*?(<\/script>)/, '$1\n$2');
    const { page } = await open(organisation, { edit });
    expect(await page.textContent('#page-status')).toContain('The full tables cannot be shown');
    expect(await page.locator('[data-static="findings"] tbody tr:visible').count()).toBe(50);
  });
});

describe('hostile evidence', () => {
  it('is shown as text everywhere and runs nowhere', async () => {
    const { page, trouble } = await open(hostileSource());
    for (let position = 0; position < HOSTILE.length; position++) {
      await page.evaluate(`document.querySelector('.findings tr[data-position="${position}"]').click()`);
      await page.evaluate(
        "document.querySelectorAll('#detail summary').forEach((summary) => summary.click())",
      );
      const shown = visible(HOSTILE[position] ?? '');
      expect(await page.textContent('#detail-title')).toBe(shown);
      expect(await page.textContent('#detail .message')).toBe(shown);
      // What is said of a move is evidence, too.
      for (const key of ['j', 'k']) await page.keyboard.press(key);
      expect(await page.textContent('#detail [role="status"]')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.locator('img, iframe, object, embed, base, form').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.textContent('body')).not.toMatch(/[\u202E\u2066\u200B]/);
    const attributes = await page.evaluate<readonly string[]>(
      "[...document.querySelectorAll('*')].flatMap((each) => [...each.attributes].map(({ value }) => value))",
    );
    expect(attributes.join('')).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]/u);
    const addresses = await page.evaluate<readonly string[]>(
      "[...document.querySelectorAll('[href], [src], [action]')].map((each) => each.href?.baseVal ?? each.href ?? each.src ?? '')",
    );
    expect(addresses.filter((address) => !/^(https:|file:|data:,$|#)/.test(address))).toEqual([]);
    const ids = await page.evaluate<readonly string[]>(
      "[...document.querySelectorAll('[id]')].map(({ id }) => id)",
    );
    expect(ids).toEqual([...new Set(ids)]);
    expect(trouble).toEqual([]);
  });

  it('is shown as text without scripts too', async () => {
    const { page } = await open(hostileSource(), { scripts: false });
    expect(await page.locator('img, iframe, object, embed, base, form').count()).toBe(0);
    expect(await page.textContent('body')).toContain('</script><script>window.pwned=1</script>');
  });

  it('meets a policy that stops what gets past the escaping', async () => {
    const injected =
      '<p id="probe">x</p><script>window.pwned=1</script><img src="https://example.invalid/x.png" onerror="window.pwned=2"><style>#probe{color:rgb(1,2,3)}</style>';
    const { page, trouble } = await open(hostileSource(), {
      edit: (html) => html.replace('<main>', `<main>${injected}`),
    });
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.evaluate('getComputedStyle(document.querySelector("#probe")).color')).not.toBe(
      'rgb(1, 2, 3)',
    );
    expect(
      trouble.filter((entry) => entry.includes('Content Security Policy')).length,
    ).toBeGreaterThanOrEqual(4);
    expect(await page.evaluate('fetch("https://example.invalid/").then(() => "open", () => "shut")')).toBe(
      'shut',
    );
  });
});
