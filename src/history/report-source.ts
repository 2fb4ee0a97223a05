import type { AccountRelations } from '../audit/relations.ts';
import type { Outcome, VerdictObject } from '../audit/verdict.ts';
import { TrustsieveError } from '../errors.ts';
import { D9_AWS_IAM_99 } from '../rules/d9-aws-iam-99.ts';
import type { RoleChoice } from '../store/role-reader.ts';
import type { StoredRule } from '../store/rules.ts';
import { type AccountMoment, scopeOfRun } from '../store/scope.ts';
import type { Store } from '../store/store.ts';
import {
  type AcceptedRisk,
  type AccountRow,
  type ChangeCounts,
  type Completeness,
  type DisagreementRow,
  type ExceptionRow,
  type ReportSource,
  STALE_AFTER,
  type StoredVerdict,
  type Totals,
  TREND_PERIODS,
  type VerdictFilter,
} from '../store/types.ts';
import { rolesByArn } from './arn-roles.ts';
import { openChangeTally } from './change-counts.ts';
import { compareAccount } from './compare-account.ts';
import { completenessOf, daysBehind } from './completeness.ts';
import { countDisagreements, disagreementsIn } from './disagreements.ts';
import { openEntityVerdictBuilder } from './entity-verdicts.ts';
import { openExceptions } from './exceptions.ts';
import { type Judge, judgeOf } from './judging.ts';
import { lookBefore } from './looks.ts';
import { type Bundle, mergeBundles } from './merge.ts';
import { type KnownRole, knownAs } from './nameless.ts';
import { type CurrentRole, currentRoles, worstOf, worstOutcome } from './standing.ts';
import { ledgersBefore, openStates } from './state.ts';
import { trendsOf } from './trend.ts';
import { openVerdictBuilder } from './verdict-object.ts';

export interface ReportScope {
  /** ISO 8601 UTC. */
  readonly asOf: string;
  /** Id of a run: the accounts its evidence holds, as they were at the latest capture it holds of each. */
  readonly run?: number;
  /**
   * Column time: what stood at that moment in evidence time, as the store would tell it had it seen nothing later.
   * Rules, ages, exceptions and account lists are then those of the last run before later evidence came.
   */
  readonly at?: string;
  /** Days; instead of those of the run. See `Completeness`. */
  readonly staleAfter?: number;
  /** Days, null for no limit; instead of those of the run. */
  readonly maxAge?: number | null;
  /** Instead of those the run was given. */
  readonly exceptions?: readonly AcceptedRisk[];
}

/** A report that also knows the rules of rule files. */
export interface Report extends ReportSource {
  /** By id. */
  readonly furtherRules: readonly StoredRule[];
  /** The exceptions that apply, expired ones included. */
  readonly accepted: readonly AcceptedRisk[];
  /** What every rule came to, those of rule files included, in the order of ids. */
  ruleStandings(): readonly RuleStanding[];
  /** Verdicts that are errors; sooner known than `totals` where there is none. */
  undecided(): number;
}

export interface RuleStanding {
  readonly rule: string;
  /** Null for a rule that is built in. */
  readonly further: StoredRule | null;
  readonly verdicts: Readonly<Record<Outcome, number>>;
  /** Accounts whose evidence holds no entity list of the kind the rule judges. */
  readonly accountsWithout: number;
  /** Entities whose evidence does not hold what the rule looks at. */
  readonly entitiesWithout: number;
}

