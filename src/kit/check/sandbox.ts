import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { TrustsieveError } from '../../errors.ts';

/** What came of running something. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** Runs a program to its end. */
export type Run = (command: string, args: readonly string[], cwd: string, input?: string) => Promise<Ran>;

/** No language, no options, no place of anything comes in from the machine. */
const env = { PATH: '' };

/** Where the network is. */
export const runHere: Run = (command, args, cwd, input = '') =>
  ended(spawn(command, args, { cwd, stdio: 'pipe', env }), input);

/**
 * Runs programs where no network is, with no environment but an empty PATH: in a network namespace of its own
 * (network_namespaces(7)), whose only interface is down.
 *
 * @throws TrustsieveError `platform-unsupported` where this machine does not allow that
 */
export async function withoutNetwork(node: string, unshare: string | null = onPath('unshare')): Promise<Run> {
  if (unshare === null) throw refused('there is no `unshare`, which Linux has in util-linux');
  const isolated = process.getuid?.() === 0 ? ['--net', '--'] : ['--map-root-user', '--net', '--'];
  const run: Run = (command, args, cwd, input = '') =>
    ended(spawn(unshare, [...isolated, command, ...args], { cwd, stdio: 'pipe', env }), input);
  const { code, stdout, stderr } = await run(node, ['--eval', PROBE], '/');
  if (code !== 0) throw refused(stderr.toString('utf8').trim().split('\n', 1)[0] ?? '');
  const found = stdout.toString('utf8');
  if (found !== NOTHING) throw refused(`in the namespace there still is ${found}`);
  return run;
}

const NOTHING = 'no interface, ENETUNREACH, PATH=';
/** Looks for interfaces that are up, reaches for an address (of RFC 5737), and says what PATH holds. */
const PROBE = `
const up = Object.keys(require('node:os').networkInterfaces()).join() || 'no interface';
require('node:net').connect(9, '192.0.2.1')
  .on('connect', () => process.exit(1))
  .on('error', ({ code }) => process.stdout.write(up + ', ' + code + ', PATH=' + process.env.PATH));
`;

function refused(why: string): TrustsieveError {
  const message = `this machine does not let a program run without a network, so nothing was checked: ${why}`;
  return new TrustsieveError('platform-unsupported', message);
}

/** Where a command of the system lies; null where it is not to be found. */
function onPath(name: string): string | null {
  const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return found.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function ended(child: ChildProcess, input: string): Promise<Ran> {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('a child process without pipes');
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  // Who does not read it has ended, which shows in its exit code.
  stdin.on('error', () => undefined).end(input);
  const [out, err, code] = await Promise.all([buffer(stdout), buffer(stderr), closed]);
  return { code, stdout: out, stderr: err };
}
