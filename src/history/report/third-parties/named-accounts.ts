import { JsonSyntaxError } from '../../../iam/json.ts';
import type { Principal } from '../../../iam/principals.ts';
import { parseTrustPolicy, type Statement } from '../../../iam/trust-policy.ts';
import { NOBODY_NAMED } from '../../../model/third-party.ts';

/**
 * The outside accounts that a trust policy names, or may admit, where it could not be decided: `*` for wildcards and for all
 * but some, `NOBODY_NAMED` where the text is missing, is no JSON, names what may be anybody, or names no other account.
 *
 * @param policy text of the policy; null when there is none that can be read
 */
export function accountsNamedIn(policy: string | null, owner: string): ReadonlySet<string> {
  const named = new Set<string>();
  for (const statement of policy === null ? [] : statementsOf(policy)) {
    if (statement.effect === 'Deny') continue;
    if (statement.exceptPrincipals) named.add('*');
    else for (const principal of statement.principals) named.add(accountBehind(principal, owner));
  }
  named.delete(owner);
  return named.size === 0 ? UNNAMED : named;
}

const UNNAMED: ReadonlySet<string> = new Set([NOBODY_NAMED]);

function statementsOf(policy: string): readonly Statement[] {
  try {
    return parseTrustPolicy(policy).statements;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return [];
    throw error;
  }
}

/** The owner where it is no account at all. */
function accountBehind(principal: Principal, owner: string): string {
  switch (principal.kind) {
    case 'anyone':
      return '*';
    case 'service':
    case 'federated':
    case 'stale':
      return owner;
    case 'undefined':
      return principal.account ?? (principal.glob ? '*' : NOBODY_NAMED);
    default:
      return principal.account;
  }
}
