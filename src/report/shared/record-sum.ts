import type { Totals } from '../../store/types.ts';

type Counts = Pick<
  Totals,
  'recordsRead' | 'recordsAccepted' | 'recordsSuperseded' | 'recordsDuplicate' | 'recordsRejected'
>;

/** How records add up. */
export interface RecordSum {
  readonly addsUp: boolean;
  /** Such as `5 accepted + 1 superseded + 0 duplicate + 2 rejected`; what is seldom is left out when there is none. */
  readonly text: string;
}

export function recordSum(counts: Counts, format: (count: number) => string): RecordSum {
  const { recordsRead, recordsAccepted, recordsSuperseded, recordsDuplicate, recordsRejected } = counts;
  const parts = [
    `${format(recordsAccepted)} accepted`,
    ...(recordsSuperseded > 0 ? [`${format(recordsSuperseded)} superseded`] : []),
    `${format(recordsDuplicate)} duplicate`,
    `${format(recordsRejected)} rejected`,
  ];
  const sum = recordsAccepted + recordsSuperseded + recordsDuplicate + recordsRejected;
  return { addsUp: recordsRead === sum, text: parts.join(' + ') };
}
