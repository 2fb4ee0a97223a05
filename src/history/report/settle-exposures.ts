import { privilegesIn } from '../../impact/impact.ts';
import type { AccountRelations } from '../../model/relations.ts';
import type { Impact } from '../../model/role-detail.ts';
import { UNKNOWN_DETAIL } from '../../model/role-detail-text.ts';
import type {
  AccountLook,
  CurrentExposure,
  RoleChoice,
  SettledAccount,
  Store,
  StoreReader,
} from '../../store/index.ts';
import {
  ANY_ROLE,
  GUARDED_RULE,
  type Guardrails,
  guardrailNotes,
  guardrailsAt,
  heldJudgeOf,
} from '../guardrails/guardrails.ts';
import type { CurrentRole } from '../look/current-roles.ts';
import { type HeldVerdict, type Judge, trustOf, worstOf } from '../look/judge.ts';
import { standingRoles } from '../look/standing-roles.ts';
import { Impacts } from './impacts.ts';
import { PolicyFacts } from './policy-facts.ts';

/** Rows held at a time, some hundred bytes each. */
const HELD = 4096;

/**
 * Has the views of the store say what reports say of the roles that stand: what guardrails make of verdicts, and what ways in
 * lead to. To be called whenever what stands may have changed.
 *
 * Accounts that are settled already are left as they are. Of a role there is a row where it says more than that the trust
 * policy's verdict stands and nothing is known of permissions.
 */
export function settleExposures(store: Store): void {
  const { reader } = store;
  store.settleExposures((writer) => {
    const isOrganized = reader.organizations(null).length > 0;
    const isPlain = !isOrganized && !reader.showsDetails();
    const relations = reader.relations();
    const accounts: SettledAccount[] = [];
    const rows: CurrentExposure[] = [];
    for (const look of reader.accountLooks({ kind: 'all' })) {
      if (writer.settled.has(look.account)) continue;
      const guardrails = guardrailsAt(reader, look.account, look);
      accounts.push({
        account: look.account,
        rule: GUARDED_RULE,
        guardrailsAt: guardrails?.capturedAt ?? null,
        guardrailsKnown: guardrails?.unknown !== true,
      });
      if (isPlain) continue;
      const exposures = new AccountExposures(reader, relations, isOrganized, look, guardrails);
      // The database takes rows only while none are read from it.
      for (let after: string | null | undefined; after !== null; ) {
        after = exposures.collect(rows, after);
        if (rows.length >= HELD) writer.exposures(rows.splice(0));
      }
    }
    writer.exposures(rows);
    writer.accounts(accounts);
  });
}

/** What is said of every role that has the same verdict. */
type OfVerdict = Pick<
  CurrentExposure,
  'guardrail' | 'guardrailPolicies' | 'remainingWays' | 'severity' | 'notes'
> & {
  /** Guardrails change more than is said of the account as a whole. */
  readonly isChanged: boolean;
};

/** Those of the roles of one account. */
class AccountExposures {
  private readonly reader: StoreReader;
  private readonly isOrganized: boolean;
  private readonly look: AccountLook;
  private readonly guardrails: Guardrails | null;
  private readonly judge: Judge;
  private readonly facts: PolicyFacts;
  private readonly impacts: Impacts;
  private readonly known = new WeakMap<HeldVerdict, OfVerdict>();

  /** @param isOrganized there is evidence of organisations: severities then hang on whose roles they are of */
  constructor(
    reader: StoreReader,
    relations: AccountRelations,
    isOrganized: boolean,
    look: AccountLook,
    guardrails: Guardrails | null,
  ) {
    this.reader = reader;
    this.isOrganized = isOrganized;
    this.look = look;
    this.guardrails = guardrails;
    this.judge = heldJudgeOf(reader, look.account, GUARDED_RULE, guardrails);
    this.facts = new PolicyFacts(reader, relations, look.account, new Set());
    this.impacts = new Impacts(reader, look.account);
  }

  /** Adds the rows of ARNs that come after one, until there are many; returns the last of these ARNs, null at the end. */
  collect(rows: CurrentExposure[], after: string | undefined): string | null {
    let arn = after ?? '';
    for (const current of standingRoles(this.reader, this.look, { ...this.choice(), after })) {
      if (current.role.arn !== arn && rows.length >= HELD) return arn;
      arn = current.role.arn;
      const row = this.rowOf(current);
      if (row !== null) rows.push(row);
    }
    return null;
  }

