import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makePath, makeVerdict, memorySource, RULES } from '../sample-source.ts';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();

const FIRST = '100000000001';
const LAST = '100000000003';

/** A role that three accounts get into, the last one by name. */
function threeAccounts() {
  const path = (account: string, accountName: string | null = null) =>
    makePath({ account, accountName, principal: `arn:aws:iam::${account}:role/of-${account}` });
  const paths = [path(FIRST), path('100000000002'), path(LAST, 'Last')];
  return memorySource({ verdicts: [makeVerdict({ roleName: 'three', paths })] });
}

async function cell(page: Page, column: string): Promise<string> {
  const [first = ''] = await page.locator(`.findings tr.row .c-${column}`).allInnerTexts();
  return first;
}

describe('the row of a finding', () => {
  it.each([
    ['the id', `#findings?q=from:${LAST}`],
    ['the name', '#findings?q=open:last'],
  ])('shows the account that was asked for by %s, and not the first', async (_, fragment) => {
    const { page } = await open(threeAccounts(), { fragment });
    expect(await cell(page, 'external')).toMatch(new RegExp(`^Last\\n${LAST} · Third party\\nand 2 more$`));
    expect(await cell(page, 'why')).toContain(`of-${LAST}`);
  });

  it('shows the account of the group that it stands in', async () => {
    const { page } = await open(threeAccounts(), { fragment: '#findings?group=from' });
    await page.click('text="Open all"');
    const who = await page.locator('.findings tr.row .c-external').allInnerTexts();
    expect(who.map((text) => /1\d{11}/.exec(text)?.[0])).toEqual([FIRST, '100000000002', LAST]);
    const why = await page.locator('.findings tr.row .c-why').allInnerTexts();
    expect(why.map((text) => /of-(1\d{11})/.exec(text)?.[1])).toEqual([FIRST, '100000000002', LAST]);
  });

  it('shows the first where none is asked for, or one is ruled out', async () => {
    const { page } = await open(threeAccounts(), { fragment: '#findings?q=!from:anyone' });
    expect(await cell(page, 'external')).toContain(FIRST);
  });

  it('shows any account of the own organisation where that is asked for, and counts the others only', async () => {
    const member = makePath({
      ...{ account: FIRST, accountName: 'Archive', anyMember: true, relation: 'same-organisation' },
      principal: '*',
    });
    const ways = [makePath({ account: LAST }), member];
    const narrowed = {
      ...makeVerdict({ notes: ['guardrails-narrow'], paths: [makePath({ account: '*', principal: '*' })] }),
      ways,
    };
    const shown = (fragment: string): Promise<string> =>
      open(memorySource({ verdicts: [narrowed] }), { fragment }).then(({ page }) => cell(page, 'external'));
    const asked = /^any account of the own organisation\nfor example 100000000001\nand 1 more$/;
    expect(await shown('#findings?q=open:any-member')).toMatch(asked);
    expect(await shown('#findings')).toBe(`Example Vendor\n${LAST} · Third party\nand 1 more`);
    narrowed.ways = [member];
    expect(await shown('#findings')).not.toContain('more');
  });

  it.each([1440, 1024, 920])('shows a name of 64 characters to its end, at %i pixels', async (width) => {
    const names = ['-a', '-b'].map(
      (end) => `a-long-name-of-a-role-with-hyphens-`.repeat(2).slice(0, 62) + end,
    );
    const verdicts = names.map((roleName) => makeVerdict({ roleName }));
    const { page } = await open(memorySource({ verdicts }), { width });
    const cut = await page.evaluate(
      "[...document.querySelectorAll('.findings .c-role .first, .findings .c-role .cell')].map((one) => one.scrollHeight > one.clientHeight + 1)",
    );
    expect(cut).toEqual([false, false, false, false]);
  });

  it('names the rule where there are several, and says what counts which', async () => {
    const [rule] = RULES;
    if (rule === undefined) throw new Error('there is a rule');
    const render = { rules: [rule, { ...rule, id: 'X.1' }] };
    const verdicts = [makeVerdict(), makeVerdict({ rule: 'X.1' })];
    const { page } = await open(memorySource({ verdicts }), { render });
    const roles = await page.locator('.findings tr.row .c-role').allInnerTexts();
    expect(roles).toEqual(['Partner\nD9.AWS.IAM.99', 'Partner\nX.1']);
    expect(await page.textContent('.changes h3')).toBe('Since the look before all 2 rules');
    expect(await page.textContent('.ledger tfoot')).toContain('in all, of 1 judged by D9.AWS.IAM.99');
  });

  it('names no rule where there is one', async () => {
    const { page } = await open(memorySource({ verdicts: [makeVerdict()] }));
    expect(await cell(page, 'role')).toBe('Partner');
    expect(await page.textContent('.changes h3')).toBe('Since the look before');
  });
});

