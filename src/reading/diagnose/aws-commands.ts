import { findObject, type PrefixSketch, type Sketch } from '../../json/sketch.ts';
import type { Aside } from './aside.ts';

/** Outputs of AWS commands that are often kept with those of roles: the command, the key of its answer, a key in that. */
const COMMANDS: readonly (readonly [command: string, key: string, inner?: string])[] = [
  ['lambda list-functions', 'Functions', 'FunctionName'],
  ['ec2 describe-instances', 'Reservations', 'Instances'],
  ['s3api list-buckets', 'Buckets', 'Name'],
  ['iam get-policy-version', 'PolicyVersion', 'Document'],
  ['iam list-policy-versions', 'Versions', 'VersionId'],
  ['iam get-policy', 'Policy', 'PolicyName'],
  ['iam list-policies', 'Policies', 'PolicyName'],
  ['organizations list-policies', 'Policies', 'AwsManaged'],
  ['organizations describe-policy', 'Policy', 'PolicySummary'],
  ['organizations list-roots', 'Roots', 'PolicyTypes'],
  ['organizations list-organizational-units-for-parent', 'OrganizationalUnits'],
  ['organizations list-targets-for-policy', 'Targets', 'TargetId'],
  ['organizations list-children', 'Children', 'Type'],
  ['organizations list-parents', 'Parents', 'Type'],
  ['organizations describe-organization', 'Organization', 'FeatureSet'],
  ['iam list-entities-for-policy', 'PolicyRoles'],
  ['iam list-entities-for-policy', 'PolicyUsers'],
  ['iam list-attached-role-policies', 'AttachedPolicies'],
  ['iam list-role-policies', 'PolicyNames'],
  ['iam list-users', 'Users', 'UserName'],
  ['iam get-user', 'User', 'UserName'],
  ['iam list-groups', 'Groups', 'GroupName'],
  ['iam get-group', 'Group', 'GroupName'],
  ['iam list-access-keys', 'AccessKeyMetadata'],
  ['iam list-mfa-devices', 'MFADevices'],
  ['iam list-virtual-mfa-devices', 'VirtualMFADevices'],
  ['iam list-saml-providers', 'SAMLProviderList'],
  ['iam list-open-id-connect-providers', 'OpenIDConnectProviderList'],
  ['iam list-account-aliases', 'AccountAliases'],
  ['iam get-account-password-policy', 'PasswordPolicy'],
  ['iam list-server-certificates', 'ServerCertificateMetadataList'],
  ['iam get-service-last-accessed-details', 'ServicesLastAccessed'],
  ['sts assume-role', 'AssumedRoleUser'],
  ['ecs describe-task-definition', 'taskDefinition', 'taskDefinitionArn'],
  ['eks describe-cluster', 'cluster', 'roleArn'],
  ['codebuild batch-get-projects', 'projects', 'serviceRole'],
  ['stepfunctions describe-state-machine', 'stateMachineArn'],
  ['kms list-keys', 'Keys', 'KeyId'],
  ['sns get-topic-attributes', 'Attributes', 'TopicArn'],
  ['sqs get-queue-attributes', 'Attributes', 'QueueArn'],
  ['sqs get-queue-attributes', 'Attributes', 'Policy'],
];

/** Read where the name of the file says what they are about. */
const OF_SOMETHING: ReadonlySet<string> = new Set([
  'organizations list-organizational-units-for-parent',
  'organizations list-targets-for-policy',
  'organizations list-children',
  'organizations list-parents',
]);

/** Knows the answers of commands that show no trust policies; null when a document is none of these. */
export function commandAside(documents: readonly Sketch[]): Aside | null {
  if (documents.every(isRolePolicy)) return commandOutput('iam get-role-policy');
  if (documents.every(isResourcePolicy)) return commandOutput('s3api get-bucket-policy');
  const commands = documents.map(commandOf);
  const [command] = commands;
  return command === undefined || command === null || commands.includes(null) ? null : commandOutput(command);
}

function commandOutput(command: string): Aside {
  const kind = 'the output of another AWS command';
  const why = OF_SOMETHING.has(command)
    ? 'which does not say of what it is; put the id of that into the name of the file, or use the script of docs/collect.md'
    : 'which shows no trust policies';
  const message = `looks like the output of \`aws ${command}\`, ${why}`;
  return { code: 'not-evidence', kind, message, tolerates: 'actions' };
}

/** The command whose answer a document is: nothing but its key stands beside what says of pages and requests. */
function commandOf(document: Sketch): string | null {
  if (document.kind !== 'object') return null;
  for (const [command, key, inner] of COMMANDS) {
    const answer = document.members.get(key);
    if (answer === undefined) continue;
    if (inner === undefined || isEmptyList(answer)) return command;
    const item = answer.kind === 'array' ? answer.items[0] : answer;
    if (item?.kind === 'object' && item.members.has(inner)) return command;
  }
  return null;
}

export function isEmptyList(sketch: Sketch | undefined): boolean {
  return sketch?.kind === 'array' && sketch.items.length === 0;
}

/** Of a role, user or group, as `get-role-policy` and its siblings print it. */
function isRolePolicy(document: Sketch): boolean {
  return (
    findObject(document, (members) => members.has('PolicyName') && members.has('PolicyDocument'), 0) !== null
  );
}

/** A policy in a string, as most commands print those of resources. */
function isResourcePolicy(document: Sketch): boolean {
  if (document.kind !== 'object') return false;
  const policy = document.members.get('Policy') ?? document.members.get('ResourcePolicy');
  return policy?.kind === 'string' && /^\s*\{/.test(policy.text);
}

const ANSWER = /^[A-Z][A-Za-z0-9]{1,60}$/;
export const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\//;

/** True for an answer of some AWS command that is no list of roles, with or without their policies. */
export function isOtherAnswer({ documents }: PrefixSketch): boolean {
  return documents.length > 0 && documents.every(isAnswer);
}

function isAnswer(document: Sketch): boolean {
  if (document.kind !== 'object' || document.members.size === 0 || document.members.size > 6) return false;
  const names = [...document.members.keys()];
  const holdsList = [...document.members.values()].some(({ kind }) => kind === 'array' || kind === 'object');
  return holdsList && names.every((name) => ANSWER.test(name)) && findObject(document, isRole, 6) === null;
}

function isRole(members: ReadonlyMap<string, Sketch>): boolean {
  const arn = members.get('Arn') ?? members.get('arn') ?? members.get('RoleArn');
  return (
    members.has('RoleName') || (members.has('RoleId') && arn !== undefined) || isRoleArn(members.get('Arn'))
  );
}

function isRoleArn(sketch: Sketch | undefined): boolean {
  return sketch?.kind === 'string' && ROLE_ARN.test(sketch.text);
}
