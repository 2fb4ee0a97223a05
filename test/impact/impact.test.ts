import { describe, expect, it } from 'vitest';
import { ESCALATIONS } from '../../src/impact/escalations.ts';
import { impactOf } from '../../src/impact/impact.ts';
import {
  ACCOUNT,
  allow,
  type Case,
  deny,
  impactOfCase,
  NOTHING_SHOWN,
  ofAws,
  own,
  policy,
  ROLE,
} from './cases.ts';

const ALL = policy(allow('*'));
const READS = policy(allow(['s3:GetObject', 'ec2:Describe*']));
const SELF = ROLE.arn;
const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
const TO_LAMBDA = { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } };
const LAMBDA = ['lambda:CreateFunction', 'lambda:InvokeFunction'];

const ADMINISTRATOR: readonly Case[] = [
  { name: 'everything', inline: ALL, privileges: 'administrator', says: '`inline:own` allows every action' },
  {
    name: 'one statement, no list',
    inline: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    privileges: 'administrator',
  },
  {
    name: 'without a version',
    inline: '{"Statement":[{"Effect":"Allow","Action":["s3:*","*"],"Resource":["*"]}]}',
    privileges: 'administrator',
  },
  { name: '*:*', inline: policy(allow('*:*')), privileges: 'administrator' },
  { name: 'a condition that is empty', inline: policy(allow('*', '*', {})), privileges: 'administrator' },
  {
    name: 'beside what is less',
    inline: policy(allow('s3:Get*'), allow('*'), allow('iam:*', '*', MFA)),
    privileges: 'administrator',
  },
  {
    name: 'AdministratorAccess without its text',
    detail: { attached: [ofAws('AdministratorAccess')] },
    privileges: 'administrator',
    says: 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html',
  },
  {
    name: 'AdministratorAccess in China',
    detail: { attached: ['arn:aws-cn:iam::aws:policy/AdministratorAccess'] },
    partition: 'aws-cn',
    privileges: 'administrator',
  },
  {
    name: 'AdministratorAccess in GovCloud',
    detail: { attached: ['arn:aws-us-gov:iam::aws:policy/AdministratorAccess'] },
    partition: 'aws-us-gov',
    privileges: 'administrator',
  },
  {
    name: 'a boundary that allows everything',
    inline: ALL,
    detail: { boundary: own('b') },
    managed: { [own('b')]: ALL },
    privileges: 'administrator',
  },
  {
    name: 'the boundary AdministratorAccess',
    inline: ALL,
    detail: { boundary: ofAws('AdministratorAccess') },
    privileges: 'administrator',
  },
  { name: 'more than one star', inline: policy(allow('**', '**')), privileges: 'administrator' },
  {
    name: 'NotAction, and what it leaves out',
    inline: policy(
      { Effect: 'Allow', NotAction: ['iam:Create*', 'organizations:?eave'], Resource: '*' },
      allow(['iam:*', 'organizations:*']),
    ),
    privileges: 'administrator',
  },
  {
    name: 'NotAction, and what it leaves out, in two policies and a boundary',
    inline: policy(allow(['iam:*', 'organizations:*', 'account:*'])),
    detail: { attached: [ofAws('PowerUserAccess')], boundary: own('b') },
    managed: {
      [own('b')]: policy({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }, allow('s3:*')),
    },
    privileges: 'administrator',
    says: '`inline:own` allow every action',
  },
  {
    name: 'a customer managed policy',
    detail: { attached: [own('all')] },
    managed: { [own('all')]: ALL },
    privileges: 'administrator',
  },
];

