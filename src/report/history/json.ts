import type { Writable } from 'node:stream';
import type { DiffChange } from '../../history/compare/diff.ts';
import type { ToldDiff } from '../../history/report/sides.ts';
import type { Completeness } from '../../model/completeness.ts';
import type { EvidencePeriod } from '../../model/report-source.ts';
import type { TrendPoint } from '../../model/trend.ts';
import { jsonElements, jsonText } from '../../text/json-text.ts';
import { writeAll } from '../files/stream.ts';
import { standingOf } from '../shared/missing.ts';

/** A comparison as one JSON object, one change a line. */
export async function renderDiffJson(diff: ToldDiff, missing: Completeness, out: Writable): Promise<void> {
  await writeAll(out, diffJson(diff, missing));
}

function* diffJson(
  { from, to, coverage, undecided, summary, changes }: ToldDiff,
  missing: Completeness,
): Generator<string> {
  const covered = { ...coverage, undecided: { from: undecided.from.count, to: undecided.to.count } };
  yield `{"from":${jsonText(from)},"to":${jsonText(to)},"coverage":${jsonText(covered)},"summary":${jsonText(summary)},"evidence":${jsonText(evidenceFacts(missing))},"changes":[`;
  yield* jsonElements(ordered(changes));
  yield ']}\n';
}

/** Whether nothing is missing of the evidence behind the numbers, and what is. */
function evidenceFacts(missing: Completeness): object {
  const { membersKnown, reasons } = missing;
  return { complete: standingOf(missing) === 'complete', membersKnown, reasons };
}

/** The keys in their order; how the store numbers policies is nobody else's business. */
function* ordered(changes: Iterable<DiffChange>): Generator<object> {
  for (const one of changes) {
    yield {
      change: one.change,
      cause: one.cause,
      rule: one.rule,
      account: one.account,
      arn: one.arn,
      roleId: one.roleId,
      fromVerdict: one.fromVerdict,
      toVerdict: one.toVerdict,
      accountName: one.accountName,
      roleName: one.roleName,
      severity: one.severity,
      fromSeverity: one.fromSeverity,
      toSeverity: one.toSeverity,
      direction: one.direction,
      fromWho: one.fromWho,
      toWho: one.toWho,
    };
  }
}

/**
 * A trend as one JSON object, one point a line.
 *
 * @param evidence from when to when the store has evidence; null without any
 */
export function trendJson(
  points: readonly TrendPoint[],
  evidence: EvidencePeriod | null,
  missing: Completeness,
): string {
  const lines = points.map((point) =>
    JSON.stringify({
      at: point.at,
      accounts: point.accounts,
      carriedForward: point.carriedForward,
      roles: point.roles,
      fail: point.fail,
      failRate: point.failRate,
      new: point.new,
      resolved: point.resolved,
      severities: point.severities,
      comparableAccounts: point.comparableAccounts,
      comparableRoles: point.comparableRoles,
      comparableFail: point.comparableFail,
      captured: point.captured,
      toDate: point.toDate,
      error: point.error,
      comparableError: point.comparableError,
      incompleteAccounts: point.incompleteAccounts,
    }),
  );
  const period =
    evidence === null ? null : { from: evidence.from, to: evidence.to, ...evidenceFacts(missing) };
  return `{"evidence":${jsonText(period)},"points":[${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}]}\n`;
}
