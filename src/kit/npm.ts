import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Runs npm: the one that has started this program, else the one of the system.
 *
 * @throws the error of `execFile`, with what npm said in `stderr`
 */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const cli = process.env['npm_execpath'];
  const [command, before] = cli?.endsWith('.js') === true ? [process.execPath, [cli]] : ['npm', []];
  const shell = before.length === 0 && process.platform === 'win32';
  const { stdout } = await promisify(execFile)(command, [...before, ...args, '--loglevel=error'], {
    cwd,
    shell,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

const FACTS = /^npm (?:error|ERR!) (?:code|syscall|errno|path|command)\b/;

/** What npm found wrong, as one line. */
export function npmFault(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const lines = said.split('\n').filter((line) => /^npm (?:error|ERR!) /.test(line));
  const [first = String(error).split('\n', 1)[0] ?? ''] = lines.filter((line) => !FACTS.test(line));
  return first.replace(/^npm (?:error|ERR!) /, '');
}
