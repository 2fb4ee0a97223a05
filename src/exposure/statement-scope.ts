import { actionCovers, type NeededAction } from '../iam/actions.ts';
import type { Statement } from '../iam/trust-policy.ts';
import type { Caller } from './callers/caller.ts';
import { principalIndex } from './callers/principal-index.ts';

/**
 * How to take what AWS does not define. `definite`: never in the caller's favour. `permissive`: an Allow may match
 * and a Deny may not, always in the caller's favour.
 */
export type Certainty = 'definite' | 'permissive';

/** Something of the statement is undefined whatever the request: see `Statement.certain` and `Principal`. */
export function isUndefined({ certain, exceptPrincipals, principals }: Statement): boolean {
  return !certain || exceptPrincipals || principals.some((principal) => principal.kind === 'undefined');
}

export function coversAction(statement: Statement, action: NeededAction): boolean {
  const listed = statement.actions.some((entry) => actionCovers(entry, action));
  return statement.exceptActions ? !listed : listed;
}

/** Does the statement's Principal (or NotPrincipal) element take this caller in? */
export function statementNames(statement: Statement, caller: Caller, certainty: Certainty): boolean {
  const truths = principalIndex(statement).truths(caller);
  if (statement.exceptPrincipals)
    return !truths.includes('yes') && (certainty === 'permissive' || !truths.includes('unknown'));
  return truths.includes('yes') || (certainty === 'permissive' && truths.includes('unknown'));
}

/** A Deny with NotPrincipal, a repeated element or an undefined principal is never relied on. */
export function deniesCaller(
  statement: Statement,
  caller: Caller,
  actions: readonly NeededAction[],
  certainty: Certainty,
): boolean {
  if (statement.effect !== 'Deny') return false;
  if (!actions.some((action) => coversAction(statement, action))) return false;
  if (certainty === 'permissive') {
    return statement.certain && !statement.exceptPrincipals && statementNames(statement, caller, 'definite');
  }
  if (statement.exceptPrincipals) return !principalIndex(statement).truths(caller).includes('yes');
  return statementNames(statement, caller, 'permissive');
}
