import { outsiderOf } from '../../model/third-party.ts';
import type { GradedPath, Relation } from '../../model/verdict.ts';

/** Most exposed first. */
export const RELATIONS = ['any', 'third-party', 'unknown', 'same-organisation'] as const satisfies Relation[];

/** The ways in that stand open: those without a guard; every path when each is guarded. */
export function exposedPaths(paths: readonly GradedPath[]): readonly GradedPath[] {
  const open = paths.filter((path) => path.guards.length === 0);
  return open.length > 0 ? open : paths;
}

/** The most exposed path, the first of equals; null when there is no path at all. */
export function worstPath(paths: readonly GradedPath[]): GradedPath | null {
  let worst: GradedPath | null = null;
  for (const path of exposedPaths(paths)) {
    if (worst === null || RELATIONS.indexOf(path.relation) < RELATIONS.indexOf(worst.relation)) worst = path;
  }
  return worst;
}

/** Whom the paths let in, each once, in path order; see `outsiderOf`. */
export function externalAccounts(paths: readonly GradedPath[]): readonly string[] {
  return [...new Set(paths.map(outsiderOf))];
}
