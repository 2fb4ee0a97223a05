import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { beforeAll, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { displayWidth } from '../../src/text/display-width.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { gaad, gaadRole, OPEN, put } from './evidence.ts';
import { cli } from './harness.ts';

const LONG = 'r'.repeat(50);
const ARN = `arn:aws:iam::111122223333:role/${LONG}`;

let folder: string;
let db: string;
beforeAll(async () => {
  folder = temporaryFolder();
  db = join(folder, 's.db');
  const open = [gaadRole(LONG, { trust: OPEN }), gaadRole('Stays', { trust: OPEN })];
  put(folder, 'in/2026-01-31.json', gaad(open));
  put(folder, 'in/2026-04-30.json', gaad([...open, gaadRole('New', { trust: OPEN })]));
  put(folder, 'in/2026-04-30/a-file-of-which-the-second-half-is-not-there.json', '{"RoleDetailList": [');
  put(
    folder,
    'exceptions.yaml',
    `exceptions:\n  - id: EX-1\n    role: "*"\n    reason: ${'a reason of many words '.repeat(6)}\n    owner: somebody\n    expires: 2027-01-01\n`,
  );
  put(
    folder,
    'rules.yaml',
    `rules:\n  - id: COMPANY.1\n    title: ${'a title of many words '.repeat(6)}\n    logic: IamRole should have (\n`,
  );
  await cli(['scan', join(folder, 'in'), '--db', db, '--as-of', '2026-05-01', '--quiet']);
});

/** What a command shows on a terminal, standard output and messages alike. */
async function shown(columns: number, args: readonly string[]): Promise<readonly string[]> {
  let text = '';
  const stream = (): Writable => {
    const write = (chunk: Buffer, _encoding: unknown, done: () => void): void => {
      text += chunk.toString('utf8');
      done();
    };
    return Object.assign(new Writable({ write }), { isTTY: true, columns });
  };
  await runCli(args, {
    stdin: Readable.from([]),
    stdout: stream(),
    stderr: stream(),
    stop: new AbortController().signal,
    colour: false,
    calledAs: 'npx trustsieve',
  });
  return text.split('\n');
}

/** One word, and what is to be copied, is never broken. */
const WHOLE = /^\s*(?:- )?\S+$|^\s*(?:aws|npx trustsieve) |^ {6}|^[-+ ]? +"|<<-POLICY/;

it.each([
  ['explain', () => ['explain', LONG, '--db', db]],
  ['diff', () => ['diff', '2026-01-31', '2026-04-30', '--all', '--db', db]],
  ['trend', () => ['trend', '--by', 'year', '--db', db]],
  ['fix', () => ['fix', '--db', db]],
  ['fix --out', () => ['fix', '--out', join(folder, 'fixes'), '--db', db]],
  ['runs', () => ['runs', '--db', db]],
  ['exceptions check', () => ['exceptions', 'check', join(folder, 'exceptions.yaml'), '--db', db]],
  ['rules list', () => ['rules', 'list']],
  ['rules show', () => ['rules', 'show', 'D9.AWS.IAM.99']],
  ['rules check', () => ['rules', 'check', join(folder, 'rules.yaml')]],
  ['no command', () => []],
])('%s fits a terminal of 80 columns', async (_, args) => {
  const lines = await shown(80, args());
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) if (!WHOLE.test(line)) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
});

it('never breaks the command that is to be copied, however it is called', async () => {
  const lines = await shown(40, ['explain', LONG, '--db', db]);
  expect(lines).toContain(`    npx trustsieve fix ${ARN} --db ${db}`);
});

it('writes the same to a file whatever terminal it is typed in', async () => {
  for (const args of [['diff', '2026-01-31', '2026-04-30'], ['trend']]) {
    const piped = (await cli([...args, '--db', db])).stdout;
    const file = join(folder, 'out.txt');
    await shown(40, [...args, '--db', db, '-o', file, '--color']);
    expect(readFileSync(file, 'utf8')).toBe(piped);
  }
});

it('begins each message with what it is, and keeps what is to be copied in one line', async () => {
  const lines = await shown(40, ['scan', 'in', '--db', db, '--as-of', 'yesterday']);
  expect(lines[0]).toMatch(/^error: /);
  expect(lines.join('\n')).toContain('`trustsieve scan --help`');
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(40);
});

it('shows no empty table where no account was read', async () => {
  put(folder, 'broken/2026-04-30.json', '{"RoleDetailList": [');
  const { stdout } = await cli(['scan', join(folder, 'broken'), '--db', join(folder, 'broken.db')]);
  expect(stdout).toMatch(/^No role was read/);
  expect(stdout).not.toMatch(/^account +name|^Open: /m);
});
