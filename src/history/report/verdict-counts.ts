import type { CountedVerdict, VerdictCount } from '../../model/report-source.ts';
import type { AccountLook } from '../../store/index.ts';
import { GUARDED_RULE, type Guardrails } from '../guardrails/guardrails.ts';
import { heldCounts } from '../guardrails/held-counts.ts';
import { judgeOf, worstOf } from '../look/judge.ts';
import { PolicyFacts } from '../look/policy-facts.ts';
import { standingRoles } from '../look/standing-roles.ts';
import { type Asked, judgedLedgers } from './asked.ts';

/** The verdicts of a report that pass or are not applicable, those alike counted together; in no order. */
export function* verdictCounts(asked: Asked): Iterable<VerdictCount> {
  for (const look of asked.looks()) {
    const own = new BookCounts(asked, look, 'role');
    for (const rule of asked.rules) yield* own.of(rule);
    for (const [ledger, judging] of judgedLedgers(asked, look.account)) {
      const entities = new BookCounts(asked, ledger, 'entity');
      for (const { metadata } of judging) yield* entities.of(metadata.id);
    }
  }
}

/** Those of an account, or of one of its ledgers. */
class BookCounts {
  private readonly asked: Asked;
  private readonly look: AccountLook;
  private readonly kind: 'role' | 'entity';
  private readonly facts: PolicyFacts;

  constructor(asked: Asked, look: AccountLook, kind: 'role' | 'entity') {
    this.asked = asked;
    this.look = look;
    this.kind = kind;
    this.facts = new PolicyFacts(asked.reader, asked.relations(), look.account, new Set());
  }

  *of(rule: string): Iterable<VerdictCount> {
    const guardrails =
      this.kind === 'role' && rule === GUARDED_RULE ? this.asked.guardrails(this.look) : null;
    if (guardrails !== null) {
      yield* this.guarded(guardrails);
      return;
    }
    for (const { policy, count } of this.policies(rule)) {
      const verdict = this.verdictOn(policy, rule);
      if (verdict !== null) yield { verdict, count };
    }
  }

  private *guarded(guardrails: Guardrails): Iterable<VerdictCount> {
    const { reader } = this.asked;
    for (const { policy, trust, decision, outcome, count } of heldCounts(reader, this.look, guardrails)) {
      if (outcome !== 'pass' && outcome !== 'not-applicable') continue;
      if (trust === 'none' || decision === null || decision.exposure === null) {
        const plain = this.verdictOn(policy, GUARDED_RULE);
        if (plain === null) continue;
        const guardrail = decision?.guardrail ?? { policies: [], capturedAt: guardrails.capturedAt };
        yield { verdict: { ...plain, guardrail: { ...guardrail, verdict: outcome } }, count };
        continue;
      }
      const { exposure, guardrail } = decision;
      const { literal = trust } = reader.outcomes(policy, this.look.account).get(GUARDED_RULE) ?? {};
      const severity = this.facts.severity(exposure, policy);
      const paths = this.facts.paths(exposure);
      yield { verdict: { rule: GUARDED_RULE, verdict: trust, literal, severity, guardrail, paths }, count };
    }
  }

  /** Where files of one moment disagree on a role, the policy that the rule judges worst. */
  private *policies(rule: string): Iterable<{ readonly policy: number; readonly count: number }> {
    const { asked, look } = this;
    const counts = asked.reader.currentPolicies(look);
    if (counts !== null) {
      yield* counts;
      return;
    }
    const judge = judgeOf(asked.reader, look.account, rule);
    for (const current of standingRoles(asked.reader, look)) {
      yield { policy: worstOf(current, judge).policy, count: 1 };
    }
  }

  private verdictOn(policy: number, rule: string): CountedVerdict | null {
    const judged = this.asked.reader.outcomes(policy, this.look.account).get(rule);
    if (judged === undefined || judged.verdict === 'fail' || judged.verdict === 'error') return null;
    const { verdict, literal } = judged;
    // Most policies let nobody in from another account, and need not be read.
    if (!judged.hasWays && !judged.notesId) {
      return { rule, verdict, literal, severity: null, guardrail: null, paths: [] };
    }
    const whole = this.facts.verdict(policy, rule);
    const severity = this.kind === 'role' ? this.facts.severity(whole, policy) : null;
    return { rule, verdict, literal, severity, guardrail: null, paths: this.facts.paths(whole) };
  }
}
