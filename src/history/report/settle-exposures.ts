import { privilegesIn } from '../../impact/impact.ts';
import { pathKeys } from '../../model/exposure.ts';
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
import { exposureOf, type HeldVerdict, type Judge, trustOf, worstOf } from '../look/judge.ts';
import { PolicyFacts } from '../look/policy-facts.ts';
import { standingRoles } from '../look/standing-roles.ts';
import { Impacts } from './impacts.ts';

/** Rows held at a time, some hundred bytes each. */
const HELD = 4096;

/**
 * Has the views of the store say what reports say of the roles that stand: what guardrails make of verdicts, and what ways in
 * lead to, as it is now. What roles have by their policy is written once for all of them; of a role itself there is a row
 * where it says more than that, and than that nothing is known of permissions.
 */
export function settleExposures(store: Store): void {
  const { reader } = store;
  store.settleExposures((writer) => {
    const shown: Shown = {
      organizations: reader.organizations(null).length > 0,
      details: reader.showsDetails(),
      permissions: reader.showsPermissions(),
    };
    const relations = reader.relations();
    const accounts: SettledAccount[] = [];
    const rows: CurrentExposure[] = [];
    for (const look of reader.accountLooks({ kind: 'all' })) {
      const guardrails = guardrailsAt(reader, look.account, look);
      accounts.push({
        account: look.account,
        rule: GUARDED_RULE,
        guardrailsAt: guardrails?.capturedAt ?? null,
        guardrailsKnown: guardrails?.unknown !== true,
      });
      // When a role was last used the views find by themselves where one file after the other shows it.
      const isTold = shown.organizations || shown.permissions || (shown.details && !reader.isCountable(look));
      if (!isTold) continue;
      const exposures = new AccountExposures(reader, relations, shown, look, guardrails);
      rows.push(...exposures.ofPolicies());
      // The database takes rows only while none are read from it.
      for (let after: string | null | undefined; after !== null; ) {
        if (rows.length >= HELD) writer.exposures(rows.splice(0));
        after = exposures.collect(rows, after);
      }
    }
    writer.exposures(rows);
    writer.accounts(accounts);
  });
}

/** Of what there is evidence. */
interface Shown {
  /** Severities then hang on whose roles they are of. */
  readonly organizations: boolean;
  readonly details: boolean;
  readonly permissions: boolean;
}

/** What is said of every role that has the same verdict. */
type OfVerdict = Pick<
  CurrentExposure,
  'guardrail' | 'guardrailPolicies' | 'remainingWays' | 'severity' | 'notes'
>;

/** Those of the roles of one account. */
class AccountExposures {
  private readonly reader: StoreReader;
  private readonly shown: Shown;
  private readonly look: AccountLook;
  private readonly guardrails: Guardrails | null;
  private readonly judge: Judge;
  private readonly facts: PolicyFacts;
  private readonly impacts: Impacts;
  private readonly isCountable: boolean;
  private readonly choice: RoleChoice | null;
  private readonly byPolicy = new Set<number>();
  private readonly told = new WeakMap<HeldVerdict, OfVerdict>();
  private readonly changed = new WeakMap<HeldVerdict, boolean>();

  constructor(
    reader: StoreReader,
    relations: AccountRelations,
    shown: Shown,
    look: AccountLook,
    guardrails: Guardrails | null,
  ) {
    this.reader = reader;
    this.shown = shown;
    this.look = look;
    this.guardrails = guardrails;
    this.judge = heldJudgeOf(reader, look.account, GUARDED_RULE, guardrails);
    this.facts = new PolicyFacts(reader, relations, look.account, new Set());
    this.impacts = new Impacts(reader, look.account);
    this.isCountable = reader.isCountable(look);
    this.choice = this.choose();
  }

  /** The rows of all roles that have a policy. */
  *ofPolicies(): Iterable<CurrentExposure> {
    for (const policy of this.byPolicy) {
      const held = this.judge({ policy, role: 0 }, ANY_ROLE);
      if (held === null) continue;
      if (trustOf(held).verdict !== 'fail' && !this.isChanged(held, policy)) continue;
      const told = this.ofVerdict(held, policy);
      yield { account: this.look.account, role: null, policy, ...told, impact: null };
    }
  }

  /** Adds the rows of ARNs that come after one, until there are many; returns the last of these ARNs, null at the end. */
  collect(rows: CurrentExposure[], after: string | undefined): string | null {
    if (this.choice === null) return null;
    let arn = after ?? '';
    for (const current of standingRoles(this.reader, this.look, { ...this.choice, after })) {
      if (current.role.arn !== arn && rows.length >= HELD) return arn;
      arn = current.role.arn;
      const row = this.rowOf(current);
      if (row !== null) rows.push(row);
    }
    return null;
  }

