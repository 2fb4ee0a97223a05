import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makeDisagreement, makeException, makePath, makeVerdict, memorySource } from '../sample-source.ts';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();

/** A page of A4 without its margins. */
const SHEET = 718;

/** As paper has it: the media, the width and what the page does before it is printed. */
async function print(page: Page): Promise<void> {
  await page.emulateMedia({ media: 'print' });
  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
}

function sheetsOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

const DISAGREEMENTS = memorySource({
  verdicts: [makeVerdict()],
  disagreements: Array.from({ length: 17 }, (_, n) =>
    makeDisagreement({ arn: `arn:aws:iam::111122223333:role/R${n}` }),
  ),
});

describe('an opened finding on paper', () => {
  const principals = Array.from({ length: 200 }, (_, n) => String(100_000_000_000 + n));
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: principals.map((AWS) => ({
      Effect: 'Allow',
      Principal: { AWS },
      Action: 'sts:AssumeRole',
    })),
  });
  const paths = principals.map((account, statement) => makePath({ account, principal: account, statement }));
  const source = memorySource({ verdicts: [makeVerdict({ paths }, policy)] });

  it('is all of it, on as many sheets as it takes, and the window is as it was', async () => {
    const { page, trouble } = await open(source);
    await page.click('.findings tr.row');
    const address = page.url();
    const pdf = await page.pdf({ format: 'A4' });
    expect(sheetsOf(pdf)).toBeGreaterThan(10);
    expect(await page.locator('#detail').isVisible()).toBe(true);
    expect(await page.locator('.printed-finding').count()).toBe(0);
    expect(page.url()).toBe(address);
    expect(trouble).toEqual([]);
  });

  it('says what the window says, from the left edge to the last line', async () => {
    const { page } = await open(source, { width: SHEET });
    await page.click('.findings tr.row');
    const said = await page.textContent('#detail .detail-body');
    await print(page);
    expect(await page.textContent('.printed-finding .detail-body')).toBe(said);
    const box = await page.evaluate(`(() => {
      const copy = document.querySelector('.printed-finding');
      const last = copy.querySelector('.detail-body').lastElementChild.getBoundingClientRect();
      const style = getComputedStyle(copy.querySelector('.detail-body'));
      return {
        overflow: style.overflowY,
        cut: last.bottom > copy.getBoundingClientRect().bottom + 1,
        left: Math.min(...[...copy.querySelectorAll('h2, h3, p, pre')].map((each) => each.getBoundingClientRect().left)) >= 0,
        others: [...document.body.children].filter((each) => each !== copy && each.offsetParent !== null).length,
      };
    })()`);
    expect(box).toEqual({ overflow: 'visible', cut: false, left: true, others: 0 });
  });
});

describe('what a screen opens by a click', () => {
  it('stands open on paper where it is a list of what is missing, and is closed again', async () => {
    const { page } = await open(DISAGREEMENTS);
    const last = page.locator('#coverage td', { hasText: 'role/R16' });
    expect(await last.isVisible()).toBe(false);
    await print(page);
    expect(await last.isVisible()).toBe(true);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    await page.emulateMedia({ media: 'screen' });
    expect(await last.isVisible()).toBe(false);
  });

  it('stands open without a script, too', async () => {
    const { page } = await open(DISAGREEMENTS, { scripts: false });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#coverage td', { hasText: 'role/R16' }).isVisible()).toBe(true);
  });

  it('is no control on paper', async () => {
    for (const source of [sampleOrganisation(6, 36), DISAGREEMENTS]) {
      const { page } = await open(source);
      await print(page);
      expect(await page.locator('summary:visible').allTextContents()).toEqual(
        await page.locator('.rule[open] > summary').allTextContents(),
      );
      expect(await page.locator('a:visible', { hasText: /^Show them/ }).count()).toBe(0);
      await page.context().close();
    }
  });
});

describe('tables and pictures on paper', () => {
  it('keep the words and dates of exceptions whole, and notes no larger than the rest', async () => {
    const exceptions = [
      makeException({ id: 'EX-2026-002-VERY-LONG-ID', status: 'expired', expires: '2026-06-30' }),
      makeException({ id: 'EX-3', status: 'expiring', overBroad: ['it accepts every principal'] }),
    ];
    const source = memorySource({ verdicts: [makeVerdict()], exceptions });
    const { page } = await open(source, { width: SHEET });
    await print(page);
    const lines = await page.evaluate(
      `[...document.querySelectorAll('.exceptions :is(.date, .expiry-expired)')].map((each) => each.getClientRects().length)`,
    );
    expect(lines).toEqual([1, 1, 1]);
    const sizes = await page.evaluate<readonly number[]>(
      `['.exceptions .doubt', '.exceptions td'].map((each) => parseFloat(getComputedStyle(document.querySelector(each)).fontSize))`,
    );
    expect(sizes[0]).toBeLessThanOrEqual(sizes[1] ?? 0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(SHEET);
  });

  it('have their words within the sheet', async () => {
    const { page } = await open(sampleOrganisation(3, 36), { width: SHEET });
    await print(page);
    const left = await page.evaluate(
      `Math.min(...[...document.querySelectorAll('.trend-figure text')].map((each) => each.getBoundingClientRect().left))`,
    );
    expect(left).toBeGreaterThanOrEqual(0);
  });
});
