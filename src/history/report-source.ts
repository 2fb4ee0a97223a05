import type { VerdictObject } from '../audit/verdict.ts';
import { TrustsieveError } from '../errors.ts';
import type { ObservedRole } from '../store/role-reader.ts';
import type { AccountMoment } from '../store/scope.ts';
import type { Store } from '../store/store.ts';
import type { AccountRow, ReportSource, StoredVerdict, Totals, VerdictFilter } from '../store/types.ts';
import { type CurrentRole, currentRoles } from './standing.ts';
import { openVerdictBuilder } from './verdict-object.ts';

export interface ReportScope {
  /** ISO 8601 UTC. */
  readonly asOf: string;
  /** Id of a run: the accounts its evidence holds, as they were at the latest capture it holds of each. */
  readonly run?: number;
}

/** What the store says of every account in scope at its latest capture. Errors: `not-found` for an unknown run. */
export function openReport(store: Store, { asOf, run }: ReportScope): ReportSource {
  const { reader } = store;
  const runId = run ?? null;
  const facts = reader.runFacts(runId);
  if (facts === null && runId !== null) {
    throw new TrustsieveError(
      'not-found',
      `no run \`${runId}\` in \`${store.path}\`: list them with \`trustsieve runs\``,
    );
  }
  const rules = facts?.rules ?? [];

  function* accounts(): Iterable<AccountRow> {
    for (const moment of reader.accountMoments(runId)) {
      const verdicts = { pass: 0, fail: 0, 'not-applicable': 0, error: 0 };
      let roles = 0;
      for (const current of rolesOf(moment)) {
        roles++;
        const judged = reader.judgedPolicy(current.policy, moment.account);
        for (const rule of rules) verdicts[judged.verdicts.get(rule)?.verdict ?? 'error']++;
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
    const wanted = filter.rule === undefined ? rules : rules.filter((rule) => rule === filter.rule);
    const relations = store.relations();
    const shared = reader.sharedExternalIds();
    for (const moment of reader.accountMoments(runId)) {
      const build = openVerdictBuilder(reader, relations, moment, asOf, shared);
      for (const current of rolesOf(moment, filter.arn)) {
        const judged = reader.judgedPolicy(current.policy, moment.account);
        for (const rule of wanted) {
          const outcome = judged.verdicts.get(rule)?.verdict ?? 'error';
          if (filter.outcomes !== undefined && !filter.outcomes.includes(outcome)) continue;
          const object: VerdictObject = build(current, rule);
          yield { object, policy: judged.document };
        }
      }
    }
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
    asOf,
    toolVersion: facts?.toolVersion ?? '',
    totals,
    accounts,
    evidence: () => reader.evidenceRows(runId),
    rejects: () => reader.rejectRows(runId),
    verdicts,
  };
}
