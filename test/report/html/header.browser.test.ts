import { describe, expect, it } from 'vitest';
import { sampleOrganisation } from '../sample-organisation.ts';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();

const HEADING = {
  title: 'Annual review of cross-account trust of the whole group',
  client: 'Crane & Sons Holding International',
  preparedBy: 'Audit & Sons, Frankfurt',
};
const source = sampleOrganisation(3, 12);

describe('the header of the page', () => {
  it.each([
    [1440, HEADING],
    [1440, {}],
    [1110, {}],
    [1024, HEADING],
  ])('shows every section at %i pixels (%o)', async (width, heading) => {
    const { page } = await open(source, { width, render: { heading } });
    const hidden = await page.evaluate(
      `(() => { const nav = document.querySelector('.top nav'); return nav.scrollWidth - nav.clientWidth; })()`,
    );
    expect(hidden).toBeLessThanOrEqual(0);
  });

  it.each([
    [1440, HEADING],
    [1024, HEADING],
    [1024, {}],
    [390, HEADING],
  ])('hides no heading that a link leads to, at %i pixels (%o)', async (width, heading) => {
    const { page } = await open(source, { width, render: { heading } });
    await page.click('nav a[href="#access"]');
    const [title, header] = await page.evaluate<readonly [number, number]>(
      `['#access-title', '.top'].map((each, index) => document.querySelector(each).getBoundingClientRect()[index === 0 ? 'top' : 'bottom'])`,
    );
    expect(title).toBeGreaterThanOrEqual(Math.max(0, header));
    expect(title).toBeLessThan(300);
  });
});
