import type { EvidenceInput } from '../evidence/types.ts';
import { readEvidence } from '../formats/read-evidence.ts';
import type { FileReading, ReadOptions } from '../formats/reading.ts';
import type { AccountCapture, RejectedRecord, RoleRecord } from '../formats/record.ts';
import type { Evaluated, VerdictMemo } from './memo.ts';

/** Where the judged records of one file go. */
export interface JudgedSink {
  /** `evaluated` is null for a deleted role, which has no policy to judge. */
  add(record: RoleRecord, evaluated: Evaluated | null): void;
  reject(reject: RejectedRecord): void;
  capture(capture: AccountCapture): void;
}

export interface FileProgress {
  /** Called after every batch with the roles and rejects seen in it. */
  records(count: number): void;
}

/** Reads one file of evidence, judges every role and hands it on; holds no more than one batch. */
export async function auditFile(
  input: EvidenceInput,
  options: ReadOptions,
  memo: VerdictMemo,
  sink: JudgedSink,
  progress: FileProgress,
): Promise<FileReading> {
  const reader = readEvidence(input, options);
  for (;;) {
    const step = await reader.next();
    if (step.done === true) return step.value;
    let records = 0;
    for (const event of step.value) {
      if (event.kind === 'capture') sink.capture(event.capture);
      else if (event.kind === 'reject') sink.reject(event.reject);
      else sink.add(event.record, judge(event.record, memo));
      if (event.kind !== 'capture') records++;
    }
    progress.records(records);
  }
}

function judge({ status, trust, account }: RoleRecord, memo: VerdictMemo): Evaluated | null {
  if (status === 'deleted') return null;
  return memo.evaluate(status === 'live' ? trust : { state: 'missing' }, account);
}
