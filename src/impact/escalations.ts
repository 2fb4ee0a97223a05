/** Which resources a permission of an escalation is needed on. */
export type On = 'role-itself' | 'own-policy' | 'policies' | 'other-roles' | 'users' | 'groups' | 'all';

export interface Needed {
  /** As AWS writes it. */
  readonly action: string;
  readonly on: On;
}

/** A documented way from some permissions to more. */
export interface Escalation {
  readonly needs: readonly Needed[];
  /** The service that a role is passed to; null where none is, or several are possible. */
  readonly passedTo: string | null;
  /** What it leads to; reads on after "it can". */
  readonly leadsTo: string;
  /**
   * `role`: it changes what the role itself may do, within its boundary and what is denied to it. `other`: it leads to the
   * permissions of somebody else. `depends`: on what no policy of the role shows, so that it never counts as certain.
   */
  readonly reaches: 'role' | 'other' | 'depends';
  readonly source: string;
}

/** Where the list comes from. */
export const SOURCES = 'https://pathfinding.cloud';
const RHINO = 'https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/';
const HACKING_THE_CLOUD = 'https://hackingthe.cloud/aws/exploitation/iam_privilege_escalation/';

function path(id: string): string {
  return `https://pathfinding.cloud/paths/${id}`;
}

/** @param source the address of a page, or the name of a path on pathfinding.cloud */
function pageOf(source: string): string {
  return source.startsWith('https:') ? source : path(source);
}

function need(on: On, ...actions: readonly string[]): readonly Needed[] {
  return actions.map((action) => ({ action, on }));
}

/** Passing a role to a service, and having the service do something with it. Its own role leads to nothing more. */
function pass(source: string, passedTo: string | null, ...actions: readonly string[]): Escalation {
  return {
    needs: [...need('other-roles', 'iam:PassRole'), ...need('all', ...actions)],
    passedTo,
    leadsTo:
      'use the permissions of any role that it can pass, which makes it an administrator where one of them is',
    reaches: 'other',
    source: pageOf(source),
  };
}

/** Taking over something that runs with a role of its own. */
function takeOver(source: string, what: string, ...actions: readonly string[]): Escalation {
  return {
    needs: need('all', ...actions),
    passedTo: null,
    leadsTo: `use the permissions of the role of any ${what}, which makes it an administrator where that role is`,
    reaches: 'other',
    source: pageOf(source),
  };
}

const GIVES_ITSELF = 'give itself permissions at will';
const AS_USER = 'act as any user, which makes it an administrator where one of them is';
const BY_USER = 'give every permission to any user or group, which counts where it can act as one of them';

/**
 * The list: what Rhino Security Labs (RHINO), pathfinding.cloud and Hacking the Cloud document. Those that need least beside the permissions
 * come first, because the first that is certain is told. None needs reading: `known-policies.ts` builds on that.
 */
