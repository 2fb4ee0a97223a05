/** Makes the pictures in docs/images/ from the report of the samples: `npm run screenshots`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../bench/launch-browser.ts';

/** Run from the top folder, where npm runs scripts. */
const IMAGES = resolve('docs/images');
const SIZE = { width: 1280, height: 820 };

interface Picture {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  readonly fragment: string;
  /** Brings the page into the state to be shown. */
  readonly arrange?: (page: Page) => Promise<void>;
}

const PICTURES: readonly Picture[] = [
  { name: 'report', colorScheme: 'light', fragment: '' },
  {
    name: 'finding',
    colorScheme: 'dark',
    fragment: '#findings?q=verdict:fail+severity:high',
    arrange: (page) => openRow(page, 'port-authority-exchange', 0),
  },
  {
    name: 'closed',
    colorScheme: 'light',
    fragment: '#findings?q=guardrail:closed',
    arrange: (page) => openRow(page, 'payments-reconciler', 0),
  },
];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trustsieve-screenshots-'));
  const browser = await launchChromium();
  try {
    const report = makeReport(folder);
    mkdirSync(IMAGES, { recursive: true });
    for (const picture of PICTURES) await take(browser, report, picture);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

function makeReport(folder: string): string {
  const report = join(folder, 'report.html');
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...['dist/cli/main.js', 'scan', 'samples/evidence', '--as-of', '2026-05-01T00:00:00Z', '--quiet'],
      ...['--accounts', 'samples/accounts.json', '--known-accounts', 'samples/vendors.yaml'],
      ...['--exceptions', 'samples/exceptions.yaml', '--db', join(folder, 'store.db'), '--html', report],
    ],
    { encoding: 'utf8' },
  );
  // 3: some of the samples are broken on purpose.
  if (status !== 3) throw new Error(`the scan of the samples ended with ${status}: ${stderr}`);
  return report;
}

async function openRow(page: Page, role: string, scrolled: number): Promise<void> {
  await page.locator('.findings tr.row', { hasText: role }).click();
  await page.locator('#detail .detail-body').evaluate((body, top) => {
    body.scrollTop = top;
  }, scrolled);
}

async function take(browser: Browser, report: string, picture: Picture): Promise<void> {
  const context = await browser.newContext({ viewport: SIZE, colorScheme: picture.colorScheme });
  const page = await context.newPage();
  await page.goto(pathToFileURL(report).href + picture.fragment);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  await picture.arrange?.(page);
  const path = join(IMAGES, `${picture.name}.png`);
  await page.screenshot({ path });
  await context.close();
  console.log(`${path}: ${Math.round(statSync(path).size / 1024)} KiB`);
}

await main();
