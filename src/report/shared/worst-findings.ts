import type { StoredVerdict } from '../../model/report-source.ts';
import { outsiderOf } from '../../model/third-party.ts';
import type { GradedPath, VerdictObject } from '../../model/verdict.ts';
import { classOf, type VerdictClass } from '../../model/verdict-class.ts';
import { leftObject } from './left-object.ts';
import { exposedPaths, RELATIONS, worstPath } from './paths.ts';
import { compareByImpact } from './words/impact-words.ts';
import { messageWithNames } from './words/named-message.ts';

/** Those who get in of whom a list tells each by name. */
const NAMED = 2;

/** What lists of the worst say of a finding, as guardrails leave it. Its ways in may be thousands, so it has few of them. */
export interface WorstFinding extends Omit<VerdictObject, 'paths' | 'witness'> {
  /** With the names of accounts. */
  readonly message: string;
  /** The most exposed way in; null without any. */
  readonly way: GradedPath | null;
  /** Whom it lets in unguarded, or at all where every way is guarded: a way in of the first, the most exposed first, and how many they are. */
  readonly outsiders: { readonly first: readonly GradedPath[]; readonly count: number };
}

const WORST_FIRST = ['critical', 'high', 'error', 'medium', 'low'] as const satisfies VerdictClass[];

/** Keeps the worst of the findings it is given: by severity, then by what they lead to; of what is alike the first. */
export class WorstFindings {
  private readonly most: number;
  private readonly byClass: Partial<Record<VerdictClass, WorstFinding[]>> = {};

  constructor(most: number) {
    this.most = most;
  }

  add(verdict: Pick<StoredVerdict, 'object' | 'ways' | 'leftMessage'>): void {
    const { object } = verdict;
    const group = classOf(object);
    const kept = this.byClass[group] ?? [];
    this.byClass[group] = kept;
    let place = kept.length;
    while (place > 0 && compareByImpact(object.impact, kept[place - 1]?.impact ?? null) < 0) place--;
    if (place >= this.most) return;
    kept.splice(place, 0, inShort(leftObject(verdict)));
    if (kept.length > this.most) kept.pop();
  }

  /** The worst first. */
  list(): readonly WorstFinding[] {
    return WORST_FIRST.flatMap((group) => this.byClass[group] ?? []).slice(0, this.most);
  }
}

function inShort(object: VerdictObject): WorstFinding {
  const { paths, witness: _, ...rest } = object;
  const way = worstPath(paths);
  const outsiders = [...new Map(exposedPaths(paths).map((path) => [outsiderOf(path), path])).values()];
  const first = outsiders.sort(byRelation).slice(0, NAMED);
  return {
    ...rest,
    message: messageWithNames(object),
    way: way && withoutSid(way),
    outsiders: { first: first.map(withoutSid), count: outsiders.length },
  };
}

function byRelation(a: GradedPath, b: GradedPath): number {
  return RELATIONS.indexOf(a.relation) - RELATIONS.indexOf(b.relation);
}

/** Sids may be long. */
function withoutSid(path: GradedPath): GradedPath {
  return { ...path, sid: null };
}
