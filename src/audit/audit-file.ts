import type { EvidencePart } from '../evidence/archive/index.ts';
import type { FileReading, FormatEvent, ReadOptions } from '../formats/shared/file-reading.ts';
import type { ReaderFactory } from '../json/reader.ts';
import type { RoleRecord } from '../model/record.ts';
import type { Evaluated } from '../model/verdict.ts';
import { readEvidence } from '../reading/read-evidence.ts';
import type { EntityRules } from './entity-rules.ts';
import type { JudgedSink } from './judged-sink.ts';
import { VerdictMemo } from './memo.ts';
import { RowJudge } from './row-judge.ts';

/** What judges the records. */
export interface Judges {
  readonly memo: VerdictMemo;
  readonly rowJudge: RowJudge;
  /** Null without further rules. */
  readonly entityRules: EntityRules | null;
}

/** @param entityRules null without further rules */
export function openJudges(entityRules: EntityRules | null): Judges {
  const memo = new VerdictMemo();
  return { memo, rowJudge: new RowJudge(memo), entityRules };
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
    { ...options, rows: true, ...(entityRules !== null && { entities: entityRules.types }) },
    createReader,
  );
  for (;;) {
    const step = await reader.next();
    if (step.done === true) return step.value;
    let records = 0;
    for (const event of step.value) {
      take(event, judges, sink);
      if (event.kind === 'roles') records += event.columns.policies.length;
      else if (event.kind === 'role' || event.kind === 'reject') records++;
      else if (event.kind === 'organization') records += event.capture.accepted + event.capture.duplicate;
    }
    await progress.records(records);
  }
}

function take(event: FormatEvent, { memo, rowJudge, entityRules }: Judges, sink: JudgedSink): void {
  switch (event.kind) {
    case 'role':
      sink.add(event.record, judgeRole(event.record, memo));
      return;
    case 'roles':
      sink.addRoles(rowJudge.judge(event.runs, event.columns));
      return;
    case 'reject':
      sink.reject(event.reject);
      return;
    case 'capture':
      sink.capture(event.capture);
      return;
    case 'organization':
      sink.organization(event.capture);
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