export const ESCALATIONS: readonly Escalation[] = [
  {
    needs: need('role-itself', 'iam:PutRolePolicy'),
    passedTo: null,
    leadsTo: GIVES_ITSELF,
    reaches: 'role',
    source: path('iam-005'),
  },
  {
    needs: need('role-itself', 'iam:AttachRolePolicy'),
    passedTo: null,
    leadsTo: GIVES_ITSELF,
    reaches: 'role',
    source: path('iam-009'),
  },
  {
    needs: need('own-policy', 'iam:CreatePolicyVersion'),
    passedTo: null,
    leadsTo: GIVES_ITSELF,
    reaches: 'role',
    source: path('iam-001'),
  },
  {
    needs: need('users', 'iam:AttachUserPolicy', 'iam:CreateAccessKey'),
    passedTo: null,
    leadsTo: 'give every permission to a user and act as that user',
    reaches: 'other',
    source: path('iam-015'),
  },
  {
    needs: need('users', 'iam:PutUserPolicy', 'iam:CreateAccessKey'),
    passedTo: null,
    leadsTo: 'give every permission to a user and act as that user',
    reaches: 'other',
    source: path('iam-018'),
  },
  {
    // Whom a trust policy names by ARN needs no permission to assume the role.
    needs: need('other-roles', 'iam:UpdateAssumeRolePolicy'),
    passedTo: null,
    leadsTo: 'let itself into any role of the account, which makes it an administrator where one of them is',
    reaches: 'other',
    source: path('iam-012'),
  },
  ...(
    [
      ['iam:CreateAccessKey', path('iam-002')],
      ['iam:CreateLoginProfile', path('iam-004')],
      ['iam:UpdateLoginProfile', path('iam-006')],
    ] as const
  ).map(
    ([action, source]): Escalation => ({
      needs: need('users', action),
      passedTo: null,
      leadsTo: AS_USER,
      reaches: 'other',
      source,
    }),
  ),
  {
    needs: need('policies', 'iam:CreatePolicyVersion'),
    passedTo: null,
    leadsTo: 'change every customer managed policy, which counts where one is attached to whom it can act as',
    reaches: 'other',
    source: RHINO,
  },
  {
    needs: need('policies', 'iam:SetDefaultPolicyVersion'),
    passedTo: null,
    leadsTo: 'bring back any older version of a customer managed policy, which counts where one allowed more',
    reaches: 'other',
    source: RHINO,
  },
  pass('lambda-001', 'lambda.amazonaws.com', 'lambda:CreateFunction', 'lambda:InvokeFunction'),
  pass('lambda-002', 'lambda.amazonaws.com', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'),
  pass('lambda-006', 'lambda.amazonaws.com', 'lambda:CreateFunction', 'lambda:AddPermission'),
  pass('ec2-001', 'ec2.amazonaws.com', 'ec2:RunInstances'),
  pass('ec2-003', 'ec2.amazonaws.com', 'ec2:RequestSpotInstances'),
  pass('cloudformation-001', 'cloudformation.amazonaws.com', 'cloudformation:CreateStack'),
  pass('cloudformation-003', null, 'cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances'),
  pass('cloudformation-004', null, 'cloudformation:UpdateStackSet'),
  pass('glue-001', 'glue.amazonaws.com', 'glue:CreateDevEndpoint'),
  pass('glue-007', 'glue.amazonaws.com', 'glue:CreateSession', 'glue:RunStatement'),
  pass('glue-003', 'glue.amazonaws.com', 'glue:CreateJob', 'glue:StartJobRun'),
  pass('glue-004', 'glue.amazonaws.com', 'glue:CreateJob', 'glue:CreateTrigger'),
  pass('glue-005', 'glue.amazonaws.com', 'glue:UpdateJob', 'glue:StartJobRun'),
  pass('glue-006', 'glue.amazonaws.com', 'glue:UpdateJob', 'glue:CreateTrigger'),
  pass('sagemaker-001', 'sagemaker.amazonaws.com', 'sagemaker:CreateNotebookInstance'),
  pass('sagemaker-002', 'sagemaker.amazonaws.com', 'sagemaker:CreateTrainingJob'),
  pass('sagemaker-003', 'sagemaker.amazonaws.com', 'sagemaker:CreateProcessingJob'),
  pass('codebuild-001', 'codebuild.amazonaws.com', 'codebuild:CreateProject', 'codebuild:StartBuild'),
  pass('codebuild-004', 'codebuild.amazonaws.com', 'codebuild:CreateProject', 'codebuild:StartBuildBatch'),
  pass(
    'datapipeline-001',
    null,
    'datapipeline:CreatePipeline',
    'datapipeline:PutPipelineDefinition',
    'datapipeline:ActivatePipeline',
  ),
  pass('ecs-003', 'ecs-tasks.amazonaws.com', 'ecs:RegisterTaskDefinition', 'ecs:CreateService'),
  pass('ecs-004', 'ecs-tasks.amazonaws.com', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'),
  pass('ecs-005', 'ecs-tasks.amazonaws.com', 'ecs:RegisterTaskDefinition', 'ecs:StartTask'),
  pass('ecs-008', 'ecs-tasks.amazonaws.com', 'ecs:RunTask'),
  pass('ecs-009', 'ecs-tasks.amazonaws.com', 'ecs:StartTask'),
  pass('stepfunctions-001', 'states.amazonaws.com', 'states:CreateStateMachine', 'states:StartExecution'),
  pass('apprunner-001', null, 'apprunner:CreateService'),
  pass('ssm-003', 'ssm.amazonaws.com', 'ssm:CreateDocument', 'ssm:StartAutomationExecution'),
  pass('scheduler-001', 'scheduler.amazonaws.com', 'scheduler:CreateSchedule'),
  pass('emr-001', null, 'elasticmapreduce:RunJobFlow'),
  pass('batch-001', null, 'batch:RegisterJobDefinition', 'batch:SubmitJob'),
  pass('braket-001', null, 'braket:CreateJob'),
  pass(
    'kinesisanalytics-001',
    null,
    'kinesisanalytics:CreateApplication',
    'kinesisanalytics:StartApplication',
  ),
  pass(
    'gamelift-001',
    null,
    'gamelift:CreateBuild',
    'gamelift:CreateFleet',
    'gamelift:RequestUploadCredentials',
  ),
  pass('emrserverless-001', null, 'emr-serverless:CreateApplication', 'emr-serverless:StartJobRun'),
  pass('cognitoidentity-001', null, 'cognito-identity:SetIdentityPoolRoles'),
  pass(
    'imagebuilder-001',
    null,
    'imagebuilder:CreateComponent',
    'imagebuilder:CreateImageRecipe',
    'imagebuilder:CreateInfrastructureConfiguration',
    'imagebuilder:CreateImage',
  ),
  ...['autoscaling:CreateAutoScalingGroup', 'autoscaling:UpdateAutoScalingGroup'].flatMap((action) => [
    pass(HACKING_THE_CLOUD, null, action, 'autoscaling:CreateLaunchConfiguration'),
    pass(HACKING_THE_CLOUD, null, action, 'ec2:CreateLaunchTemplate'),
  ]),
  pass(HACKING_THE_CLOUD, null, 'codestar:CreateProject'),
  pass(
    'bedrock-001',
    null,
    'bedrock-agentcore:CreateCodeInterpreter',
    'bedrock-agentcore:StartCodeInterpreterSession',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ),
  takeOver('lambda-003', 'Lambda function', 'lambda:UpdateFunctionCode'),
  takeOver(HACKING_THE_CLOUD, 'Lambda function', 'lambda:UpdateFunctionConfiguration'),
  takeOver('ssm-002', 'instance that Systems Manager manages', 'ssm:SendCommand'),
  takeOver('ssm-001', 'instance that Systems Manager manages', 'ssm:StartSession'),
  takeOver(
    'ec2-002',
    'EC2 instance',
    'ec2:ModifyInstanceAttribute',
    'ec2:StopInstances',
    'ec2:StartInstances',
  ),
  takeOver('codebuild-002', 'CodeBuild project', 'codebuild:StartBuild'),
  takeOver('codebuild-003', 'CodeBuild project', 'codebuild:StartBuildBatch'),
  takeOver('batch-002', 'Batch job definition', 'batch:SubmitJob'),
  takeOver('ec2instanceconnect-003', 'EC2 instance', 'ec2-instance-connect:SendSSHPublicKey'),
  takeOver(
    'ec2-005',
    'launch template that is in use',
    'ec2:CreateLaunchTemplateVersion',
    'ec2:ModifyLaunchTemplate',
  ),
  takeOver('cloudformation-002', 'CloudFormation stack', 'cloudformation:UpdateStack'),
  takeOver(
    'cloudformation-005',
    'CloudFormation stack',
    'cloudformation:CreateChangeSet',
    'cloudformation:ExecuteChangeSet',
  ),
  takeOver('glue-002', 'Glue development endpoint', 'glue:UpdateDevEndpoint'),
  takeOver('sagemaker-004', 'SageMaker notebook instance', 'sagemaker:CreatePresignedNotebookInstanceUrl'),
  takeOver(
    'sagemaker-005',
    'SageMaker notebook instance',
    'sagemaker:CreateNotebookInstanceLifecycleConfig',
    'sagemaker:StopNotebookInstance',
    'sagemaker:UpdateNotebookInstance',
    'sagemaker:StartNotebookInstance',
  ),
  takeOver('ecs-006', 'running ECS task that takes commands', 'ecs:ExecuteCommand'),
  takeOver('apprunner-002', 'App Runner service', 'apprunner:UpdateService'),
  takeOver('stepfunctions-002', 'state machine', 'states:UpdateStateMachine', 'states:StartExecution'),
  takeOver('bedrock-004', 'agent runtime', 'bedrock-agentcore:InvokeAgentRuntimeCommand'),
  takeOver(
    'bedrock-007',
    'browser of AgentCore',
    'bedrock-agentcore:StartBrowserSession',
    'bedrock-agentcore:ConnectBrowserAutomationStream',
  ),
  takeOver(
    'bedrock-002',
    'code interpreter',
    'bedrock-agentcore:StartCodeInterpreterSession',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ),
  ...(
    [
      ['iam:AttachUserPolicy', 'users'],
      ['iam:PutUserPolicy', 'users'],
      ['iam:AttachGroupPolicy', 'groups'],
      ['iam:PutGroupPolicy', 'groups'],
    ] as const
  ).map(
    ([action, on]): Escalation => ({
      needs: need(on, action),
      passedTo: null,
      leadsTo: BY_USER,
      reaches: 'other',
      source: RHINO,
    }),
  ),
  {
    needs: need('groups', 'iam:AddUserToGroup'),
    passedTo: null,
    leadsTo:
      'put any user into any group, which counts where a group is an administrator and it can act as a user',
    reaches: 'other',
    source: path('iam-013'),
  },
  {
    needs: need('other-roles', 'sts:AssumeRole'),
    passedTo: null,
    leadsTo:
      'use the permissions of any role that lets it in, which makes it an administrator where one of them is',
    reaches: 'other',
    source: path('sts-001'),
  },
  ...(
    [
      ['iam:PutRolePolicy', path('iam-005')],
      ['iam:AttachRolePolicy', path('iam-009')],
    ] as const
  ).map(
    ([action, source]): Escalation => ({
      needs: need('other-roles', action),
      passedTo: null,
      leadsTo: 'use the permissions of another role',
      reaches: 'depends',
      source,
    }),
  ),
];

/** What takes a permissions boundary off the role, or changes it. */
export const BOUNDARY_CHANGES: readonly string[] = [
  'iam:DeleteRolePermissionsBoundary',
  'iam:PutRolePermissionsBoundary',
];
/** What rewrites the policy that is one. */
export const REWRITE = 'iam:CreatePolicyVersion';
export const BOUNDARY_SOURCE =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html';

/** What takes a policy off the role, and with it what that denies: a managed and an inline one. */
export const DETACH = 'iam:DetachRolePolicy';
export const DELETE_INLINE = 'iam:DeleteRolePolicy';
export const DETACH_SOURCE =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-attach-detach.html';

/** Every action that the list and what follows it ask for, as AWS writes it. */
export const ACTIONS_ASKED_FOR: ReadonlySet<string> = new Set([
  ...ESCALATIONS.flatMap(({ needs }) => needs.map(({ action }) => action)),
  ...BOUNDARY_CHANGES,
  REWRITE,
  DETACH,
  DELETE_INLINE,
]);