  /** As few as can be read for it. */
  private choice(): RoleChoice {
    const { reader, look, guardrails } = this;
    if (guardrails === null) return { judged: { rules: [GUARDED_RULE], outcomes: ['fail'] } };
    const counts = reader.currentPolicies(look);
    // Guardrails change nothing else.
    if (counts === null) return { judged: { rules: [GUARDED_RULE], outcomes: ['fail', 'pass'] } };
    return {
      policies: counts.flatMap(({ policy }) => (this.isTelling(policy, guardrails) ? [policy] : [])),
    };
  }

  private isTelling(policy: number, guardrails: Guardrails): boolean {
    const outcome = this.reader.outcomes(policy, this.look.account).get(GUARDED_RULE)?.verdict;
    if (outcome !== 'pass') return outcome === 'fail';
    if (!guardrails.isAlike(policy)) return true;
    const held = this.judge({ policy, role: 0 }, ANY_ROLE);
    return held !== null && this.ofVerdict(held, policy).isChanged;
  }

  private rowOf(current: CurrentRole): CurrentExposure | null {
    const { role, shown, at } = current;
    const { arn, roleId, partition } = role;
    const worst = worstOf(current, this.judge);
    const held = this.judge(worst, current);
    const { isChanged, ...told } = held === null ? NOT_JUDGED : this.ofVerdict(held, worst.policy);
    const isFailing = held !== null && trustOf(held).verdict === 'fail';
    const impact = isFailing ? this.impacts.of(worst.role, { arn, partition }, at) : null;
    // Which of several policies is the worst hangs on guardrails, too.
    const isTelling =
      isChanged || shown.length > 1 || (isFailing && this.isOrganized) || (impact !== null && tells(impact));
    if (!isTelling) return null;
    return {
      account: this.look.account,
      arn,
      roleId,
      policy: worst.policy,
      ...told,
      impact,
    };
  }

  private ofVerdict(held: HeldVerdict, policy: number): OfVerdict {
    let told = this.known.get(held);
    if (told === undefined) {
      told = this.tell(held, policy);
      this.known.set(held, told);
    }
    return told;
  }

  private tell(held: HeldVerdict, policy: number): OfVerdict {
    const { facts } = this;
    const trust = trustOf(held);
    const guardrail = held.heldBy?.guardrail ?? null;
    const severity = facts.severity(held, policy);
    const notes = guardrailNotes(held);
    const ways = openWays(facts, held);
    return {
      guardrail: guardrail?.verdict ?? null,
      guardrailPolicies: guardrail === null ? null : JSON.stringify(guardrail.policies),
      remainingWays: held.verdict === 'fail' && ways !== openWays(facts, trust) ? ways : null,
      severity,
      notes: JSON.stringify(notes),
      isChanged:
        held.verdict !== trust.verdict ||
        (!isGradedAlike(held, trust) && severity !== facts.severity(trust, policy)) ||
        (notes.length > 0 && this.guardrails?.unknown !== true),
    };
  }
}

const NOTHING = privilegesIn(UNKNOWN_DETAIL, { account: '', partition: '', arn: '' }, () => null);

/** False where no evidence shows anything of the role's permissions, nor when it was used. */
function tells({ privileges, why, lastUsed }: Impact): boolean {
  return lastUsed !== null || privileges !== NOTHING.privileges || why !== NOTHING.why;
}

/** Of two verdicts on one policy: grading it twice, which reads the policy, would say the same. */
function isGradedAlike(one: HeldVerdict, other: HeldVerdict): boolean {
  const graded = ({ verdict, notes, paths }: HeldVerdict): string => JSON.stringify([verdict, notes, paths]);
  return graded(one) === graded(other);
}

function openWays(facts: PolicyFacts, verdict: HeldVerdict): string {
  return JSON.stringify(facts.paths(verdict).filter(({ guards }) => guards.length === 0));
}

const NOT_JUDGED: OfVerdict = {
  guardrail: null,
  guardrailPolicies: null,
  remainingWays: null,
  severity: null,
  notes: '[]',
  isChanged: false,
};
