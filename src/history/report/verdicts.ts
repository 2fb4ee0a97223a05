import { CONFLICTING_RECORDS } from '../../model/completeness.ts';
import type { Outcome } from '../../model/exposure.ts';
import { severityOf } from '../../model/grading.ts';
import type { AccountRelations } from '../../model/relations.ts';
import type { StoredVerdict, VerdictFilter } from '../../model/report-source.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { classOf, type VerdictClass } from '../../model/verdict-class.ts';
import type { AccountLook, JudgedPolicy, PolicyCount, RoleChoice, StoredRule } from '../../store/index.ts';
import { openStates } from '../compare/finding-state.ts';
import { heldJudgeOf } from '../guardrails/guardrails.ts';
import type { CurrentRole } from '../look/current-roles.ts';
import { judgeOf, trustOf, worstOf } from '../look/judge.ts';
import { type Bundle, mergeBundles } from '../look/merge-bundles.ts';
import { knownAs } from '../look/nameless.ts';
import { standingRoles } from '../look/standing-roles.ts';
import { type Asked, judgedLedgers } from './asked.ts';
import { PolicyClasses } from './policy-classes.ts';
import { Quota } from './quota.ts';
import { type BuiltVerdict, VerdictBuilder } from './verdict-object.ts';

interface Context {
  readonly filter: VerdictFilter;
  readonly relations: AccountRelations;
  readonly quota: Quota;
}

/** The verdicts of a report by account, ARN, role id, rule. Holds those of one role. */
export function* verdictsOf(asked: Asked, filter: VerdictFilter): Iterable<StoredVerdict> {
  const quota = new Quota(filter);
  const context: Context = { filter, relations: asked.relations(), quota };
  for (const look of asked.looks()) {
    if (filter.account !== undefined && look.account !== filter.account) continue;
    const ledgers = judgedLedgers(asked, look.account).map(([ledger, own]) =>
      entityVerdicts(asked, look.account, ledger, own, context),
    );
    for (const { items } of mergeBundles([roleVerdicts(asked, look, context), ...ledgers])) {
      for (const item of ledgers.length === 0 ? items : [...items].sort(byRule)) {
        if (quota.take(classOf(item.object))) yield item;
      }
    }
  }
}

function* roleVerdicts(
  asked: Asked,
  look: AccountLook,
  { filter, relations, quota }: Context,
): Iterable<Bundle<StoredVerdict>> {
  const { reader } = asked;
  const wanted = asked.rules.filter((rule) => filter.rule === undefined || rule === filter.rule);
  const guardrails = asked.guardrails(look);
  const builder = new VerdictBuilder(
    reader,
    relations,
    look.account,
    asked.asOf,
    asked.sharedExternalIds(),
    guardrails,
  );
  const states = openStates(reader, look);
  const judges = wanted.map((rule) => ({
    rule,
    judge: heldJudgeOf(reader, look.account, rule, guardrails),
  }));
  const classes = new PolicyClasses(reader, look.account, builder.facts, relations, guardrails);
  const choice =
    quota.isPlainUsedUp && filter.arn === undefined
      ? { policies: outstanding(asked.reader.currentPolicies(look), wanted, classes, quota) }
      : choiceOf(filter, wanted);
  for (const current of standingRoles(reader, look, choice)) {
    const items: StoredVerdict[] = [];
    for (const { rule, judge } of judges) {
      if (current.shown.length === 1) {
        const known = classes.of(current.shown[0].policy, rule);
        if (known !== null && quota.isUsedUp(known)) continue;
      }
      const worst = worstOf(current, judge);
      const held = judge(worst, current);
      const outcome = held?.verdict ?? 'error';
      if (!isWanted(filter, outcome) && !isWanted(filter, held === null ? outcome : trustOf(held).verdict))
        continue;
      const state = RARE.has(outcome) ? states(current.group, current, rule) : null;
      const judged = reader.judgedPolicy(worst.policy, look.account);
      const built = builder.build(current, rule, state);
      const object = accept(asked, built.object);
      items.push(storedVerdict({ ...built, object }, judged, knownAs(current.role)));
    }
    if (items.length > 0) yield { arn: current.role.arn, id: current.role.roleId, items };
  }
}

