import { readdirSync, readFileSync } from 'node:fs';

/** The processes one of whose lists, as /proc shows it, is like that. What has ended meanwhile is left out. */
export function pidsWhere(
  list: 'cmdline' | 'environ',
  isWanted: (words: readonly string[]) => boolean,
): readonly number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => isWanted((contentOf(pid, list) ?? '').split('\0')));
}

export function commandOf(pid: number): readonly string[] {
  return (contentOf(pid, 'cmdline') ?? '').split('\0');
}

export function parentOf(pid: number): number {
  const [, parent = '0'] = /^PPid:\s*(\d+)$/m.exec(contentOf(pid, 'status') ?? '') ?? [];
  return Number(parent);
}

export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function contentOf(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null;
  }
}
