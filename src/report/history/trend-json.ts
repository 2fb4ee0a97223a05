import type { EvidencePeriod, TrendPoint } from '../../store/types.ts';

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
