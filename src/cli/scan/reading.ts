import pLimit from 'p-limit';
import { auditFile, openJudges } from '../../audit/audit-file.ts';
import { openEntityRules } from '../../audit/entity-rules.ts';
import { stopYoungGenerationGrowing } from '../../audit/pool/generations.ts';
import { openPool, type PartSink } from '../../audit/pool/pool.ts';
import { THREADS_FROM, threadsRun } from '../../audit/pool/thread.ts';
import { expandEvidence } from '../../evidence/archive/index.ts';
import type { EvidenceInput } from '../../evidence/evidence.ts';
import { inputMayWait } from '../../evidence/pipe.ts';
import { READ_AHEAD_FROM } from '../../evidence/read-ahead.ts';
import type { FileReading, ReadOptions } from '../../formats/shared/file-reading.ts';
import { chooseReader, type ReaderChoice } from '../../json/choice.ts';
import type { AccountCapture } from '../../model/capture.ts';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import type { FurtherRule } from '../../rules/custom/further-rule.ts';
import type { Run } from '../../store/index.ts';
import { type FileRejects, RejectCounts } from './problem-groups.ts';
import type { Progress } from './progress.ts';

/** How evidence is read and judged. */
export interface ReadingPlan {
  readonly options: Omit<ReadOptions, 'onBytes'>;
  readonly reader: ReaderChoice;
  readonly furtherRules: readonly FurtherRule[];
  /** ISO 8601 UTC. */
  readonly asOf: string;
  /** Inputs read at once. */
  readonly jobs: number;
  /** Bytes of all inputs, and of the largest; of what cannot be known, nothing. */
  readonly bytes: number;
  readonly largest: number;
}

/** A file or a member of an archive, read and stored. */
export interface ReadPart {
  readonly row: EvidenceRow;
  readonly reading: FileReading;
  readonly captures: readonly AccountCapture[];
  readonly rejects: FileRejects;
  /** Whether it says something of an organisation. */
  readonly organization: boolean;
}

type ReadInput = (input: EvidenceInput, startPart: () => PartSink, stop?: AbortSignal) => Promise<void>;

/**
 * Reads all inputs into the run, each part of them in a transaction of its own: in threads where there is much to
 * read, in this one otherwise. `onPart` is told of every part. After `stop` no further input is begun, files under way
 * are read to their end, and what is waited for (a pipe, a terminal) is given up.
 *
 * @returns how many inputs were read to their end
 */
export async function readInputs(
  inputs: readonly EvidenceInput[],
  plan: ReadingPlan,
  run: Run,
  progress: Progress,
  stop: AbortSignal,
  onPart: (part: ReadPart) => void,
): Promise<number> {
  const jobs = Math.min(plan.jobs, inputs.length);
  const pool =
    threadsRun && isMuch(inputs, plan)
      ? openPool(setupOf(plan), { readsAhead: plan.largest >= READ_AHEAD_FROM })
      : null;
  // Threads come to the size that they need first; here a policy of thousands of statements would have it grow for nothing.
  if (pool === null) stopYoungGenerationGrowing();
  const read: ReadInput =
    pool === null
      ? readHere(plan, progress)
      : (input, startPart, giveUp) => pool.read(input, startPart, progress, giveUp);
  const limit = pLimit(Math.max(1, jobs));
  let kept = 0;
  try {
    await Promise.all(
      inputs.map((input) =>
        limit(async () => {
          if (stop.aborted) return;
          const giveUp = (await inputMayWait(input)) ? stop : undefined;
          progress.fileStarted(input.path, giveUp !== undefined);
          try {
            await read(input, () => openPart(run, onPart), giveUp);
          } catch (error) {
            if (giveUp?.aborted === true) return;
            throw error;
          }
          kept++;
          progress.fileDone(input.path);
        }),
      ),
    );
    return kept;
  } finally {
    await pool?.close();
  }
}

/** Standard input may be anything. */
function isMuch(inputs: readonly EvidenceInput[], { bytes }: ReadingPlan): boolean {
  return (
    bytes >= THREADS_FROM || inputs.some((input) => input.kind === 'file' && typeof input.file === 'number')
  );
}

function setupOf({ options, reader, furtherRules, asOf }: ReadingPlan): Parameters<typeof openPool>[0] {
  return { options, reader, rules: furtherRules.map(({ metadata }) => metadata), asOf };
}

function readHere({ options, reader, furtherRules, asOf }: ReadingPlan, progress: Progress): ReadInput {
  const judges = openJudges(furtherRules.length === 0 ? null : openEntityRules(furtherRules, asOf));
  const { create } = chooseReader(reader);
  return async (input, startPart, stop) => {
    const reading: ReadOptions = { ...options, onBytes: progress.bytes, ...(stop !== undefined && { stop }) };
    for await (const part of expandEvidence(input, reading)) {
      const sink = startPart();
      try {
        const read = await auditFile(part, reading, judges, sink, progress, create);
        // What ends a pipe now is the request to stop, or may be.
        stop?.throwIfAborted();
        sink.end(read);
      } catch (error) {
        sink.abandon();
        throw error;
      }
    }
  };
}

function openPart(run: Run, onPart: (part: ReadPart) => void): PartSink {
  const { finish, ...writer } = run.evidence();
  const captures: AccountCapture[] = [];
  const rejects = new RejectCounts();
  let organization = false;
  return {
    ...writer,
    reject: (reject) => {
      rejects.add(reject);
      writer.reject(reject);
    },
    capture: (capture) => captures.push(capture),
    organization: (capture) => {
      organization = true;
      writer.organization(capture);
    },
    end: (reading) => {
      const row = finish({ ...reading, captures });
      onPart({ row, reading, captures, rejects: rejects.byCode, organization });
    },
  };
}
