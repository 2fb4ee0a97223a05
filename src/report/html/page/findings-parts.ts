import type { Outcome } from '../../../model/exposure.ts';
import { effectiveVerdict } from '../../../model/guardrail.ts';
import type { StoredVerdict } from '../../../model/report-source.ts';
import type { VerdictObject } from '../../../model/verdict.ts';
import { classOf } from '../../../model/verdict-class.ts';
import type { PageLimits } from './limits.ts';
import { textKey } from './text-key.ts';

/** A stretch of the findings that one page carries well, in the order of the source. */
export interface FindingsPart {
  readonly rows: number;
  readonly firstAccount: string;
  readonly lastAccount: string;
}

/** A part that has been written. */
export interface WrittenPart extends FindingsPart {
  /** Relative to the index, with forward slashes. */
  readonly path: string;
  readonly sha256: string;
}

/** What a row takes in the page beside its policy. */
const ROW_TEXT = 160;
/** Characters of distinct policies remembered; what is forgotten counts again, as it is sent again. */
const REMEMBERED = 16 * 1024 * 1024;

/** Cuts the findings into parts as they come, so that each stays within what a page carries. */
export class FindingsPlan {
  private readonly limits: PageLimits;
  private readonly cut: { rows: number; firstAccount: string; lastAccount: string }[] = [];
  private seen = new Set<string>();
  private held = 0;
  /** Characters of the part at hand. */
  private partText = 0;
  private readonly others: Record<'notable' | 'pass' | 'not-applicable', number> = {
    notable: 0,
    pass: 0,
    'not-applicable': 0,
  };
  /** Those of the outcomes asked for that are cut into parts. */
  readonly outcomes: readonly Outcome[];
  /** Characters of all parts together. */
  text = 0;
  /** Characters of the other verdicts that a page lists. */
  otherText = 0;

  /** `outcomes`: those asked for; only findings (`fail` and `error`) are cut into parts. */
  constructor(limits: PageLimits, outcomes: readonly Outcome[]) {
    this.limits = limits;
    this.outcomes = outcomes.filter((outcome) => outcome === 'fail' || outcome === 'error');
  }

  get parts(): readonly FindingsPart[] {
    return this.cut;
  }

  take({ object, policy }: StoredVerdict): void {
    const effective = effectiveVerdict(object);
    if (effective === 'pass' || effective === 'not-applicable') {
      this.takeOther(object, policy);
      return;
    }
    if (!this.outcomes.includes(effective)) return;
    const text = this.measure(object.roleName, policy);
    const last = this.cut.at(-1);
    const full =
      last === undefined || last.rows >= this.limits.findings || this.partText + text > this.limits.text;
    if (full) this.cut.push({ rows: 1, firstAccount: object.account, lastAccount: object.account });
    else {
      last.rows += 1;
      last.lastAccount = object.account;
    }
    this.partText = full ? text : this.partText + text;
    this.text += text;
  }

  /** The first ones are those a page lists; see `chooseBudgets`. */
  private takeOther(object: VerdictObject, policy: string | null): void {
    const group = classOf(object);
    const pool = group === 'pass' || group === 'not-applicable' ? group : 'notable';
    this.others[pool] += 1;
    const most = pool === 'notable' ? this.limits.notable : this.limits.others;
    if (this.others[pool] <= most) this.otherText += this.measure(object.roleName, policy);
  }

  /** A policy stands once in a page, and what is said of it takes about as much again. */
  private measure(roleName: string, policy: string | null): number {
    const key = policy === null ? null : textKey(policy);
    if (policy === null || key === null || this.seen.has(key)) return ROW_TEXT + roleName.length;
    if (this.held + policy.length > REMEMBERED) {
      this.seen = new Set();
      this.held = 0;
    }
    this.seen.add(key);
    this.held += policy.length;
    return ROW_TEXT + roleName.length + 2 * policy.length;
  }
}
