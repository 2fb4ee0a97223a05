import type { Completeness, DisagreementRow } from '../../model/completeness.ts';
import type { AcceptedRisk, ExceptionRow } from '../../model/exception.ts';
import type { ReportSource } from '../../model/report-source.ts';
import { type ChangeCounts, TREND_PERIODS } from '../../model/trend.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { D9_AWS_IAM_99 } from '../../rules/d9-aws-iam-99/rule.ts';
import type { Store, StoredRule } from '../../store/index.ts';
import { openChangeTally } from '../compare/change.ts';
import { compareAccount } from '../compare/compare-account.ts';
import { sinceLookBefore } from '../compare/finding-state.ts';
import { completenessOf } from '../completeness/completeness.ts';
import { countDisagreements, disagreementsIn } from '../completeness/disagreements.ts';
import { trendsOf } from '../trend/trend.ts';
import { type Asked, askedOf, type ReportScope } from './asked.ts';
import {
  type AccountTally,
  accountRows,
  type RuleTotals,
  ruleTotals,
  tallyAccounts,
  totalsOf,
} from './tally.ts';
import { thirdPartyRows } from './third-parties/register.ts';
import { roleWays } from './third-parties/role-ways.ts';
import { verdictCounts } from './verdict-counts.ts';
import { verdictsOf } from './verdicts.ts';

export type { RuleTotals } from './tally.ts';

/** A report that also knows the rules of rule files. */
export interface Report extends ReportSource {
  /** By id. */
  readonly furtherRules: readonly StoredRule[];
  /** The exceptions that apply, expired ones included. */
  readonly accepted: readonly AcceptedRisk[];
  /** What every rule came to, those of rule files included, in the order of ids. */
  ruleTotals(): readonly RuleTotals[];
  /** How many verdicts are errors; where there is none, this is known sooner than `totals`. */
  undecided(): number;
}

/** What the store says of every account in scope at its latest capture. Errors: `not-found` for an unknown run. */
export function openReport(store: Store, given: ReportScope): Report {
  const asked = askedOf(store, given);
  const { reader, run, scope, looks } = asked;

  // What takes long is worked out at the first question.
  let counted: readonly AccountTally[] | undefined;
  let known: Completeness | undefined;
  let changed: ChangeCounts | undefined;
  let exceptions: readonly ExceptionRow[] | undefined;
  let trends: ReturnType<typeof trendsOf> | undefined;
  const tallies = (): readonly AccountTally[] => (counted ??= tallyAccounts(asked));
  const undecided = (): number =>
    reader.everyPolicyIsDecided(asked.rules) ? 0 : totalsOf(asked, tallies()).verdicts.error;
  const completeness = (): Completeness => (known ??= completenessIn(asked, undecided()));

  return {
    furtherRules: asked.furtherRules,
    accepted: asked.accepted,
    asOf: asked.asOf,
    toolVersion: asked.toolVersion,
    interrupted: reader.interruptedRuns(run),
    missingParts: reader.missingParts(run),
    ruleTotals: () => ruleTotals(asked, tallies()),
    totals: () => totalsOf(asked, tallies()),
    completeness,
    undecided,
    accounts: () => accountRows(asked, tallies()),
    disagreements: (): Iterable<DisagreementRow> =>
      completeness().disagreements === 0 ? [] : disagreementsIn(reader, scope, looks()),
    evidence: () => reader.evidenceRows(run),
    rejects: () => reader.rejectRows(run),
    verdicts: (filter) => verdictsOf(asked, filter),
    verdictCounts: () => verdictCounts(asked),
    thirdParties: () =>
      thirdPartyRows({ roles: () => roleWays(asked), accepted: asked.accepted, asOf: asked.asOf }),
    exceptions: () => (exceptions ??= asked.exceptions.rowsFor(failing(asked))),
    changes: () => (changed ??= changesSinceLookBefore(asked)),
    trend(by) {
      trends ??= trendsOf(reader, scope, TREND_RULE, TREND_PERIODS);
      return trends.get(by) ?? [];
    },
  };
}

/** The rule that trends are of unless told otherwise. */
export const TREND_RULE = D9_AWS_IAM_99.id;

function* failing(asked: Asked): Iterable<VerdictObject> {
  for (const { object } of verdictsOf(asked, { outcomes: ['fail'] })) yield object;
}

function completenessIn(asked: Asked, undecided: number): Completeness {
  const { reader, run, scope, before, looks, staleAfter, maxAge, furtherRules } = asked;
  return completenessOf(reader, {
    run,
    before,
    looks: looks(),
    staleAfter,
    maxAge,
    undecided,
    disagreements: countDisagreements(reader, scope, looks()),
    undecidedWhat: furtherRules.length === 0 ? 'role' : 'verdict',
  });
}

/** What became of the findings of every account since the look before at it. */
function changesSinceLookBefore({ reader, ...asked }: Asked): ChangeCounts {
  const { scope, allRules, furtherRules, looks } = asked;
  const tally = openChangeTally();
  const sides = { rules: allRules, furtherRules };
  const counted = { wants: () => true, add: tally.add };
  for (const to of looks()) {
    const compared = sinceLookBefore(reader, scope, to);
    for (const change of compareAccount(reader, compared, sides, sides, counted)) tally.add(change);
  }
  return tally.counts();
}
