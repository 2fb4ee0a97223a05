import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from '../../../bench/launch-browser.ts';
import { fix, judge, type Verdict } from '../../../src/api/policy.ts';
import { PASTED } from '../../api/policy-table.ts';
import { allow, deny, EXT, extRoot, OTHER, OWN, policy } from '../../exposure/cases/index.ts';
import { refuseStaleBuild } from '../../report/html/browser.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { cli } from '../harness.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AS_OF = '2026-01-01T00:00:00Z';
const OPEN = JSON.stringify(policy(allow(extRoot)), null, 2);
/** Far above what a judged policy takes, with every processor busy. */
const SOON = 30_000;
vi.setConfig({ testTimeout: 2 * SOON, hookTimeout: 2 * SOON });

const folder = temporaryFolder();
let browser: Browser;
let context: BrowserContext | undefined;
const trouble: string[] = [];

beforeAll(async () => {
  refuseStaleBuild('dist/report/html/check.js');
  browser = await launchChromium();
});
afterEach(async () => {
  await context?.close();
  context = undefined;
  expect(trouble.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser.close();
});

interface Look {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly scripts?: boolean;
  /** Runs in the page before its own script. */
  readonly before?: string;
}

/** Writes the page and opens it from disk. */
async function open(args: readonly string[] = [], look: Look = {}, stdin = ''): Promise<Page> {
  const file = join(folder, 'check.html');
  const { exit, stderr } = await cli(['check', ...args, '--html', file], stdin);
  expect([exit === 0 || exit === 3, stderr]).toEqual([true, '']);
  const { width = 1280, colorScheme = 'light', scripts = true, before } = look;
  context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    javaScriptEnabled: scripts,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(SOON);
  if (before !== undefined) await page.addInitScript(before);
  page.on('console', (message) => trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (url !== pathToFileURL(file).href && !/^(?:data:,$|blob:null\/)/.test(url))
      trouble.push(`request ${url}`);
  });
  await page.goto(pathToFileURL(file).href);
  if (scripts) await page.waitForSelector('html[data-ready]', { state: 'attached' });
  return page;
}

/** Waits for what the page's own policy forbids it to evaluate. */
const until = (page: Page, expression: string): Promise<unknown> =>
  expect.poll(() => page.evaluate(expression), { timeout: SOON }).toBe(true);

const settled = (page: Page): Promise<unknown> =>
  until(page, '!document.querySelector("#result[aria-busy]")');

/** What the page says once it has judged what stands in it; null: it shows no verdict. */
async function shown(page: Page): Promise<Verdict | null> {
  await settled(page);
  if (await page.locator('#result').isHidden()) return null;
  const json = page.locator('#result details', { hasText: 'The verdict as JSON' }).locator('pre');
  return JSON.parse((await json.textContent()) ?? '') as Verdict;
}

async function paste(page: Page, text: string, account = OWN): Promise<Verdict | null> {
  await page.fill('#account', account);
  await page.fill('#policy', text);
  return shown(page);
}

const status = (page: Page): Promise<string | null> => page.locator('#status').textContent();

