import { addsUp, type RecordCounts } from '../../model/record-counts.ts';

/** How records add up. */
export interface RecordSum {
  readonly addsUp: boolean;
  /** Such as `5 accepted + 1 superseded + 0 duplicate + 2 rejected`; what is seldom is left out when there is none. */
  readonly text: string;
}

export function recordSum(counts: RecordCounts, format: (count: number) => string): RecordSum {
  const { recordsAccepted, recordsSuperseded, recordsDuplicate, recordsRejected } = counts;
  const parts = [
    `${format(recordsAccepted)} accepted`,
    ...(recordsSuperseded > 0 ? [`${format(recordsSuperseded)} superseded`] : []),
    `${format(recordsDuplicate)} duplicate`,
    `${format(recordsRejected)} rejected`,
  ];
  return { addsUp: addsUp(counts), text: parts.join(' + ') };
}
