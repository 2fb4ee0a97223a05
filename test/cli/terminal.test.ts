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
  return lines.filter((line) => /^in\/own-\d+-cut\.json: .+/.test(line));
}

/** The terminal is as it was: the cursor is shown, and long lines wrap. */
function expectRestored({ sent }: TerminalRun): void {
  expect(sent.lastIndexOf('\x1b[?25h')).toBeGreaterThan(sent.lastIndexOf('\x1b[?25l'));
  expect(sent.lastIndexOf('\x1b[?7h')).toBeGreaterThan(sent.lastIndexOf('\x1b[?7l'));
}

it('shows every warning whole above the bar, which is gone at the end', async () => {
  putEvidence(30);
  const plain = await runOnTerminal(['scan', 'in', '--db', 'plain.db', ...TIMES, '--progress', 'none'], {
    cwd: folder,
    columns: 400,
  });
  expect(warnings(plain)).toHaveLength(30);
  // Narrow, so that warnings wrap and the screen scrolls.
  const run = await runOnTerminal(['scan', 'in', '--db', 'bar.db', ...TIMES], { cwd: folder, columns: 60 });
  expect(run.code).toBe(3);
  expect(run.sent).toMatch(/\d+% \| /);
  expect([...warnings(run)].sort()).toEqual([...warnings(plain)].sort());
  expect(run.lines.join('\n')).not.toMatch(/% \| /);
  expect(run.lines.join('\n')).toMatch(/^incomplete \(exit 3\)/m);
  expectRestored(run);
});

it('does not claim the whole when it is interrupted', async () => {
  putEvidence(1);
  expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0);
  const run = await runOnTerminal(['scan', 'in', 'pipe', '--db', 's.db', ...TIMES], {
    cwd: folder,
    columns: 100,
    // The bar, drawn after the warning about the last file before the pipe.
    type: { text: '\x03', when: (sent) => /own-0-cut\.json[\s\S]*% \| /.test(sent) },
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