describe('check --html', () => {
  it('writes the page alone where no policy is named, without reading standard input', async () => {
    const file = join(folder, 'alone.html');
    const { exit, stdout, stderr } = await cli(['check', '--html', file], 'not read');
    expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const first = readFileSync(file, 'utf8');
    await cli(['check', '--html', file]);
    expect(readFileSync(file, 'utf8')).toBe(first);
  });

  it('prints the verdict as ever where a policy is named, and opens with it', async () => {
    const trust = join(folder, 'trust.json');
    writeFileSync(trust, OPEN);
    const args = [trust, '--account', OWN, '--as-of', AS_OF];
    const { stdout } = await cli(['check', ...args]);
    const file = join(folder, 'with.html');
    expect(await cli(['check', ...args, '--html', file])).toEqual({ exit: 0, stdout, stderr: '' });
    const page = await open(args);
    expect(await page.inputValue('#policy')).toBe(OPEN);
    expect(await shown(page)).toEqual(JSON.parse(stdout));
  });

  it('opens with what standard input holds, its account and lists too', async () => {
    const accounts = join(folder, 'accounts.json');
    const vendors = join(folder, 'vendors.yaml');
    writeFileSync(
      accounts,
      JSON.stringify({
        Accounts: [
          { Id: OWN, Name: 'Main' },
          { Id: EXT, Name: '</script><b>' },
        ],
      }),
    );
    writeFileSync(
      vendors,
      `- name: Vendor\n  accounts: ['${OTHER}']\n- name: Logs\n  type: aws\n  accounts: ['909090909090']\n`,
    );
    const trust = policy(allow({ AWS: [EXT, OTHER, '909090909090'] }));
    const record = JSON.stringify({ arn: `arn:aws:iam::${OWN}:role/Partner`, trust });
    const args = ['-', '--accounts', accounts, '--known-accounts', vendors, '--as-of', AS_OF];
    const { stdout } = await cli(['check', ...args], record);
    const page = await open(args, {}, record);
    expect(await shown(page)).toEqual(JSON.parse(stdout));
    expect(await page.locator('#result').textContent()).toContain('AWS: Logs');
    expect(await page.locator('#result b').count()).toBe(0);
  });

  it('opens with text that is no policy, and says so there too', async () => {
    const { exit } = await cli(
      ['check', '-', '--account', OWN, '--html', join(folder, 'x.html')],
      '{"Version":',
    );
    expect(exit).toBe(3);
    const page = await open(['-', '--account', OWN], {}, '{"Version":');
    expect(await shown(page)).toMatchObject({ verdict: 'error', reason: 'malformed-input' });
  });

  it.each<[string, (at: string) => readonly string[], RegExp]>([
    ['a folder', (at) => ['--html', at], /^error: --html cannot be written to .*: it is a folder/],
    ['a missing folder', (at) => ['--html', join(at, 'no/where.html')], /its folder does not exist/],
    [
      'the policy itself',
      (at) => [join(at, 'kept.json'), '--account', OWN, '--html', join(at, 'kept.json')],
      /another option names/,
    ],
    ['--ndjson', (at) => ['--ndjson', '-', '--html', join(at, 'x.html')], /leave --ndjson out/],
    ['a bad account', (at) => ['--account', '12', '--html', join(at, 'x.html')], /is not an account id/],
  ])('refuses %s in one line, and writes nothing', async (_, args, message) => {
    const place = join(folder, 'place');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'kept.json'), OPEN);
    const { exit, stdout, stderr } = await cli(['check', ...args(place)], OPEN);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr.split('\n')[0]).toMatch(message);
    expect(readdirSync(place)).toEqual(['kept.json']);
    expect(readFileSync(join(place, 'kept.json'), 'utf8')).toBe(OPEN);
  });

  it('writes nothing where the policy has no account', async () => {
    const file = join(folder, 'never.html');
    expect((await cli(['check', '-', '--html', file], OPEN)).exit).toBe(2);
    expect(existsSync(file)).toBe(false);
  });
});

