/**
 * What AWS says of condition keys: which of them take several values, which every request carries, and which no
 * sts:AssumeRole request of an account's principal carries. Names are compared in lower case, because condition
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
export const RESOURCE_ACCOUNT = 'aws:resourceaccount';
export const CURRENT_TIME = 'aws:currenttime';
export const EPOCH_TIME = 'aws:epochtime';
export const TAG_KEYS = 'aws:tagkeys';
export const TRANSITIVE_TAG_KEYS = 'sts:transitivetagkeys';
export const SOURCE_IDENTITY = 'sts:sourceidentity';
export const REQUEST_TAG_PREFIX = 'aws:requesttag/';

/** Names as AWS writes them, for witnesses; by lower-case name. */
const SPELLING: ReadonlyMap<string, string> = new Map(
  [
    'aws:CalledVia',
    'aws:CalledViaFirst',
    'aws:CalledViaLast',
    'aws:CurrentTime',
    'aws:EpochTime',
    'aws:FederatedProvider',
    'aws:MultiFactorAuthAge',
    'aws:MultiFactorAuthPresent',
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalIsAWSService',
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:PrincipalServiceName',
    'aws:PrincipalServiceNamesList',
    'aws:PrincipalType',
    'aws:Referer',
    'aws:RequestedRegion',
    'aws:ResourceAccount',
    'aws:ResourceOrgID',
    'aws:ResourceOrgPaths',
    'aws:SecureTransport',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceIdentity',
    'aws:SourceIp',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
    'aws:SourceOwner',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:SourceVpcArn',
    'aws:TagKeys',
    'aws:TokenIssueTime',
    'aws:UserAgent',
    'aws:ViaAWSMCPService',
    'aws:ViaAWSService',
    'aws:VpceAccount',
    'aws:VpceOrgID',
    'aws:VpceOrgPaths',
    'aws:VpcSourceIp',
    'aws:AssumedRoot',
    'aws:ChatbotSourceArn',
    'aws:Ec2InstanceSourceVpc',
    'aws:Ec2InstanceSourcePrivateIPv4',
    'ec2:RoleDelivery',
    'ec2:SourceInstanceArn',
    'aws:userid',
    'aws:username',
    'sts:AWSServiceName',
    'sts:DurationSeconds',
    'sts:ExternalId',
    'sts:RequestContext',
    'sts:RequestContextProviders',
    'sts:RoleAuthorizedByIdp',
    'sts:RoleSessionName',
    'sts:SourceIdentity',
    'sts:TransitiveTagKeys',
  ].map((name) => [name.toLowerCase(), name]),
);
/** Families of keys whose last part is chosen by someone; the family is spelt as AWS writes it. */
const FAMILIES: readonly (readonly [string, string])[] = [
  ['aws:principaltag/', 'aws:PrincipalTag/'],
  ['aws:requesttag/', 'aws:RequestTag/'],
  ['aws:resourcetag/', 'aws:ResourceTag/'],
  ['iam:resourcetag/', 'iam:ResourceTag/'],
  ['sts:requestcontext/', 'sts:RequestContext/'],
];
/** Keys of federation: `saml:` and the claims of an OpenID Connect provider. */
const CLAIM = /^(?:saml:|[^:]*\.[^:]*:)[a-z0-9_/-]+$/;

/** True for a condition key AWS documents. */
export function isKnownKey(key: string): boolean {
  if (SPELLING.has(key)) return true;
  if (FAMILIES.some(([prefix]) => key.startsWith(prefix) && key.length > prefix.length)) return true;
  return CLAIM.test(key);
}

/** The name as AWS writes it; `written` is used for names AWS does not document. */
export function spellKey(key: string, written: string): string {
  const spelling = SPELLING.get(key);
  if (spelling !== undefined) return spelling;
  const family = FAMILIES.find(([prefix]) => key.startsWith(prefix));
  return family === undefined ? written : family[1] + written.slice(family[0].length);
}

const MULTIVALUED: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:vpceorgpaths',
  'aws:tagkeys',
  'sts:requestcontextproviders',
  'sts:transitivetagkeys',
]);

/** Keys that hold a set of values in the request; what a condition on them without a set operator does is not defined. */
export function isMultivalued(key: string): boolean {
  return MULTIVALUED.has(key) || key.endsWith(':amr');
}

/** Present in every sts:AssumeRole request that a user or role session signs. */
const ALWAYS_PRESENT: ReadonlySet<string> = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principaltype',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:securetransport',
  'aws:userid',
  'aws:viaawsservice',
  'sts:rolesessionname',
]);

export function isAlwaysPresent(key: string): boolean {
  return ALWAYS_PRESENT.has(key);
}

/** Present only when an AWS service calls directly, which no user or role session does. */
const SERVICE_ONLY: ReadonlySet<string> = new Set([
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
]);
const SAML_IN_ROLE_SESSIONS: ReadonlySet<string> = new Set([
  'saml:sub',
  'saml:namequalifier',
  'saml:sub_type',
]);

/** Never in an sts:AssumeRole request of an account's principal. */
export function isNeverPresent(key: string): boolean {
  return SERVICE_ONLY.has(key) || (key.startsWith('saml:') && !SAML_IN_ROLE_SESSIONS.has(key));
}

/** Keys that tell the caller's organisation. */
export const ORGANISATION_KEYS: ReadonlySet<string> = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
]);
/** Keys that tell the network a request comes through. */
export const NETWORK_KEYS: ReadonlySet<string> = new Set([
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourcevpcarn',
  'aws:vpcsourceip',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
]);
/** Keys AWS fills with `true` or `false`. */
export const BOOLEAN_KEYS: ReadonlySet<string> = new Set([
  'aws:securetransport',
  'aws:viaawsservice',
  'aws:viaawsmcpservice',
  'aws:principalisawsservice',
  MFA_PRESENT,
]);
