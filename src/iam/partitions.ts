import { splitArn } from '../model/arn.ts';
import { PRINCIPAL_ARN, SOURCE_ARN } from './conditions/keys.ts';
import { JsonSyntaxError } from './json.ts';
import { parseTrustPolicy, type Statement } from './trust-policy.ts';

/** Where a role is when neither its ARN nor its policy says. */
const COMMON_PARTITION = 'aws';

/**
 * The partitions a role can be in, sorted. Trust never crosses partitions
 * (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html), so the ARNs of a
 * policy tell where its role is when the role's own ARN is not known; where they disagree, each may.
 *
 * @param given the partition of the role's ARN; null when that is not known
 */
export function partitionsOf(statements: readonly Statement[], given: string | null): readonly string[] {
  if (given !== null) return [given];
  const named = new Set<string>();
  for (const { principals, conditions } of statements) {
    for (const principal of principals) {
      const partition = partitionOf(principal.text);
      if (partition !== null) named.add(partition);
    }
    for (const condition of conditions) {
      if (condition.kind !== 'compare' || !ARN_KEYS.has(condition.key)) continue;
      for (const { text } of condition.values) {
        const partition = partitionOf(text);
        if (partition !== null) named.add(partition);
      }
    }
  }
  return named.size === 0 ? [COMMON_PARTITION] : [...named].sort();
}

/** The partition that a policy shows its role to be in; null when it shows several, or is no policy. */
export function shownPartition(policyText: string): string | null {
  try {
    const [partition = null, ...others] = partitionsOf(parseTrustPolicy(policyText).statements, null);
    return others.length === 0 ? partition : null;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
}

const ARN_KEYS: ReadonlySet<string> = new Set([PRINCIPAL_ARN, SOURCE_ARN]);

/** The partition that an ARN names without wildcards; null for other text, such as a bare account id. */
export function partitionOf(text: string): string | null {
  const partition = splitArn(text)?.partition;
  return partition === undefined || !/^aws[a-z-]*$/.test(partition) ? null : partition;
}
