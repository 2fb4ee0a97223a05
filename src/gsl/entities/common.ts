import { documentOf, objectsOf, ownValue, secondsOf, textOf } from './fields.ts';

/** What every entity carries. */
export interface CommonFields {
  readonly id: string | null;
  readonly type: string;
  readonly name: string | null;
  readonly arn: string | null;
  readonly path: string | null;
  /** 12 digits, always a string. */
  readonly accountNumber: string;
  /** Seconds since 1970. */
  readonly createDate: number;
  readonly tags: readonly { readonly key: string | null; readonly value: string | null }[];
  readonly dome9Id: null;
  readonly region: null;
  readonly source: null;
  readonly vpc: null;
}

export interface NamedPolicy {
  readonly arn: string | null;
  readonly name: string | null;
}

export interface InlinePolicy {
  readonly name: string | null;
  readonly document: unknown;
}

export interface CombinedPolicy {
  readonly id: string | null;
  readonly name: string | null;
  readonly relationType: 'AssumeRole' | 'Inline' | 'DirectlyAttached';
  readonly policyDocument: unknown;
}

/** Managed policies' default documents by ARN, where the caller has read them. */
export type DocumentsByArn = ReadonlyMap<string, unknown>;

export function commonFields(
  kind: 'Role' | 'User' | 'Group' | 'Policy',
  detail: unknown,
  account: string,
): CommonFields {
  return {
    id: textOf(detail, `${kind}Id`),
    type: `Iam${kind}`,
    name: textOf(detail, `${kind}Name`),
    arn: textOf(detail, 'Arn'),
    path: textOf(detail, 'Path'),
    accountNumber: account,
    createDate: secondsOf(detail, 'CreateDate'),
    tags: objectsOf(detail, 'Tags').map((tag) => ({ key: textOf(tag, 'Key'), value: textOf(tag, 'Value') })),
    dome9Id: null,
    region: null,
    source: null,
    vpc: null,
  };
}

export function attachedPoliciesOf(detail: unknown): readonly NamedPolicy[] {
  return objectsOf(detail, 'AttachedManagedPolicies').map((policy) => ({
    arn: textOf(policy, 'PolicyArn'),
    name: textOf(policy, 'PolicyName'),
  }));
}

export function inlinePoliciesOf(
  detail: unknown,
  key: 'RolePolicyList' | 'UserPolicyList' | 'GroupPolicyList',
): readonly InlinePolicy[] {
  return objectsOf(detail, key).map((policy) => ({
    name: textOf(policy, 'PolicyName'),
    document: documentOf(policy, 'PolicyDocument'),
  }));
}

/** Inline policies, then attached ones; a document that the caller did not pass in is null. */
export function combine(
  inline: readonly InlinePolicy[],
  attached: readonly NamedPolicy[],
  documents: DocumentsByArn,
): readonly CombinedPolicy[] {
  return [
    ...inline.map(
      ({ name, document }): CombinedPolicy => ({
        id: name,
        name,
        relationType: 'Inline',
        policyDocument: document,
      }),
    ),
    ...attached.map(
      ({ arn, name }): CombinedPolicy => ({
        id: arn,
        name,
        relationType: 'DirectlyAttached',
        policyDocument: (arn === null ? null : documents.get(arn)) ?? null,
      }),
    ),
  ];
}

/** Null when the detail has no permissions boundary. */
export function boundaryOf(
  detail: unknown,
): { readonly type: string | null; readonly arn: string | null } | null {
  const boundary = ownValue(detail, 'PermissionsBoundary');
  if (typeof boundary !== 'object' || boundary === null) return null;
  return {
    type: textOf(boundary, 'PermissionsBoundaryType'),
    arn: textOf(boundary, 'PermissionsBoundaryArn'),
  };
}
