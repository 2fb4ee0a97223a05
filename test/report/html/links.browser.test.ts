import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makeException, makePath, makeVerdict, memorySource } from '../sample-source.ts';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();

const roles = (page: Page) => page.locator('.findings tr.row .c-role code').allTextContents();

/** What *Copy link* gives where the clipboard is refused. */
async function copiedLink(page: Page, within: string): Promise<string> {
  await page.evaluate(
    "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: () => Promise.reject(new Error('refused')) } })",
  );
  await page.locator(within).getByRole('button', { name: 'Copy link' }).click();
  return page.locator(within).getByLabel('Link', { exact: true }).inputValue();
}

describe('a link to what is shown', () => {
  it('has the filter, too, after somebody went to another section', async () => {
    const { page } = await open(sampleOrganisation(3, 36), {
      fragment: '#findings?q=severity%3Ahigh&sort=-role',
    });
    await page.click('nav a[href="#findings"]');
    expect(new URL(page.url()).hash).toBe('#findings');
    const link = await copiedLink(page, '.result-bar');
    expect(new URL(link).hash).toBe('#findings?q=severity%3Ahigh&sort=-role');
    expect(link.split('#')[0]).toBe(page.url().split('#')[0]);
  });

  it('has the finding that is open', async () => {
    const { page } = await open(sampleOrganisation(3, 36));
    await page.locator('.findings tr.row').first().click();
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await copiedLink(page, '#detail')).toBe(page.url());
  });

  it('says so when it is to a finding that is not here', async () => {
    const arn = 'arn:aws:iam::111122223333:role/gone';
    const fragment = `#findings?${new URLSearchParams({ open: arn, under: 'D9.AWS.IAM.99' })}`;
    const { page } = await open(sampleOrganisation(1, 12), { fragment });
    expect(await page.locator('dialog[open]').count()).toBe(0);
    expect(await page.textContent('.doubts')).toBe(
      `The finding of this link is not in this report (the role is gone, or is not listed): ${arn}`,
    );
  });

  it('is left with Back: the finding that it opened closes, and the page stays where it is', async () => {
    const { page } = await open(sampleOrganisation(3, 36));
    await page.locator('.worst a').first().click();
    await page.locator('#detail[open]').waitFor();
    await page.goBack();
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
    expect(new URL(page.url()).hash).toBe('');
    await page.goForward();
    await page.locator('#detail[open]').waitFor();
  });

  it('puts the keyboard at the findings', async () => {
    const { page } = await open(sampleOrganisation(12, 36));
    await page.locator('.heat a').first().focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('filter-box');
  });
});

describe('a filter finds what its link promised', () => {
  const accepted = (roleName: string, suppressedBy: string) => makeVerdict({ roleName, suppressedBy });

  it('of one exception, not of those whose ids hold its own', async () => {
    const { page } = await open(
      memorySource({
        verdicts: [accepted('one', 'EX-1'), accepted('ten', 'EX-10'), accepted('odd', 'EX "3", or more')],
        exceptions: [
          makeException({ id: 'EX-1', findings: 1 }),
          makeException({ id: 'EX "3", or more', findings: 1 }),
        ],
      }),
    );
    const links = page.locator('#exceptions a[data-filter]');
    await links.nth(0).click();
    expect(await roles(page)).toEqual(['one']);
    await links.nth(1).click();
    expect(await roles(page)).toEqual(['odd']);
    await page.fill('#filter-box', 'exception:ex-');
    await expect.poll(() => page.locator('.findings tr.row').count()).toBe(2);
  });

  it('of one account, not of those whose names hold its id', async () => {
    const named = makePath({ account: '555566667777', accountName: 'copy of 444455556666, anyone' });
    const { page } = await open(
      memorySource({
        verdicts: [makeVerdict({ roleName: 'one' }), makeVerdict({ roleName: 'two', paths: [named] })],
      }),
    );
    for (const query of ['from:444455556666', 'open:444455556666']) {
      await page.fill('#filter-box', query);
      await expect.poll(() => roles(page), { message: query }).toEqual(['one']);
    }
    await page.fill('#filter-box', 'from:anyone');
    await expect.poll(() => roles(page)).toEqual([]);
    await page.fill('#filter-box', 'from:copy');
    await expect.poll(() => roles(page)).toEqual(['two']);
  });

  it('of words that name what every object has', async () => {
    const { page, trouble } = await open(sampleOrganisation(1, 12), {
      fragment: '#findings?q=constructor%3Ax',
    });
    expect(await page.textContent('.result-count')).toContain('Nothing matches.');
    expect(trouble).toEqual([]);
  });
});

describe('the order of the findings', () => {
  it('by account and by who gets in is that of the names that are shown', async () => {
    const source = sampleOrganisation(8, 36);
    const { page } = await open(source, { fragment: '#findings?sort=account' });
    const shown = () => page.locator('.findings tr.row .c-account .first').allTextContents();
    const ids = [...source.accounts()].map(({ account, name }) => name ?? account).sort();
    expect((await shown())[0]).toBe(ids[0]);
    await page.click('.findings th.c-account button');
    expect((await shown())[0]).toBe(ids.at(-1));
    await page.fill('#filter-box', 'verdict:fail');
    await page.click('.findings th.c-external button');
    const outsiders = await page.locator('.findings tr.row .c-external .first').allTextContents();
    const keys = outsiders.map((name) => (name === 'anyone' ? '' : name.toLowerCase()));
    expect(keys).toEqual([...keys].sort());
  });
});

describe('why a finding is one', () => {
  it.each([
    ['arn:aws:sts::444455556666:assumed-role/Deploy/ci', 'the session ci of the role Deploy'],
    ['arn:aws:iam::444455556666:role/path/Deploy', 'the role Deploy'],
    ['arn:aws:iam::444455556666:user/ops', 'the user ops'],
  ])('names %s', async (principal, words) => {
    // Two statements may name the same principal.
    const paths = [makePath({ principal }), makePath({ principal, statement: 1 })];
    const { page } = await open(memorySource({ verdicts: [makeVerdict({ paths })] }));
    expect(await page.textContent('.findings .c-why .why')).toContain(words);
  });

  it('says of a way in that either guard is enough', async () => {
    const paths = [makePath({ guards: ['external-id', 'mfa'] })];
    const { page } = await open(
      memorySource({ verdicts: [makeVerdict({ verdict: 'pass', severity: null, paths })] }),
      { fragment: '#findings?q=' },
    );
    await page.click('.findings tr.row');
    expect(await page.locator('#detail .table-wrap td').last().textContent()).toBe('external ID or MFA');
  });

  it('does not ask for an exception where one accepts it', async () => {
    const { page } = await open(
      memorySource({
        verdicts: [makeVerdict(), makeVerdict({ roleName: 'accepted', suppressedBy: 'EX-1' })],
      }),
    );
    const button = page.getByRole('button', { name: 'Copy exception entry' });
    await page.locator('.findings tr.row', { hasText: 'Partner' }).click();
    expect(await button.count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.locator('.findings tr.row', { hasText: 'accepted' }).first().click();
    expect(await page.textContent('#detail .notice')).toContain('Accepted by the exception EX-1');
    expect(await button.count()).toBe(0);
  });
});
