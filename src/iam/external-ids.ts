import { EXTERNAL_ID } from './conditions/keys.ts';
import { JsonSyntaxError } from './json.ts';
import { literalText } from './pattern.ts';
import { parseTrustPolicy, type Statement } from './trust-policy.ts';

/** An external ID that a statement accepts, and the accounts that must present it. */
export interface AcceptedExternalId {
  readonly value: string;
  /** 12-digit ids; empty when anybody may present it. */
  readonly accounts: readonly string[];
}

/**
 * The external IDs that a trust policy names in full, those included that a Deny demands of whoever it names. None
 * when the policy cannot be read.
 */
export function externalIdsOf(policyText: string): readonly AcceptedExternalId[] {
  let statements: readonly Statement[];
  try {
    ({ statements } = parseTrustPolicy(policyText));
  } catch (error) {
    if (error instanceof JsonSyntaxError) return [];
    throw error;
  }
  return statements
    .filter((statement) => statement.effect !== 'invalid')
    .flatMap((statement) => {
      const accounts = statement.principals.flatMap((one) =>
        'account' in one && one.account !== null ? [one.account] : [],
      );
      return acceptedValues(statement).map((value) => ({ value, accounts }));
    });
}

function acceptedValues({ effect, conditions }: Statement): readonly string[] {
  return conditions.flatMap((condition) => {
    if (condition.key !== EXTERNAL_ID || condition.kind !== 'compare') return [];
    if (condition.negated !== (effect === 'Deny')) return [];
    return condition.values.flatMap(({ pattern }) => literalText(pattern) ?? []);
  });
}
