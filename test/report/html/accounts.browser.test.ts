import { describe, expect, it } from 'vitest';
import { sampleOrganisation } from '../sample-organisation.ts';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();

const LIST = '[data-app="accounts"]';

describe('the list of all accounts', () => {
  it('begins with those that have most failing verdicts, with scripts and without', async () => {
    for (const [scripts, cells] of [
      [true, `${LIST} tr.row .c-fail .first`],
      [false, '[data-static="accounts"] tbody td:nth-child(6)'],
    ] as const) {
      const { page } = await open(sampleOrganisation(9, 31), { scripts });
      const fails = (await page.locator(cells).allTextContents()).map(Number);
      expect(new Set(fails).size).toBeGreaterThan(1);
      expect(fails).toEqual(fails.toSorted((a, b) => b - a));
      await page.context().close();
    }
    const { page } = await open(sampleOrganisation(9, 31));
    expect(await page.locator(`${LIST} th[aria-sort="descending"]`).textContent()).toContain('Fail');
    await page.click(`${LIST} [data-sort="account"]`);
    const ids = await page.locator(`${LIST} tr.row .c-account .first`).allTextContents();
    expect(ids).toEqual(ids.toSorted());
  });

  it.each([
    [1280, 40],
    [1280, 400],
    [390, 40],
  ])('ends below a whole row at first sight (%i pixels, %i accounts)', async (width, accounts) => {
    const { page } = await open(sampleOrganisation(accounts, 12), { width });
    const { bottom, ends } = await page.evaluate<{ bottom: number; ends: readonly number[] }>(`(() => {
      const box = document.querySelector('${LIST} .scroller');
      return {
        bottom: box.getBoundingClientRect().top + box.clientTop + box.clientHeight,
        ends: [...box.querySelectorAll('tr.row')].map((each) => each.getBoundingClientRect().bottom),
      };
    })()`);
    expect(Math.max(...ends)).toBeGreaterThan(bottom);
    expect(Math.min(...ends.map((end) => Math.abs(end - bottom)))).toBeLessThanOrEqual(1.5);
  });

  it('goes by the keys to a row that was out of sight', async () => {
    const { page } = await open(sampleOrganisation(40, 12));
    await page.locator(`${LIST} tr.row`).first().focus();
    await page.keyboard.press('End');
    const last = page.locator(`${LIST} tr[data-position="39"]`);
    expect(await last.evaluate('document.activeElement.dataset.position')).toBe('39');
    const box = await last.boundingBox();
    const view = await page.locator(`${LIST} .scroller`).boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((view?.y ?? 0) + (view?.height ?? 0));
    await page.keyboard.press('Home');
    const first = await page.locator(`${LIST} tr[data-position="0"]`).boundingBox();
    const head = await page.locator(`${LIST} thead th`).first().boundingBox();
    expect(first?.y ?? 0).toBeGreaterThanOrEqual((head?.y ?? 0) + (head?.height ?? 0) - 1);
  });
});
