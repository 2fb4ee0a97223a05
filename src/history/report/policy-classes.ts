import type { AccountRelations } from '../../model/relations.ts';
import { classOf, type UnfailingClass } from '../../model/verdict-class.ts';
import type { StoreReader } from '../../store/index.ts';
import { GUARDED_RULE, type Guardrails } from '../guardrails/guardrails.ts';
import type { PolicyFacts } from '../look/policy-facts.ts';

/** Of what class those verdicts of one account are that are no findings and decided, by policy and rule; as little is read for it as can be. */
export class PolicyClasses {
  private readonly reader: StoreReader;
  private readonly account: string;
  private readonly facts: PolicyFacts;
  private readonly namesKnown: boolean;
  private readonly guardrails: Guardrails | null;

  constructor(
    reader: StoreReader,
    account: string,
    facts: PolicyFacts,
    relations: AccountRelations,
    guardrails: Guardrails | null,
  ) {
    this.guardrails = guardrails;
    this.reader = reader;
    this.account = account;
    this.facts = facts;
    this.namesKnown = relations.accounts.size > 0;
  }

  /** Null for the others. */
  of(policy: number, rule: string): UnfailingClass | null {
    const judged = this.reader.outcomes(policy, this.account).get(rule);
    if (judged === undefined || judged.verdict === 'error') return null;
    const { guardrails } = this;
    const isGuarded = guardrails !== null && rule === GUARDED_RULE && judged.verdict !== 'not-applicable';
    if (isGuarded && !guardrails.isAlike(policy)) return null;
    const decision = isGuarded ? guardrails.decisionOfAll(judged.verdict, policy) : null;
    if (decision !== null && decision.exposure !== null) {
      const { exposure, guardrail } = decision;
      if (exposure.verdict === 'fail') return null;
      const { verdict, literal } = judged;
      const severity = this.facts.severity(exposure, policy);
      return classOf({ verdict, literal, severity, guardrail }) as UnfailingClass;
    }
    if (judged.verdict === 'fail') return null;
    const { verdict, literal, demandsId, notesId } = judged;
    // A guard is weak by what is noted of its external id, or because that is the name of an account.
    const mayBeWeak = notesId || (demandsId && this.namesKnown);
    const severity = mayBeWeak ? this.facts.severity(this.facts.verdict(policy, rule), policy) : null;
    return classOf({ verdict, literal, severity, guardrail: null }) as UnfailingClass;
  }
}