describe('groups by trust policy', () => {
  it('are named by who gets in and on what condition, and by a mark where that is alike', async () => {
    const policy = (sid: string, condition: object) =>
      JSON.stringify({
        Statement: {
          Sid: sid,
          Effect: 'Allow',
          Principal: '*',
          Action: 'sts:AssumeRole',
          Condition: condition,
        },
      });
    const paths = [makePath({ statement: 0 }), makePath({ statement: 0, account: '100000000002' })];
    const network = { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
    const verdicts = [policy('A', {}), policy('B', {}), policy('C', network)].map((text, n) =>
      makeVerdict({ roleName: `r${n}`, paths }, text),
    );
    const { page } = await open(memorySource({ verdicts }), { fragment: '#findings?group=policy' });
    const who = 'any principal of 444455556666 and principals of 1 more account';
    expect(await page.locator('.group-name').allTextContents()).toEqual([
      `${who}; no condition`,
      `${who}; no condition`,
      `${who}; only aws:SourceIp asked`,
    ]);
    const marks = await page.locator('.group-counts > .muted:first-child').allTextContents();
    expect(marks.every((mark) => /^policy [0-9a-f]{8}$/.test(mark))).toBe(true);
    expect(new Set(marks).size).toBe(3);
  });
});

describe('keys in the filter', () => {
  it('Escape does what Reset does, and down goes to the first row', async () => {
    const { page } = await open(sampleOrganisation(1, 36));
    const count = await page.textContent('.result-count');
    await page.fill('#filter-box', 'verdict:pass');
    await expect.poll(() => page.textContent('.result-count')).not.toBe(count);
    await page.focus('#filter-box');
    await page.keyboard.press('Escape');
    expect(await page.inputValue('#filter-box')).toBe('verdict:fail,error');
    await expect.poll(() => page.textContent('.result-count')).toBe(count);
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.activeElement.dataset.position')).toBe('0');
  });
});

describe('a finding that is opened', () => {
  it('shows what the tool quotes as code, and backticks of the evidence as they are', async () => {
    const message = '`arn:aws:iam::444455556666:role/x` of account 444455556666 can assume this role.';
    const verdicts = [
      makeVerdict({ roleName: 'one', message }),
      makeVerdict({ roleName: 'two`', message: `${message} \`` }),
    ];
    const { page } = await open(memorySource({ verdicts }));
    await page.locator('.findings tr.row').first().click();
    expect(await page.locator('#detail .message code').allTextContents()).toEqual([
      'arn:aws:iam::444455556666:role/x',
    ]);
    expect(await page.textContent('#detail .message')).not.toContain('`');
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await page.locator('#detail .message code').count()).toBe(0);
    expect(await page.textContent('#detail .message')).toContain('`');
  });
});

describe('the bar of severities', () => {
  it('has a part of its own for each count there is, however few', async () => {
    const severities = [...Array.from({ length: 900 }, () => 'high' as const), 'critical', 'low'] as const;
    const verdicts = severities.map((severity, n) => makeVerdict({ severity, roleName: `r${n}` }));
    const { page } = await open(memorySource({ verdicts }), { width: 390 });
    const parts = await page.locator('.severity-bar rect').all();
    expect(await Promise.all(parts.map((part) => part.getAttribute('class')))).toEqual([
      'part-critical',
      'part-high',
      'part-low',
    ]);
    for (const part of parts) expect((await part.boundingBox())?.width).toBeGreaterThan(4);
    expect(await page.getAttribute('.severity-bar', 'aria-hidden')).toBe('true');
  });

  it('is not there where nothing fails, and nothing is left blank then', async () => {
    const verdicts = [
      makeVerdict({ verdict: 'error', literal: 'error', severity: null, paths: [], witness: null }),
    ];
    const { page } = await open(memorySource({ verdicts }), { width: 1440 });
    expect(await page.locator('.severity-bar').count()).toBe(0);
    const screen = await page.locator('.first-screen').boundingBox();
    const words = await page.locator('.how-it-stands').boundingBox();
    expect(words?.width).toBe(screen?.width);
  });
});

it('names every link whose words alone say nothing', async () => {
  const { page } = await open(sampleOrganisation(2, 36));
  const names = await page
    .locator('main a[data-filter]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('aria-label') ?? link.textContent ?? ''));
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => /^(?:[\d,]{1,11}|Show them)$/.test(name.trim()))).toEqual([]);
});
