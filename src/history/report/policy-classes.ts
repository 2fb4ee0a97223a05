import type { AccountRelations } from '../../model/relations.ts';
import { classOf, type UnfailingClass } from '../../model/verdict-class.ts';
import type { StoreReader } from '../../store/index.ts';
import { ANY_ROLE, GUARDED_RULE, type Guardrails } from '../guardrails/guardrails.ts';
import type { PolicyFacts } from './policy-facts.ts';

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
    if (this.guardrails !== null && rule === GUARDED_RULE && judged.verdict !== 'not-applicable') {
      return this.held(policy, this.guardrails);
    }
    if (judged.verdict === 'fail') return null;
    const { verdict, literal, demandsId, notesId } = judged;
    // A guard is weak by what is noted of its external id, or because that is the name of an account.
    const mayBeWeak = notesId || (demandsId && this.namesKnown);
    const severity = mayBeWeak ? this.facts.severity(this.facts.verdict(policy, rule), policy) : null;
    return classOf({ verdict, literal, severity, guardrail: null }) as UnfailingClass;
  }
  /** What guardrails leave, where that is the same for every role. */
  private held(policy: number, guardrails: Guardrails): UnfailingClass | null {
    if (!guardrails.isAlike(policy)) return null;
    const trust = this.reader.judgedPolicy(policy, this.account).verdicts.get(GUARDED_RULE);
    if (trust === undefined) return null;
    const held = guardrails.held(trust, { policy, role: 0 }, ANY_ROLE);
    if (held.verdict === 'fail' || held.verdict === 'error') return null;
    const severity = this.facts.severity(held, policy);
    const guardrail = held.heldBy?.guardrail ?? null;
    return classOf({ ...trust, severity, guardrail }) as UnfailingClass;
  }
}
