import type { Outcome } from '../../model/exposure.ts';
import type { VerdictFilter } from '../../model/report-source.ts';
import { OUTCOME_OF, UNFAILING_CLASSES, type VerdictClass } from '../../model/verdict-class.ts';

/** How many verdicts of each class are still wanted; of findings and errors, all. */
export class Quota {
  private readonly left = new Map<VerdictClass, number>();

  constructor({ most, outcomes }: VerdictFilter) {
    if (most === undefined) return;
    const isWanted = (outcome: Outcome): boolean => outcomes?.includes(outcome) !== false;
    for (const name of UNFAILING_CLASSES) {
      this.left.set(name, isWanted(OUTCOME_OF[name]) ? most[name] : 0);
    }
  }

  isUsedUp(name: VerdictClass): boolean {
    return this.left.get(name) === 0;
  }

  /** Only what stands out is wanted from now on. */
  get isPlainUsedUp(): boolean {
    return this.isUsedUp('pass') && this.isUsedUp('not-applicable');
  }

  /** False when no more of the class are wanted. */
  take(name: VerdictClass): boolean {
    const left = this.left.get(name);
    if (left === undefined) return true;
    if (left === 0) return false;
    this.left.set(name, left - 1);
    return true;
  }
}
