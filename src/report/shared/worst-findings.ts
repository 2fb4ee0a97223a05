import type { GradedPath, VerdictObject } from '../../model/verdict.ts';
import { classOf, type VerdictClass } from '../../model/verdict-class.ts';
import { compareByImpact } from './words/impact-words.ts';

const WORST_FIRST = ['critical', 'high', 'error', 'medium', 'low'] as const satisfies VerdictClass[];

/** Keeps the worst of the findings it is given: by severity, then by what they lead to; of what is alike the first. */
export class WorstFindings {
  private readonly most: number;
  private readonly byClass: Partial<Record<VerdictClass, VerdictObject[]>> = {};

  constructor(most: number) {
    this.most = most;
  }

  /** `ways`: its ways in as guardrails leave them. */
  add(object: VerdictObject, ways: readonly GradedPath[]): void {
    const group = classOf(object);
    const kept = this.byClass[group] ?? [];
    this.byClass[group] = kept;
    let place = kept.length;
    while (place > 0 && compareByImpact(object.impact, kept[place - 1]?.impact ?? null) < 0) place--;
    if (place >= this.most) return;
    kept.splice(place, 0, withoutSids(object, ways));
    if (kept.length > this.most) kept.pop();
  }

  /** The worst first, with the ways in that guardrails leave; without the Sids of statements, which may be long. */
  list(): readonly VerdictObject[] {
    return WORST_FIRST.flatMap((group) => this.byClass[group] ?? []).slice(0, this.most);
  }
}

function withoutSids(object: VerdictObject, ways: readonly GradedPath[]): VerdictObject {
  return { ...object, paths: ways.map((path) => ({ ...path, sid: null })) };
}
