import type { Outcome } from '../../model/exposure.ts';
import type { AccountRow, Totals } from '../../model/report-source.ts';
import type { AccountLook, StoredRule } from '../../store/index.ts';
import { daysBehind } from '../completeness/completeness.ts';
import { GUARDED_RULE } from '../guardrails/guardrails.ts';
import { heldCounts } from '../guardrails/held-counts.ts';
import { worstOutcome } from '../look/judge.ts';
import { standingRoles } from '../look/standing-roles.ts';
import { type Asked, judgedLedgers } from './asked.ts';

/** What one rule comes to in the scope of a report. */
export interface RuleTotals {
  readonly rule: string;
  /** Null for a rule that is built in. */
  readonly further: StoredRule | null;
  readonly verdicts: Readonly<Record<Outcome, number>>;
  /** Accounts whose evidence holds no entity list of the kind the rule judges. */
  readonly accountsWithout: number;
  /** Entities whose evidence does not hold what the rule looks at. */
  readonly entitiesWithout: number;
}

type Verdicts = Record<Outcome, number>;

const NO_VERDICTS: Readonly<Verdicts> = { pass: 0, fail: 0, 'not-applicable': 0, error: 0 };

/** What rules say of the roles of an account, or of the entities of one of its ledgers. */
interface Tally {
  readonly roles: number;
  /** See `AccountRow`. */
  readonly closed: number;
  /** `none`: never judged under the rule. */
  readonly byRule: ReadonlyMap<string, Readonly<Verdicts & { readonly none: number }>>;
}

/** What an account in scope comes to. */
export interface AccountTally {
  readonly look: AccountLook;
  readonly own: Tally;
  readonly ledgers: readonly Tally[];
}

function addUp(sums: Verdicts, counts: Readonly<Verdicts>): void {
  sums.pass += counts.pass;
  sums.fail += counts.fail;
  sums['not-applicable'] += counts['not-applicable'];
  sums.error += counts.error;
}

export function tallyAccounts(asked: Asked): readonly AccountTally[] {
  const { rules } = asked;
  return asked.looks().map((look) => ({
    look,
    own: tally(asked, look, rules, false),
    ledgers: judgedLedgers(asked, look.account).map(([ledger, own]) =>
      tally(
        asked,
        ledger,
        own.map(({ metadata }) => metadata.id),
        true,
      ),
    ),
  }));
}

function tally(asked: Asked, look: AccountLook, rules: readonly string[], isLedger: boolean): Tally {
  const guardrails = isLedger ? null : asked.guardrails(look);
  const byRule = new Map(rules.map((rule) => [rule, { ...NO_VERDICTS, none: 0 }]));
  const unguarded = new Map([...byRule].filter(([rule]) => guardrails === null || rule !== GUARDED_RULE));
  const counted = { roles: 0, closed: 0 };
  for (const { policies, count } of countedPolicies(asked, look)) {
    counted.roles += count;
    const outcomes = policies.map((policy) => asked.reader.outcomes(policy, look.account));
    for (const [rule, counts] of unguarded) {
      counts[worstOutcome(outcomes.map((one) => one.get(rule)?.verdict ?? 'none'))] += count;
    }
  }
  const guarded = byRule.get(GUARDED_RULE);
  if (guardrails !== null && guarded !== undefined) {
    for (const { trust, outcome, count } of heldCounts(asked.reader, look, guardrails)) {
      guarded[outcome] += count;
      if (trust === 'fail' && outcome !== 'fail') counted.closed += count;
    }
  }
  return { ...counted, byRule };
}

/** Several policies where files of one moment disagree. */
function* countedPolicies(
  { reader }: Asked,
  look: AccountLook,
): Iterable<{ readonly policies: readonly number[]; readonly count: number }> {
  const counts = reader.currentPolicies(look);
  if (counts !== null) {
    for (const { policy, count } of counts) yield { policies: [policy], count };
    return;
  }
  for (const { shown } of standingRoles(reader, look)) {
    yield { policies: shown.map(({ policy }) => policy), count: 1 };
  }
}

/** The accounts of a report, by id. */
export function* accountRows(
  { looks, staleAfter }: Asked,
  tallies: readonly AccountTally[],
): Iterable<AccountRow> {
  const behind = daysBehind(looks(), staleAfter);
  for (const { look, own, ledgers } of tallies) {
    const verdicts = { ...NO_VERDICTS };
    for (const { none, ...counts } of own.byRule.values()) {
      addUp(verdicts, counts);
      verdicts.error += none;
    }
    for (const { byRule } of ledgers) for (const counts of byRule.values()) addUp(verdicts, counts);
    const { account, name, at, complete } = look;
    yield {
      account,
      name,
      capturedAt: `${at}Z`,
      complete,
      carriedForward: behind(at),
      roles: own.roles,
      verdicts,
      closed: own.closed,
    };
  }
}

export function totalsOf(asked: Asked, tallies: readonly AccountTally[]): Totals {
  const sums = { accounts: 0, accountsIncomplete: 0, roles: 0, closed: 0 };
  const verdicts = { ...NO_VERDICTS };
  for (const account of accountRows(asked, tallies)) {
    sums.accounts++;
    if (!account.complete) sums.accountsIncomplete++;
    sums.roles += account.roles;
    sums.closed += account.closed;
    addUp(verdicts, account.verdicts);
  }
  return { ...sums, verdicts, ...asked.reader.evidenceTotals(asked.run) };
}

/** What every rule came to, in the order of ids. */
export function ruleTotals(
  { allRules, furtherRules }: Asked,
  tallies: readonly AccountTally[],
): readonly RuleTotals[] {
  return allRules.map((rule) => {
    const further = furtherRules.find(({ metadata }) => metadata.id === rule) ?? null;
    return totalsOfRule(rule, further, tallies);
  });
}

function totalsOfRule(
  rule: string,
  further: StoredRule | null,
  tallies: readonly AccountTally[],
): RuleTotals {
  const verdicts = { ...NO_VERDICTS };
  let accountsWithout = 0;
  let entitiesWithout = 0;
  for (const { own, ledgers } of tallies) {
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
}
