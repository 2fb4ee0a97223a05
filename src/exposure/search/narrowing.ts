import type { Condition } from '../../iam/conditions/parse.ts';
import { conditionTruth, type Truth } from '../../iam/conditions/truth.ts';
import type { Certainty } from '../statement-scope.ts';
import type { Environment, RequestSpace } from './request-space.ts';
import { conditionFor } from './value-index.ts';
import { variableKeys } from './variables.ts';

/** Values looked at for one policy; beyond it the policy is called too complex, never clean. A second or two. */
const WORK_LIMIT = 5_000_000;
/** What one value of a condition costs when its truth hangs on the caller, beside one that is known. */
const UNCACHED = 10;

/** Says for which choices a condition is as wanted; what was worked out before is remembered, and the work is bounded. */
export class Narrowing {
  private readonly space: RequestSpace;
  private readonly truths = new Map<Condition, Map<string, Truth>>();
  /** What is left of a domain under a condition, by domain. */
  private readonly narrowed = new WeakMap<
    readonly number[],
    Map<Condition, Map<string, readonly number[]>>
  >();
  private work = 0;
  /** True once something undefined was met. */
  metUndefined = false;
  /** True once the search was broken off for its length, so that not finding a request proves nothing. */
  brokenOff = false;

  constructor(space: RequestSpace) {
    this.space = space;
  }

  /** Has the search taken more steps than for any policy that people write? Then it is to break off. */
  isSpent(): boolean {
    if (this.work > WORK_LIMIT) this.brokenOff = true;
    return this.work > WORK_LIMIT;
  }

  spend(steps: number): void {
    this.work += steps;
  }

  /** Is a condition that only the caller decides as wanted? */
  isMet(
    condition: Condition,
    effect: 'Allow' | 'Deny',
    environment: Environment,
    certainty: Certainty,
  ): boolean {
    return isWanted(this.truth(condition, effect, environment, -1, 0), effect, certainty);
  }

  /** The choices of a domain for which the condition's truth is as wanted. */
  narrow(
    condition: Condition,
    effect: 'Allow' | 'Deny',
    environment: Environment,
    group: number,
    domain: readonly number[],
    certainty: Certainty,
  ): readonly number[] {
    // Without variables the caller has no say in it.
    const known = variableKeys(condition).length === 0 ? this.knownOf(domain, condition) : null;
    const key = `${effect}${certainty}`;
    const before = known?.get(key);
    this.work += before === undefined ? domain.length * costOf(condition) : 1;
    if (this.isSpent()) return [];
    if (before !== undefined) return before;
    const left = domain.filter((choice) =>
      isWanted(this.truth(condition, effect, environment, group, choice), effect, certainty),
    );
    known?.set(key, left);
    return left;
  }

  private knownOf(domain: readonly number[], condition: Condition): Map<string, readonly number[]> {
    let byCondition = this.narrowed.get(domain);
    if (byCondition === undefined) {
      byCondition = new Map();
      this.narrowed.set(domain, byCondition);
    }
    let known = byCondition.get(condition);
    if (known === undefined) {
      known = new Map();
      byCondition.set(condition, known);
    }
    return known;
  }

  private truth(
    condition: Condition,
    effect: 'Allow' | 'Deny',
    environment: Environment,
    group: number,
    choice: number,
  ): Truth {
    const cacheable = group !== -1 && variableKeys(condition).length === 0;
    if (group === -1) {
      const given = environment.fixed.get(condition.key);
      const asked = typeof given === 'string' ? conditionFor(condition, given) : condition;
      this.work += asked.kind === 'compare' ? asked.values.length : 1;
      return this.met(conditionTruth(asked, this.space.context(environment, group, choice), effect));
    }
    if (!cacheable)
      return this.met(conditionTruth(condition, this.space.context(environment, group, choice), effect));
    let truths = this.truths.get(condition);
    if (truths === undefined) {
      truths = new Map();
      this.truths.set(condition, truths);
    }
    const key = `${effect}${choice}`;
    let truth = truths.get(key);
    if (truth === undefined) {
      truth = this.met(conditionTruth(condition, this.space.context(environment, group, choice), effect));
      truths.set(key, truth);
    }
    return truth;
  }

  private met(truth: Truth): Truth {
    if (truth === 'unknown') this.metUndefined = true;
    return truth;
  }
}

/** An Allow's condition is wanted to hold, a Deny's to fail; what is unknown goes the caller's way when permissive. */
function isWanted(truth: Truth, effect: 'Allow' | 'Deny', certainty: Certainty): boolean {
  return truth === 'unknown' ? certainty === 'permissive' : (truth === 'yes') === (effect === 'Allow');
}

function costOf(condition: Condition): number {
  return condition.kind === 'compare' && variableKeys(condition).length > 0
    ? UNCACHED * condition.values.length
    : 1;
}
