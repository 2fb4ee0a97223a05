import { judgeRole } from '../../audit/audit-file.ts';
import { VerdictMemo } from '../../audit/memo.ts';
import type { EvidencePart } from '../../evidence/archive/index.ts';
import type { FileReading, FormatEvent, ReadOptions } from '../../formats/shared/file-reading.ts';
import { chooseReader } from '../../json/choice.ts';
import type { ReaderFactory } from '../../json/reader.ts';
import type { RoleRecord } from '../../model/record.ts';
import { unopened } from '../../reading/file-session.ts';
import { readEvidence } from '../../reading/read-evidence.ts';
import { orderedObject } from '../../report/json/index.ts';
import type { MissingObject } from '../../report/shared/missing-object.ts';
import { gapObject, noRoleObject, rejectObject, unreadObject } from '../../report/shared/missing-objects.ts';
import { D9_AWS_IAM_99 } from '../../rules/d9-aws-iam-99/rule.ts';
import { showVerdict } from '../verdict.ts';
import type { Plan } from './options.ts';
import type { PartsOf } from './parts.ts';
import type { JudgedCounts, Tally } from './tally.ts';
import type { EvidenceOptions, EvidenceReading, EvidenceVerdict } from './types.ts';

/** What the parts are read with. */
interface Reading {
  readonly options: ReadOptions;
  readonly stop: AbortSignal;
  readonly create: ReaderFactory;
  readonly memo: VerdictMemo;
  readonly plan: Plan;
  readonly tally: Tally;
}

/** Reads the evidence and hands out what is found in it, and behind that what is missing. Throws the signal's reason. */
export async function* judgeParts(
  partsOf: PartsOf,
  plan: Plan,
  tally: Tally,
  { signal, onEvidence }: EvidenceOptions,
): AsyncGenerator<EvidenceVerdict, void, void> {
  const stopper = new AbortController();
  const stop = stopper.signal;
  const abort = (): void => stopper.abort(signal?.reason);
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort);
  const options: ReadOptions = { ...plan.reading, stop };
  const { create } = chooseReader('auto');
  const reading: Reading = { options, stop, create, memo: new VerdictMemo(), plan, tally };
  try {
    for await (const part of partsOf(options, stop)) {
      stop.throwIfAborted();
      const row = yield* judgePart(part, reading);
      if (row.status !== 'complete') yield missing(unreadObject(RULE, row), row.sha256);
      onEvidence?.(row);
    }
    stop.throwIfAborted();
    if (!tally.showsRoles()) yield missing(noRoleObject(RULE), null);
    for (const gap of tally.captures.gaps()) yield missing(gapObject(RULE, gap, null), null);
    tally.end();
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

const RULE = D9_AWS_IAM_99.id;

/** Reads one file; hands out verdicts and rejected records. */
async function* judgePart(
  part: EvidencePart,
  reading: Reading,
): AsyncGenerator<EvidenceVerdict, EvidenceReading, void> {
  const counts: JudgedCounts = { judged: 0, deleted: 0, rejected: 0, ofOrganizations: 0 };
  const batches = readEvidence(part, reading.options, reading.create);
  let read: FileReading | null = null;
  try {
    while (read === null) {
      const step = await batches.next();
      // What ends a stream now is the request to stop, or may be.
      reading.stop.throwIfAborted();
      if (step.done === true) read = step.value;
      else yield* judgeBatch(step.value, part.path, reading, counts);
    }
  } finally {
    // Closes the file when the caller has had enough.
    if (read === null) {
      const message = 'was not read to its end';
      await batches.return(unopened(part.path, { code: 'evidence-unreadable', message }));
    }
  }
  return reading.tally.file(read, counts);
}

function* judgeBatch(
  batch: readonly FormatEvent[],
  path: string,
  reading: Reading,
  counts: JudgedCounts,
): Generator<EvidenceVerdict, void, void> {
  const { stop, tally } = reading;
  for (const event of batch) {
    stop.throwIfAborted();
    switch (event.kind) {
      case 'role': {
        const verdicts = verdictsOn(event.record, path, reading);
        if (event.record.status === 'deleted') counts.deleted++;
        else counts.judged++;
        tally.judged(verdicts.map(({ verdict }) => verdict));
        yield* verdicts;
        break;
      }
      case 'reject':
        counts.rejected++;
        tally.rejected(path, event.reject);
        yield missing(rejectObject(RULE, { path, ...event.reject }, ''), null);
        break;
      case 'organization':
        counts.ofOrganizations += event.capture.accepted + event.capture.duplicate;
        break;
      case 'capture':
        tally.captures.add(event.capture);
    }
  }
}

/** None on a role that is gone. */
function verdictsOn(record: RoleRecord, source: string, { memo, plan }: Reading): readonly EvidenceVerdict[] {
  const { trust, account, partition, arn, roleName, roleId, offset, capturedAt } = record;
  const text = trust.state === 'document' ? trust.text : null;
  const subject = { account, partition, arn, roleName, roleId };
  const evidence = { source, sha256: null, offset, capturedAt };
  return (judgeRole(record, memo)?.verdicts ?? []).map((judged) => ({
    ...showVerdict(judged, subject, text, plan),
    // They are of the record, and never null.
    arn,
    roleName,
    roleId,
    evidence,
  }));
}

function missing(object: MissingObject, sha256: string | null): EvidenceVerdict {
  const {
    firstSeen: _,
    lastSeen: __,
    state: ___,
    suppressedBy: ____,
    guardrail: _____,
    impact: ______,
    ...verdict
  } = orderedObject(object);
  return { ...verdict, evidence: { ...verdict.evidence, sha256 } };
}
