import { describe, expect, it } from 'vitest';
import type { ReportSource } from '../../../src/model/report-source.ts';
import type { GradedPath } from '../../../src/model/verdict.ts';
import { guardedSource } from '../guarded-source.ts';
import { HOSTILE, hostileSource } from '../hostile-source.ts';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makeException, makePath, makeVerdict, memorySource } from '../sample-source.ts';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();

const ROWS = '.third-parties tr.row';

/** A vendor with more roles than are named, one of them accepted, and one with a weak guard. */
function wordySource(): ReportSource {
  const ways = { 444455556666: [] as const, 555566667777: ['external-id'] as const };
  const way = (account: keyof typeof ways): GradedPath =>
    makePath({ account: String(account), accountName: 'Vendor of a Very Long Name', guards: ways[account] });
  const roles = Array.from({ length: 5 }, (_, n) =>
    makeVerdict({
      roleName: `R${n}`,
      arn: `arn:aws:iam::111122223333:role/R${n}`,
      paths: [way(444455556666)],
      suppressedBy: n === 0 ? 'EX-2026-014' : null,
    }),
  );
  const guarded = makeVerdict({
    roleName: 'Guarded',
    arn: 'arn:aws:iam::111122223333:role/path/Guarded',
    verdict: 'pass',
    paths: [way(555566667777)],
    notes: ['extid-any', 'extid-shared', 'extid-guessable', 'extid-placeholder'],
  });
  return memorySource({ verdicts: [...roles, guarded], exceptions: [makeException()] });
}

describe('the third-party register in the page', () => {
  it('has the rows of the register, and opens the roles of one among the findings', async () => {
    const source = sampleOrganisation(12, 36);
    const { page, trouble } = await open(source);
    const names = await page.locator(`${ROWS} .c-party .first`).allTextContents();
    const expected = [...source.thirdParties()].map(({ account, name }) =>
      account === '*' ? 'Anyone' : account === '' ? 'Not known' : (name ?? account),
    );
    expect(names).toEqual(expected);
    expect(names).toContain('Not known');
    const first = page.locator(ROWS, { hasText: 'Example Vendor' });
    await first.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.inputValue('#filter-box')).toBe('from:444455556666');
    expect(await page.locator('.findings tr.row').count()).toBeGreaterThan(0);
    expect(trouble).toEqual([]);
  });

  it('shows what could not be decided under the row for it', async () => {
    const damaged = makeVerdict({ verdict: 'error', reason: 'policy-damaged', paths: [] }, null);
    const { page } = await open(memorySource({ verdicts: [damaged] }));
    expect(await page.locator(`${ROWS} .c-undecided`).textContent()).toContain('policy-damaged 1');
    await page.click(ROWS);
    await expect.poll(() => page.inputValue('#filter-box')).toBe('verdict:error');
    expect(await page.textContent('#access')).toContain('this register may lack accounts and roles');
  });

  it('sorts by what its columns say', async () => {
    const { page } = await open(sampleOrganisation(12, 36));
    await page.click('.third-parties th.c-open button');
    const counts = await page.locator(`${ROWS} .c-open .first`).allTextContents();
    expect(counts.length).toBeGreaterThan(3);
    expect(counts.map(Number)).toEqual(counts.map(Number).sort((a, b) => a - b));
  });

  it.each([1440, 1024, 390])('is as wide as the window (%i pixels)', async (width) => {
    const { page } = await open(sampleOrganisation(12, 36), { width });
    const overflow = await page.evaluate<number>(
      `(() => { const place = document.querySelector('[data-app="third-parties"] .scroller'); return place.scrollWidth - place.clientWidth; })()`,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it.each([1440, 1024, 390])('cuts nothing, and leaves no room empty (%i pixels)', async (width) => {
    const { page } = await open(wordySource(), { width });
    const cells = await page.evaluate<readonly string[]>(
      `[...document.querySelectorAll('${ROWS} .cell, ${ROWS} .first, ${ROWS} .second')]
        .filter((each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
        .filter((each) => getComputedStyle(each).overflow !== 'visible')
        .map((each) => each.textContent)`,
    );
    expect(cells).toEqual([]);
    const empty = await page.evaluate<readonly number[]>(
      `[...document.querySelectorAll('${ROWS}')].map((row) => row.getBoundingClientRect().bottom
        - Math.max(...[...row.querySelectorAll('.cell')].map((each) => each.getBoundingClientRect().bottom)))`,
    );
    for (const room of empty) expect(room).toBeLessThan(20);
  });

  it('names roles with what they demand, and whose the exceptions are', async () => {
    for (const scripts of [true, false]) {
      const { page } = await open(wordySource(), { scripts });
      const row = page.locator(scripts ? ROWS : '[data-static="third-parties"] tr', {
        hasText: '444455556666',
      });
      const text = await row.textContent();
      expect(text).toContain('R0, R1, R2 and 2 more');
      expect(text).toMatch(/EX-2026-014\s*until 2026-10-31, storage team/);
      const guarded = page.locator(scripts ? ROWS : '[data-static="third-parties"] tr', {
        hasText: '555566667777',
      });
      expect(await guarded.textContent()).toContain('Guarded (external ID)');
      await page.context().close();
    }
  });

  it('says the same without scripts, with links to the roles', async () => {
    const { page } = await open(guardedSource(), { scripts: false });
    const table = page.locator('[data-static="third-parties"] table');
    expect(await table.locator('tbody tr').count()).toBe([...guardedSource().thirdParties()].length);
    expect(await table.textContent()).toContain('444455556666');
    expect(await table.locator('a[data-filter="from:444455556666"]').count()).toBe(1);
  });

  it('shows hostile text and obeys none', async () => {
    const { page, trouble } = await open(hostileSource());
    expect(await page.locator(ROWS).count()).toBeGreaterThan(HOSTILE.length / 2);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.locator('#access img, #access script').count()).toBe(0);
    expect(trouble).toEqual([]);
  });
});
