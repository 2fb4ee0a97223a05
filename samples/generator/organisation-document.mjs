import { ACCOUNTS, memberAccounts, ORGANISATION_ID } from './organisation.mjs';
import { CAPTURES } from './roles.mjs';

const ROOT = 'r-hl01';
const PRODUCTION = 'ou-hl01-prodwork';

/** Units by their parent; production and what is tried out lie below the unit of all workloads. */
const UNITS = {
  'ou-hl01-platform': ROOT,
  'ou-hl01-security': ROOT,
  'ou-hl01-workload': ROOT,
  [PRODUCTION]: 'ou-hl01-workload',
  'ou-hl01-prestage': 'ou-hl01-workload',
  'ou-hl01-sandboxes': ROOT,
  'ou-hl01-suspended': ROOT,
};

const UNIT_OF = {
  management: ROOT,
  tooling: 'ou-hl01-platform',
  network: 'ou-hl01-platform',
  security: 'ou-hl01-security',
  archive: 'ou-hl01-security',
  production: PRODUCTION,
  data: PRODUCTION,
  staging: 'ou-hl01-prestage',
  sandbox: 'ou-hl01-sandboxes',
  legacy: 'ou-hl01-suspended',
};

/** The tag that exempts a role from the policy below. */
export const EXEMPT_FROM_EXTERNAL_ID = { 'external-id': 'not-supported' };

/** Whoever is of another organisation or of none has to bring an external ID, unless the role is exempt by its tag. */
const EXTERNAL_ID_FROM_OUTSIDERS = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'OutsidersBringAnExternalId',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:AssumeRole',
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: {
          'aws:PrincipalOrgID': ORGANISATION_ID,
          ...Object.fromEntries(
            Object.entries(EXEMPT_FROM_EXTERNAL_ID).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
          ),
        },
        Null: { 'sts:ExternalId': 'true' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
  ],
};

/** The document that the script of docs/collect.md writes; between the captures, a policy was attached to production. */
export function organisationDocument(capture) {
  const { management } = ACCOUNTS;
  const document = {
    capturedAt: `${CAPTURES[capture]}T05:00:00Z`,
    organization: {
      Id: ORGANISATION_ID,
      Arn: `arn:aws:organizations::${management}:organization/${ORGANISATION_ID}`,
      FeatureSet: 'ALL',
      MasterAccountArn: `arn:aws:organizations::${management}:account/${ORGANISATION_ID}/${management}`,
      MasterAccountId: management,
      MasterAccountEmail: 'aws+management@harbourlight.example',
    },
    roots: [
      {
        Id: ROOT,
        Arn: `arn:aws:organizations::${management}:root/${ORGANISATION_ID}/${ROOT}`,
        Name: 'Root',
        PolicyTypes: [{ Type: 'RESOURCE_CONTROL_POLICY', Status: 'ENABLED' }],
      },
    ],
    accounts: memberAccounts().map(({ Email: _left, ...account }) => account),
    parents: {
      ...UNITS,
      ...Object.fromEntries(Object.entries(ACCOUNTS).map(([name, id]) => [id, UNIT_OF[name]])),
    },
    policies: capture === 0 ? [fullAccess()] : [fullAccess(), externalIdFromOutsiders()],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The policy of AWS that is attached everywhere and denies nothing. */
function fullAccess() {
  const units = Object.keys(UNITS).map((unit) => target(unit, 'ORGANIZATIONAL_UNIT'));
  const accounts = Object.values(ACCOUNTS).map((account) => target(account, 'ACCOUNT'));
  return {
    Id: 'p-RCPFullAWSAccess',
    Arn: 'arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess',
    Name: 'RCPFullAWSAccess',
    Description: 'Allow access to every operation',
    Type: 'RESOURCE_CONTROL_POLICY',
    AwsManaged: true,
    Content: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
    }),
    targets: [target(ROOT, 'ROOT'), ...units, ...accounts],
  };
}

function externalIdFromOutsiders() {
  const id = 'p-hl01outsiders';
  return {
    Id: id,
    Arn: `arn:aws:organizations::${ACCOUNTS.management}:policy/${ORGANISATION_ID}/resource_control_policy/${id}`,
    Name: 'external-id-from-outsiders',
    Description: 'Principals of other organisations bring an external ID',
    Type: 'RESOURCE_CONTROL_POLICY',
    AwsManaged: false,
    Content: JSON.stringify(EXTERNAL_ID_FROM_OUTSIDERS),
    targets: [target(PRODUCTION, 'ORGANIZATIONAL_UNIT')],
  };
}

function target(id, type) {
  return { TargetId: id, Type: type };
}