/** Does not hold a long trust policy, but reads it when it is asked for. */
function storedVerdict(
  { object, ways, leftMessage }: BuiltVerdict,
  judged: JudgedPolicy,
  knownAs: string,
): StoredVerdict {
  const told = {
    object,
    ways,
    get policy() {
      return judged.document;
    },
    knownAs,
  };
  return leftMessage === undefined ? told : Object.assign(told, { leftMessage });
}

/** Those of the policies that some rule says something on that is still wanted; undefined when it is not known which stand. */
function outstanding(
  policies: readonly PolicyCount[] | null,
  rules: readonly string[],
  classes: PolicyClasses,
  quota: Quota,
): readonly number[] | undefined {
  const isLeftOut = (name: VerdictClass | null): boolean => name !== null && quota.isUsedUp(name);
  return policies?.flatMap(({ policy }) =>
    rules.every((rule) => isLeftOut(classes.of(policy, rule))) ? [] : [policy],
  );
}

function* entityVerdicts(
  asked: Asked,
  account: string,
  ledger: AccountLook,
  own: readonly StoredRule[],
  { filter, relations }: Context,
): Iterable<Bundle<StoredVerdict>> {
  const { reader } = asked;
  const wanted = own.filter(({ metadata }) => filter.rule === undefined || metadata.id === filter.rule);
  const builder = new VerdictBuilder(reader, relations, ledger.account, asked.asOf, new Set(), null);
  const states = openStates(reader, ledger);
  const ids = wanted.map(({ metadata }) => metadata.id);
  const judges = wanted.map((rule) => ({ rule, judge: judgeOf(reader, ledger.account, rule.metadata.id) }));
  for (const current of standingRoles(reader, ledger, choiceOf(filter, ids))) {
    const items: StoredVerdict[] = [];
    for (const { rule, judge } of judges) {
      const { id } = rule.metadata;
      const outcome = judge(worstOf(current, judge), current)?.verdict;
      if (outcome === undefined || !isWanted(filter, outcome)) continue;
      const state = RARE.has(outcome) ? states(current.group, current, id) : null;
      const built = builder.build(current, id, state);
      const object = accept(asked, entityVerdict(built.object, account, current, rule));
      items.push({ object, ways: object.paths, policy: null, knownAs: knownAs(current.role) });
    }
    if (items.length > 0) yield { arn: current.role.arn, id: current.role.roleId, items };
  }
}

/** What a rule of a rule file says of an entity of an account, by what was built for the ledger. */
function entityVerdict(
  object: VerdictObject,
  account: string,
  { disputes }: CurrentRole,
  { metadata }: StoredRule,
): VerdictObject {
  return {
    ...object,
    account,
    severity: object.verdict === 'fail' ? severityOf(metadata) : null,
    notes: disputes.length === 0 ? [] : [CONFLICTING_RECORDS],
    impact: null,
  };
}

/** Says which exception accepts it, if one does. */
function accept({ exceptions }: Asked, object: VerdictObject): VerdictObject {
  const suppressedBy = exceptions.suppressing(object);
  return suppressedBy === null ? object : { ...object, suppressedBy };
}

function isWanted({ outcomes }: VerdictFilter, outcome: Outcome): boolean {
  return outcomes === undefined || outcomes.includes(outcome);
}

/**
 * What a finding is, or may have been. Only these are looked up by outcome: passes are most of what there is, and reading
 * every role is then quicker.
 */
const RARE: ReadonlySet<Outcome> = new Set(['fail', 'error']);

function choiceOf({ arn, outcomes }: VerdictFilter, rules: readonly string[]): RoleChoice {
  const rare = outcomes?.every((outcome) => RARE.has(outcome)) === true;
  return { arn, judged: rare ? { rules, outcomes } : undefined };
}

function byRule({ object: a }: StoredVerdict, { object: b }: StoredVerdict): number {
  return a.rule < b.rule ? -1 : Number(a.rule > b.rule);
}
