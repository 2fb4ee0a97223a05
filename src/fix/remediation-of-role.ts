import type { VerdictObject } from '../model/verdict.ts';
import { cautionedBy } from './cautions.ts';
import { refusalForRole } from './refusal.ts';
import type { Remediation } from './remediation.ts';

/** What a proposal for a judged role hangs on beside its policy. */
export interface RoleToFix extends Pick<VerdictObject, 'verdict' | 'reason' | 'notes'> {
  /** Null where only the policy is known. */
  readonly roleName: string | null;
}

/**
 * What is proposed for a role; null when it needs no change.
 *
 * @param policy null when there is none that can be read
 * @param propose makes the proposal for a policy that fails, by `remediate`
 */
export function remediationOf(
  { verdict, reason, notes, roleName }: RoleToFix,
  policy: string | null,
  propose: (policy: string) => Remediation,
): Remediation | null {
  if (verdict === 'pass' || verdict === 'not-applicable') return null;
  const refusal = roleName === null ? null : refusalForRole(roleName);
  if (refusal !== null) return refusal;
  if (verdict === 'error' || policy === null) {
    return {
      refused: `the trust policy could not be judged (${reason})`,
      advice: 'export the role again, or read its policy by hand',
    };
  }
  return cautionedBy(notes, propose(policy));
}
