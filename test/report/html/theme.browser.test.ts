import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { sampleOrganisation } from '../sample-organisation.ts';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();
const LIGHT = 'rgb(245, 246, 248)';
const DARK = 'rgb(18, 22, 28)';

const paper = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');

describe('the colours', () => {
  it.each([
    ['light', LIGHT],
    ['dark', DARK],
  ] as const)('are those of the system at first (%s)', async (colorScheme, expected) => {
    const { page } = await open(sampleOrganisation(1, 12), { colorScheme });
    expect(await paper(page)).toBe(expected);
    expect(await page.inputValue('#theme')).toBe('system');
  });

  it('are those of the system without scripts, too', async () => {
    const { page } = await open(sampleOrganisation(1, 12), { colorScheme: 'dark', scripts: false });
    await page.locator('#theme').waitFor({ state: 'attached' });
    expect(await page.isVisible('#theme')).toBe(false);
    expect(await paper(page)).toBe(DARK);
  });

  it('can be chosen, and the choice holds for the next time before anything is shown', {
    retry: 3,
  }, async () => {
    const { page, trouble } = await open(sampleOrganisation(1, 12), { colorScheme: 'light' });
    await page.selectOption('#theme', 'dark');
    expect(await paper(page)).toBe(DARK);
    // What the head of the page does must suffice: the rest of its scripts comes when all has been shown.
    await page.addInitScript(`document.addEventListener('readystatechange', () => {
      window.early ??= document.documentElement.dataset.theme;
    })`);
    await page.reload();
    expect(await page.evaluate('window.early')).toBe('dark');
    expect(await paper(page)).toBe(DARK);
    expect(await page.inputValue('#theme')).toBe('dark');
    await page.selectOption('#theme', 'system');
    await page.reload();
    expect(await paper(page)).toBe(LIGHT);
    expect(trouble).toEqual([]);
  });

  it('can be chosen where the browser keeps nothing', async () => {
    const { page, trouble } = await open(sampleOrganisation(1, 12), { colorScheme: 'dark' });
    await page.addInitScript(
      "Object.defineProperty(window, 'localStorage', { get() { throw new Error('not for pages from disk'); } })",
    );
    await page.reload();
    await page.waitForSelector('html[data-ready]', { state: 'attached' });
    await page.selectOption('#theme', 'light');
    expect(await paper(page)).toBe(LIGHT);
    expect(trouble).toEqual([]);
  });

  it('are light on paper', async () => {
    const { page } = await open(sampleOrganisation(1, 12), { colorScheme: 'dark' });
    await page.selectOption('#theme', 'dark');
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 0, 0)');
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light');
    expect(await page.isVisible('#theme')).toBe(false);
  });
});
