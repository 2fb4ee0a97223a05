/** Measures the HTML report in a browser at sizes that matter; see docs/PERFORMANCE.md. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { launchChromium } from './launch-browser.ts';

interface Case {
  readonly name: string;
  readonly roles: number;
  readonly accounts: number;
  /** Share of trust policies that trust another account; sets how many roles fail. */
  readonly crossAccount: number;
}

const CASES: readonly Case[] = [
  { name: '100-thousand-findings', roles: 365_000, accounts: 300, crossAccount: 0.8 },
  { name: 'million-roles', roles: 1_000_000, accounts: 400, crossAccount: 0.06 },
  { name: 'beyond-the-cap', roles: 900_000, accounts: 400, crossAccount: 0.8 },
];
const REPEATS = 5;
const QUERIES = [
  'verdict:fail',
  'ingest',
  'verdict:fail acct:0027 relation:unknown',
  'arn:aws:iam::0',
  '"build" !state:new',
];
const FOLDER = resolve('build/bench-page');

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  mkdirSync(FOLDER, { recursive: true });
  const browser = await launchChromium();
  try {
    for (const each of CASES) {
      if (wanted.length === 0 || wanted.includes(each.name)) await measure(browser, each);
    }
  } finally {
    await browser.close();
  }
}

async function measure(browser: Browser, each: Case): Promise<void> {
  const report = make(each);
  const opened = [];
  for (let n = 0; n < REPEATS; n++) opened.push(await open(browser, report, n === 0));
  const [first] = opened;
  console.log(`\n${each.name}: ${first?.count}`);
  console.log(`  file         ${megabytes(statSync(report).size)}${parts(report)}`);
  console.log(`  first paint  ${milliseconds(opened.map(({ paint }) => paint))}`);
  console.log(`  all loaded   ${milliseconds(opened.map(({ ready }) => ready))}`);
  for (const [query, times] of Object.entries(first?.filters ?? {})) {
    console.log(`  filter       ${milliseconds(times)}  ${query}`);
  }
  console.log(`  sort         ${milliseconds(first?.sorts ?? [])}`);
}

/** Evidence, scanned, with its report; what is there from an earlier run is used again. */
function make({ name, roles, accounts, crossAccount }: Case): string {
  const at = (suffix: string): string => join(FOLDER, `${name}${suffix}`);
  const evidence = at('.json.gz');
  if (!existsSync(evidence)) {
    const recipe = [
      '--roles',
      String(roles),
      '--accounts',
      String(accounts),
      '--cross-account',
      String(crossAccount),
    ];
    run(['build/bench/generate.js', ...recipe, '--format', 'cloudquery', '--gzip', '--out', evidence]);
  }
  const program = 'dist/cli/main.js';
  if (!existsSync(at('.db'))) {
    run([program, 'scan', evidence, '--db', at('.db'), '--as-of', '2026-05-01T00:00:00Z', '--quiet']);
  }
  run([program, 'report', '--db', at('.db'), '--format', 'html', '-o', at('.html')]);
  return at('.html');
}

function run(args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`\`node ${args.join(' ')}\` ended with ${status}`);
}

interface Opened {
  readonly count: string;
  readonly paint: number;
  readonly ready: number;
  readonly filters: Readonly<Record<string, readonly number[]>>;
  readonly sorts: readonly number[];
}

async function open(browser: Browser, report: string, withFilters: boolean): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  await page.goto(pathToFileURL(report).href);
  await page.waitForSelector('html[data-ready]', { state: 'attached', timeout: 60_000 });
  const painted = 'performance.getEntriesByName("first-contentful-paint").length > 0';
  await page.waitForFunction(painted);
  const paint = await page.evaluate<number>(
    'performance.getEntriesByName("first-contentful-paint")[0].startTime',
  );
  const ready = await page.evaluate<number>('window.readyAt');
  const count = (await page.textContent('.result-count')) ?? '';
  const filters: Record<string, number[]> = {};
  const sorts: number[] = [];
  if (withFilters) {
    for (const query of QUERIES) {
      filters[query] = [];
      for (let n = 0; n < REPEATS; n++) {
        filters[query].push(await page.evaluate<number>(`window.timeFilter(${JSON.stringify(query)})`));
      }
    }
    for (let n = 0; n < REPEATS; n++) sorts.push(await page.evaluate<number>('window.timeSort()'));
  }
  await context.close();
  return { count, paint, ready, filters, sorts };
}

/** In the page: from the key stroke to the frame that shows its rows, the pause for further strokes included. */
const WATCH = `
const shown = () => new Promise((done) => {
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(done));
  }).observe(document.querySelector('.findings tbody'), { childList: true });
});
const timed = async (act) => {
  const wait = shown();
  const start = performance.now();
  act();
  await wait;
  return performance.now() - start;
};
const type = (text) => {
  const box = document.querySelector('#filter-box');
  box.value = text;
  box.dispatchEvent(new Event('input', { bubbles: true }));
};
window.timeFilter = async (query) => {
  await timed(() => type('verdict:fail,error'));
  return timed(() => type(query));
};
window.timeSort = () => timed(() => document.querySelector('.findings th.c-role button').click());
new MutationObserver(() => {
  if (document.documentElement?.dataset.ready !== undefined) window.readyAt ??= performance.now();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-ready'] });
`;

function parts(report: string): string {
  const folder = report.replace(/\.html$/, '-parts');
  if (!existsSync(folder)) return '';
  const sizes = readdirSync(folder).map((name) => megabytes(statSync(join(folder, name)).size));
  return `, parts ${sizes.join(', ')}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

/** Median and range. */
function milliseconds(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const shown = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)].map((time) =>
    time === undefined ? '-' : time.toFixed(0),
  );
  return `${shown[0]} ms (${shown[1]} to ${shown[2]})`;
}

await main();
