import { STRANGER_ACCOUNTS, withStranger } from '../exposure/strangers.ts';
import { namesExternalId } from '../exposure/weak-external-ids.ts';
import { shownPartition } from '../iam/partitions.ts';
import { gradeNotes, gradeSeverity } from '../model/grading.ts';
import { type AccountRelations, gradePath } from '../model/relations.ts';
import type { PolicyVerdict, VerdictObject } from '../model/verdict.ts';

/** The verdict object of a trust policy that no evidence and no history is known of. */
export interface Verdict
  extends Omit<
    VerdictObject,
    | 'arn'
    | 'roleName'
    | 'roleId'
    | 'evidence'
    | 'firstSeen'
    | 'lastSeen'
    | 'state'
    | 'suppressedBy'
    | 'guardrail'
    | 'impact'
  > {
  readonly arn: string | null;
  readonly roleName: string | null;
  readonly roleId: string | null;
}

/** The role whose trust policy is judged. */
export interface Subject {
  /** 12 digits. */
  readonly account: string;
  /** Null: as far as the policy shows it. */
  readonly partition: string | null;
  readonly arn: string | null;
  /** Null: the last part of `arn`. */
  readonly roleName: string | null;
  readonly roleId: string | null;
}

/** What sets relations, names, severity and some notes, and never a verdict. */
export interface Grading {
  readonly relations: AccountRelations;
  /** The moment judged against. */
  readonly asOf: string;
}

/**
 * The verdict object of a judged policy.
 *
 * @param policyText null when there is none that can be read
 */
export function showVerdict(
  judged: PolicyVerdict,
  subject: Subject,
  policyText: string | null,
  { relations, asOf }: Grading,
): Verdict {
  const { account, partition, arn, roleId } = subject;
  const verdict = withStranger(judged, policyText, strangerTo(account, policyText, relations));
  const paths = verdict.paths.map((path) => gradePath(path, relations));
  const roleName = subject.roleName ?? (arn === null ? null : arn.slice(arn.lastIndexOf('/') + 1));
  const notes = gradeNotes(verdict, paths, {
    roleName,
    asOf,
    namesExternalId: namesExternalId(verdict, paths, account, policyText, relations),
  });
  return {
    rule: verdict.rule,
    account,
    partition: partition ?? (policyText === null ? null : shownPartition(policyText)) ?? 'aws',
    arn,
    roleName,
    roleId,
    verdict: verdict.verdict,
    literal: verdict.literal,
    severity: gradeSeverity({ verdict: verdict.verdict, notes }, paths),
    reason: verdict.reason,
    notes,
    message: verdict.message,
    paths,
    witness: verdict.witness,
  };
}

/** An account that neither the policy nor a list names. */
function strangerTo(own: string, policyText: string | null, { accounts }: AccountRelations): string | null {
  return (
    STRANGER_ACCOUNTS.find(
      (account) => account !== own && !accounts.has(account) && policyText?.includes(account) !== true,
    ) ?? null
  );
}
