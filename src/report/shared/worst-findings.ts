import type { StoredVerdict } from '../../model/report-source.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { classOf, type VerdictClass } from '../../model/verdict-class.ts';
import { leftObject } from './left-object.ts';
import { compareByImpact } from './words/impact-words.ts';

const WORST_FIRST = ['critical', 'high', 'error', 'medium', 'low'] as const satisfies VerdictClass[];

/** Keeps the worst of the findings it is given: by severity, then by what they lead to; of what is alike the first. */
export class WorstFindings {
  private readonly most: number;
  private readonly byClass: Partial<Record<VerdictClass, VerdictObject[]>> = {};

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
    kept.splice(place, 0, withoutSids(verdict));
    if (kept.length > this.most) kept.pop();
  }

  /** The worst first, with the ways in that guardrails leave; without the Sids of statements, which may be long. */
  list(): readonly VerdictObject[] {
    return WORST_FIRST.flatMap((group) => this.byClass[group] ?? []).slice(0, this.most);
  }
}

function withoutSids(verdict: Pick<StoredVerdict, 'object' | 'ways' | 'leftMessage'>): VerdictObject {
  const left = leftObject(verdict);
  return { ...left, paths: left.paths.map((path) => ({ ...path, sid: null })) };
}
