import { ACCOUNTS } from './organisation.mjs';

const EVERYTHING = allowing('*');
const AUDIT = { attached: ['SecurityAudit'] };
const ADMINISTRATOR = { attached: ['AdministratorAccess'] };

/** Policies of AWS that are attached below, with their paths; an export of the account has no text of them. */
const OF_AWS = {
  AdministratorAccess: '',
  AmazonS3FullAccess: '',
  Billing: 'job-function/',
  PowerUserAccess: '',
  ReadOnlyAccess: '',
  SecurityAudit: '',
  ViewOnlyAccess: 'job-function/',
};

/** What roles may do, by name, or by account and name where it differs. Who is not named here has no policies. */
const GRANTS = {
  // What every account has.
  AWSControlTowerExecution: ADMINISTRATOR,
  OrganizationAccountAccessRole: { inline: { AdministratorAccess: EVERYTHING } },
  'break-glass-admin': ADMINISTRATOR,
  'security-audit-readonly': AUDIT,
  // Production: partners, vendors, and names written to attack.
  'public-report-export': { inline: { reports: allowing('s3:GetObject', objects('public-reports')) } },
  'partner-portal-sync': {
    inline: { portal: allowing(['dynamodb:GetItem', 'dynamodb:Query'], table('partner-portal')) },
  },
  'wrenfield-log-shipper': { inline: { logs: allowing(['logs:FilterLogEvents', 'logs:GetLogEvents']) } },
  'copperfinch-cost-reader': { inline: { cost: allowing(['ce:Get*', 'ce:List*']) } },
  'copperfinch-both-regions': { inline: { cost: allowing(['ce:Get*', 'ce:List*']) } },
  'crane-telemetry': { inline: { telemetry: allowing('timestream:WriteRecords') } },
  'thornbury-onsite-review': { attached: ['ReadOnlyAccess'] },
  'saltmarsh-posture-scan': { attached: ['SecurityAudit', 'ViewOnlyAccess'] },
  'customs-filing-partner': { attached: ['AmazonS3FullAccess'] },
  // More than its boundary leaves of it.
  'payments-reconciler': { attached: ['PowerUserAccess'], boundary: 'vendor-boundary' },
  // Meant for one exchange of files, and good for more.
  'port-authority-exchange': {
    attached: ['integration-developer'],
    inline: { exchange: allowing(['s3:GetObject', 's3:PutObject'], objects('port-authority')) },
  },
  'lookalike-fence': { inline: { notices: allowing('s3:GetObject', objects('berth-notices')) } },
  '=cmd+calc': { inline: { '=1+1': allowing('s3:ListAllMyBuckets') } },
  '@SUM.A1,A9': { inline: { '@SUM.A1,A9': allowing('s3:ListAllMyBuckets') } },
  // Pipelines: production lets them pass some roles only.
  'cargo-tracking-deploy': { attached: ['deploy-application-roles'] },
  'freight-quotes-deploy': { attached: ['deploy-application-roles'] },
  'berth-booking-deploy': { attached: ['deploy-anything'] },
  'yard-camera-deploy': { attached: ['deploy-anything'] },
  'demand-forecast-deploy': { attached: ['deploy-anything'] },
  'lake-ingest-deploy': { attached: ['deploy-anything'] },
  'port-statistics-deploy': { attached: ['deploy-application-roles'] },
  // Management, tooling, security.
  'account-vending': {
    inline: {
      vending: allowing(
        ['organizations:CreateAccount', 'organizations:DescribeCreateAccountStatus', 'sts:AssumeRole'],
        '*',
      ),
    },
  },
  'copperfinch-billing-export': { inline: { cost: allowing(['ce:Get*', 'cur:Describe*']) } },
  'cost-allocation-reader': { inline: { cost: allowing(['ce:Get*', 'ce:List*']) } },
  'artifact-publisher': { inline: { artifacts: allowing('s3:PutObject', objects('artifacts')) } },
  'image-signing': { inline: { signing: allowing(['kms:Sign', 'kms:GetPublicKey']) } },
  'runner-maintenance': { inline: { runners: allowing(['ec2:DescribeInstances', 'ssm:SendCommand']) } },
  'key-ceremony': {
    inline: { ceremony: allowing(['kms:Create*', 'kms:Describe*', 'kms:ScheduleKeyDeletion']) },
  },
  'pen-test-2026': AUDIT,
  // Elsewhere.
  [`${ACCOUNTS.legacy}/quillstone-backup`]: {
    inline: { backup: allowing(['s3:GetObject', 's3:ListBucket'], objects('fax-archive')) },
  },
  'quillstone-backup': { attached: ['AmazonS3FullAccess'] },
  'everyone-but-one': ADMINISTRATOR,
  'jenkins-agent': { attached: ['PowerUserAccess'] },
  'notebook-runner': { inline: { notebooks: allowing(['athena:*', 'glue:Get*', 's3:GetObject']) } },
};

/** Customer managed policies; an account has those that its roles use. */
const DOCUMENTS = {
  'deploy-application-roles': {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['ecs:RegisterTaskDefinition', 'ecs:UpdateService'], Resource: '*' },
      { Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/app/*' },
    ],
  },
  'deploy-anything': allowing(['cloudformation:*', 'ecs:*', 'iam:PassRole', 'lambda:*']),
  'integration-developer': allowing(['iam:PassRole', 'lambda:*', 'logs:*', 'sqs:*']),
  'vendor-boundary': allowing(['s3:GetObject', 's3:ListBucket', 'dynamodb:Query']),
};

/**
 * What a role may do: `attached` and `boundary` as `{name, arn}` (the boundary null when there is none), `inline` as
 * `{name, document}`.
 */
export function grantsOf({ account, path, name }) {
  const grants = GRANTS[`${account}/${name}`] ?? GRANTS[name] ?? grantsByPath(path, name);
  const named = (policy) => ({ name: policy, arn: policyArn(account, policy) });
  return {
    attached: (grants.attached ?? []).map(named),
    inline: Object.entries(grants.inline ?? {}).map(([policy, document]) => ({ name: policy, document })),
    boundary: grants.boundary === undefined ? null : named(grants.boundary),
  };
}

/** Single sign-on attaches the policy that the permission set is named after. */
function grantsByPath(path, name) {
  return path.startsWith('/aws-reserved/') ? { attached: [name.split('_')[1]] } : {};
}

/** The customer managed policies that these roles of one account use, with the number of roles that have each attached. */
export function customerPolicies(roles) {
  const used = roles.map(grantsOf);
  return Object.entries(DOCUMENTS)
    .map(([name, document]) => ({
      name,
      document,
      attachments: used.filter(({ attached }) => attached.some((policy) => policy.name === name)).length,
      boundaries: used.filter(({ boundary }) => boundary?.name === name).length,
    }))
    .filter(({ attachments, boundaries }) => attachments + boundaries > 0);
}

export function policyArn(account, name) {
  const path = OF_AWS[name];
  return `arn:aws:iam::${path === undefined ? account : 'aws'}:policy/${path ?? ''}${name}`;
}

function allowing(actions, resources = '*') {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resources }] };
}

function objects(bucket) {
  return [`arn:aws:s3:::harbourlight-${bucket}`, `arn:aws:s3:::harbourlight-${bucket}/*`];
}

function table(name) {
  return `arn:aws:dynamodb:eu-west-1:${ACCOUNTS.production}:table/${name}`;
}