/** What the store says of every account in scope at its latest capture. Errors: `not-found` for an unknown run. */
export function openReport(store: Store, given: ReportScope): Report {
  const { asOf, run } = given;
  const reader = given.at === undefined ? store.reader : store.readerAt(given.at);
  const runId = run ?? null;
  const scope = scopeOfRun(runId);
  const facts = reader.runFacts(runId);
  if (facts === null && runId !== null) {
    throw new TrustsieveError(
      'not-found',
      `no run \`${runId}\` in \`${store.path}\`: list them with \`trustsieve runs\``,
    );
  }
  const staleAfter = given.staleAfter ?? facts?.staleAfter ?? STALE_AFTER;
  const maxAge = given.maxAge !== undefined ? given.maxAge : (facts?.maxAge ?? null);
  const accepted = given.exceptions ?? ((facts?.exceptions ?? []) as readonly AcceptedRisk[]);
  const exceptions = openExceptions(accepted, asOf);
  const furtherRules = facts?.furtherRules ?? [];
  const fromFiles = new Set(furtherRules.map(({ metadata }) => metadata.id));
  const allRules = facts?.rules ?? [];
  const rules = allRules.filter((rule) => !fromFiles.has(rule));
  const judging = furtherRules.filter(({ unjudged }) => unjudged === null);

  /** The ledgers of an account that rules of the run are judged on. */
  function ledgersOf(account: string): readonly (readonly [AccountMoment, readonly StoredRule[]])[] {
    if (judging.length === 0) return [];
    return [...reader.ledgerMoments(scope, account)].flatMap(([kind, moment]) => {
      const own = judging.filter((rule) => rule.kind === kind);
      return own.length === 0 ? [] : [[moment, own] as const];
    });
  }

  /** What the accounts in scope come to, counted at the first question. */
  let counted: readonly AccountTally[] | null = null;

  let looked: readonly AccountMoment[] | null = null;

  function moments(): readonly AccountMoment[] {
    looked ??= reader.accountMoments(scope);
    return looked;
  }

  function tallies(): readonly AccountTally[] {
    counted ??= moments().map((moment) => {
      const ledgers = ledgersOf(moment.account).map(([ledger, own]) =>
        tally(
          ledger,
          own.map(({ metadata }) => metadata.id),
        ),
      );
      return { moment, own: tally(moment, rules), ledgers };
    });
    return counted;
  }

  function tally(moment: AccountMoment, wanted: readonly string[]): Tally {
    const byRule = new Map(wanted.map((rule) => [rule, { ...NO_VERDICTS, none: 0 }]));
    let roles = 0;
    for (const { policies, count } of countedPolicies(moment)) {
      roles += count;
      const outcomes = policies.map((policy) => reader.outcomes(policy, moment.account));
      for (const [rule, counts] of byRule) {
        counts[worstOutcome(outcomes.map((one) => one.get(rule) ?? 'none'))] += count;
      }
    }
    return { roles, byRule };
  }

  /** Several policies where files of one moment disagree. */
  function* countedPolicies(
    moment: AccountMoment,
  ): Iterable<{ readonly policies: readonly number[]; readonly count: number }> {
    const counts = reader.currentPolicies(moment);
    if (counts !== null) {
      for (const { policy, count } of counts) yield { policies: [policy], count };
      return;
    }
    for (const { shown } of rolesOf(moment)) yield { policies: shown.map(({ policy }) => policy), count: 1 };
  }

  function* accounts(): Iterable<AccountRow> {
    const behind = daysBehind(moments(), staleAfter);
    for (const { moment, own, ledgers } of tallies()) {
      const verdicts = { ...NO_VERDICTS };
      for (const { none, ...counts } of own.byRule.values()) {
        addUp(verdicts, counts);
        verdicts.error += none;
      }
      for (const { byRule } of ledgers) for (const counts of byRule.values()) addUp(verdicts, counts);
      const { account, name, at, complete } = moment;
      yield {
        account,
        name,
        capturedAt: `${at}Z`,
        complete,
        carriedForward: behind(at),
        roles: own.roles,
        verdicts,
      };
    }
  }

  function* rolesOf(
    moment: AccountMoment,
    choice: RoleChoice = {},
  ): Iterable<CurrentRole & { readonly group: readonly KnownRole[] }> {
    for (const group of rolesByArn(reader, moment.account, choice)) {
      for (const current of currentRoles(group, moment)) yield { ...current, group };
    }
  }

  function* verdicts(filter: VerdictFilter): Iterable<StoredVerdict> {
    const context: Context = { filter, relations: reader.relations(), shared: reader.sharedExternalIds() };
    for (const moment of moments()) {
      const ledgers = ledgersOf(moment.account).map(([ledger, own]) =>
        entityVerdicts(moment.account, ledger, own, context),
      );
      for (const { items } of mergeBundles([roleVerdicts(moment, context), ...ledgers])) {
        yield* ledgers.length === 0 ? items : [...items].sort(byRule);
      }
    }
  }

  function* roleVerdicts(
    moment: AccountMoment,
    { filter, relations, shared }: Context,
  ): Iterable<Bundle<StoredVerdict>> {
    const wanted = rules.filter((rule) => filter.rule === undefined || rule === filter.rule);
    const build = openVerdictBuilder(reader, relations, moment, asOf, shared);
    const states = openStates(reader, moment);
    const judges = wanted.map((rule) => ({ rule, judge: judgeOf(reader, moment.account, rule) }));
    for (const current of rolesOf(moment, choiceOf(filter, wanted))) {
      const items: StoredVerdict[] = [];
      for (const { rule, judge } of judges) {
        const outcome = outcomeOn(current, judge) ?? 'error';
        if (filter.outcomes !== undefined && !filter.outcomes.includes(outcome)) continue;
        const state = RARE.has(outcome) ? states(current.group, current, rule) : null;
        const { document } = reader.judgedPolicy(worstOf(current, judge).policy, moment.account);
        const object = accept(build(current, rule, state));
        items.push({ object, policy: document, knownAs: knownAs(current.role) });
      }
      if (items.length > 0) yield { arn: current.role.arn, id: current.role.roleId, items };
    }
  }

  function* entityVerdicts(
    account: string,
    ledger: AccountMoment,
    own: readonly StoredRule[],
    { filter, relations }: Context,
  ): Iterable<Bundle<StoredVerdict>> {
    const wanted = own.filter(({ metadata }) => filter.rule === undefined || metadata.id === filter.rule);
    const build = openEntityVerdictBuilder(reader, relations, account, ledger, asOf);
    const states = openStates(reader, ledger);
    const ids = wanted.map(({ metadata }) => metadata.id);
    const judges = wanted.map((rule) => ({ rule, judge: judgeOf(reader, ledger.account, rule.metadata.id) }));
    for (const current of rolesOf(ledger, choiceOf(filter, ids))) {
      const items: StoredVerdict[] = [];
      for (const { rule, judge } of judges) {
        const { id } = rule.metadata;
        const outcome = outcomeOn(current, judge);
        if (outcome === undefined) continue;
        if (filter.outcomes !== undefined && !filter.outcomes.includes(outcome)) continue;
        const state = RARE.has(outcome) ? states(current.group, current, id) : null;
        const object = accept(build(current, rule, state));
        items.push({ object, policy: null, knownAs: knownAs(current.role) });
      }
      if (items.length > 0) yield { arn: current.role.arn, id: current.role.roleId, items };
    }
  }

  function accept(object: VerdictObject): VerdictObject {
    const suppressedBy = exceptions.suppressing(object);
    return suppressedBy === null ? object : { ...object, suppressedBy };
  }

  function* failing(): Iterable<VerdictObject> {
    for (const { object } of verdicts({ outcomes: ['fail'] })) yield object;
  }
  let standings: readonly ExceptionRow[] | undefined;
  let trends: ReturnType<typeof trendsOf> | undefined;

  function ruleStandings(): readonly RuleStanding[] {
    const all = tallies();
    return allRules.map((rule) => {
      const further = furtherRules.find(({ metadata }) => metadata.id === rule) ?? null;
      const verdicts = { ...NO_VERDICTS };
      let accountsWithout = 0;
      let entitiesWithout = 0;
      for (const { own, ledgers } of all) {
        const counts = [own, ...ledgers]
          .map(({ byRule }) => byRule.get(rule))
          .find((found) => found !== undefined);
        if (counts === undefined) {
          if (further?.unjudged === null) accountsWithout++;
          continue;
        }
        addUp(verdicts, counts);
        if (further === null) verdicts.error += counts.none;
        else entitiesWithout += counts.none;
      }
      return { rule, further, verdicts, accountsWithout, entitiesWithout };
    });
  }

  function totals(): Totals {
    const sums = { accounts: 0, accountsIncomplete: 0, roles: 0 };
    const outcomes = { ...NO_VERDICTS };
    for (const account of accounts()) {
      sums.accounts++;
      if (!account.complete) sums.accountsIncomplete++;
      sums.roles += account.roles;
      addUp(outcomes, account.verdicts);
    }
    return { ...sums, verdicts: outcomes, ...reader.evidenceTotals(runId) };
  }

  let known: Completeness | undefined;

  function completeness(): Completeness {
    return completenessOf(reader, {
      run: runId,
      moments: moments(),
      staleAfter,
      maxAge,
      undecided: undecided(),
      disagreements: countDisagreements(reader, scope, moments()),
      undecidedWhat: furtherRules.length === 0 ? 'roles' : 'verdicts',
    });
  }

  function disagreements(): Iterable<DisagreementRow> {
    known ??= completeness();
    return known.disagreements === 0 ? [] : disagreementsIn(reader, scope, moments());
  }

  function undecided(): number {
    return reader.everyPolicyIsDecided(rules) ? 0 : totals().verdicts.error;
  }

  let changed: ChangeCounts | undefined;

  function changes(): ChangeCounts {
    const tally = openChangeTally();
    const sides = { rules: allRules, furtherRules };
    for (const to of reader.accountMoments(scope)) {
      const ledgersTo = reader.ledgerMoments(scope, to.account);
      const looks = {
        account: to.account,
        from: lookBefore(reader, to.account, to.at),
        to,
        strict: true,
        ledgersFrom: ledgersBefore(reader, ledgersTo),
        ledgersTo,
      };
      for (const change of compareAccount(reader, looks, sides, sides)) tally.add(change);
    }
    return tally.counts();
  }

  return {
    furtherRules,
    accepted,
    ruleStandings,
    asOf,
    toolVersion: facts?.toolVersion ?? '',
    interrupted: reader.interruptedRuns(runId),
    totals,
    completeness: () => (known ??= completeness()),
    undecided,
    accounts,
    disagreements,
    evidence: () => reader.evidenceRows(runId),
    rejects: () => reader.rejectRows(runId),
    verdicts,
    exceptions() {
      standings ??= exceptions.standings(failing());
      return standings;
    },
    changes: () => (changed ??= changes()),
    trend(by) {
      trends ??= trendsOf(reader, scope, TREND_RULE, TREND_PERIODS);
      return trends.get(by) ?? [];
    },
  };
}

