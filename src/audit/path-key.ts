import type { PathIn } from './verdict.ts';

/** Names a way in by who comes and how the policy writes it, wherever the statement stands. */
export function pathKey({ principal, account }: Pick<PathIn, 'principal' | 'account'>): string {
  return JSON.stringify([principal, account]);
}

/** The keys of ways in, each once, sorted: the same for any order of statements and principals. */
export function pathKeys(paths: readonly PathIn[]): readonly string[] {
  return [...new Set(paths.map(pathKey))].sort();
}
