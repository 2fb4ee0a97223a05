import { spawn } from 'node:child_process';
import { once } from 'node:events';
import headless from '@xterm/headless';
import { MAIN } from './built.ts';

export interface TerminalRun {
  readonly code: number | null;
  /** What the program sent. */
  readonly sent: string;
  /** The lines on the screen and above it when the program has ended; what was wrapped is one line again. */
  readonly lines: readonly string[];
}

export interface TerminalOptions {
  readonly cwd: string;
  readonly columns: number;
  /** Over the environment of the tests, without what it says of colours. */
  readonly env?: NodeJS.ProcessEnv;
  /** What to type, once `when` has come to pass. */
  readonly type?: { readonly text: string; readonly when: (sent: string) => boolean };
}

/**
 * Runs the built program on a pseudo-terminal and shows what it sends to a terminal emulator. The pseudo-terminal is
 * made by `script` of util-linux; without that this throws.
 */
export async function runOnTerminal(
  args: readonly string[],
  { cwd, columns, env, type }: TerminalOptions,
): Promise<TerminalRun> {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const { NO_COLOR: _, FORCE_COLOR: __, ...others } = process.env;
  const line = `stty cols ${columns} rows 24; ${command}`;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd,
    stdio: 'pipe',
    env: { ...others, TERM: 'xterm', ...env },
  });
  let sent = '';
  let typed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    sent += text;
    if (type === undefined || typed || !type.when(sent)) return;
    typed = true;
    child.stdin.write(type.text);
  });
  const [code] = (await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([cause]) => {
      throw new Error('this test needs `script` (util-linux)', { cause });
    }),
  ])) as [number | null];
  return { code, sent, lines: await shown(sent, columns) };
}

async function shown(sent: string, cols: number): Promise<readonly string[]> {
  const terminal = new headless.Terminal({ cols, rows: 24, scrollback: 1000, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(sent, resolve));
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row);
    if (line === undefined) continue;
    const text = line.translateToString(true);
    if (line.isWrapped) lines.push((lines.pop() ?? '') + text);
    else lines.push(text);
  }
  terminal.dispose();
  return lines;
}
