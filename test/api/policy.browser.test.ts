import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../bench/launch-browser.ts';
import { explain, fix, judge } from '../../src/api/policy.ts';
import { CASES, OWN } from '../exposure/cases/index.ts';
import { refuseStaleBuild } from '../report/html/browser.ts';
import { PASTED } from './policy-table.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const MOST_BYTES = 65_000;
const OPTIONS = { account: OWN, roleName: 'Partner', asOf: '2026-01-01T00:00:00Z' };

/** As somebody would who puts the module into a page of their own. */
async function bundled(): Promise<string> {
  const bundle = await rolldown({
    input: path('../../src/api/policy.ts'),
    platform: 'browser',
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true, comments: false });
  await bundle.close();
  const [chunk, ...others] = output;
  expect(others).toEqual([]);
  return chunk.code;
}

function built(): string {
  refuseStaleBuild('dist/api/policy.js');
  return readFileSync(path('../../dist/api/policy.js'), 'utf8');
}

const INPUTS = [...PASTED.map(([, text]) => text), ...CASES.map(({ trust }) => trust)];
/** The same everywhere, so told once. */
let told: readonly string[] | undefined;
const toldHere = (): readonly string[] => {
  told ??= INPUTS.map((input) =>
    JSON.stringify([judge(input, OPTIONS), explain(input, OPTIONS), fix(input, OPTIONS)]),
  );
  return told;
};

describe.each<[string, () => string | Promise<string>]>([
  ['bundled for a page', bundled],
  ['as built', built],
])('trustsieve/policy, %s', (_, load) => {
  let code: string;
  let browser: Browser;
  let page: Page;
  const trouble: string[] = [];
  beforeAll(async () => {
    code = await load();
    browser = await launchChromium();
    page = await browser.newPage();
    page.on('console', (message) => trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('request', (request) => {
      if (!/^(?:about|data):/.test(request.url())) trouble.push(`request ${request.url()}`);
    });
    const address = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
    await page.addScriptTag({
      type: 'module',
      content: `import * as policy from '${address}'; globalThis.policy = policy;`,
    });
    await page.waitForFunction('globalThis.policy !== undefined');
  });
  afterAll(() => browser.close());

  it('is small, and has nothing of Node.js in it', () => {
    expect(gzipSync(code).length).toBeLessThan(MOST_BYTES);
    expect(code.includes('node:')).toBe(false);
    // The same word may stand in a text.
    const names =
      /(?:^|[;}])(?:import|export)\b[^;]*\bfrom\b|(?<![\w.$])(?:import|require)\s*\(|(?<![\w.$-])(?:process|Buffer|global|__dirname)\s*[.[]/g;
    expect(code.match(names)).toBeNull();
  });

  it('exports what docs/library.md says, and no more', async () => {
    const names = await page.evaluate('Object.keys(globalThis.policy).sort()');
    expect(names).toEqual(['explain', 'fix', 'judge']);
  });

  it('says in a browser what it says here', { timeout: 60_000 }, async () => {
    const there = await page.evaluate(
      ([inputs, options]) =>
        inputs.map((input) => {
          const { judge, explain, fix } = (globalThis as unknown as { policy: Policy }).policy;
          return JSON.stringify([judge(input, options), explain(input, options), fix(input, options)]);
        }),
      [INPUTS, OPTIONS] as const,
    );
    toldHere().forEach((here, index) => {
      expect(there[index], String(INPUTS[index]).slice(0, 200)).toBe(here);
    });
    expect(trouble).toEqual([]);
  });

  it('tells a wrong account there too', async () => {
    const message = await page.evaluate(() => {
      try {
        (globalThis as unknown as { policy: Policy }).policy.judge('{}', { account: '1' });
        return null;
      } catch (error) {
        return String(error);
      }
    });
    expect(message).toBe(
      'TypeError: `account` must be the 12 digits of the account that owns the role, as text',
    );
  });
});

/** The module as the page holds it. */
type Policy = typeof import('../../src/api/policy.ts');
