import { join } from 'node:path';
import type { FileReading, ReadOptions } from '../../src/formats/shared/file-reading.ts';
import type { AccountCapture } from '../../src/model/capture.ts';
import type { RejectedRecord, RoleRecord } from '../../src/model/record.ts';
import { readEvidence } from '../../src/reading/read-evidence.ts';
import { SAMPLES } from './folder.ts';

/** As a scan without any option about the evidence reads it. */
const OPTIONS: ReadOptions = {
  account: null,
  capturedAt: null,
  format: null,
  receivedAt: '2026-05-01T00:00:00Z',
};

export interface SampleReading {
  readonly roles: readonly RoleRecord[];
  readonly rejects: readonly RejectedRecord[];
  readonly captures: readonly AccountCapture[];
  readonly reading: FileReading;
}

/** @param path below samples/evidence */
export async function readSample(path: string): Promise<SampleReading> {
  const roles: RoleRecord[] = [];
  const rejects: RejectedRecord[] = [];
  const captures: AccountCapture[] = [];
  const input = { kind: 'file', path, file: join(SAMPLES, 'evidence', path) } as const;
  const batches = readEvidence(input, OPTIONS);
  for (;;) {
    const step = await batches.next();
    if (step.done === true) return { roles, rejects, captures, reading: step.value };
    for (const event of step.value) {
      if (event.kind === 'role') roles.push(event.record);
      else if (event.kind === 'reject') rejects.push(event.reject);
      else if (event.kind === 'capture') captures.push(event.capture);
    }
  }
}
