import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Ended, ended, MAIN } from '../cli/built.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** A system call as strace writes it down. */
export interface Call {
  readonly name: string;
  /** What stands in its parentheses. */
  readonly args: string;
  /** What it returned, such as `3` or `-1 ENOENT (No such file or directory)`. */
  readonly result: string;
}

/** All that reaches a network, names a file, or starts a process or thread. */
const TRACED = '%network,%file,%process,io_uring_setup';
const LINE = /^(\w+)\((.*)\) += (.+)$/;
/** What strace says of a thread itself. */
const REMARK = /^(?:\+\+\+|---) /;

/** Nothing, or why system calls cannot be traced here. */
export function cannotTrace(): string | null {
  const { status, stderr, error } = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true'], {
    encoding: 'utf8',
  });
  if (error !== undefined) return 'there is no `strace`: install it (Debian: `apt-get install strace`)';
  return status === 0 ? null : `strace may not trace here: ${stderr.trim()}`;
}

/**
 * Runs the built program to its end and tells every system call of all its threads and children that is of a kind above.
 * The rings through which libuv waits for events, and whose work strace cannot see, are refused to it (io_uring_setup(2)
 * fails): then it does the same by plain calls, and so would whoever else could use a ring.
 */
export async function traced(
  args: readonly string[],
  { cwd, env, input }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly input: string },
): Promise<Ended & { readonly calls: readonly Call[] }> {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder, name);
  writeFileSync(at('input'), input);
  const strace = ['-ff', '-qqq', '--seccomp-bpf', '-s', '4096', '-e', 'signal=none', '-e', `trace=${TRACED}`];
  const refused = ['-e', 'inject=io_uring_setup:error=ENOSYS', '-o', at('calls')];
  const command = ['strace', ...strace, ...refused, process.execPath, MAIN, ...args];
  // The pipes that Node.js gives to a child are sockets, which the program would ask what they are; those of a shell are not.
  const line = 'input=$1 stdout=$2 stderr=$3; shift 3; cat "$input" | "$@" >"$stdout" 2>"$stderr"';
  const files = [at('input'), at('stdout'), at('stderr')];
  const child = spawn('bash', ['-o', 'pipefail', '-c', line, 'bash', ...files, ...command], {
    cwd,
    env: { ...env, PATH: process.env['PATH'] },
    stdio: 'ignore',
  });
  const end = await ended(child);
  const calls = readdirSync(folder)
    .filter((name) => name.startsWith('calls.'))
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '' && !REMARK.test(line))
        .map(asCall),
    );
  const said = (name: string) => readFileSync(at(name), 'utf8');
  return { ...end, stdout: said('stdout'), stderr: said('stderr'), calls };
}

function asCall(line: string): Call {
  const [, name, args, result] = LINE.exec(line) ?? [];
  if (name === undefined || args === undefined || result === undefined)
    throw new Error(`not a system call: ${line}`);
  return { name, args, result };
}

/** The paths that a call names, made absolute as of the folder that the program ran in. */
export function pathsOf({ args }: Call, cwd: string): readonly string[] {
  return [...args.matchAll(/"((?:[^"\\]|\\.)*)"(\.\.\.)?/g)].map(([, path = '', cut]) => {
    if (cut !== undefined || path.includes('\\'))
      throw new Error(`a path that strace did not write in full: ${args}`);
    return resolve(cwd, path);
  });
}
