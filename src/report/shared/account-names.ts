import type { ReportSource } from '../../model/report-source.ts';

/** Names of the own accounts, of those that are wanted or of all; without those that have none. */
export function accountNames(
  source: Pick<ReportSource, 'accounts'>,
  wanted?: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { account, name } of source.accounts()) {
    if (name !== null && wanted?.has(account) !== false) names.set(account, name);
  }
  return names;
}