const CAN_BECOME: readonly Case[] = [
  {
    name: 'iam:*',
    inline: policy(allow('iam:*')),
    privileges: 'can-become-administrator',
    says: 'https://pathfinding.cloud/paths/iam-005',
  },
  {
    name: 'IAMFullAccess without its text',
    detail: { attached: [ofAws('IAMFullAccess')] },
    privileges: 'can-become-administrator',
    says: 'as AWS documented it by',
  },
  {
    name: 'PowerUserAccess without its text',
    detail: { attached: [ofAws('PowerUserAccess')] },
    privileges: 'can-become-administrator',
    says: 'lambda:UpdateFunctionCode',
  },
  {
    name: 'PutRolePolicy on itself',
    inline: policy(allow('iam:PutRolePolicy', SELF)),
    privileges: 'can-become-administrator',
    says: '`iam:PutRolePolicy` on the role itself',
  },
  {
    name: 'PutRolePolicy on roles of its path',
    inline: policy(allow('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/team/*`)),
    privileges: 'can-become-administrator',
  },
  {
    name: 'AttachRolePolicy by a wildcard, in other case',
    inline: policy(allow('IAM:attachrole*', 'arn:aws:iam::*:role/team/d?ploy')),
    privileges: 'can-become-administrator',
    says: 'iam-009',
  },
  {
    name: 'CreatePolicyVersion of its own policy',
    detail: { attached: [own('p')] },
    managed: { [own('p')]: policy(allow('iam:CreatePolicyVersion', own('p'))) },
    privileges: 'can-become-administrator',
    says: 'on a policy of its own',
  },
  {
    name: 'CreatePolicyVersion of all',
    inline: policy(allow('iam:CreatePolicyVersion')),
    privileges: 'can-become-administrator',
    says: 'rhinosecuritylabs.com',
  },
  {
    name: 'SetDefaultPolicyVersion of all',
    inline: policy(allow('iam:SetDefault*')),
    privileges: 'can-become-administrator',
  },
  {
    name: 'access keys of all users',
    inline: policy(allow('iam:CreateAccessKey', `arn:aws:iam::${ACCOUNT}:user/*`)),
    privileges: 'can-become-administrator',
    says: 'iam-002',
  },
  {
    name: 'access keys and policies of users',
    inline: policy(allow(['iam:CreateAccessKey', 'iam:AttachUserPolicy'])),
    privileges: 'can-become-administrator',
    says: 'iam-015',
  },
  {
    name: 'first passwords',
    inline: policy(allow('iam:CreateLoginProfile')),
    privileges: 'can-become-administrator',
    says: 'iam-004',
  },
  {
    name: 'new passwords',
    inline: policy(allow('iam:UpdateLoginProfile')),
    privileges: 'can-become-administrator',
    says: 'iam-006',
  },
  {
    name: 'trust policies',
    inline: policy(allow('iam:UpdateAssumeRolePolicy')),
    privileges: 'can-become-administrator',
    says: 'iam-012',
  },
  {
    name: 'AssumeRole on all roles',
    inline: policy(allow('sts:AssumeRole')),
    privileges: 'can-become-administrator',
    says: 'of any role that lets it in',
  },
  ...['iam:AttachUserPolicy', 'iam:PutUserPolicy', 'iam:AttachGroupPolicy', 'iam:PutGroupPolicy'].map(
    (action): Case => ({
      name: action,
      inline: policy(allow(action)),
      privileges: 'can-become-administrator',
      says: 'where it can act as one of them (https://rhinosecuritylabs.com/',
    }),
  ),
  {
    name: 'groups',
    inline: policy(allow('iam:AddUserToGroup')),
    privileges: 'can-become-administrator',
    says: 'iam-013',
  },
  ...(
    [
      ['cloudformation:UpdateStack', 'cloudformation-002'],
      ['ec2-instance-connect:SendSSHPublicKey', 'ec2instanceconnect-003'],
      ['lambda:UpdateFunctionConfiguration', 'hackingthe.cloud'],
      ['batch:SubmitJob', 'batch-002'],
    ] as const
  ).map(
    ([action, says]): Case => ({
      name: action,
      inline: policy(allow(action)),
      privileges: 'can-become-administrator',
      says,
    }),
  ),
  {
    name: 'it can detach what denies',
    inline: policy(allow(['ssm:SendCommand', 'iam:DetachRolePolicy'])),
    detail: { attached: [own('d')] },
    managed: { [own('d')]: policy(deny('ssm:*')) },
    privileges: 'can-become-administrator',
    says: `take off \`${own('d')}\``,
  },
  {
    name: 'it can delete what denies that it changes itself',
    detail: {
      inline: [
        { name: 'a', document: policy(allow(['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], SELF)) },
        { name: 'b', document: policy(deny('iam:Put*'), deny('sqs:*', '*', MFA)) },
      ],
    },
    privileges: 'can-become-administrator',
    says: 'can take off `inline:b` and what that denies',
  },
  {
    name: 'launch templates',
    inline: policy(allow(['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'])),
    privileges: 'can-become-administrator',
    says: 'ec2-005',
  },
  {
    name: 'PassRole and RunTask',
    inline: policy(allow(['iam:PassRole', 'ecs:RunTask'])),
    privileges: 'can-become-administrator',
    says: 'ecs-008',
  },
  {
    name: 'PassRole and automation',
    inline: policy(allow(['iam:PassRole', 'ssm:CreateDocument', 'ssm:StartAutomationExecution'])),
    privileges: 'can-become-administrator',
    says: 'ssm-003',
  },
  {
    name: 'state machines of the account',
    inline: policy(
      allow(
        ['states:UpdateStateMachine', 'states:StartExecution'],
        `arn:aws:states:*:${ACCOUNT}:stateMachine:*`,
      ),
    ),
    privileges: 'can-become-administrator',
    says: 'stepfunctions-002',
  },
  {
    name: 'PassRole and notebooks',
    inline: policy(allow(['iam:PassRole', 'sagemaker:CreateNotebookInstance'])),
    privileges: 'can-become-administrator',
    says: 'sagemaker-001',
  },
  {
    name: 'PassRole, launch templates and Auto Scaling',
    inline: policy(allow(['iam:PassRole', 'ec2:CreateLaunchTemplate', 'autoscaling:UpdateAutoScalingGroup'])),
    privileges: 'can-become-administrator',
    says: 'hackingthe.cloud',
  },
  {
    name: 'everything but what only one statement on some resources gives back',
    inline: policy(
      { Effect: 'Allow', NotAction: ['iam:*', 's3:*'], Resource: '*' },
      allow('iam:*'),
      allow('s3:*', 'arn:aws:s3:::bucket/*'),
    ),
    privileges: 'can-become-administrator',
  },
  {
    name: 'PassRole and Lambda',
    inline: policy(allow(['iam:PassRole', ...LAMBDA])),
    privileges: 'can-become-administrator',
    says: '`iam:PassRole` on other roles, `lambda:CreateFunction` and `lambda:InvokeFunction`',
  },
  {
    name: 'PassRole to Lambda only',
    inline: policy(allow('iam:PassRole', '*', TO_LAMBDA), allow(LAMBDA, 'arn:aws:lambda:*:*:function:*')),
    privileges: 'can-become-administrator',
  },
  {
    name: 'PassRole and Lambda in two policies',
    inline: policy(allow('iam:PassRole')),
    detail: { attached: [own('l')] },
    managed: { [own('l')]: policy(allow('lambda:*')) },
    privileges: 'can-become-administrator',
  },
  {
    name: 'PassRole and EC2',
    inline: policy(allow(['iam:PassRole', 'ec2:RunInstances'])),
    privileges: 'can-become-administrator',
    says: 'ec2-001',
  },
  {
    name: 'PassRole and CloudFormation',
    inline: policy(allow(['iam:PassRole', 'cloudformation:CreateStack'])),
    privileges: 'can-become-administrator',
  },
  {
    name: 'PassRole and Glue',
    inline: policy(allow(['iam:PassRole', 'glue:CreateDevEndpoint'])),
    privileges: 'can-become-administrator',
  },
  {
    name: 'PassRole and ECS',
    inline: policy(allow(['iam:PassRole', 'ecs:*'])),
    privileges: 'can-become-administrator',
  },
  {
    name: 'PassRole and Step Functions',
    inline: policy(allow(['iam:PassRole', 'states:*'])),
    privileges: 'can-become-administrator',
  },
  {
    name: 'PassRole and SageMaker',
    inline: policy(allow(['iam:PassRole', 'sagemaker:CreateTrainingJob'])),
    privileges: 'can-become-administrator',
  },
  {
    name: 'PassRole and CodeBuild',
    inline: policy(allow(['iam:PassRole', 'codebuild:CreateProject', 'codebuild:StartBuildBatch'])),
    privileges: 'can-become-administrator',
  },
  {
    name: 'PassRole and Data Pipeline',
    inline: policy(allow(['iam:PassRole', 'datapipeline:*'])),
    privileges: 'can-become-administrator',
  },
  {
    name: 'code of functions',
    inline: policy(allow('lambda:UpdateFunctionCode', `arn:aws:lambda:*:${ACCOUNT}:function:*`)),
    privileges: 'can-become-administrator',
    says: 'where that role is',
  },
  {
    name: 'commands to instances',
    inline: policy(allow('ssm:SendCommand')),
    privileges: 'can-become-administrator',
    says: 'ssm-002',
  },
  {
    name: 'everything but a bucket',
    inline: policy(allow('*'), deny('s3:*', 'arn:aws:s3:::secret/*')),
    privileges: 'can-become-administrator',
  },
  {
    name: 'everything but organizations, by NotAction',
    inline: policy({ Effect: 'Allow', NotAction: ['organizations:*'], Resource: '*' }),
    privileges: 'can-become-administrator',
  },
  {
    name: 'NotResource that leaves out a bucket',
    inline: policy({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::secret/*' }),
    privileges: 'can-become-administrator',
  },
  {
    name: 'everything in one region, IAM anywhere',
    inline: policy(allow('*'), {
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    }),
    privileges: 'can-become-administrator',
  },
  {
    name: 'it can take off its boundary',
    inline: ALL,
    detail: { boundary: own('b') },
    managed: { [own('b')]: policy(allow(['s3:*', 'iam:DeleteRolePermissionsBoundary'])) },
    privileges: 'can-become-administrator',
    says: 'take off or rewrite its permissions boundary',
  },
  {
    name: 'it can rewrite its boundary',
    inline: ALL,
    detail: { boundary: own('b') },
    managed: { [own('b')]: policy(allow('s3:*'), allow('iam:CreatePolicyVersion', own('b'))) },
    privileges: 'can-become-administrator',
  },
  {
    name: 'it gives itself what takes off its boundary',
    inline: policy(allow('iam:PutRolePolicy', SELF)),
    detail: { boundary: own('b') },
    managed: { [own('b')]: policy(allow(['iam:PutRolePolicy', 'iam:DeleteRolePermissionsBoundary'])) },
    privileges: 'can-become-administrator',
  },
  {
    name: 'a text that is there counts, not the name',
    detail: { attached: [ofAws('AdministratorAccess')] },
    managed: { [ofAws('AdministratorAccess')]: policy(allow('iam:*')) },
    privileges: 'can-become-administrator',
  },
];

const LIMITED: readonly Case[] = [
  {
    name: 'it can detach what denies little',
    inline: policy(allow(['s3:*', 'iam:DetachRolePolicy'])),
    detail: { attached: [own('d')] },
    managed: { [own('d')]: policy(deny('s3:*')) },
    privileges: 'limited',
  },
  {
    name: 'it can delete inline policies, but a managed one denies',
    inline: policy(allow(['ssm:SendCommand', 'iam:DeleteRolePolicy'])),
    detail: { attached: [own('d')] },
    managed: { [own('d')]: policy(deny('ssm:*')) },
    privileges: 'limited',
  },
  {
    name: 'assuming itself',
    inline: policy(allow(['sts:AssumeRole', 'iam:UpdateAssumeRolePolicy'], SELF)),
    privileges: 'limited',
  },
  {
    name: 'PassRole and automation, but of documents that others write',
    inline: policy(allow(['iam:PassRole', 'ssm:StartAutomationExecution'])),
    privileges: 'limited',
  },
  {
    name: 'passing itself',
    inline: policy(allow('iam:PassRole', SELF), allow(LAMBDA)),
    privileges: 'limited',
  },
  {
    name: 'a Deny of IAM, and what reads more without its text',
    inline: policy(deny('iam:*')),
    detail: { attached: [ofAws('ReadOnlyAccess')] },
    privileges: 'limited',
  },
  {
    name: 'what reads more without its text, within a boundary',
    detail: { attached: [ofAws('SecurityAudit')], boundary: own('b') },
    managed: { [own('b')]: policy(allow('s3:*')) },
    privileges: 'limited',
  },
  {
    name: 'within a boundary that reads more without its text',
    inline: policy(allow('s3:*')),
    detail: { boundary: ofAws('job-function/ViewOnlyAccess') },
    privileges: 'limited',
  },
  {
    name: 'a Deny of part of what it allows',
    inline: policy(allow('s3:Get*'), deny('s3:GetObject'), deny('s3:*', 'arn:aws:s3:::bucket/*')),
    privileges: 'limited',
  },
  {
    name: 'a Deny of what it allows, under a condition that is no way to more',
    inline: policy(allow('s3:*'), deny('s3:*', '*', { Bool: { 'aws:SecureTransport': 'false' } })),
    privileges: 'limited',
  },
  {
    name: 'a boundary that meets what it allows',
    inline: policy(allow(['s3:Get*', 'iam:*'])),
    detail: { boundary: own('b') },
    managed: { [own('b')]: policy(allow('s3:*Object')) },
    privileges: 'limited',
  },
  { name: 'reading', inline: READS, privileges: 'limited' },
  {
    name: 'ReadOnlyAccess without its text',
    detail: { attached: [ofAws('ReadOnlyAccess')] },
    privileges: 'limited',
    says: 'ReadOnlyAccess.html',
  },
  {
    name: 'SecurityAudit and ViewOnlyAccess',
    detail: { attached: [ofAws('SecurityAudit'), ofAws('job-function/ViewOnlyAccess')] },
    privileges: 'limited',
  },
  { name: 'PassRole alone', inline: policy(allow('iam:PassRole')), privileges: 'limited' },
  { name: 'Lambda without PassRole', inline: policy(allow(LAMBDA)), privileges: 'limited' },
  {
    name: 'PassRole to a service it cannot use',
    inline: policy(allow('iam:PassRole', '*', TO_LAMBDA), allow('ec2:RunInstances')),
    privileges: 'limited',
  },
  {
    name: 'half of it denied',
    inline: policy(allow(['iam:PassRole', 'ec2:RunInstances']), deny('iam:Pass*')),
    privileges: 'limited',
  },
  {
    name: 'everything, but IAM and what runs things denied',
    inline: policy(allow('*'), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }),
    privileges: 'limited',
  },
  {
    name: 'PutRolePolicy on users, which takes none',
    inline: policy(allow('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:user/*`)),
    privileges: 'limited',
  },
  {
    name: 'its own access keys, as of a user',
    inline: policy(allow('iam:*AccessKey*', `arn:aws:iam::*:user/${'${aws:username}'}`)),
    privileges: 'limited',
  },
  {
    name: 'roles of another account',
    inline: policy(allow('sts:AssumeRole', 'arn:aws:iam::222222222222:role/*')),
    privileges: 'limited',
  },
  {
    name: 'everything within a narrow boundary',
    inline: ALL,
    detail: { boundary: own('b') },
    managed: { [own('b')]: READS },
    privileges: 'limited',
  },
  {
    name: 'everything within ReadOnlyAccess',
    inline: ALL,
    detail: { boundary: ofAws('ReadOnlyAccess') },
    privileges: 'limited',
  },
  {
    name: 'PutRolePolicy on itself, which the boundary makes worthless',
    inline: policy(allow('iam:PutRolePolicy', SELF)),
    detail: { boundary: own('b') },
    managed: { [own('b')]: policy(allow('s3:*'), allow('iam:PutRolePolicy', SELF)) },
    privileges: 'limited',
  },
  {
    name: 'NotAction that leaves reading',
    inline: policy({
      Effect: 'Allow',
      NotAction: [
        'iam:*',
        'sts:*',
        'lambda:*',
        'ssm:*',
        'ec2:*',
        'codebuild:*',
        'cloudformation:*',
        'glue:*',
        'sagemaker:*',
        'ecs:*',
        'apprunner:*',
        'bedrock-agentcore:*',
        'batch:*',
        'states:*',
        'ec2-instance-connect:*',
      ],
      Resource: '*',
    }),
    privileges: 'limited',
  },
  {
    name: 'a condition on what is no escalation',
    inline: policy(allow('s3:*', '*', MFA)),
    privileges: 'limited',
  },
];

const NONE: readonly Case[] = [
  { name: 'no statements', inline: '{"Version":"2012-10-17","Statement":[]}', privileges: 'none' },
  { name: 'no actions', inline: policy(allow([])), privileges: 'none' },
  { name: 'no resources', inline: policy(allow('s3:*', [])), privileges: 'none' },
  { name: 'a Deny of just what it allows', inline: policy(allow('s3:*'), deny('s3:*')), privileges: 'none' },
  {
    name: 'Denies of more than it allows',
    inline: policy(
      allow(['s3:Get?bject', 'sqs:SendMessage'], ['arn:aws:s3:::bucket/*', 'arn:aws:s3:::other']),
      deny(['s3:*', 'sns:*'], 'arn:aws:s3:::*'),
      deny('*:SendMessage'),
      deny('sqs:*'),
    ),
    privileges: 'none',
  },
  {
    name: 'a Deny of all but what it does not allow',
    inline: policy(allow('s3:GetObject', '*', MFA), { Effect: 'Deny', NotAction: 'ec2:*', Resource: '*' }),
    privileges: 'none',
  },
  {
    name: 'a Deny of all resources but others',
    inline: policy(allow('s3:*', 'arn:aws:s3:::one/*'), {
      Effect: 'Deny',
      Action: '*:*',
      NotResource: 'arn:aws:s3:::two/*',
    }),
    privileges: 'none',
  },
  {
    name: 'a boundary that allows something else',
    inline: policy(allow('iam:*'), allow('sts:AssumeRole')),
    detail: { boundary: own('b') },
    managed: { [own('b')]: policy(allow('s3:*')) },
    privileges: 'none',
    says: 'allows nothing of what its policies allow',
  },
  {
    name: 'a boundary that allows the same elsewhere',
    inline: policy(allow('s3:*', 'arn:aws:s3:::one/*')),
    detail: { boundary: own('b') },
    managed: { [own('b')]: policy(allow('s3:*', 'arn:aws:s3:::two/*')) },
    privileges: 'none',
  },
  {
    name: 'AWSDenyAll without its text',
    inline: ALL,
    detail: { attached: [ofAws('AWSDenyAll')] },
    privileges: 'none',
    says: 'as AWS documented it by',
  },
  { name: 'no policies', privileges: 'none', says: 'It has no policies.' },
  { name: 'no policies, boundary not shown', detail: { boundary: null }, privileges: 'none' },
  { name: 'only a Deny', inline: policy(deny('s3:*')), privileges: 'none' },
  { name: 'everything denied', inline: policy(allow('*'), deny('*')), privileges: 'none' },
  {
    name: 'everything denied, whatever a missing text says',
    inline: policy(deny('*')),
    detail: { attached: [own('missing')] },
    privileges: 'none',
  },
  {
    name: 'a boundary without an Allow',
    inline: ALL,
    detail: { boundary: own('b') },
    managed: { [own('b')]: policy(deny('s3:*')) },
    privileges: 'none',
  },
];

const UNKNOWN: readonly Case[] = [
  {
    name: 'a wildcard that would have to reach beyond a colon',
    inline: policy(allow('iam:PutRolePolicy', 'arn:aws:i*1:role/team/deploy')),
    privileges: 'unknown',
  },
  {
    name: 'no statements, and an element that AWS does not define',
    inline: '{"Version":"2012-10-17","Statement":[],"Statements":1}',
    privileges: 'unknown',
  },
  {
    name: 'it can detach what denies, and what allows with it',
    inline: policy(allow(['ssm:SendCommand', 'iam:DetachRolePolicy'])),
    detail: { attached: [own('d')] },
    managed: { [own('d')]: policy(deny('ssm:*'), allow('s3:Get*')) },
    privileges: 'unknown',
    says: 'could take off',
  },
  {
    name: 'it may detach what denies',
    inline: policy(allow('ssm:SendCommand'), allow('iam:DetachRolePolicy', '*', MFA)),
    detail: { attached: [own('d')] },
    managed: { [own('d')]: policy(deny('ssm:*')) },
    privileges: 'unknown',
  },
  {
    name: 'it can delete what denies',
    inline: policy(allow(['ssm:SendCommand', 'iam:DeleteRolePolicy']), deny('ssm:*')),
    privileges: 'unknown',
    says: 'iam:DeleteRolePolicy',
  },
  {
    name: 'access keys of users with a name of one character',
    inline: policy(allow('iam:CreateAccessKey', 'arn:aws:iam::*:user/?')),
    privileges: 'unknown',
  },
  {
    name: 'access keys of users with a name that ends so',
    inline: policy(allow('iam:CreateAccessKey', 'arn:aws:iam::*:user/*x')),
    privileges: 'unknown',
  },
  {
    name: 'PutRolePolicy on itself, all else denied',
    inline: policy(
      allow('iam:PutRolePolicy', SELF),
      { Effect: 'Deny', NotAction: 'iam:PutRolePolicy', Resource: '*' },
      deny('iam:PutRolePolicy', 'arn:aws:iam::*:role/other'),
    ),
    privileges: 'unknown',
  },
  {
    name: 'a text is missing',
    detail: { attached: [own('p')] },
    privileges: 'unknown',
    says: `The evidence does not hold the text of \`${own('p')}\`.`,
  },
  {
    name: 'a policy of AWS that is not among the known',
    detail: { attached: [ofAws('AmazonS3FullAccess')] },
    privileges: 'unknown',
  },
  {
    name: 'a known name in the wrong partition',
    detail: { attached: ['arn:aws-cn:iam::aws:policy/AdministratorAccess'] },
    privileges: 'unknown',
  },
  {
    name: 'a known name under another path',
    detail: { attached: [ofAws('x/AdministratorAccess')] },
    privileges: 'unknown',
  },
  {
    name: 'a customer policy named like one of AWS',
    detail: { attached: [own('AdministratorAccess')] },
    privileges: 'unknown',
  },
  {
    name: 'everything, and a text that may deny',
    inline: ALL,
    detail: { attached: [own('p')] },
    privileges: 'unknown',
    says: 'may take back that `inline:own` allows every action',
  },
  {
    name: 'an inline policy without its text',
    detail: { inline: [{ name: 'x', document: null }] },
    privileges: 'unknown',
    says: '`inline:x`',
  },
  {
    name: 'attached policies not shown',
    detail: { attached: null },
    privileges: 'unknown',
    says: 'which managed policies are attached',
  },
  {
    name: 'inline policies not shown',
    detail: { inline: null },
    privileges: 'unknown',
    says: 'which inline policies',
  },
  {
    name: 'boundary not shown',
    inline: ALL,
    detail: { boundary: null },
    privileges: 'unknown',
    says: 'whether it has a permissions boundary',
  },
  {
    name: 'the text of the boundary is missing',
    inline: ALL,
    detail: { boundary: own('b') },
    privileges: 'unknown',
  },
  {
    name: 'no JSON',
    inline: 'Version: 2012-10-17',
    privileges: 'unknown',
    says: 'cannot be read as a policy',
  },
  { name: 'no statements', inline: '{"Version":"2012-10-17"}', privileges: 'unknown' },
  {
    name: 'everything under a condition',
    inline: policy(allow('*', '*', MFA)),
    privileges: 'unknown',
    says: 'condition, a variable or the choice of resources in `inline:own`',
  },
  {
    name: 'everything, and a Deny under a condition',
    inline: policy(allow('*'), deny('*', '*', MFA)),
    privileges: 'unknown',
  },
  {
    name: 'PutRolePolicy on itself under a condition',
    inline: policy(allow('iam:PutRolePolicy', SELF, MFA)),
    privileges: 'unknown',
  },
  {
    name: 'PutRolePolicy on another role',
    inline: policy(allow('iam:PutRolePolicy', 'arn:aws:iam::*:role/other')),
    privileges: 'unknown',
    says: '`inline:own` may allow `iam:PutRolePolicy` on other roles',
  },
  {
    name: 'AssumeRole on one role',
    inline: policy(allow('sts:AssumeRole', 'arn:aws:iam::*:role/one')),
    privileges: 'unknown',
    says: 'sts-001',
  },
  {
    name: 'trust policy of one role',
    inline: policy(allow('iam:UpdateAssumeRolePolicy', 'arn:aws:iam::*:role/one')),
    privileges: 'unknown',
    says: 'iam-012',
  },
  {
    name: 'one group',
    inline: policy(allow('iam:AddUserToGroup', 'arn:aws:iam::*:group/one')),
    privileges: 'unknown',
    says: 'iam-013',
  },
  {
    name: 'a public key on one instance',
    inline: policy(
      allow('ec2-instance-connect:SendSSHPublicKey', 'arn:aws:ec2:eu-west-1:111111111111:instance/i-1'),
    ),
    privileges: 'unknown',
    says: 'ec2instanceconnect-003',
  },
  {
    name: 'a Deny of what it allows, under a condition',
    inline: policy(allow('iam:PutRolePolicy', SELF), deny('iam:*', '*', MFA)),
    privileges: 'unknown',
  },
  {
    name: 'PassRole of one role',
    inline: policy(allow('iam:PassRole', 'arn:aws:iam::*:role/one'), allow(LAMBDA)),
    privileges: 'unknown',
    says: 'lambda-001',
  },
  {
    name: 'code of one function',
    inline: policy(allow('lambda:UpdateFunctionCode', 'arn:aws:lambda:eu-west-1:111111111111:function:one')),
    privileges: 'unknown',
  },
  {
    name: 'PassRole with a tag',
    inline: policy(
      allow('iam:PassRole', '*', { StringEquals: { 'aws:ResourceTag/team': 'x' } }),
      allow('ec2:RunInstances'),
    ),
    privileges: 'unknown',
  },
  {
    name: 'PassedToService in China, whose names differ',
    inline: policy(
      allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com.cn' } }),
      allow('ec2:RunInstances'),
    ),
    partition: 'aws-cn',
    privileges: 'unknown',
  },
  {
    name: 'a resource with a variable',
    inline: policy(allow('iam:PutRolePolicy', `arn:aws:iam::*:role/${'${aws:PrincipalTag/team}'}/*`)),
    privileges: 'unknown',
  },
  {
    name: 'a key that stands twice',
    inline:
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Action":"*","Resource":"*"}]}',
    privileges: 'unknown',
  },
  {
    name: 'Statement that stands twice',
    inline:
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}],"Statement":[]}',
    privileges: 'unknown',
  },
  {
    name: 'effects that stand twice',
    inline:
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}]}',
    privileges: 'unknown',
  },
  {
    name: 'an effect that is none',
    inline: policy({ Effect: 'allow', Action: '*', Resource: '*' }),
    privileges: 'unknown',
  },
  {
    name: 'an element that is misspelt',
    inline: policy({ Effect: 'Allow', Action: 's3:*', Ressource: '*' }),
    privileges: 'unknown',
  },
  { name: 'no resource', inline: policy({ Effect: 'Allow', Action: '*' }), privileges: 'unknown' },
  { name: 'a principal', inline: policy({ ...allow('*'), Principal: '*' }), privileges: 'unknown' },
  {
    name: 'an action that was redacted',
    inline: policy(allow('REDACTED')),
    privileges: 'unknown',
    says: 'damaged',
  },
  {
    name: 'an account that was redacted',
    inline: policy(allow('iam:PutRolePolicy', 'arn:aws:iam::XXXXXXXXXXXX:role/team/deploy')),
    privileges: 'unknown',
  },
  {
    name: 'a template that was not filled in',
    inline: policy(allow('iam:PutRolePolicy', `arn:aws:iam::${'${AccountId}'}:role/x`)),
    privileges: 'unknown',
  },
  {
    name: 'PassedToService that was redacted',
    inline: policy(
      allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'REDACTED' } }),
      allow(LAMBDA),
    ),
    privileges: 'unknown',
  },
  {
    name: 'a version nobody knows',
    inline: '{"Version":"2020-01-01","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    privileges: 'unknown',
  },
  {
    name: 'a statement that is text',
    inline: '{"Version":"2012-10-17","Statement":["@{Effect=Allow}"]}',
    privileges: 'unknown',
  },
  {
    name: 'it may take off its boundary',
    inline: ALL,
    detail: { boundary: own('b') },
    managed: { [own('b')]: policy(allow('s3:*'), allow('iam:DeleteRolePermissionsBoundary', '*', MFA)) },
    privileges: 'unknown',
  },
];

describe('privileges', () => {
  for (const [word, cases] of Object.entries({ ADMINISTRATOR, CAN_BECOME, LIMITED, NONE, UNKNOWN })) {
    describe(word, () => {
      it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
        const { privileges, why } = impactOfCase(one);
        expect({ privileges, why }).toEqual({
          privileges: one.privileges,
          why: expect.stringContaining(one.says ?? ''),
        });
        expect(why).toMatch(/^[A-Z`].*\.$/s);
      });
    });
  }

  it('does not depend on the order of policies', () => {
    const managed = { [own('a')]: policy(allow('iam:PassRole')), [own('b')]: policy(allow('lambda:*')) };
    const [one, other] = [
      [own('a'), own('b')],
      [own('b'), own('a')],
    ].map((attached) => impactOfCase({ name: '', detail: { attached }, managed, privileges: 'limited' }));
    expect(one).toEqual(other);
  });

  it('names what is missing alike, whatever the order', () => {
    const inline = ['b', 'a'].map((name) => ({ name, document: null }));
    const whys = [inline, inline.toReversed()].map(
      (list) => impactOf({ ...NOTHING_SHOWN, inline: list }, ROLE, () => null).why,
    );
    expect(whys).toEqual(Array(2).fill('The evidence does not hold the text of `inline:a`.'));
  });
});

it('needs no reading for any way, which AWS describes some of its policies by', () => {
  const actions = ESCALATIONS.flatMap(({ needs }) => needs.map(({ action }) => action));
  expect(actions.filter((action) => /:(?:BatchGet|Get|List|Describe|View|Search)/.test(action))).toEqual([]);
});

describe('what else is told', () => {
  it('maps the detail', () => {
    const impact = impactOf(
      {
        createdAt: '2020-01-01T00:00:00Z',
        lastUsed: 'never',
        maxSession: 3600,
        tags: { team: 'x' },
        boundary: own('b'),
        attached: [own('z'), own('a')],
        inline: [{ name: 'in', document: READS }],
      },
      ROLE,
      () => READS,
    );
    expect(impact).toEqual({
      privileges: 'limited',
      why: expect.any(String),
      policies: [own('a'), own('z'), 'inline:in'],
      boundary: own('b'),
      lastUsed: 'never',
      created: '2020-01-01T00:00:00Z',
      maxSession: 3600,
      tags: { team: 'x' },
    });
  });

  it('says nothing of what is not shown', () => {
    const impact = impactOf(
      { ...NOTHING_SHOWN, attached: null, inline: null, boundary: null },
      ROLE,
      () => null,
    );
    expect(impact).toMatchObject({
      privileges: 'unknown',
      policies: [],
      boundary: null,
      lastUsed: null,
      tags: {},
    });
  });

  it('shows names of policies without hidden characters', () => {
    const impact = impactOf(
      { ...NOTHING_SHOWN, inline: [{ name: 'a\u202eb`c', document: ALL }] },
      ROLE,
      () => null,
    );
    expect(impact.why).not.toMatch(/\u202e|b`c/);
    expect(impact.policies).toEqual(['inline:a\u202eb`c']);
  });
});
