import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { exceptionEntry } from '../../../src/report/shared/exception-entry.ts';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makePath, makeVerdict, memorySource } from '../sample-source.ts';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();

const LONG = 'a-role-of-sixty-four-characters-that-nobody-wanted-to-shorten-ok';
const headings = (page: Page) => page.locator('.findings tr.group .group-name').allTextContents();
const roles = (page: Page) => page.locator('.findings tr.row .c-role code').allTextContents();

/** Two vendors: one gets into both accounts, one into the second alone, beside the first. */
function twoVendors() {
  const wren = makePath({
    account: '555566667777',
    accountName: 'Wrenfield',
    principal: 'arn:aws:iam::555566667777:root',
  });
  const example = makePath();
  const role = (roleName: string, account: string, paths: readonly ReturnType<typeof makePath>[]) =>
    makeVerdict({ roleName, account, paths, severity: account === '111122223333' ? 'low' : 'high' });
  return memorySource({
    verdicts: [
      role('one', '111122223333', [example]),
      role('two', '222233334444', [example, wren]),
      role('three', '222233334444', [example]),
      makeVerdict(
        {
          roleName: 'undecided',
          account: '222233334444',
          verdict: 'error',
          literal: 'error',
          severity: null,
          paths: [],
          witness: null,
        },
        null,
      ),
    ],
  });
}