describe('the page', () => {
  it('says of every text what the program says', { timeout: 120_000 }, async () => {
    const page = await open(['--as-of', AS_OF]);
    for (const [name, text] of PASTED) {
      // What a field makes of line ends and what is blank is nothing to judge.
      if (text.trim() === '' || text.includes('\u0000')) continue;
      expect(await paste(page, text), name).toEqual(
        judge(text, { account: OWN, asOf: AS_OF, accounts: null }),
      );
    }
    expect(await page.locator('#result :is(img, script, b, iframe)').count()).toBe(0);
  });

  it('shows ways in, the proof as a story, both readings, notes and the fix', async () => {
    const page = await open();
    const text = JSON.stringify(
      policy(
        allow({ AWS: [EXT, OTHER] }, { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }),
        deny({ AWS: OTHER }),
      ),
    );
    await page.fill('#role', 'Partner');
    const verdict = await paste(page, text);
    expect(verdict?.verdict).toBe('fail');
    const said = (await page.locator('#result').textContent()) ?? '';
    for (const piece of [
      verdict?.message ?? '',
      'statement 0 lets other accounts in unguarded',
      'The caller now acts as Partner in account',
      'They differ',
    ])
      expect(said.replaceAll('`', '')).toContain(piece.replaceAll('`', ''));
    const proposed = fix(text, { account: OWN, roleName: 'Partner' });
    if (proposed.status !== 'proposed') throw new Error(proposed.status);
    const snippets = await page.locator('#result .snippet pre').allTextContents();
    expect(snippets.slice(0, 3)).toEqual([proposed.policy, proposed.command, proposed.terraform]);
    expect(await page.locator('#result tbody tr').count()).toBe(verdict?.paths.length);
  });

  it('asks the fix for what the person wants, and says what cannot be', async () => {
    const page = await open();
    await paste(page, OPEN);
    await page.click('.wishes summary');
    await page.fill('#external-id', 'h7Lk2qPz9Wd4');
    await settled(page);
    expect(await page.locator('#result .snippet pre').first().textContent()).toContain('h7Lk2qPz9Wd4');
    await page.selectOption('#guard', 'mfa');
    await settled(page);
    expect(await page.locator('#result .snippet pre').first().textContent()).toContain(
      'MultiFactorAuthPresent',
    );
    await page.fill('#external-id', 'no blanks');
    await settled(page);
    expect(await page.locator('#result').textContent()).toContain('must have 2 to 1224 letters');
    expect((await shown(page))?.verdict).toBe('fail');
  });

  it('never leaves a verdict standing beside another text', async () => {
    const page = await open();
    await paste(page, OPEN);
    await page.evaluate(`(() => {
      const field = document.getElementById('policy');
      field.value = field.value.replace('Allow', 'Deny');
      field.dispatchEvent(new Event('input', { bubbles: true }));
      window.seen = [document.getElementById('result').getAttribute('aria-busy'), document.getElementById('status').textContent];
    })()`);
    expect(await page.evaluate('window.seen')).toEqual(['true', 'Judging …']);
    expect(await shown(page)).toMatchObject({ verdict: 'not-applicable' });
    expect(await paste(page, OPEN, '12')).toBeNull();
    expect(await status(page)).toBe('Give the 12 digits of the account that owns the role.');
    expect(await paste(page, '  ')).toBeNull();
    expect(await status(page)).toBe('Paste a trust policy, or choose an example.');
    expect(await paste(page, 'x'.repeat(1024 * 1024 + 1))).toBeNull();
    expect(await status(page)).toMatch(/longer than any trust policy, and is not judged/);
    await page.fill('#role', `arn:aws:iam::${EXT}:role/Other`);
    expect(await paste(page, OPEN)).toBeNull();
    expect(await status(page)).toMatch(/must be the ARN of a role of account/);
  });

  it('takes the account from the ARN of the role, and examples with an account of theirs', async () => {
    const page = await open();
    await page.fill('#role', `arn:aws-us-gov:iam::${OWN}:role/ops/Partner`);
    await page.fill('#policy', OPEN);
    expect(await shown(page)).toMatchObject({ account: OWN, partition: 'aws-us-gov', roleName: 'Partner' });
    await page.fill('#role', '');
    const verdicts: unknown[] = [];
    for (let index = 1; index <= 5; index++) {
      await page.selectOption('#example', { index });
      verdicts.push((await shown(page))?.verdict);
    }
    expect(verdicts).toEqual(['fail', 'pass', 'fail', 'fail', 'not-applicable']);
    expect(await page.inputValue('#account')).toBe('111122223333');
    await page.click('#clear');
    expect(await shown(page)).toBeNull();
    expect(await page.evaluate('document.activeElement.id')).toBe('policy');
  });

  it('reads files, chosen or dropped', async () => {
    const page = await open(['--account', OWN]);
    const buffer = Buffer.from(`\uFEFF${OPEN}`);
    await page.setInputFiles('#file', { name: 'trust.json', mimeType: 'application/json', buffer });
    await until(page, 'document.getElementById("policy").value !== ""');
    expect(await shown(page)).toMatchObject({ verdict: 'fail' });
    await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File(['{"Version":"2012-10-17","Statement":[]}'], 'x.json'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    })()`);
    await until(page, 'document.getElementById("policy").value.includes("[]")');
    expect((await shown(page))?.verdict).toBe(
      judge('{"Version":"2012-10-17","Statement":[]}', { account: OWN }).verdict,
    );
    await page.setInputFiles('#file', {
      name: 'big.json',
      mimeType: 'application/json',
      buffer: Buffer.alloc(5 * 1024 * 1024, 'x'),
    });
    await until(page, 'document.getElementById("status").textContent.startsWith("The file")');
    expect(await status(page)).toBe('The file cannot be read: it is longer than any trust policy.');
    expect(await shown(page)).toBeNull();
  });

  it('gives hostile text up, stays alive meanwhile, and judges the next text', {
    timeout: 60_000,
  }, async () => {
    // Its clock runs a hundred times as fast, so patience ends sooner.
    const page = await open([], {
      before: 'const real = window.setTimeout; window.setTimeout = (run, wait) => real(run, wait / 100);',
    });
    const tangle = Array.from({ length: 1000 }, (_, i) => `*${i.toString(36)}*${i * 7}?${i * 13}*`);
    const hostile = JSON.stringify(policy(allow(extRoot, { StringLike: { 'sts:ExternalId': tangle } })));
    await page.fill('#account', OWN);
    await page.fill('#policy', hostile);
    await until(page, 'document.getElementById("status").textContent.startsWith("Given up")');
    expect(await page.locator('#result').isHidden()).toBe(true);
    expect(await status(page)).toBe('Given up after 20 seconds, not judged; use `trustsieve check`.');
    await context?.close();
    const calm = await open();
    expect(await paste(calm, OPEN)).toMatchObject({ verdict: 'fail' });
  });

  it('judges short text without a thread, and leaves long text', async () => {
    const page = await open([], { before: 'delete window.Worker;' });
    expect(await paste(page, OPEN)).toMatchObject({ verdict: 'fail' });
    expect(await paste(page, OPEN + ' '.repeat(20_000))).toBeNull();
    expect(await status(page)).toMatch(/^This browser gives the page no thread of its own/);
  });

  it('says without scripts that it needs them', async () => {
    const page = await open([], { scripts: false });
    expect(await page.locator('noscript .notice, .notice').first().textContent()).toMatch(
      /this page judges by a script/,
    );
    expect(await page.locator('#policy').isVisible()).toBe(false);
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('is accessible as axe sees it, and fits (%s, %i pixels)', async (colorScheme, width) => {
    const page = await open([], { colorScheme, width });
    const violations = async (): Promise<unknown> => {
      await page.evaluate(AXE);
      return page.evaluate(
        'axe.run(document).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id} ${html} ${failureSummary}`)))',
      );
    };
    expect(await violations()).toEqual([]);
    await paste(page, OPEN);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await violations()).toEqual([]);
    await paste(page, '{');
    expect(await violations()).toEqual([]);
    await paste(page, JSON.stringify(policy(allow({ AWS: 'x'.repeat(3000) }))));
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  });

  it('works by the keyboard alone', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('theme');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('account');
    await page.keyboard.type(OWN);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('policy');
    await page.keyboard.insertText(OPEN);
    expect(await shown(page)).toMatchObject({ verdict: 'fail' });
    expect(await status(page)).toBe('Fail, severity medium.');
  });
});
