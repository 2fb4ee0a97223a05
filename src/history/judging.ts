import { pathKeys } from '../audit/path-key.ts';
import { gradingNotes } from '../audit/relations.ts';
import type { JudgedVerdict } from '../store/policy-reader.ts';
import type { StoreReader } from '../store/reader.ts';

/** What one rule says of a policy of one account; null when it was never judged under that rule. */
export type Judge = (policy: number) => JudgedVerdict | null;

export function judgeOf(reader: StoreReader, account: string, rule: string): Judge {
  return (policy) => reader.judgedPolicy(policy, account).verdicts.get(rule) ?? null;
}

const exposures = new WeakMap<JudgedVerdict, string>();

/** Who gets in unguarded, and what that is graded by: the same text means that a finding did not change. */
export function exposureOf(verdict: JudgedVerdict): string {
  let exposure = exposures.get(verdict);
  if (exposure === undefined) {
    const open = verdict.paths.filter((path) => path.guards.length === 0);
    exposure = JSON.stringify([pathKeys(open), gradingNotes(verdict)]);
    exposures.set(verdict, exposure);
  }
  return exposure;
}
