import type { TrustPolicy } from '../formats/record.ts';
import { D9_AWS_IAM_99, literalReading } from '../rules/d9-aws-iam-99.ts';
import { literalNotes } from '../rules/literal-notes.ts';
import { analyseTrustPolicy } from './guard-analysis.ts';
import type { Outcome, PolicyVerdict } from './verdict.ts';

/**
 * Both readings of D9.AWS.IAM.99 for one trust policy of a role that `account` owns, in `partition` (null: as far as
 * the policy tells); nothing else enters.
 */
export function evaluateTrustPolicy(
  trust: TrustPolicy,
  account: string,
  partition: string | null = null,
): PolicyVerdict {
  switch (trust.state) {
    case 'missing':
      return undecided('trust-policy-missing', 'The evidence shows no trust policy for this role.');
    case 'undecodable':
      return undecided(
        trust.damaged === true ? 'policy-damaged' : 'trust-policy-undecodable',
        `The trust policy cannot be read: ${trust.reason}.`,
      );
    case 'document': {
      const analysis = analyseTrustPolicy(trust.text, account, partition);
      // What an exporter damaged is not the text that the rule is about.
      const policy = analysis.reason === 'policy-damaged' ? null : parsedOrNull(trust.text);
      const literal: Outcome = policy === null ? 'error' : literalReading(policy, account);
      const differences = policy === null ? [] : literalNotes(policy, account, literal, analysis.verdict);
      return {
        rule: D9_AWS_IAM_99.id,
        ...analysis,
        literal,
        notes: [...analysis.notes, ...differences].sort(),
      };
    }
  }
}

export function undecided(reason: string, message: string): PolicyVerdict {
  return {
    rule: D9_AWS_IAM_99.id,
    verdict: 'error',
    literal: 'error',
    reason,
    notes: [],
    message,
    paths: [],
    witness: null,
  };
}

/** The rule's own reading takes a document as JSON tools hand it on: of repeated keys, the last. */
function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
