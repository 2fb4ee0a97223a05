import type { AccountRelations } from '../audit/relations.ts';
import type { Outcome } from '../audit/verdict.ts';
import { TrustsieveError } from '../errors.ts';
import type { ObservedRole } from '../store/role-reader.ts';
import type { StoredRule } from '../store/rules.ts';
import type { AccountMoment } from '../store/scope.ts';
import type { Store } from '../store/store.ts';
import type { AccountRow, ReportSource, StoredVerdict, Totals, VerdictFilter } from '../store/types.ts';
import { openEntityVerdictBuilder } from './entity-verdicts.ts';
import { type Bundle, mergeBundles } from './merge.ts';
import { type CurrentRole, currentRoles } from './standing.ts';
import { openVerdictBuilder } from './verdict-object.ts';

export interface ReportScope {
  /** ISO 8601 UTC. */
  readonly asOf: string;
  /** Id of a run: the accounts its evidence holds, as they were at the latest capture it holds of each. */
  readonly run?: number;
}

/** A report that also knows the rules of rule files. */
export interface Report extends ReportSource {
  /** By id. */
  readonly furtherRules: readonly StoredRule[];
  /** What every rule came to, those of rule files included, in the order of ids. */
  ruleStandings(): readonly RuleStanding[];
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
export function openReport(store: Store, { asOf, run }: ReportScope): Report {
  const { reader } = store;
  const runId = run ?? null;
  const facts = reader.runFacts(runId);
  if (facts === null && runId !== null) {
    throw new TrustsieveError(
      'not-found',
      `no run \`${runId}\` in \`${store.path}\`: list them with \`trustsieve runs\``,
    );
  }
  const furtherRules = facts?.furtherRules ?? [];
  const fromFiles = new Set(furtherRules.map(({ metadata }) => metadata.id));
  const allRules = facts?.rules ?? [];
  const rules = allRules.filter((rule) => !fromFiles.has(rule));
  const judging = furtherRules.filter(({ unjudged }) => unjudged === null);

  /** The ledgers of an account that rules of the run are judged on. */
  function ledgersOf(account: string): readonly (readonly [AccountMoment, readonly StoredRule[]])[] {
    if (judging.length === 0) return [];
    return [...reader.ledgerMoments(runId, account)].flatMap(([kind, moment]) => {
      const own = judging.filter((rule) => rule.kind === kind);
      return own.length === 0 ? [] : [[moment, own] as const];
    });
  }

  function* accounts(): Iterable<AccountRow> {
    for (const moment of reader.accountMoments(runId)) {
      const verdicts = { pass: 0, fail: 0, 'not-applicable': 0, error: 0 };
      let roles = 0;
      for (const current of rolesOf(moment)) {
        roles++;
        const judged = reader.judgedPolicy(current.policy, moment.account);
        for (const rule of rules) verdicts[judged.verdicts.get(rule)?.verdict ?? 'error']++;
      }
      for (const [ledger, own] of ledgersOf(moment.account)) {
        for (const current of rolesOf(ledger)) {
          const judged = reader.judgedPolicy(current.policy, ledger.account);
          for (const { metadata } of own) {
            const verdict = judged.verdicts.get(metadata.id);
            if (verdict !== undefined) verdicts[verdict.verdict]++;
          }
        }
      }
      const { account, name, at, complete } = moment;
      yield { account, name, capturedAt: `${at}Z`, complete, roles, verdicts };
    }
  }

  function* rolesOf(moment: AccountMoment, arn?: string): Iterable<CurrentRole> {
    let sameArn: ObservedRole[] = [];
    for (const role of reader.observedRoles(moment.account, arn)) {
      if (sameArn[0] !== undefined && sameArn[0].arn !== role.arn) {
        yield* currentRoles(sameArn, moment);
        sameArn = [];
      }
      sameArn.push(role);
    }
    yield* currentRoles(sameArn, moment);
  }

  function* verdicts(filter: VerdictFilter): Iterable<StoredVerdict> {
    const context: Context = { filter, relations: store.relations(), shared: reader.sharedExternalIds() };
    for (const moment of reader.accountMoments(runId)) {
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
    for (const current of rolesOf(moment, filter.arn)) {
      const judged = reader.judgedPolicy(current.policy, moment.account);
      const items: StoredVerdict[] = [];
      for (const rule of wanted) {
        const outcome = judged.verdicts.get(rule)?.verdict ?? 'error';
        if (filter.outcomes !== undefined && !filter.outcomes.includes(outcome)) continue;
        items.push({ object: build(current, rule), policy: judged.document });
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
    for (const current of rolesOf(ledger, filter.arn)) {
      const judged = reader.judgedPolicy(current.policy, ledger.account);
      const items: StoredVerdict[] = [];
      for (const rule of wanted) {
        const outcome = judged.verdicts.get(rule.metadata.id)?.verdict;
        if (outcome === undefined) continue;
        if (filter.outcomes !== undefined && !filter.outcomes.includes(outcome)) continue;
        items.push({ object: build(current, rule), policy: null });
      }
      if (items.length > 0) yield { arn: current.role.arn, id: current.role.roleId, items };
    }
  }

  function ruleStandings(): readonly RuleStanding[] {
    const tally = new Map<string, Tally>();
    const tallyOf = (rule: string): Tally => {
      let known = tally.get(rule);
      if (known === undefined) {
        known = { pass: 0, fail: 0, 'not-applicable': 0, error: 0, accountsWithout: 0, entitiesWithout: 0 };
        tally.set(rule, known);
      }
      return known;
    };
    for (const moment of reader.accountMoments(runId)) {
      for (const current of rolesOf(moment)) {
        const judged = reader.judgedPolicy(current.policy, moment.account);
        for (const rule of rules) tallyOf(rule)[judged.verdicts.get(rule)?.verdict ?? 'error']++;
      }
      const ledgers = ledgersOf(moment.account);
      const seen = new Set(ledgers.flatMap(([, own]) => own));
      for (const rule of judging) if (!seen.has(rule)) tallyOf(rule.metadata.id).accountsWithout++;
      for (const [ledger, own] of ledgers) {
        for (const current of rolesOf(ledger)) {
          const judged = reader.judgedPolicy(current.policy, ledger.account);
          for (const { metadata } of own) {
            tallyOf(metadata.id)[judged.verdicts.get(metadata.id)?.verdict ?? 'entitiesWithout']++;
          }
        }
      }
    }
    return allRules.map((rule) => {
      const { accountsWithout, entitiesWithout, ...verdicts } = tallyOf(rule);
      const further = furtherRules.find(({ metadata }) => metadata.id === rule) ?? null;
      return { rule, further, verdicts, accountsWithout, entitiesWithout };
    });
  }

  function totals(): Totals {
    const sums = { accounts: 0, accountsIncomplete: 0, roles: 0 };
    const outcomes = { pass: 0, fail: 0, 'not-applicable': 0, error: 0 };
    for (const account of accounts()) {
      sums.accounts++;
      if (!account.complete) sums.accountsIncomplete++;
      sums.roles += account.roles;
      outcomes.pass += account.verdicts.pass;
      outcomes.fail += account.verdicts.fail;
      outcomes['not-applicable'] += account.verdicts['not-applicable'];
      outcomes.error += account.verdicts.error;
    }
    return { ...sums, verdicts: outcomes, ...reader.evidenceTotals(runId) };
  }

  return {
    furtherRules,
    ruleStandings,
    asOf,
    toolVersion: facts?.toolVersion ?? '',
    totals,
    accounts,
    evidence: () => reader.evidenceRows(runId),
    rejects: () => reader.rejectRows(runId),
    verdicts,
  };
}

interface Context {
  readonly filter: VerdictFilter;
  readonly relations: AccountRelations;
  readonly shared: ReadonlySet<string>;
}

type Tally = Record<Outcome | 'accountsWithout' | 'entitiesWithout', number>;

function byRule({ object: a }: StoredVerdict, { object: b }: StoredVerdict): number {
  return a.rule < b.rule ? -1 : Number(a.rule > b.rule);
}
