import { attachedPoliciesOf, type CommonFields, commonFields } from './common.ts';
import { documentOf, objectsOf, ownValue, textOf } from './fields.ts';

export interface IamPolicyEntity extends CommonFields {
  /** The default version's document as written; null when the export does not hold it. */
  readonly document: unknown;
  readonly attachmentCount: number | null;
  /** Names of the users, roles and groups it is attached to; null when the caller did not say. */
  readonly users: readonly string[] | null;
  readonly roles: readonly string[] | null;
  readonly groups: readonly string[] | null;
}

/** Who a managed policy is attached to. */
export interface Attachments {
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly groups: readonly string[];
}

const UNATTACHED: Attachments = { users: [], roles: [], groups: [] };

/**
 * The rule language's IamPolicy from one element of `Policies`
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ManagedPolicyDetail.html). `attachments`: what
 * `indexAttachments` found in the same account; without it users, roles and groups are null, not empty.
 */
export function buildIamPolicy(
  detail: unknown,
  account: string,
  attachments: ReadonlyMap<string, Attachments> | null = null,
): IamPolicyEntity {
  const fields = commonFields('Policy', detail, account);
  const count = ownValue(detail, 'AttachmentCount');
  const attached = attachments === null ? null : (attachments.get(fields.arn ?? '') ?? UNATTACHED);
  return {
    ...fields,
    document: defaultDocument(detail),
    attachmentCount: typeof count === 'number' ? count : null,
    users: attached?.users ?? null,
    roles: attached?.roles ?? null,
    groups: attached?.groups ?? null,
  };
}

/** The document of the version that is in force. */
export function defaultDocument(detail: unknown): unknown {
  const versions = objectsOf(detail, 'PolicyVersionList');
  const wanted = textOf(detail, 'DefaultVersionId');
  const version =
    versions.find((candidate) => ownValue(candidate, 'IsDefaultVersion') === true) ??
    versions.find((candidate) => wanted !== null && textOf(candidate, 'VersionId') === wanted);
  return documentOf(version, 'Document');
}

/** Who each managed policy is attached to, by policy ARN, from one account's authorization details. */
export function indexAttachments(details: unknown): ReadonlyMap<string, Attachments> {
  const index = new Map<string, { users: string[]; roles: string[]; groups: string[] }>();
  const add = (list: string, nameKey: string, kind: keyof Attachments): void => {
    for (const detail of objectsOf(details, list)) {
      const name = textOf(detail, nameKey);
      for (const { arn } of attachedPoliciesOf(detail)) {
        if (arn === null || name === null) continue;
        const entry = index.get(arn) ?? { users: [], roles: [], groups: [] };
        entry[kind].push(name);
        index.set(arn, entry);
      }
    }
  };
  add('UserDetailList', 'UserName', 'users');
  add('RoleDetailList', 'RoleName', 'roles');
  add('GroupDetailList', 'GroupName', 'groups');
  return index;
}
