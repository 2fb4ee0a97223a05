import type { TrendPoint } from '../../store/types.ts';

/** A trend as one JSON object, one point a line. */
export function trendJson(points: readonly TrendPoint[]): string {
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
  return `{"points":[${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}]}\n`;
}
