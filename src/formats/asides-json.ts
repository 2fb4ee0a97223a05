import { findObject, type PrefixSketch, type Sketch } from '../json/sketch.ts';
import type { Aside } from './explanation.ts';

type Members = ReadonlyMap<string, Sketch>;

interface JsonAside extends Omit<Aside, 'code' | 'message'> {
  readonly test: (document: Sketch) => boolean;
  /** Ends the sentence that begins with the kind. */
  readonly why: string;
}

/**
 * True for an object, or a list whose first item is one, with all these members. A document is such an object itself, or
 * has it at most `depth` levels below.
 */
const has =
  (keys: readonly string[], depth = 1) =>
  (document: Sketch): boolean =>
    findObject(document, (members) => keys.every((key) => members.has(key)), depth) !== null;

const either =
  (...tests: readonly ((document: Sketch) => boolean)[]) =>
  (document: Sketch): boolean =>
    tests.some((test) => test(document));

/** What log buckets and scanners' folders hold beside roles, most telling first. */
const ASIDES: readonly JsonAside[] = [
  {
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    kind: 'a CloudTrail log',
    test: either(
      has(['eventVersion', 'eventSource', 'eventName'], 2),
      has(['EventId', 'CloudTrailEvent'], 2),
    ),
    why: 'which tells of changes and is no inventory',
    tolerates: 'policies',
  },
  {
    kind: 'a CloudTrail log',
    test: (document) => document.kind === 'object' && isEmptyList(document.members.get('Records')),
    why: 'which tells of changes and is no inventory',
  },
  {
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
    kind: 'a CloudTrail digest',
    test: has(['digestStartTime', 'digestS3Bucket'], 0),
    why: 'which holds the hashes of logs',
  },
  {
    kind: 'a Route 53 query log',
    test: has(['query_timestamp', 'query_name'], 1),
    why: 'which holds no roles',
  },
  {
    kind: 'an AWS WAF log',
    test: has(['webaclId', 'httpRequest'], 1),
    why: 'which holds no roles',
  },
  {
    kind: 'a flow log',
    test: has(['srcaddr', 'dstaddr'], 1),
    why: 'which holds no roles',
  },
  {
    kind: 'GuardDuty findings',
    test: has(['schemaVersion', 'accountId', 'type', 'service', 'severity'], 2),
    why: 'which hold no trust policies',
  },
  {
    // https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
    kind: 'findings in ASFF',
    test: has(['SchemaVersion', 'ProductArn', 'Resources'], 2),
    why: 'which show no role with its trust policy',
    tolerates: 'policies',
  },
  {
    kind: 'the result of a Steampipe benchmark',
    test: has(['group_id', 'summary', 'controls'], 2),
    why: 'which holds no trust policies',
    tolerates: 'policies',
  },
  {
    kind: 'Cloud Custodian resources of another type',
    test: has(['c7n:MatchedFilters'], 1),
    why: 'which are no roles',
  },
  {
    kind: 'a policy that is no trust policy',
    test: (document) => isPolicy(document) && !mayBeTrusted(document),
    why: 'as its statements name resources or no principal',
    tolerates: 'actions',
  },
];

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

/** Knows JSON that holds no inventory of roles by its content; null when it is none of these. */
export function asideJson({ documents }: PrefixSketch): Aside | null {
  const [first] = documents;
  if (first === undefined) return null;
  for (const { kind, test, why, tolerates } of ASIDES) {
    // All of them: behind one of these something else may stand.
    if (!documents.every(test)) continue;
    const message = `is ${kind}, ${why}`;
    return { code: 'not-evidence', kind, message, ...(tolerates === undefined ? {} : { tolerates }) };
  }
  if (documents.every(isRolePolicy)) return commandOutput('iam get-role-policy');
  if (documents.every(isResourcePolicy)) return commandOutput('s3api get-bucket-policy');
  const commands = documents.map(commandOf);
  const [command] = commands;
  return command === undefined || command === null || commands.includes(null) ? null : commandOutput(command);
}

function commandOutput(command: string): Aside {
  const kind = 'the output of another AWS command';
  const message = `looks like the output of \`aws ${command}\`, which shows no trust policies`;
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

function isEmptyList(sketch: Sketch | undefined): boolean {
  return sketch?.kind === 'array' && sketch.items.length === 0;
}

/** Of a role, user or group, as `get-role-policy` and its siblings print it. */
function isRolePolicy(document: Sketch): boolean {
  return has(['PolicyName', 'PolicyDocument'], 0)(document);
}

/** A policy in a string, as most commands print those of resources. */
function isResourcePolicy(document: Sketch): boolean {
  if (document.kind !== 'object') return false;
  const policy = document.members.get('Policy') ?? document.members.get('ResourcePolicy');
  return policy?.kind === 'string' && /^\s*\{/.test(policy.text);
}

function isPolicy(document: Sketch): boolean {
  return document.kind === 'object' && document.members.has('Version') && document.members.has('Statement');
}

/** A trust policy names principals and no resource (semantics.md, section 1). */
function mayBeTrusted(document: Sketch): boolean {
  const statements = document.kind === 'object' ? document.members.get('Statement') : undefined;
  const items =
    statements?.kind === 'array' ? statements.items : statements === undefined ? [] : [statements];
  return items.length === 0 || items.some((item) => item.kind !== 'object' || isTrusting(item.members));
}

function isTrusting(statement: Members): boolean {
  const names = statement.has('Principal') || statement.has('NotPrincipal');
  return names && !statement.has('Resource') && !statement.has('NotResource');
}

const ANSWER = /^[A-Z][A-Za-z0-9]{1,60}$/;
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\//;

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

function isRole(members: Members): boolean {
  const arn = members.get('Arn') ?? members.get('arn') ?? members.get('RoleArn');
  return (
    members.has('RoleName') || (members.has('RoleId') && arn !== undefined) || isRoleArn(members.get('Arn'))
  );
}

function isRoleArn(sketch: Sketch | undefined): boolean {
  return sketch?.kind === 'string' && ROLE.test(sketch.text);
}
