import type { Writable } from 'node:stream';
import type { Diff, DiffChange } from '../../history/compare/diff.ts';
import type { EvidencePeriod } from '../../model/report-source.ts';
import type { TrendPoint } from '../../model/trend.ts';
import { jsonElements, jsonText } from '../../text/json-text.ts';
import { writeAll } from '../files/stream.ts';

/** A comparison as one JSON object, one change a line. */
export async function renderDiffJson(diff: Diff, out: Writable): Promise<void> {
  await writeAll(out, diffJson(diff));
}

function* diffJson({ from, to, coverage, summary, changes }: Diff): Generator<string> {
  yield `{"from":${jsonText(from)},"to":${jsonText(to)},"coverage":${jsonText(coverage)},"summary":${jsonText(summary)},"changes":[`;
  yield* jsonElements(ordered(changes));
  yield ']}\n';
}

function* ordered(changes: Iterable<DiffChange>): Generator<DiffChange> {
  for (const { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict } of changes) {
    yield { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict };
  }
}

/**
 * A trend as one JSON object, one point a line.
 *
 * @param evidence from when to when the store has evidence; null without any
 */
export function trendJson(points: readonly TrendPoint[], evidence: EvidencePeriod | null): string {
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
    }),
  );
  const period = evidence === null ? null : { from: evidence.from, to: evidence.to };
  return `{"evidence":${JSON.stringify(period)},"points":[${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}]}\n`;
}