describe('groups of findings', () => {
  it('by outside account hold a finding once for each account that it lets in', async () => {
    const { page, trouble } = await open(twoVendors(), { fragment: '#findings?group=from' });
    expect(await headings(page)).toEqual([
      'Example Vendor 444455556666 · third party',
      'Wrenfield 555566667777 · third party',
      'No outside account is known',
    ]);
    expect(await page.locator('.group-size').allTextContents()).toEqual([
      '3 verdicts',
      '1 verdict',
      '1 verdict',
    ]);
    expect(await page.textContent('.result-count')).toContain('4 of 4 listed verdicts, in 3 groups.');
    expect(await roles(page)).toEqual([]);
    await page.click('.group-head >> nth=1');
    expect(await roles(page)).toEqual(['two']);
    await page.click('text="Open all"');
    expect(await roles(page)).toEqual(['two', 'three', 'one', 'two', 'undecided']);
    await page.click('text="Close all"');
    expect(await roles(page)).toEqual([]);
    expect(trouble).toEqual([]);
  });

  it('by account come with the worst first, by policy with the policy', async () => {
    const { page } = await open(twoVendors());
    await page.selectOption('#group-by', 'account');
    expect(await headings(page)).toEqual(['222233334444', '111122223333']);
    expect(page.url()).toContain('group=account');
    expect(await page.locator('.group-counts').first().textContent()).toBe('2 high1 error3 verdicts');
    await page.click('.findings th.c-account button');
    expect(await headings(page)).toEqual(['111122223333', '222233334444']);
    expect(page.url()).toContain('sort=account');
    await page.selectOption('#group-by', 'policy');
    expect(await headings(page)).toEqual([
      'any principal of 444455556666; no condition',
      'No trust policy that could be read',
    ]);
    await page.selectOption('#group-by', '');
    expect(await page.locator('.findings tr.row').count()).toBe(4);
    expect(page.url()).not.toContain('group');
  });

  it('open and close by keys, and count positions within them', async () => {
    const { page } = await open(twoVendors(), { fragment: '#findings?group=from&sort=role' });
    await page.locator('.findings tr.group').first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await roles(page)).toEqual(['one', 'three', 'two']);
    expect(await page.getAttribute('.findings tr:focus .group-head', 'aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.textContent('.detail-bar')).toContain('2 of 3 in this group');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.textContent('.findings tr:focus .c-role code')).toBe('three');
    await page.keyboard.press('ArrowLeft');
    expect(await page.getAttribute('.findings tr:focus', 'class')).toBe('group');
    await page.keyboard.press('ArrowLeft');
    expect(await roles(page)).toEqual([]);
  });

  it('stay open when the order or the filter changes', async () => {
    const { page } = await open(twoVendors(), { fragment: '#findings?group=from' });
    await page.click('.group-head >> nth=1');
    await page.click('.findings th.c-role button');
    expect(await headings(page)).toHaveLength(3);
    expect(await roles(page)).toEqual(['two']);
    await page.fill('#filter-box', 'verdict:fail');
    await expect.poll(() => headings(page)).toHaveLength(2);
    expect(await roles(page)).toEqual(['two']);
    await page.selectOption('#group-by', 'account');
    expect(await roles(page)).toEqual([]);
  });

  it('are opened by a link to a finding in them', async () => {
    const target = makeVerdict({ roleName: 'three', account: '222233334444' }).object;
    const wanted = new URLSearchParams({
      group: 'account',
      sort: '-role',
      open: target.arn,
      under: target.rule,
    });
    const { page } = await open(twoVendors(), { fragment: `#findings?${wanted}` });
    expect(await page.textContent('#detail-title')).toBe('three');
    expect(await page.getAttribute('th.c-role', 'aria-sort')).toBe('descending');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.textContent('.findings tr:focus .c-role code')).toBe('three');
  });

  it('say on paper that rows of closed ones are not on it', async () => {
    const { page } = await open(twoVendors(), { fragment: '#findings?group=from' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.textContent('#findings .print-note')).toContain(
      'groups that are closed are not among them',
    );
  });
});

describe('the keys', () => {
  it('go to the filter and show themselves, but not while somebody writes', async () => {
    const { page, trouble } = await open(sampleOrganisation(3, 36));
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('filter-box');
    await page.keyboard.type('a/b?');
    expect(await page.inputValue('#filter-box')).toBe('a/b?');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('?');
    expect(await page.isVisible('#keys h2')).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.getByRole('button', { name: 'Keys' }).click();
    expect(await page.isVisible('#keys h2')).toBe(true);
    expect(trouble).toEqual([]);
  });

  it('of one character can be turned off, for the next time, too', { retry: 3 }, async () => {
    const { page, trouble } = await open(sampleOrganisation(3, 36));
    const names = await roles(page);
    await page.keyboard.press('?');
    await page.getByLabel('Use the single keys').uncheck();
    await page.keyboard.press('Escape');
    for (const when of ['now', 'next time']) {
      if (when === 'next time') {
        await page.reload();
        await page.waitForSelector('html[data-ready]', { state: 'attached' });
      }
      for (const key of ['?', '/']) await page.keyboard.press(key);
      expect(await page.locator('dialog[open]').count(), when).toBe(0);
      expect(await page.evaluate('document.activeElement.id'), when).not.toBe('filter-box');
      await page.locator('.findings tr.row').first().focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('j');
      expect(await page.textContent('#detail-title'), when).toBe(names[0]);
      expect(await page.getAttribute('[data-move="Next"]', 'aria-keyshortcuts'), when).toBeNull();
      await page.keyboard.press('ArrowRight');
      expect(await page.textContent('#detail-title'), when).toBe(names[1]);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Keys' }).click();
    await page.getByLabel('Use the single keys').check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('filter-box');
    expect(trouble).toEqual([]);
  });

  it('of one character can be turned off where the browser keeps nothing', async () => {
    const { page, trouble } = await open(sampleOrganisation(1, 12));
    await page.addInitScript(
      "Object.defineProperty(window, 'localStorage', { get() { throw new Error('not for pages from disk'); } })",
    );
    await page.reload();
    await page.waitForSelector('html[data-ready]', { state: 'attached' });
    await page.keyboard.press('?');
    await page.getByLabel('Use the single keys').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    expect(trouble).toEqual([]);
  });

  it('go through findings in the drawer, and give the row back', async () => {
    const { page } = await open(sampleOrganisation(3, 36));
    const names = (await roles(page)).slice(0, 3);
    const title = () => page.textContent('#detail-title');
    await page.locator('.findings tr.row').first().focus();
    await page.keyboard.press('Enter');
    for (const key of ['j', 'ArrowRight']) await page.keyboard.press(key);
    expect(await title()).toBe(names[2]);
    expect(await page.textContent('#detail [role="status"]')).toBe(`${names[2]}, 3 of ${await count(page)}`);
    for (const key of ['k', 'ArrowLeft', 'k']) await page.keyboard.press(key);
    expect(await title()).toBe(names[0]);
    // Who presses the button stays on it.
    await page.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect(await title()).toBe(names[2]);
    // Arrows scroll what scrolls sideways.
    await page.locator('#detail .policy').focus();
    await page.keyboard.press('ArrowRight');
    expect(await title()).toBe(names[2]);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.textContent('.findings tr:focus .c-role code')).toBe(names[2]);
  });

  async function count(page: Page): Promise<string> {
    return String(Number(await page.getAttribute('table.findings', 'aria-rowcount')) - 1);
  }

  it('are not needed: the name of a role is a link, the account of a list a button', async () => {
    const { page } = await open(sampleOrganisation(3, 36));
    const link = page.locator('.findings tr.row .c-role a').first();
    const name = await link.textContent();
    const href = (await link.getAttribute('href')) ?? '';
    await link.dispatchEvent('click');
    expect(await page.textContent('#detail-title')).toBe(name);
    expect(new URL(page.url()).hash).toBe(href);
    await page.keyboard.press('Escape');
    await page.locator('.accounts tr.row button').first().dispatchEvent('click');
    await expect.poll(() => page.inputValue('#filter-box')).toMatch(/^acct:/);
  });
});

describe('an opened finding', () => {
  it('says why it matters and what is to be copied to accept it', async () => {
    const verdict = makeVerdict();
    const { page } = await open(memorySource({ verdicts: [verdict] }));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.click('.findings tr.row');
    expect(await page.textContent('#detail .message')).toBe(
      'Any principal of account 444455556666 (Example Vendor) can assume this role without MFA or an external ID.',
    );
    expect(await page.textContent('#detail .matters')).toContain(
      'Anybody whom Example Vendor (account 444455556666)',
    );
    await page.getByRole('button', { name: 'Copy exception entry' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(exceptionEntry(verdict.object));
  });

  it('puts many ways in together by account, and makes them when somebody looks', async () => {
    const paths = Array.from({ length: 200 }, (_, n) => {
      const account = n < 150 ? '444455556666' : '555566667777';
      return makePath({ account, principal: `arn:aws:iam::${account}:role/r${n}` });
    });
    const { page, trouble } = await open(memorySource({ verdicts: [makeVerdict({ paths })] }));
    expect(await page.textContent('.findings tr.row .c-why')).toBe(
      '150 principals of the account; no condition',
    );
    await page.click('.findings tr.row');
    const groups = page.locator('#detail details.ways');
    expect(await groups.locator('summary').allTextContents()).toEqual([
      'Example Vendor 444455556666 · Third party · 150 ways in, 150 unguarded',
      'Example Vendor 555566667777 · Third party · 50 ways in, 50 unguarded',
    ]);
    expect(await groups.locator('tr').count()).toBe(0);
    await groups.locator('summary').first().click();
    await expect.poll(() => groups.first().locator('tbody tr').count()).toBe(150);
    expect(trouble).toEqual([]);
  });
});

describe('the findings at every width', () => {
  const source = memorySource({
    verdicts: [
      makeVerdict({
        roleName: LONG,
        paths: [makePath({ accountName: `${LONG} Limited` })],
        notes: ['guardrails-unknown', 'conflicting-records'],
        literal: 'not-applicable',
      }),
      ...Array.from({ length: 30 }, (_, n) => makeVerdict({ roleName: `${LONG.slice(0, 60)}-${n}` })),
    ],
  });

  it.each([1440, 1024, 900, 390])('cut nothing and need no scrolling sideways (%i pixels)', async (width) => {
    const { page, trouble } = await open(source, { width });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    const wider = await page.evaluate<readonly string[]>(
      "[...document.querySelectorAll('.scroller')].filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.firstChild.className)",
    );
    expect(wider).toEqual([]);
    const cutMarks = await page.evaluate<readonly string[]>(
      "[...document.querySelectorAll('.scroller .badge')].filter((each) => each.scrollWidth > each.clientWidth || each.getBoundingClientRect().bottom > each.closest('.cell').getBoundingClientRect().bottom).map((each) => each.textContent)",
    );
    expect(cutMarks).toEqual([]);
    for (const id of ['severity', 'role', 'account', 'external', 'why', 'state'])
      expect(await page.locator(`.findings td.c-${id}`).first().isVisible(), id).toBe(true);
    expect(await page.getAttribute('.findings .c-role a', 'title')).toContain(LONG);
    // Rows are as high as the table thinks they are, or scrolling would lead astray.
    const heights = await page.evaluate<readonly number[]>(
      "[...document.querySelectorAll('.findings tr.row')].map((each) => each.getBoundingClientRect().height)",
    );
    expect(new Set(heights).size).toBe(1);
    await page.locator('.findings tr.row').first().focus();
    await page.keyboard.press('End');
    expect(await page.textContent('.findings tr:focus .c-role code')).toBe(`${LONG.slice(0, 60)}-29`);
    expect(trouble).toEqual([]);
  });

  it('are cards on a telephone, with headings that still sort', async () => {
    const { page } = await open(sampleOrganisation(3, 36), { width: 390 });
    expect(await page.evaluate("getComputedStyle(document.querySelector('.findings tr.row')).display")).toBe(
      'grid',
    );
    await page.click('.findings th.c-role button');
    const shown = await roles(page);
    expect(shown.slice(0, 5)).toEqual([...shown.slice(0, 5)].sort());
    expect(
      await page.locator('.virtual [role="row"] > :not([role="gridcell"], [role="columnheader"])').count(),
    ).toBe(0);
  });
});
