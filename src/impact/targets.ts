import type { Needed } from './escalations.ts';
import { kindOfResource, oneResource, type Target } from './resource-pattern.ts';

/** The role that is judged. */
export interface JudgedRole {
  readonly account: string;
  readonly partition: string;
  readonly arn: string;
  /** ARNs of the customer managed policies attached to it. */
  readonly ownPolicies: readonly string[];
}

/** IAM's own kinds: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
const IAM_KINDS = { policies: 'policy', users: 'user', groups: 'group' } as const;

/**
 * Actions on resources of one kind only, as the Service Authorization Reference says
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
 * Of all others only Resource `*` is taken to cover what they need.
 */
const KINDS: Readonly<Record<string, readonly [actions: RegExp, kind: string]>> = {
  lambda: [
    /^lambda:(?:CreateFunction|InvokeFunction|UpdateFunction(?:Code|Configuration)|AddPermission)$/,
    'function:*',
  ],
  codebuild: [/^codebuild:/, 'project/*'],
  cloudformation: [/^cloudformation:(?:(?:Create|Update)Stack|(?:Create|Execute)ChangeSet)$/, 'stack/*'],
  states: [/^states:(?:CreateStateMachine|UpdateStateMachine|StartExecution)$/, 'stateMachine:*'],
};

/** Services whose actions are on resources of others, too. */
const OTHER_SERVICES: Readonly<Record<string, readonly string[]>> = {
  ssm: ['ec2', 'ecs'],
  ec2: ['resource-groups', 'ssm'],
  batch: ['ecs'],
  'ec2-instance-connect': ['ec2'],
};

/** Targets in the account of the latest role: roles come account by account. */
let ofAccount = { account: '', partition: '', targets: new Map<Needed, readonly Target[]>() };

/** What a permission is needed on: on one of these. */
export function targetsOf(needed: Needed, role: JudgedRole): readonly Target[] {
  const { account, partition } = role;
  const { on } = needed;
  if (on === 'role-itself' || on === 'own-policy' || on === 'other-roles') return targetsFor(needed, role);
  if (ofAccount.account !== account || ofAccount.partition !== partition) {
    ofAccount = { account, partition, targets: new Map() };
  }
  let targets = ofAccount.targets.get(needed);
  if (targets === undefined) {
    targets = targetsFor(needed, role);
    ofAccount.targets.set(needed, targets);
  }
  return targets;
}

function targetsFor({ action, on }: Needed, role: JudgedRole): readonly Target[] {
  const { account, partition } = role;
  switch (on) {
    case 'role-itself':
      return [oneResource(role.arn)];
    case 'own-policy':
      return role.ownPolicies.map(oneResource);
    case 'other-roles':
      return [kindOfResource(`arn:${partition}:iam::${account}:role/*`, role.arn)];
    case 'policies':
    case 'users':
    case 'groups':
      return [kindOfResource(`arn:${partition}:iam::${account}:${IAM_KINDS[on]}/*`)];
    case 'all': {
      const service = action.slice(0, action.indexOf(':'));
      const some = [service, ...(OTHER_SERVICES[service] ?? [])].map((name) => `arn:${partition}:${name}:*`);
      const kind = KINDS[service];
      if (kind === undefined || !kind[0].test(action)) return [{ all: '*', some, except: null }];
      return [{ all: `arn:${partition}:${service}:*:${account}:${kind[1]}`, some, except: null }];
    }
  }
}
