import { type Comparison, takesWildcards } from '../../iam/conditions/operators.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import { conditionTruth, type Truth } from '../../iam/conditions/truth.ts';
import type { Certainty } from '../statement-scope.ts';
import type { Environment, RequestSpace } from './request-space.ts';
import { comparedValues, conditionFor } from './value-index.ts';
import { variableKeys } from './variables.ts';

/** Steps for one policy, of about 0.2 microseconds; beyond them it is called too complex, never clean. A second or two. */
const WORK_LIMIT = 5_000_000;
/** What one value of a condition costs when its truth hangs on the caller, beside one that is known. */
const UNCACHED = 10;
/** Steps to read a value of a request, and to compare it with one of a condition. */
interface Cost {
  readonly once: number;
  readonly each: number;
}
const PATTERNS: Cost = { once: 1, each: 1 / 2 };
const COSTS: Readonly<Record<Comparison['family'], Cost>> = {
  string: { once: 0, each: 1 / 32 },
  arn: PATTERNS,
  number: { once: 1, each: 1 / 32 },
  date: { once: 3, each: 1 / 32 },
  address: { once: 3, each: 1 / 8 },
  boolean: { once: 0, each: 1 / 32 },
  binary: { once: 0, each: 1 / 32 },
};

/** Says for which choices a condition is as wanted; what was worked out before is remembered, and the work is bounded. */
export class Narrowing {
  private readonly space: RequestSpace;
  /** What is left of a domain under a condition; by what is wanted, and by domain. */
  private readonly narrowed = new Map<
    string,
    WeakMap<readonly number[], Map<Condition, readonly number[]>>
  >();
  private readonly single = new Map<number, readonly number[]>();
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

  startCounting(): void {
    this.work = 0;
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
    const known = variableKeys(condition).length === 0 ? this.knownOf(`${effect}${certainty}`, domain) : null;
    const before = known?.get(condition);
    this.work += before === undefined ? domain.length * costOf(condition) : 1;
    if (this.isSpent()) return [];
    if (before !== undefined) return before;
    const wanted = domain.filter((choice) =>
      isWanted(this.truth(condition, effect, environment, group, choice), effect, certainty),
    );
    const left = wanted.length === domain.length ? domain : this.kept(wanted);
    known?.set(condition, left);
    return left;
  }

  /** The same list for each condition that leaves only this choice, and none longer than it has to be. */
  private kept(left: readonly number[]): readonly number[] {
    const [choice] = left;
    if (choice === undefined || left.length > 1) return left.slice();
    const known = this.single.get(choice) ?? [choice];
    this.single.set(choice, known);
    return known;
  }

  private knownOf(wanted: string, domain: readonly number[]): Map<Condition, readonly number[]> {
    let byDomain = this.narrowed.get(wanted);
    if (byDomain === undefined) {
      byDomain = new WeakMap();
      this.narrowed.set(wanted, byDomain);
    }
    let known = byDomain.get(domain);
    if (known === undefined) {
      known = new Map();
      byDomain.set(domain, known);
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
    if (group === -1) this.work += comparedValues(condition);
    const context = this.space.context(environment, group, choice);
    const given = context(condition.key);
    const asked = typeof given === 'string' ? conditionFor(condition, given) : condition;
    const truth = conditionTruth(asked, context, effect);
    if (truth === 'unknown') this.metUndefined = true;
    return truth;
  }
}

/** An Allow's condition is wanted to hold, a Deny's to fail; what is unknown goes the caller's way when permissive. */
function isWanted(truth: Truth, effect: 'Allow' | 'Deny', certainty: Certainty): boolean {
  return truth === 'unknown' ? certainty === 'permissive' : (truth === 'yes') === (effect === 'Allow');
}

/** Steps to say for one choice whether the condition holds. */
function costOf(condition: Condition): number {
  if (condition.kind !== 'compare') return 1;
  const compared = comparedValues(condition);
  if (variableKeys(condition).length > 0) return UNCACHED * compared;
  const { comparison } = condition;
  const { once, each } = takesWildcards(comparison) ? PATTERNS : COSTS[comparison.family];
  return 1 + once + each * compared;
}
