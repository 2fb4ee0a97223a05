import { ACCOUNTS, ORGANISATION_ID } from './organisation.mjs';
import { steady } from './roles.mjs';
import { hexFor, numberFor } from './seeded.mjs';
import {
  account,
  allow,
  externalId,
  MFA,
  policy,
  role,
  service,
  serviceAccount,
  singleSignOn,
  vendor,
  workflow,
} from './trusts.mjs';

const APPLICATIONS = {
  management: [],
  tooling: ['artifact-mirror', 'image-builder', 'release-notes'],
  security: ['alert-router', 'finding-export'],
  production: [
    'berth-booking',
    'cargo-tracking',
    'customs-filing',
    'dispatch-board',
    'freight-quotes',
    'manifest-store',
    'port-calls',
    'route-planner',
    'tariff-lookup',
  ],
  sandbox: ['berth-booking', 'crane-model', 'yard-camera'],
  data: ['lake-ingest', 'lake-catalogue', 'demand-forecast', 'port-statistics', 'yard-camera'],
  network: [],
  staging: [
    'berth-booking',
    'cargo-tracking',
    'customs-filing',
    'dispatch-board',
    'freight-quotes',
    'manifest-store',
  ],
  archive: ['paper-scan', 'retention-sweep'],
  legacy: ['fax-gateway'],
};

/** What every account of the organisation has: nearly all of it works as it should. */
export function fleet() {
  return Object.entries(ACCOUNTS).flatMap(([name, id]) => [
    ...baseline(id),
    ...APPLICATIONS[name].flatMap((application) => applicationRoles(name, id, application)),
  ]);
}

function baseline(id) {
  return [...ownedByAws(id), ...singleSignOnRoles(id), ...organisationRoles(id)];
}

function ownedByAws(id) {
  return [
    ['AWSServiceRoleForSupport', 'support'],
    ['AWSServiceRoleForTrustedAdvisor', 'trustedadvisor'],
    ['AWSServiceRoleForOrganizations', 'organizations'],
    ['AWSServiceRoleForConfig', 'config'],
  ].map(([name, host]) =>
    steady(id, name, service(host), { path: `/aws-service-role/${host}.amazonaws.com/` }),
  );
}

function singleSignOnRoles(id) {
  const instance = hexFor(16, 'single sign-on');
  return ['AdministratorAccess', 'ReadOnlyAccess', 'Billing'].map((name) =>
    steady(id, `AWSReservedSSO_${name}_${hexFor(16, id, name)}`, singleSignOn(id, instance), {
      path: '/aws-reserved/sso.amazonaws.com/eu-west-1/',
    }),
  );
}

function organisationRoles(id) {
  const { management, security } = ACCOUNTS;
  const members =
    id === management
      ? []
      : [
          steady(id, 'OrganizationAccountAccessRole', policy(allow(account(management)))),
          steady(id, 'AWSControlTowerExecution', policy(allow(account(management)))),
        ];
  const watched =
    id === security
      ? []
      : [
          steady(
            id,
            'security-audit-readonly',
            policy(
              allow(role(security, 'audit/inventory-collector'), {
                StringEquals: { 'aws:PrincipalOrgID': ORGANISATION_ID },
              }),
            ),
            { path: '/security/', tags: { owner: 'security' } },
          ),
          steady(
            id,
            'break-glass-admin',
            policy(
              allow(account(security), { ...MFA, NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } }),
            ),
            { path: '/security/', tags: { owner: 'security', alarm: 'page-on-use' } },
          ),
        ];
  return [
    ...members,
    ...watched,
    steady(id, `cdk-hnb659fds-deploy-role-${id}-eu-west-1`, policy(allow(account(id)))),
    steady(id, `cdk-hnb659fds-cfn-exec-role-${id}-eu-west-1`, service('cloudformation')),
    steady(
      id,
      'lanternwatch-integration',
      policy(allow(vendor('lanternwatch'), externalId(`lw-${hexFor(24, 'lanternwatch', id)}`))),
      { tags: { owner: 'platform', vendor: 'lanternwatch' } },
    ),
  ];
}

function applicationRoles(name, id, application) {
  const cluster = hexFor(32, 'cluster', id).toUpperCase();
  const tags = { application, stage: name };
  const kind = numberFor(3, 'deploy', id, application);
  const deploy = [
    workflow(id, application),
    // Own pipelines in the tooling account: another account all the same, and without a guard.
    policy(allow(role(ACCOUNTS.tooling, `ci/pipeline-${application}`), undefined, { Sid: 'Pipeline' })),
    service('codepipeline', 'codebuild'),
  ][kind];
  return [
    steady(id, `${application}-task`, service('ecs-tasks'), { path: '/app/', tags }),
    steady(id, `${application}-function`, service('lambda'), { path: '/app/', tags }),
    steady(id, `${application}-pod`, serviceAccount(id, cluster, application, 'default'), {
      path: '/app/',
      tags,
    }),
    steady(id, `${application}-deploy`, deploy, { path: '/ci/', tags: { ...tags, owner: 'platform' } }),
  ];
}
