import { analyseTrustPolicy } from '../exposure/analyse.ts';
import type { TrustPolicy } from '../model/record.ts';
import type { Rule } from '../model/rule.ts';
import type { PolicyVerdict } from '../model/verdict.ts';
import { D9_AWS_IAM_99, UNGUARDED_EXTERNAL_ACCESS } from './d9-aws-iam-99/rule.ts';

/**
 * What each rule says of one trust policy of a role that `account` owns, in `partition` (null: as far as the policy
 * tells), in the order of the rules; nothing else enters. What cannot be read is an error under every rule.
 */
export function judgeTrustPolicy(
  rules: readonly Rule[],
  trust: TrustPolicy,
  account: string,
  partition: string | null,
): readonly PolicyVerdict[] {
  const all = (reason: string, message: string): readonly PolicyVerdict[] =>
    rules.map(({ metadata }) => undecided(reason, message, metadata.id));
  switch (trust.state) {
    case 'missing':
      return all('trust-policy-missing', 'The evidence shows no trust policy for this role.');
    case 'undecodable':
      return all(
        trust.damaged === true ? 'policy-damaged' : 'trust-policy-undecodable',
        `The trust policy cannot be read: ${trust.reason}.`,
      );
    case 'document': {
      const exposure = analyseTrustPolicy(trust.text, account, partition);
      // What an exporter damaged is not the text that a rule is about.
      const policy = exposure.reason === 'policy-damaged' ? null : parsedOrNull(trust.text);
      return rules.map(({ metadata, judge }) => ({
        rule: metadata.id,
        ...judge({ policy, account, exposure }),
      }));
    }
  }
}

/** Both readings of D9.AWS.IAM.99, as `judgeTrustPolicy` gives them. */
export function evaluateTrustPolicy(
  trust: TrustPolicy,
  account: string,
  partition: string | null = null,
): PolicyVerdict {
  return judgeTrustPolicy([UNGUARDED_EXTERNAL_ACCESS], trust, account, partition)[0] as PolicyVerdict;
}

export function undecided(reason: string, message: string, rule: string = D9_AWS_IAM_99.id): PolicyVerdict {
  return {
    rule,
    verdict: 'error',
    literal: 'error',
    reason,
    notes: [],
    message,
    paths: [],
    witness: null,
  };
}

/** A rule's own reading takes a document as JSON tools hand it on: of repeated keys, the last. */
function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
