/**
 * Judges exported IAM evidence while it is read, without a store. Reads in this thread, one file after the other, and
 * only as fast as the verdicts are taken. What is exported here keeps its names and meaning within a major version.
 */
import { TrustsieveError } from '../errors.ts';
import { judgeParts } from './streaming/judge-parts.ts';
import { planOf } from './streaming/options.ts';
import { partsIn } from './streaming/parts.ts';
import { Tally } from './streaming/tally.ts';
import type { EvidenceOptions, GivenEvidence, Judging } from './streaming/types.ts';

export { type DataProblem, type ErrorCode, TrustsieveError } from '../errors.ts';
export type { GivenBytes, WebStream } from '../evidence/given-bytes.ts';
export type { CaptureTimeSource } from '../model/capture.ts';
export type { AccountGap, RejectGroup } from '../model/completeness.ts';
export type { Guard, Outcome, Witness } from '../model/exposure.ts';
export type { FileProblem } from '../model/file-problem.ts';
export type { GradedPath, Relation, Severity } from '../model/verdict.ts';
export type { KnownAccounts } from './options.ts';
export type {
  EvidenceOptions,
  EvidencePlace,
  EvidenceReading,
  EvidenceVerdict,
  GivenEvidence,
  Judging,
  JudgingSummary,
  LeftAside,
  OrganisationAccount,
  OrganisationPage,
  StopSignal,
} from './streaming/types.ts';

/**
 * Judges every role that evidence shows, by the built-in rule, and hands out one verdict object for each record in the
 * order of the evidence: files in the order of `scan`, records as they stand in them. Memory holds the records of about
 * 1 MiB. Leaving the loop closes what is open. Where a role is shown several times, each record is judged for itself:
 * what stands of a role, only a store tells.
 *
 * What the evidence holds makes nothing throw: it comes as a verdict object of no role.
 *
 * @param evidence paths as `scan` takes them (files, folders, archives, patterns, `-`), or one stream of bytes
 * @throws TrustsieveError `usage` and `configuration-invalid` at once for options that cannot be; `file-not-found` and
 *   `file-unreadable` from the loop for a path that leads nowhere; `usage` from a second loop
 */
export function judgeEvidence(
  evidence: string | readonly string[] | GivenEvidence,
  options: EvidenceOptions = {},
): Judging {
  const partsOf = partsIn(evidence);
  const plan = planOf(options);
  const tally = new Tally(plan.members);
  let begun = false;
  return {
    [Symbol.asyncIterator]() {
      if (begun) {
        throw new TrustsieveError('usage', 'this evidence was read already: call `judgeEvidence` again');
      }
      begun = true;
      return judgeParts(partsOf, plan, tally, options);
    },
    summary: () => tally.summary(),
  };
}
