import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { gaad, gaadRole, OPEN, put } from './evidence.ts';
import { runOnTerminal, type TerminalRun } from './terminal.ts';

const TIMES = ['--as-of', '2026-05-01', '--captured-at', '2026-04-30'];

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

function putEvidence(files: number): void {
  for (let file = 0; file < files; file++) {
    const roles = Array.from({ length: 300 }, (_, index) => gaadRole(`R${index}`, { trust: OPEN }));
    put(folder, `in/own-${file}.json`, gaad(roles));
    put(folder, `in/own-${file}-cut.json`, '{"RoleDetailList": [');
  }
}

/** As many lines as there are files that are cut, each whole. */
function warnings({ lines }: TerminalRun): readonly string[] {
  const whole = lines
    .join('\n')
    .replaceAll(/\n {2}(?=\S)/g, ' ')
    .split('\n');
  return whole.filter((line) => /^warning: in\/own-\d+-cut\.json: .+/.test(line));
}

/** The terminal is as it was: the cursor is shown, and long lines wrap. */
function expectRestored({ sent }: TerminalRun): void {
  expect(sent.lastIndexOf('\x1b[?25h')).toBeGreaterThan(sent.lastIndexOf('\x1b[?25l'));
  expect(sent.lastIndexOf('\x1b[?7h')).toBeGreaterThan(sent.lastIndexOf('\x1b[?7l'));
}

it('counts files that are not whole in the bar, and tells each of them whole when it is gone, in a stable order', async () => {
  putEvidence(30);
  const plain = await runOnTerminal(['scan', 'in', '--db', 'plain.db', ...TIMES, '--progress', 'none'], {
    cwd: folder,
    columns: 400,
  });
  expect(warnings(plain)).toHaveLength(30);
  // Narrow, so that warnings wrap and the screen scrolls.
  const run = await runOnTerminal(['scan', 'in', '--db', 'bar.db', ...TIMES], { cwd: folder, columns: 60 });
  expect(run.code).toBe(3);
  expect(run.sent).toMatch(/\d+% \| .* records, \d+ files? not whole/);
  expect(warnings(run)).toEqual(warnings(plain));
  expect(run.lines.join('\n')).not.toMatch(/% \| /);
  expect(run.lines.join('\n')).toMatch(/^incomplete \(exit 3\)/m);
  expectRestored(run);
});

it('sends nothing but text to a dumb terminal', async () => {
  putEvidence(1);
  const args = ['scan', 'in', '--db', 's.db', ...TIMES];
  const run = await runOnTerminal(args, { cwd: folder, columns: 80, env: { TERM: 'dumb' } });
  expect(run.code).toBe(3);
  expect(run.sent).not.toContain('\x1b');
});

it('does not claim the whole when it is interrupted', async () => {
  putEvidence(1);
  expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0);
  const run = await runOnTerminal(['scan', 'in', 'pipe', '--db', 's.db', ...TIMES], {
    cwd: folder,
    columns: 100,
    // The bar, drawn after the last file before the pipe.
    type: { text: '\x03', when: (sent) => /waits for `pipe`/.test(sent) },
  });
  expect(run.code).toBe(130);
  const screen = run.lines.join('\n');
  expect(screen).toMatch(/^stopping after the files under way; press again to stop at once$/m);
  expect(screen).toMatch(
    /^interrupted: (?:1 of 3 files is|[023] of 3 files are) kept, and no report was written; /m,
  );
  expect(screen).not.toMatch(/100%|% \| /);
  expectRestored(run);
});

/** The headings are bold; the bar has no colours. */
const COLOUR = '\x1b[1m';

it('colours what it says on a terminal, and fits it into 80 columns', async () => {
  put(folder, 'in/2026-04-30.json', gaad([gaadRole(`R${'o'.repeat(60)}`, { trust: OPEN })]));
  const environments = [{}, { NO_COLOR: '1' }, { TERM: 'dumb' }] as const;
  const screens: TerminalRun[] = [];
  for (const [index, env] of environments.entries()) {
    const args = ['scan', 'in', '--db', `${index}.db`, '--as-of', '2026-05-01', '--progress', 'none'];
    screens.push(await runOnTerminal(args, { cwd: folder, columns: 80, env }));
  }
  const [coloured, ...plain] = screens;
  expect(coloured?.sent).toContain(COLOUR);
  for (const { sent } of plain) expect(sent).not.toContain(COLOUR);
  const shown = (run: TerminalRun | undefined): readonly string[] =>
    (run?.lines ?? []).filter((line) => !/\.db/.test(line));
  // Colour says nothing that the words do not.
  for (const one of plain) expect(shown(one)).toEqual(shown(coloured));
  for (const line of shown(coloured)) expect(line.length, line).toBeLessThanOrEqual(80);
});