  /** The roles that are looked at one by one, as few as can be; null: none. */
  private choose(): RoleChoice | null {
    const { reader, shown, look, guardrails } = this;
    const counts = shown.organizations ? reader.currentPolicies(look) : null;
    if (counts === null) {
      // Guardrails change nothing else.
      const outcomes = guardrails === null ? (['fail'] as const) : (['fail', 'pass'] as const);
      return { judged: { rules: [GUARDED_RULE], outcomes } };
    }
    const policies: number[] = [];
    for (const { policy } of counts) {
      const outcome = reader.outcomes(policy, look.account).get(GUARDED_RULE)?.verdict;
      if (outcome !== 'fail' && outcome !== 'pass') continue;
      const isAlike = guardrails?.isAlike(policy) !== false;
      if (isAlike) this.byPolicy.add(policy);
      if (!isAlike || (outcome === 'fail' && shown.permissions)) policies.push(policy);
    }
    return policies.length === 0 ? null : { policies };
  }

  private rowOf(current: CurrentRole): CurrentExposure | null {
    const { role, shown, at } = current;
    const { arn, roleId, partition } = role;
    const worst = worstOf(current, this.judge);
    const held = this.judge(worst, current);
    const isFailing = held !== null && trustOf(held).verdict === 'fail';
    const impact = isFailing ? this.impacts.of(worst.role, { arn, partition }, at) : null;
    // Which of several policies is the worst hangs on guardrails, too.
    const isTelling =
      shown.length > 1 ||
      (isFailing && this.shown.organizations) ||
      (held !== null && this.isChanged(held, worst.policy));
    const isToldElsewhere = !isTelling || this.byPolicy.has(worst.policy);
    if (isToldElsewhere && (impact === null || !this.tells(impact))) return null;
    return {
      account: this.look.account,
      role: { arn, roleId },
      policy: worst.policy,
      ...(held === null ? NOT_JUDGED : this.ofVerdict(held, worst.policy)),
      impact,
    };
  }

  /** False where no evidence shows anything of the role's permissions, nor, where the views cannot tell, when it was used. */
  private tells({ privileges, why, lastUsed }: Impact): boolean {
    return (
      privileges !== NOTHING.privileges || why !== NOTHING.why || (lastUsed !== null && !this.isCountable)
    );
  }

  private ofVerdict(held: HeldVerdict, policy: number): OfVerdict {
    return remembered(this.told, held, () => {
      const guardrail = held.heldBy?.guardrail ?? null;
      return {
        guardrail: guardrail?.verdict ?? null,
        guardrailPolicies: guardrail === null ? null : JSON.stringify(guardrail.policies),
        remainingWays: this.remainingWays(held),
        severity: this.facts.severity(held, policy),
        notes: JSON.stringify(guardrailNotes(held)),
      };
    });
  }

  private remainingWays(held: HeldVerdict): string | null {
    if (held.verdict !== 'fail') return null;
    const ways = openWays(this.facts, held);
    return ways === openWays(this.facts, trustOf(held)) ? null : ways;
  }

  /** Guardrails change more than is said of the account as a whole. */
  private isChanged(held: HeldVerdict, policy: number): boolean {
    return remembered(this.changed, held, () => {
      const trust = trustOf(held);
      if (held.verdict !== trust.verdict) return true;
      if (guardrailNotes(held).length > 0 && this.guardrails?.unknown !== true) return true;
      const { facts } = this;
      // Grading reads the policy as a rule.
      return (
        gradedBy(held) !== gradedBy(trust) && facts.severity(held, policy) !== facts.severity(trust, policy)
      );
    });
  }
}

function remembered<Value>(known: WeakMap<HeldVerdict, Value>, held: HeldVerdict, work: () => Value): Value {
  let value = known.get(held);
  if (value === undefined) {
    value = work();
    known.set(held, value);
  }
  return value;
}

const NOTHING = privilegesIn(UNKNOWN_DETAIL, { account: '', partition: '', arn: '' }, () => null);

/** All of a verdict that its severity hangs on, but for the policy. */
function gradedBy(verdict: HeldVerdict): string {
  const guardedById = verdict.paths.filter(({ guards }) => guards.includes('external-id'));
  return JSON.stringify([exposureOf(verdict), pathKeys(guardedById)]);
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
};
