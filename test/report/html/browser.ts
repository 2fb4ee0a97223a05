import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from '../../../bench/launch-browser.ts';
import type { ReportSource } from '../../../src/model/report-source.ts';
import { type HtmlOptions, renderHtml } from '../../../src/report/html/index.ts';
import { inCheckout } from '../../checkout.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { renderToString } from '../sink.ts';

export async function launchBrowser(): Promise<Browser> {
  refuseStaleBuild('dist/report/html/client.js');
  return launchChromium();
}

/** What is tested is the built file; testing an older build would prove nothing. */
export function refuseStaleBuild(file: string): void {
  const built = statSync(inCheckout(file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(inCheckout('src'), { encoding: 'utf8', recursive: true });
  // The build itself writes the scanner.
  const written = sources.filter(
    (name) => /\.(?:ts|mjs|css)$/.test(name) && !name.endsWith('scanner-wasm.ts'),
  );
  const newer = written.find((name) => statSync(inCheckout('src', name)).mtimeMs > built);
  if (newer !== undefined) throw new Error(`\`${file}\` is older than ${newer}: run \`npm run build\``);
}

export interface OpenedPage {
  readonly page: Page;
  /** Console errors, uncaught errors and requests beyond the file itself. */
  readonly trouble: string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly render?: Partial<HtmlOptions>;
  readonly width?: number;
  readonly fragment?: string;
  readonly scripts?: boolean;
  readonly colorScheme?: 'light' | 'dark';
  /** Changes the file before it is opened. */
  readonly edit?: (html: string) => string;
}

/** Renders a source, opens the file from disk and waits until the page says that it is ready. */
export async function openReport(
  browser: Browser,
  source: ReportSource,
  options: OpenOptions = {},
): Promise<OpenedPage> {
  const {
    width = 1280,
    fragment = '',
    scripts = true,
    colorScheme = 'light',
    edit = (html) => html,
  } = options;
  const folder = temporaryFolder();
  const file = join(folder, 'report.html');
  writeFileSync(file, edit(await renderToString(renderHtml, source, options.render ?? {})));
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    javaScriptEnabled: scripts,
    colorScheme,
  });
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const trouble: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
  });
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url && request.url() !== 'data:,')
      trouble.push(`request ${request.url()}`);
  });
  await page.goto(url + fragment);
  if (scripts)
    await page.waitForSelector('html[data-ready], #page-status:not([hidden])', { state: 'attached' });
  return {
    page,
    trouble,
    async close() {
      await context.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** For the tests of one file: a browser that closes with them, and a page of it that closes with each. */
export function useBrowser(): {
  readonly open: (source: ReportSource, options?: OpenOptions) => Promise<OpenedPage>;
  readonly browser: () => Browser;
} {
  let browser: Browser;
  let opened: OpenedPage | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
  return {
    async open(source, options = {}) {
      opened = await openReport(browser, source, options);
      return opened;
    },
    browser: () => browser,
  };
}
