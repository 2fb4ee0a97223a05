import type { EvidencePeriod } from '../../model/report-source.ts';

/** The line that says from when to when a store has evidence; empty without any. */
export function periodLine(period: EvidencePeriod | null): string {
  return period === null ? '' : `evidence: from ${period.from} to ${period.to}\n`;
}
