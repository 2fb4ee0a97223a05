/**
 * Judges trust policies of IAM roles, explains the verdicts and proposes amended policies. Pure: no files, no network,
 * no Node.js, so it runs in browsers too. What is exported here keeps its names and meaning within a major version.
 */

import { type WeakExternalId, weakIdsOfPass } from '../exposure/weak-external-ids.ts';
import { proposalTexts } from '../fix/proposal-texts.ts';
import { remediate, remediationOf } from '../fix/remediate.ts';
import type { PolicyChange, Proposal } from '../fix/remediation.ts';
import { isExternalId } from '../iam/grammars.ts';
import type { Guard } from '../model/exposure.ts';
import { relationOf } from '../model/relations.ts';
import { evaluateTrustPolicy, undecided } from '../rules/judge.ts';
import { type Explanation, explainVerdict } from './explanation.ts';
import { readPolicyInput } from './input.ts';
import { gradingOf, type JudgeOptions, subjectOf } from './options.ts';
import { type Grading, showVerdict, type Verdict } from './verdict.ts';

export type { WeakExternalId } from '../exposure/weak-external-ids.ts';
export type { PolicyChange } from '../fix/remediation.ts';
export type { Guard, Outcome, Witness } from '../model/exposure.ts';
export type { GradedPath, Relation, Severity } from '../model/verdict.ts';
export type { ExplainedPath, ExplainedStatement, Explanation, Proof, Reading } from './explanation.ts';
export type { JudgeOptions, KnownAccounts, OwnAccount } from './options.ts';
export type { Verdict } from './verdict.ts';

/**
 * The verdict of D9.AWS.IAM.99 on one trust policy: can a principal of another account assume the role without MFA or
 * an external ID? The object is the one that `trustsieve check` prints.
 *
 * @param trustPolicy JSON text, the URL-encoded text of the IAM API, or the parsed object. Whatever else it is, it gives
 *   the verdict `error` with a `reason`, and never an exception.
 * @throws TypeError for options that are not what they should be, such as an `account` that is not 12 digits
 */
export function judge(trustPolicy: unknown, options: JudgeOptions): Verdict {
  return judged(trustPolicy, options).verdict;
}

/** A verdict with the reasons for it. */
export interface ExplainedVerdict extends Explanation {
  readonly verdict: Verdict;
}

/**
 * Why a trust policy has its verdict: statement by statement, way in by way in, the proof, both readings of the rule.
 *
 * @param trustPolicy as `judge` takes it
 * @throws TypeError as `judge` does
 */
export function explain(trustPolicy: unknown, options: JudgeOptions): ExplainedVerdict {
  const { verdict, text } = judged(trustPolicy, options);
  return { verdict, ...explainVerdict(verdict, text) };
}

/** What a proposal is to ask for. */
export interface FixOptions extends JudgeOptions {
  /** The guard to ask for wherever it is possible. Left out: by who comes in. */
  readonly guard?: Guard | null | undefined;
  /** The external ID to ask every account for. Left out: a placeholder stands for it. */
  readonly externalId?: string | null | undefined;
}

/** The policy does not fail. */
export interface FixNotNeeded {
  readonly status: 'not-needed';
  readonly before: Verdict;
  /** External IDs that had better be replaced all the same. */
  readonly weakExternalIds: readonly WeakExternalId[];
}

/** No proposal can be made with certainty. */
export interface FixRefused {
  readonly status: 'refused';
  readonly before: Verdict;
  /** Why, as a part of a sentence. */
  readonly reason: string;
  /** What a person should do instead, as a part of a sentence. */
  readonly advice: string;
}

/** An amended policy, judged again: it no longer fails. */
export interface FixProposed {
  readonly status: 'proposed';
  readonly before: Verdict;
  readonly after: Verdict;
  readonly changes: readonly PolicyChange[];
  /** What to think of before applying it, one sentence each. */
  readonly cautions: readonly string[];
  /** Texts in the policy that stand for an external ID still to be agreed. */
  readonly placeholders: readonly string[];
  /** The amended policy on one line. */
  readonly policyDocument: string;
  /** The same for reading, one entry a line. */
  readonly policy: string;
  /** The lines of the difference in unified form, without a header. */
  readonly difference: readonly string[];
  /** Puts the policy in place; `ROLE-NAME` stands for a name that was not given. */
  readonly command: string;
  /** The argument `assume_role_policy` of Terraform's `aws_iam_role`. */
  readonly terraform: string;
}

/** What becomes of a policy that may need a change. */
export type Fix = FixNotNeeded | FixRefused | FixProposed;

/**
 * Proposes an amended trust policy for one that fails, judges it again, and gives the command and Terraform that put it
 * in place. It only ever narrows what the policy allows. Applies nothing.
 *
 * @param trustPolicy as `judge` takes it
 * @throws TypeError as `judge` does, and for a `guard` or `externalId` that cannot be
 */
export function fix(trustPolicy: unknown, options: FixOptions): Fix {
  const { verdict: before, text, grading } = judged(trustPolicy, options);
  const { guard = null, externalId = null } = options;
  if (guard !== null && guard !== 'mfa' && guard !== 'external-id')
    throw new TypeError('`guard` must be `mfa` or `external-id`');
  if (externalId !== null && (typeof externalId !== 'string' || !isExternalId(externalId)))
    throw new TypeError('`externalId` must have 2 to 1224 letters, digits and _+=,.@:/-');
  const remediation = remediationOf(before, text, (policy) =>
    remediate(policy, before.account, {
      partition: before.partition,
      relationOf: (account) => relationOf(account, grading.relations),
      guard,
      externalId,
      generateExternalId: null,
    }),
  );
  if (remediation === null) {
    const weakExternalIds = weakIdsOfPass(before, text, grading.relations);
    return { status: 'not-needed', before, weakExternalIds };
  }
  if (remediation.refused !== null)
    return { status: 'refused', before, reason: remediation.refused, advice: remediation.advice };
  return {
    status: 'proposed',
    before,
    after: judge(remediation.compact, { ...options, partition: before.partition }),
    ...proposed(remediation, before.roleName ?? 'ROLE-NAME'),
  };
}

function proposed(proposal: Proposal, roleName: string) {
  const { changes, cautions, placeholders, compact, pretty } = proposal;
  return {
    changes,
    cautions,
    placeholders,
    policyDocument: compact,
    policy: pretty,
    ...proposalTexts(proposal, roleName),
  };
}

interface Judged {
  readonly verdict: Verdict;
  /** Null when no policy can be read. */
  readonly text: string | null;
  readonly grading: Grading;
}

function judged(trustPolicy: unknown, options: JudgeOptions): Judged {
  const subject = subjectOf(options);
  const grading = gradingOf(options);
  const { policy, malformed } = readPolicyInput(trustPolicy);
  const text = policy?.state === 'document' ? policy.text : null;
  const verdict =
    policy === null
      ? undecided('malformed-input', `The trust policy ${malformed}.`)
      : evaluateTrustPolicy(policy, subject.account, subject.partition);
  return { verdict: showVerdict(verdict, subject, text, grading), text, grading };
}
