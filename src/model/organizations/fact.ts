/**
 * What organisation evidence says comes down to facts: each says one thing of one organisation, at the time of its file.
 * What holds at a moment is put together from those in force then (assemble.ts), so that it matters neither in which file
 * nor in which scan a fact came.
 */
export type FactKind =
  /** The management account. Key: empty. */
  | 'management'
  /** The account that the ARNs of the organisation begin with, which is the management account. Key: empty. */
  | 'owner'
  /** The root, `r-...`. Key: empty. */
  | 'root'
  /** Whether policies of type `RESOURCE_CONTROL_POLICY` are enabled. Key: empty. */
  | 'rcps-enabled'
  /** All accounts, sorted: any other is no member. Key: empty. */
  | 'accounts'
  /** All resource control policies, sorted. Key: empty. */
  | 'policies'
  /** Evidence that should have shown resource control policies does not show all of them. Key: empty. */
  | 'policies-lost'
  /** The name of an account. Key: 12 digits. */
  | 'name'
  /** The state of an account, as AWS Organizations writes it. Key: 12 digits. */
  | 'status'
  /** The unit or root that an account or unit lies in. Key: 12 digits or `ou-...`. */
  | 'parent'
  /** Key: `p-...`, in small letters like all ids of policies in keys. */
  | 'policy-name'
  /** Compact JSON. Key: `p-...`. */
  | 'policy-text'
  /** All places a policy is attached to, sorted. Key: `p-...`. */
  | 'targets'
  /** All resource control policies attached to a place itself, sorted. Key: `r-...`, `ou-...` or 12 digits. */
  | 'attached'
  /** A policy is attached to a place. Key: `p-...`, a blank, and the place; value: the id as AWS writes it. */
  | 'attachment'
  /** These two where the evidence does not say of which type the policy is: they hold when it is known otherwise. */
  | 'untyped-targets'
  | 'untyped-attachment';

export interface OrganizationFact {
  /** `o-...`; empty where the evidence does not say it. */
  readonly organization: string;
  readonly kind: FactKind;
  readonly key: string;
  /** JSON text; null: the file says different things, or what it says cannot be read. Then it is not known. */
  readonly value: string | null;
}

/** What one file says of organisations. */
export interface OrganizationCapture {
  /** ISO 8601 UTC. */
  readonly capturedAt: string;
  /** By organisation, kind and key, each once. */
  readonly facts: readonly OrganizationFact[];
  /** Records that say something new, and those that say again what another one of the file says. */
  readonly accepted: number;
  readonly duplicate: number;
}

/** A fact in the store. */
export interface DatedFact extends OrganizationFact {
  /** Comparable as text with that of any other fact. */
  readonly at: string;
}

/** Of AWS, attached everywhere where policies of this type are enabled; it allows everything and so denies nothing. */
export const FULL_ACCESS = 'p-rcpfullawsaccess';

export const RESOURCE_CONTROL_POLICY = 'RESOURCE_CONTROL_POLICY';

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html and those of the other types
const ORGANIZATION = /^o-[a-z0-9]{4,32}$/;
const ROOT = /^r-[0-9a-z]{4,32}$/;
const UNIT = /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/;
const POLICY = /^p-[0-9a-zA-Z_]{8,128}$/;

export const isOrganizationId = (text: string): boolean => ORGANIZATION.test(text);
export const isRootId = (text: string): boolean => ROOT.test(text);
export const isUnitId = (text: string): boolean => UNIT.test(text);
export const isPolicyId = (text: string): boolean => POLICY.test(text);
export const isAccountNumber = (text: string): boolean => /^\d{12}$/.test(text);
/** What policies are attached to. */
export const isNodeId = (text: string): boolean => isAccountNumber(text) || isUnitId(text) || isRootId(text);

/** What an ARN of AWS Organizations names. */
export interface OrganizationArn {
  /** Empty in the ARN of a policy of AWS. */
  readonly organization: string;
  readonly type: string;
  readonly id: string;
  /** The management account; null in the ARN of a policy of AWS. */
  readonly owner: string | null;
}

const ARN =
  /^arn:aws[a-z-]*:organizations::(\d{12}|aws):([a-z_]+)\/(?:(o-[a-z0-9]+)\/)?(?:([a-z_]+)\/)?([\w-]+)$/;

/**
 * Takes apart such an ARN: `arn:aws:organizations::111122223333:ou/o-.../ou-...`, of a policy with its type in small
 * letters, `policy/o-.../resource_control_policy/p-...`
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html).
 *
 * @returns null for any other text
 */
export function parseOrganizationArn(text: string): OrganizationArn | null {
  const match = ARN.exec(text);
  if (match === null) return null;
  const [, account = '', type = '', organization = '', policyType, id = ''] = match;
  const owner = isAccountNumber(account) ? account : null;
  if (type === 'organization') return { organization: id, type, id, owner };
  return { organization, type: policyType ?? type, id, owner };
}

/** In the order of text, as everything that is kept. */
export function sortedTexts(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort();
}
