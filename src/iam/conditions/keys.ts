/**
 * The condition keys of AWS, and what it says of them: how their values look, which hold several, which every
 * sts:AssumeRole request of an account's principal carries, and which none does. Names are compared in lower case, because condition
 * key names ignore case
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
 * .../reference_policies_iam-condition-keys.html).
 */
export const MFA_PRESENT = 'aws:multifactorauthpresent';
export const MFA_AGE = 'aws:multifactorauthage';
export const TOKEN_ISSUE_TIME = 'aws:tokenissuetime';
export const EXTERNAL_ID = 'sts:externalid';
export const PRINCIPAL_ARN = 'aws:principalarn';
export const PRINCIPAL_ACCOUNT = 'aws:principalaccount';
export const PRINCIPAL_TYPE = 'aws:principaltype';
export const USERNAME = 'aws:username';
export const USER_ID = 'aws:userid';
export const RESOURCE_ACCOUNT = 'aws:resourceaccount';
export const CURRENT_TIME = 'aws:currenttime';
export const EPOCH_TIME = 'aws:epochtime';
export const TAG_KEYS = 'aws:tagkeys';
export const TRANSITIVE_TAG_KEYS = 'sts:transitivetagkeys';
export const SOURCE_IDENTITY = 'sts:sourceidentity';
export const ROLE_SESSION_NAME = 'sts:rolesessionname';
export const SOURCE_ARN = 'aws:sourcearn';
export const VPC_SOURCE_IP = 'aws:vpcsourceip';
export const REQUEST_TAG_PREFIX = 'aws:requesttag/';
export const PRINCIPAL_ORG_ID = 'aws:principalorgid';
export const PRINCIPAL_ORG_PATHS = 'aws:principalorgpaths';
export const RESOURCE_ORG_ID = 'aws:resourceorgid';
export const RESOURCE_ORG_PATHS = 'aws:resourceorgpaths';
/** What stands before the key of a tag of the role. */
export const RESOURCE_TAG_PREFIXES: readonly string[] = ['aws:resourcetag/', 'iam:resourcetag/'];

/** How the values of a key look; `forms.ts` says what is one. */
export type ValueType =
  | 'account'
  | 'address'
  | 'arn'
  | 'audience'
  | 'boolean'
  | 'date'
  | 'external-id'
  | 'name'
  | 'number'
  | 'organisation'
  | 'organisation-path'
  | 'principal-type'
  | 'region'
  | 'service'
  | 'subject'
  | 'user-id'
  | 'vpc';

export interface KeyFacts {
  /** Absent: any text. */
  readonly values?: ValueType;
  /** Holds a set of values in the request. */
  readonly multivalued?: true;
  /**
   * `always`: in every sts:AssumeRole request that a user or role session signs. `never`: only where an AWS service
   * calls directly, which no user or role session does. Absent: in some.
   */
  readonly presence?: 'always' | 'never';
  /** What of the caller it tells. */
  readonly tells?: 'organisation' | 'network';
}

/** Names as AWS writes them, for witnesses. */
const TABLE: readonly (readonly [name: string, facts: KeyFacts])[] = [
  ['aws:AssumedRoot', {}],
  ['aws:CalledVia', { values: 'service', multivalued: true }],
  ['aws:CalledViaFirst', { values: 'service' }],
  ['aws:CalledViaLast', { values: 'service' }],
  ['aws:ChatbotSourceArn', {}],
  ['aws:CurrentTime', { presence: 'always' }],
  ['aws:Ec2InstanceSourcePrivateIPv4', {}],
  ['aws:Ec2InstanceSourceVpc', {}],
  ['aws:EpochTime', { presence: 'always' }],
  ['aws:FederatedProvider', {}],
  ['aws:MultiFactorAuthAge', { values: 'number' }],
  ['aws:MultiFactorAuthPresent', { values: 'boolean' }],
  ['aws:PrincipalAccount', { values: 'account', presence: 'always' }],
  ['aws:PrincipalArn', { values: 'arn', presence: 'always' }],
  ['aws:PrincipalIsAWSService', { values: 'boolean', presence: 'always' }],
  ['aws:PrincipalOrgID', { values: 'organisation', tells: 'organisation' }],
  ['aws:PrincipalOrgPaths', { values: 'organisation-path', multivalued: true, tells: 'organisation' }],
  ['aws:PrincipalServiceName', { values: 'service', presence: 'never' }],
  ['aws:PrincipalServiceNamesList', { values: 'service', multivalued: true, presence: 'never' }],
  ['aws:PrincipalType', { values: 'principal-type', presence: 'always' }],
  ['aws:Referer', {}],
  ['aws:RequestedRegion', { values: 'region', presence: 'always' }],
  ['aws:ResourceAccount', { values: 'account', presence: 'always' }],
  ['aws:ResourceOrgID', { values: 'organisation' }],
  ['aws:ResourceOrgPaths', { values: 'organisation-path', multivalued: true }],
  ['aws:SecureTransport', { values: 'boolean', presence: 'always' }],
  ['aws:SourceAccount', { values: 'account', presence: 'never' }],
  ['aws:SourceArn', { values: 'arn', presence: 'never' }],
  ['aws:SourceIdentity', { values: 'name' }],
  ['aws:SourceIp', { values: 'address', tells: 'network' }],
  ['aws:SourceOrgID', { values: 'organisation', presence: 'never' }],
  ['aws:SourceOrgPaths', { values: 'organisation-path', multivalued: true, presence: 'never' }],
  ['aws:SourceOwner', { values: 'account', presence: 'never' }],
  ['aws:SourceVpc', { values: 'vpc', tells: 'network' }],
  ['aws:SourceVpcArn', { values: 'arn', tells: 'network' }],
  ['aws:SourceVpce', { values: 'vpc', tells: 'network' }],
  ['aws:TagKeys', { multivalued: true }],
  ['aws:TokenIssueTime', {}],
  ['aws:UserAgent', {}],
  ['aws:userid', { values: 'user-id', presence: 'always' }],
  ['aws:username', { values: 'name' }],
  ['aws:ViaAWSMCPService', { values: 'boolean' }],
  ['aws:ViaAWSService', { values: 'boolean', presence: 'always' }],
  ['aws:VpceAccount', { values: 'account', tells: 'network' }],
  ['aws:VpceOrgID', { values: 'organisation', tells: 'network' }],
  ['aws:VpceOrgPaths', { values: 'organisation-path', multivalued: true, tells: 'network' }],
  ['aws:VpcSourceIp', { values: 'address', tells: 'network' }],
  ['ec2:RoleDelivery', {}],
  ['ec2:SourceInstanceArn', { values: 'arn' }],
  ['sts:AWSServiceName', { values: 'service' }],
  ['sts:DurationSeconds', {}],
  ['sts:ExternalId', { values: 'external-id' }],
  ['sts:RequestContext', {}],
  ['sts:RequestContextProviders', { multivalued: true }],
  ['sts:RoleAuthorizedByIdp', {}],
  ['sts:RoleSessionName', { values: 'name', presence: 'always' }],
  ['sts:SourceIdentity', { values: 'name' }],
  ['sts:TransitiveTagKeys', { multivalued: true }],
];

