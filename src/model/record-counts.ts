/** What became of the records of one file or of many: read = accepted + superseded + duplicate + rejected, or some were lost. */
export interface RecordCounts {
  readonly recordsRead: number;
  readonly recordsAccepted: number;
  /** Older states of a role that a newer one in the same file and capture set aside. */
  readonly recordsSuperseded: number;
  /** Records that say again what another one in the same file says. */
  readonly recordsDuplicate: number;
  readonly recordsRejected: number;
}

export function addsUp({
  recordsRead,
  recordsAccepted,
  recordsSuperseded,
  recordsDuplicate,
  recordsRejected,
}: RecordCounts): boolean {
  return recordsRead === recordsAccepted + recordsSuperseded + recordsDuplicate + recordsRejected;
}
