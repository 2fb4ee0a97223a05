import type { EvidencePart } from '../evidence/archive/index.ts';
import type { FileReading, FormatEvent, ReadOptions } from '../formats/shared/file-reading.ts';
import type { ReaderFactory } from '../json/reader.ts';
import type { AccountCapture } from '../model/capture.ts';
import type { EntityRecord, EntityType, RejectedRecord, RoleRecord } from '../model/record.ts';
import type { Evaluated } from '../model/verdict.ts';
import { readEvidence } from '../reading/read-evidence.ts';
import type { EntityOutcomes, EntityRules } from './entity-rules.ts';
import type { VerdictMemo } from './memo.ts';

/** What is kept of a role when its policy is judged. */
export type JudgedRole = Omit<RoleRecord, 'partition' | 'roleName' | 'pointer'>;

/** Where the judged records of one file go. */
export interface JudgedSink {
  /** `evaluated` is null for a deleted role, which has no policy to judge. */
  add(record: JudgedRole, evaluated: Evaluated | null): void;
  reject(reject: RejectedRecord): void;
  capture(capture: AccountCapture): void;
  /** These two only with further rules. `outcomes` is null for an entity that is gone. */
  entity(record: EntityRecord, outcomes: EntityOutcomes | null): void;
  entityCapture(type: EntityType, capture: AccountCapture): void;
}

/** What judges the records. */
export interface Judges {
  readonly memo: VerdictMemo;
  /** Null without further rules. */
  readonly entityRules: EntityRules | null;
}

export interface FileProgress {
  /** Called after every batch with the roles and rejects seen in it; reading waits for what it returns. */
  records(count: number): void | Promise<void>;
}

/** Reads one file of evidence or one member of an archive, judges every role and hands it on; holds no more than one batch. */
export async function auditFile(
  input: EvidencePart,
  options: ReadOptions,
  judges: Judges,
  sink: JudgedSink,
  progress: FileProgress,
  createReader?: ReaderFactory,
): Promise<FileReading> {
  const { entityRules } = judges;
  const reader = readEvidence(
    input,
    entityRules === null ? options : { ...options, entities: entityRules.types },
    createReader,
  );
  for (;;) {
    const step = await reader.next();
    if (step.done === true) return step.value;
    let records = 0;
    for (const event of step.value) {
      take(event, judges, sink);
      if (event.kind === 'role' || event.kind === 'reject') records++;
    }
    await progress.records(records);
  }
}

function take(event: FormatEvent, { memo, entityRules }: Judges, sink: JudgedSink): void {
  switch (event.kind) {
    case 'role':
      sink.add(event.record, judgeRole(event.record, memo));
      return;
    case 'reject':
      sink.reject(event.reject);
      return;
    case 'capture':
      sink.capture(event.capture);
      return;
    case 'entity':
      sink.entity(event.record, entityRules?.judge(event.record) ?? null);
      return;
    case 'entity-capture':
      sink.entityCapture(event.type, event.capture);
  }
}

/** Null for a deleted role, which has no policy to judge. */
export function judgeRole(
  { status, trust, account, partition }: RoleRecord,
  memo: VerdictMemo,
): Evaluated | null {
  if (status === 'deleted') return null;
  return memo.evaluate(status === 'live' ? trust : { state: 'missing' }, account, partition);
}
