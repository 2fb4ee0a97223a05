import type { EvidencePart } from '../evidence/archive/index.ts';
import type { FileReading, FormatEvent, ReadOptions } from '../formats/shared/file-reading.ts';
import type { ReaderFactory } from '../json/reader.ts';
import type { RoleRecord } from '../model/record.ts';
import type { Evaluated } from '../model/verdict.ts';
import { readEvidence } from '../reading/read-evidence.ts';
import { RoleDetails } from '../reading/role-details.ts';
import { D9_AWS_IAM_99 } from '../rules/d9-aws-iam-99/rule.ts';
import type { EntityRules } from './entity-rules.ts';
import type { DetailOfRow, JudgedRoles, JudgedSink } from './judged-sink.ts';
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
  const details = new RoleDetails();
  const reader = readEvidence(
    input,
    { ...options, rows: true, details: true, ...(entityRules !== null && { entities: entityRules.types }) },
    createReader,
    details,
  );
  for (;;) {
    const step = await reader.next();
    if (step.done === true) return step.value;
    let records = 0;
    for (const event of step.value) {
      take(event, judges, sink, details);
      if (event.kind === 'roles') records += event.columns.policies.length;
      else if (event.kind === 'role' || event.kind === 'reject' || event.kind === 'role-policy') records++;
      else if (event.kind === 'policy' && event.isRecord === true) records++;
      else if (event.kind === 'organization') records += event.capture.accepted + event.capture.duplicate;
    }
    await progress.records(records);
  }
}

function take(
  event: FormatEvent,
  { memo, rowJudge, entityRules }: Judges,
  sink: JudgedSink,
  details: RoleDetails,
): void {
  switch (event.kind) {
    case 'role': {
      const { record, place = record.offset } = event;
      const evaluated = judgeRole(record, memo);
      const detail = evaluated !== null && isFinding(evaluated) ? details.of(place) : null;
      sink.add(record, evaluated, detail);
      for (const policy of details.passed(record.offset)) sink.managedPolicy(policy);
      return;
    }
    case 'roles': {
      const roles = rowJudge.judge(event.runs, event.columns);
      sink.addRoles({ ...roles, details: detailsOf(roles, event.columns.places ?? roles.offsets, details) });
      for (const policy of details.passed(roles.offsets.at(-1) ?? 0)) sink.managedPolicy(policy);
      return;
    }
    case 'policy':
      for (const policy of details.policy(event)) sink.managedPolicy(policy);
      return;
    case 'role-policy':
      sink.rolePolicy(event.policy);
      return;
    case 'policies-end':
      for (const policy of details.end(event.whole)) sink.managedPolicy(policy);
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

/** What the file shows of the failing ones. */
function detailsOf(
  { policies, judged }: JudgedRoles,
  places: Float64Array,
  details: RoleDetails,
): readonly DetailOfRow[] {
  const failing = judged.map(({ evaluated }) => isFinding(evaluated));
  const found: DetailOfRow[] = [];
  if (!failing.includes(true)) return found;
  for (let row = 0; row < policies.length; row++) {
    if (failing[policies[row] as number] !== true) continue;
    found.push({ row, ...details.of(places[row] as number) });
  }
  return found;
}

/** True where the trust policy leaves a way in; what further rules say does not count. */
function isFinding({ verdicts }: Evaluated): boolean {
  return verdicts.some(({ rule, verdict }) => rule === D9_AWS_IAM_99.id && verdict === 'fail');
}

/** Null for a deleted role, which has no policy to judge. */
export function judgeRole(
  { status, trust, account, partition }: RoleRecord,
  memo: VerdictMemo,
): Evaluated | null {
  if (status === 'deleted') return null;
  return memo.evaluate(status === 'live' ? trust : { state: 'missing' }, account, partition);
}
