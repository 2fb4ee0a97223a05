import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inCheckout } from '../checkout.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Numbers of the errors of Linux that a disk gives. */
export const ERRNO = { EINTR: 4, EIO: 5, ENOSPC: 28, EROFS: 30, EDQUOT: 122, ESTALE: 116 } as const;

export interface Fault {
  /** Of open, read, write, sync, truncate, rename, unlink; several joined by commas. */
  readonly operation: string;
  /** What the path must contain. */
  readonly path: string;
  /** The first call is 1. */
  readonly call: number;
  /** Every later call, too. */
  readonly onwards?: boolean;
  readonly action: 'kill' | 'short' | { readonly error: number } | { readonly slow: number } | 'none';
}

let library: string | null = null;

/** Compiles `io/faulty.c`; says what is missing where that cannot be done, for no round may be left out in silence. */
function build(): string {
  if (library !== null) return library;
  const target = join(temporaryFolder(), 'faulty.so');
  const source = inCheckout('test', 'faults', 'io', 'faulty.c');
  try {
    execFileSync('gcc', [
      '-O2',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-shared',
      '-fPIC',
      '-o',
      target,
      source,
      '-ldl',
    ]);
  } catch (error) {
    throw new Error(
      'the fault suite needs Linux and gcc, which makes the library that stands for a bad disk',
      {
        cause: error,
      },
    );
  }
  library = target;
  return target;
}

/** The environment of a process that meets the fault. */
export function withFault({ operation, path, call, onwards = false, action }: Fault): NodeJS.ProcessEnv {
  const [name, argument] =
    typeof action === 'string'
      ? [action, 0]
      : 'error' in action
        ? ['error', action.error]
        : ['slow', action.slow];
  const FAULTY = `${operation}:${path}:${call}${onwards ? '+' : ''}:${name}:${argument}`;
  return { ...process.env, LD_PRELOAD: build(), FAULTY };
}

/** How often a process makes the operation on such paths; `work` runs it in the environment that counts. */
export async function callsOf(
  operation: string,
  path: string,
  work: (env: NodeJS.ProcessEnv) => Promise<unknown>,
): Promise<number> {
  const log = join(temporaryFolder(), 'calls');
  await work({ ...withFault({ operation, path, call: 0, action: 'none' }), FAULTY_LOG: log });
  const count = existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
  rmSync(log, { force: true });
  if (count === 0) throw new Error(`nothing does ${operation} on a path with \`${path}\``);
  return count;
}
