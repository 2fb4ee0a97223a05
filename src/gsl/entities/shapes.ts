import {
  attachedPolicies,
  combinedPolicies,
  common,
  from,
  inlinePolicies,
  listOf,
  object,
  policyDocument,
  type Shape,
  scalar,
} from './shape.ts';

const accessKey = from(
  'credential-report',
  object({
    isActive: scalar,
    lastRotated: scalar,
    lastUsedDate: scalar,
    lastUsedRegion: scalar,
    lastUsedService: scalar,
  }),
);
const certificate = from('credential-report', object({ isActive: scalar, lastRotated: scalar }));
const reported = from('credential-report', scalar);

const iamRole = object({
  ...common,
  assumeRolePolicy: policyDocument,
  managedPolicies: attachedPolicies,
  inlinePolicies,
  combinedPolicies,
  roleLastUsed: object({ lastUsedDate: scalar, region: scalar }),
  permissionsBoundary: object({ type: scalar, arn: scalar }),
  instanceProfiles: listOf(object({ arn: scalar, name: scalar })),
  description: from('inventory', scalar),
  maxSessionDuration: from('inventory', scalar),
});

const iamUser = object({
  ...common,
  managedPolicies: attachedPolicies,
  inlinePolicies,
  combinedPolicies,
  attachedGroups: listOf(scalar),
  permissionsBoundary: object({ type: scalar, arn: scalar }),
  passwordEnabled: reported,
  passwordLastUsed: reported,
  passwordLastChanged: reported,
  passwordNextRotation: reported,
  mfaActive: reported,
  mfaType: reported,
  virtualMfaEnabled: reported,
  firstAccessKey: accessKey,
  secondAccessKey: accessKey,
  firstCertificate: certificate,
  secondCertificate: certificate,
});

const iamGroup = object({ ...common, managedPolicies: attachedPolicies, inlinePolicies, combinedPolicies });

const iamPolicy = object({
  ...common,
  document: policyDocument,
  attachmentCount: scalar,
  users: listOf(scalar),
  roles: listOf(scalar),
  groups: listOf(scalar),
});

const passwordRules = [
  'enabledInAccount',
  'maxPasswordAge',
  'minPasswordLength',
  'passwordReusePrevention',
  'requireLowercaseCharacter',
  'requireUppercaseCharacter',
  'requireNumbers',
  'requireSymbols',
];

const iam = object({
  ...common,
  passwordPolicy: from(
    'password-policy',
    object(Object.fromEntries(passwordRules.map((name) => [name, scalar]))),
  ),
  stats: from('account-summary', object({ accountMfaEnabled: scalar })),
  credentialReportGeneratedTime: reported,
});

/** The entity types that IAM evidence speaks of, by name. */
export const ENTITY_SHAPES: ReadonlyMap<string, Shape> = new Map([
  ['IamRole', iamRole],
  ['IamUser', iamUser],
  ['IamGroup', iamGroup],
  ['IamPolicy', iamPolicy],
  ['Iam', iam],
]);
