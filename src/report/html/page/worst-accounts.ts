import type { AccountRow, ReportSource } from '../../../model/report-source.ts';

/** As many accounts, those with the most failing verdicts first, then undecided ones, then as the source has them, by id. */
export function worstAccounts(source: ReportSource, most: number): readonly AccountRow[] {
  const held: AccountRow[] = [];
  const keep = (): void => {
    held.sort(byFailures);
    held.length = Math.min(held.length, most);
  };
  for (const row of source.accounts()) {
    held.push(row);
    if (held.length >= 2 * most) keep();
  }
  keep();
  return held;
}

function byFailures(a: AccountRow, b: AccountRow): number {
  return b.verdicts.fail - a.verdicts.fail || b.verdicts.error - a.verdicts.error;
}
