import {
  attachedPoliciesOf,
  boundaryOf,
  type CombinedPolicy,
  type CommonFields,
  combine,
  commonFields,
  type DocumentsByArn,
  type InlinePolicy,
  inlinePoliciesOf,
  type NamedPolicy,
} from './common.ts';
import { ownValue } from './fields.ts';

/**
 * What the credential report knows of a user (passwords, MFA, access keys, certificates) is not in authorization
 * details and is left out, so that it is null to every rule; the checker warns of such paths.
 */
export interface IamUserEntity extends CommonFields {
  readonly managedPolicies: readonly NamedPolicy[];
  readonly inlinePolicies: readonly InlinePolicy[];
  /** The user's own policies; those of its groups are not among them. */
  readonly combinedPolicies: readonly CombinedPolicy[];
  /** Names. */
  readonly attachedGroups: readonly string[];
  readonly permissionsBoundary: { readonly type: string | null; readonly arn: string | null } | null;
}

/**
 * The rule language's IamUser from one element of `UserDetailList`
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UserDetail.html).
 */
export function buildIamUser(
  detail: unknown,
  account: string,
  documents: DocumentsByArn = new Map(),
): IamUserEntity {
  const managedPolicies = attachedPoliciesOf(detail);
  const inlinePolicies = inlinePoliciesOf(detail, 'UserPolicyList');
  const groups = ownValue(detail, 'GroupList');
  return {
    ...commonFields('User', detail, account),
    managedPolicies,
    inlinePolicies,
    combinedPolicies: combine(inlinePolicies, managedPolicies, documents),
    attachedGroups: Array.isArray(groups)
      ? groups.filter((group): group is string => typeof group === 'string')
      : [],
    permissionsBoundary: boundaryOf(detail),
  };
}