export interface Key extends KeyFacts {
  readonly name: string;
}

/** By lower-case name. */
export const KEYS: ReadonlyMap<string, Key> = new Map(
  TABLE.map(([name, facts]) => [name.toLowerCase(), { name, ...facts }]),
);

/** Lower-case names of the keys of which something is true. */
function keysThat(are: (key: Key) => boolean): ReadonlySet<string> {
  return new Set([...KEYS].filter(([, key]) => are(key)).map(([name]) => name));
}

/** Families of keys whose last part is chosen by someone, as AWS writes them. */
const FAMILIES: readonly string[] = [
  'aws:PrincipalTag/',
  'aws:RequestTag/',
  'aws:ResourceTag/',
  'iam:ResourceTag/',
  'sts:RequestContext/',
];

function familyOf(key: string): string | null {
  return FAMILIES.find((family) => key.startsWith(family.toLowerCase())) ?? null;
}

/** Keys of federation: `saml:` and the claims of an OpenID Connect provider. */
const CLAIM = /^(?:saml:|[^:]*\.[^:]*:)[a-z0-9_/-]+$/;

/** True for a condition key AWS documents. */
export function isKnownKey(key: string): boolean {
  if (KEYS.has(key)) return true;
  const family = familyOf(key);
  return (family !== null && key.length > family.length) || CLAIM.test(key);
}

/** The name as AWS writes it; `written` is used for names AWS does not document. */
export function spellKey(key: string, written: string): string {
  const known = KEYS.get(key);
  if (known !== undefined) return known.name;
  const family = familyOf(key);
  return family === null ? written : family + written.slice(family.length);
}

/** Keys that hold a set of values in the request; what a condition on them without a set operator does is not defined. */
export function isMultivalued(key: string): boolean {
  return KEYS.get(key)?.multivalued === true || key.endsWith(':amr');
}

/** In every sts:AssumeRole request of an account's principal. */
export function isAlwaysPresent(key: string): boolean {
  return KEYS.get(key)?.presence === 'always';
}

const SAML_IN_ROLE_SESSIONS: ReadonlySet<string> = new Set([
  'saml:sub',
  'saml:namequalifier',
  'saml:sub_type',
]);

/** Never in an sts:AssumeRole request of an account's principal. */
export function isNeverPresent(key: string): boolean {
  if (KEYS.get(key)?.presence === 'never') return true;
  return key.startsWith('saml:') && !SAML_IN_ROLE_SESSIONS.has(key);
}

/** Keys that tell the caller's organisation. */
export const ORGANISATION_KEYS = keysThat(({ tells }) => tells === 'organisation');
/** Keys that tell the network a request comes through. */
export const NETWORK_KEYS = keysThat(({ tells }) => tells === 'network');
/** Keys AWS fills with `true` or `false`. */
export const BOOLEAN_KEYS = keysThat(({ values }) => values === 'boolean');
/** Keys that hold an address, whatever a policy compares them with. */
export const ADDRESS_KEYS = keysThat(({ values }) => values === 'address');

/** How the values of a lower-case key look; null where AWS says nothing of it. */
export function valuesOf(key: string): ValueType | null {
  return KEYS.get(key)?.values ?? null;
}

/** The same of a claim of an OpenID Connect provider. */
export function valuesOfClaim(key: string): ValueType | null {
  if (/:(?:aud|amr)$/.test(key)) return 'audience';
  return /^[^:]*\.[^:]*:sub$/.test(key) ? 'subject' : null;
}