function outcomeOn(current: CurrentRole, judge: Judge): Outcome | undefined {
  return judge(worstOf(current, judge).policy)?.verdict;
}

/** Only these can be findings, or have been. Passes are most of what there is: where they are wanted, looking for roles without them takes longer. */
const RARE: ReadonlySet<Outcome> = new Set(['fail', 'error']);

function choiceOf({ arn, outcomes }: VerdictFilter, rules: readonly string[]): RoleChoice {
  const rare = outcomes?.every((outcome) => RARE.has(outcome)) === true;
  return { arn, judged: rare ? { rules, outcomes } : undefined };
}

/** The rule that trends are of unless told otherwise. */
export const TREND_RULE = D9_AWS_IAM_99.id;

interface Context {
  readonly filter: VerdictFilter;
  readonly relations: AccountRelations;
  readonly shared: ReadonlySet<string>;
}

type Verdicts = Record<Outcome, number>;

const NO_VERDICTS: Readonly<Verdicts> = { pass: 0, fail: 0, 'not-applicable': 0, error: 0 };

/** What rules say of the roles of an account, or of the entities of one of its ledgers. */
interface Tally {
  readonly roles: number;
  /** `none`: never judged under the rule. */
  readonly byRule: ReadonlyMap<string, Readonly<Verdicts & { readonly none: number }>>;
}

interface AccountTally {
  readonly moment: AccountMoment;
  readonly own: Tally;
  readonly ledgers: readonly Tally[];
}

function addUp(sums: Verdicts, counts: Readonly<Verdicts>): void {
  sums.pass += counts.pass;
  sums.fail += counts.fail;
  sums['not-applicable'] += counts['not-applicable'];
  sums.error += counts.error;
}

function byRule({ object: a }: StoredVerdict, { object: b }: StoredVerdict): number {
  return a.rule < b.rule ? -1 : Number(a.rule > b.rule);
}
