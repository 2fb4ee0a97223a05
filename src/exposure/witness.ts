import { PRINCIPAL_ACCOUNT, PRINCIPAL_ARN, spellKey, TAG_KEYS } from '../iam/conditions/keys.ts';
import type { Statement } from '../iam/trust-policy.ts';
import { splitArn } from '../model/arn.ts';
import type { Witness } from '../model/exposure.ts';
import { callerArn } from './callers/caller.ts';
import type { AdmittedRequest } from './search/request-space.ts';

/**
 * Writes an admitted request down for people: the caller, the actions, the caller's account and those context keys that
 * the policy asks about, spelt as AWS spells them. Keys that are not listed are absent or do not matter. A role among
 * the principals asks for the ARN of a role with a path, which that of its session does not tell.
 */
export function toWitness(request: AdmittedRequest, statements: readonly Statement[]): Witness {
  const written = new Map<string, string>([[PRINCIPAL_ACCOUNT, PRINCIPAL_ACCOUNT]]);
  const { caller, context: requested } = request;
  const hasPath = caller.kind === 'role' && splitArn(caller.arn)?.resource !== `role/${caller.name}`;
  if (hasPath && statements.some(({ principals }) => principals.some(({ kind }) => kind === 'role')))
    written.set(PRINCIPAL_ARN, PRINCIPAL_ARN);
  for (const condition of statements.flatMap((statement) => statement.conditions)) {
    if (condition.key !== '') written.set(condition.key, condition.writtenKey);
    if (condition.kind !== 'compare') continue;
    for (const token of condition.values.flatMap((value) => value.pattern)) {
      if (typeof token === 'object' && !written.has(token.key)) written.set(token.key, token.key);
    }
  }
  // A request that passes a tag carries the list of its tag keys too.
  if (requested.has(TAG_KEYS)) written.set(TAG_KEYS, TAG_KEYS);
  function* context(): Generator<[string, string | readonly string[]]> {
    for (const key of [...written.keys()].sort()) {
      const value = requested.get(key);
      if (value !== undefined) yield [spellKey(key, written.get(key) as string), value];
    }
  }
  return {
    principalArn: callerArn(caller),
    principalAccount: caller.account,
    actions: request.actions,
    context: Object.fromEntries(context()),
  };
}
