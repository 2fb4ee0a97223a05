import { stat } from 'node:fs/promises';
import type { EvidenceInput } from '../../evidence/evidence.ts';
import type { Run } from '../../store/index.ts';
import { counted } from '../../text/counted.ts';
import type { CliContext } from '../context.ts';
import { say } from '../output/messages.ts';
import type { ScanArguments } from './options.ts';
import { openProblemGroups } from './problem-groups.ts';
import { startProgress } from './progress.ts';
import { type ReadingPlan, readInputs } from './reading.ts';
import type { ScanRequest } from './request.ts';
import { ScanTally } from './tally.ts';

/** What came of reading the evidence. */
export interface ReadEvidence {
  /** Inputs that are in the store; fewer than were given when the scan was interrupted. */
  readonly kept: number;
  readonly tally: ScanTally;
}

/** Takes the first signal as the wish to stop properly, and says so. */
export interface Stopping {
  sayBy(say: (text: string) => void): void;
  /** Leaves signals to themselves again. */
  end(): void;
}

export function openStopping({ stop, stderr }: CliContext): Stopping {
  let tell = (text: string): void => void stderr.write(`${text}\n`);
  const stopping = (): void => tell('stopping after the files under way; press again to stop at once');
  stop.addEventListener('abort', stopping);
  return {
    sayBy(other) {
      tell = other;
    },
    end: () => stop.removeEventListener('abort', stopping),
  };
}

/** Reads all inputs into the store, shows how far it is, and says what is wrong with files. */
export async function readIntoStore(
  { inputs, ofOrganization, readOptions, reader, furtherRules, asOf, jobs }: ScanRequest,
  run: Run,
  { quiet, progress: chosen }: Pick<ScanArguments, 'quiet' | 'progress'>,
  stopping: Stopping,
  context: CliContext,
): Promise<ReadEvidence> {
  const { bytes, largest } = await sizesOf(inputs);
  const progress = startProgress(quiet ? 'none' : chosen, { files: inputs.length, bytes }, context);
  stopping.sayBy(progress.note);
  const plan = { options: readOptions, reader, furtherRules, asOf, jobs, bytes, largest };
  const tally = new ScanTally();
  const groups = openProblemGroups();
  let kept = 0;
  try {
    kept = await readInputs(
      inputs,
      plan,
      run,
      progress,
      context.stop,
      ({ row, reading, rejects, organization }) => {
        tally.add(row, organization ? leadsTo(ofOrganization, row.path) : []);
        if (groups.file(row.path, reading.problems)) progress.problem();
        groups.rejects(row.path, rejects);
      },
    );
  } finally {
    progress.stop();
    stopping.end();
    const timed = tally.timeWarning();
    if (timed !== null) say('warning', timed, context);
    for (const { kind, text } of groups.messages()) say(kind, text, context);
  }
  return { kept, tally };
}

/** @param path of an input, or of a member of one that is an archive */
function leadsTo(inputs: ScanRequest['ofOrganization'], path: string): readonly string[] {
  return inputs?.get(path) ?? inputs?.get(path.slice(0, Math.max(0, path.indexOf('!/')))) ?? [];
}

/** What an interrupted scan says at its end. It writes no reports: they would look like those of a whole one. */
export function interruptionNotice(kept: number, inputs: number): string {
  if (kept === inputs) {
    return `interrupted after ${inputs === 1 ? 'the only file was' : `all ${inputs} files were`} read: no report was written; write one with \`trustsieve report\`\n`;
  }
  return `interrupted: ${kept} of ${counted(inputs, 'file')} ${kept === 1 ? 'is' : 'are'} kept, and no report was written; scan the same paths again to read the rest, or write a report of what is kept with \`trustsieve report\`\n`;
}

async function sizesOf(inputs: readonly EvidenceInput[]): Promise<Pick<ReadingPlan, 'bytes' | 'largest'>> {
  let bytes = 0;
  let largest = 0;
  for (const input of inputs) {
    if (input.kind !== 'file' || typeof input.file !== 'string') continue;
    const size = await stat(input.file).then(
      (stats) => stats.size,
      () => 0,
    );
    bytes += size;
    largest = Math.max(largest, size);
  }
  return { bytes, largest };
}
