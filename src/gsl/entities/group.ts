import {
  attachedPoliciesOf,
  type CombinedPolicy,
  type CommonFields,
  combine,
  commonFields,
  type DocumentsByArn,
  type InlinePolicy,
  inlinePoliciesOf,
  type NamedPolicy,
} from './common.ts';

export interface IamGroupEntity extends CommonFields {
  readonly managedPolicies: readonly NamedPolicy[];
  readonly inlinePolicies: readonly InlinePolicy[];
  readonly combinedPolicies: readonly CombinedPolicy[];
}

/**
 * The rule language's IamGroup from one element of `GroupDetailList`
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GroupDetail.html).
 */
export function buildIamGroup(
  detail: unknown,
  account: string,
  documents: DocumentsByArn = new Map(),
): IamGroupEntity {
  const managedPolicies = attachedPoliciesOf(detail);
  const inlinePolicies = inlinePoliciesOf(detail, 'GroupPolicyList');
  return {
    ...commonFields('Group', detail, account),
    managedPolicies,
    inlinePolicies,
    combinedPolicies: combine(inlinePolicies, managedPolicies, documents),
  };
}
