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
import { documentOf, objectsOf, ownValue, secondsOf, textOf } from './fields.ts';

export interface IamRoleEntity extends CommonFields {
  /** The trust policy as written; null when it is missing or unreadable. */
  readonly assumeRolePolicy: unknown;
  readonly managedPolicies: readonly NamedPolicy[];
  readonly inlinePolicies: readonly InlinePolicy[];
  /** The trust policy is one of them, with the relation `AssumeRole`. */
  readonly combinedPolicies: readonly CombinedPolicy[];
  readonly roleLastUsed: { readonly lastUsedDate: number; readonly region: string | null };
  readonly permissionsBoundary: { readonly type: string | null; readonly arn: string | null } | null;
  readonly instanceProfiles: readonly NamedPolicy[];
}

/**
 * The rule language's IamRole from one element of `RoleDetailList`
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleDetail.html).
 */
export function buildIamRole(
  detail: unknown,
  account: string,
  documents: DocumentsByArn = new Map(),
): IamRoleEntity {
  const fields = commonFields('Role', detail, account);
  const assumeRolePolicy = documentOf(detail, 'AssumeRolePolicyDocument');
  const managedPolicies = attachedPoliciesOf(detail);
  const inlinePolicies = inlinePoliciesOf(detail, 'RolePolicyList');
  const lastUsed = ownValue(detail, 'RoleLastUsed');
  const trust: CombinedPolicy = {
    id: fields.id,
    name: fields.name,
    relationType: 'AssumeRole',
    policyDocument: assumeRolePolicy,
  };
  return {
    ...fields,
    assumeRolePolicy,
    managedPolicies,
    inlinePolicies,
    combinedPolicies: [trust, ...combine(inlinePolicies, managedPolicies, documents)],
    roleLastUsed: { lastUsedDate: secondsOf(lastUsed, 'LastUsedDate'), region: textOf(lastUsed, 'Region') },
    permissionsBoundary: boundaryOf(detail),
    instanceProfiles: objectsOf(detail, 'InstanceProfileList').map((profile) => ({
      arn: textOf(profile, 'Arn'),
      name: textOf(profile, 'InstanceProfileName'),
    })),
  };
}
