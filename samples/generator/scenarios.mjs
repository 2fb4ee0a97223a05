import { ACCOUNTS, ORGANISATION_ID, STRANGERS } from './organisation.mjs';
import { production } from './production.mjs';
import { ABSENT, changed, steady } from './roles.mjs';
import {
  account,
  allow,
  externalId,
  MFA,
  policy,
  role,
  service,
  urlEncode,
  vendor,
  verbatim,
} from './trusts.mjs';

const EVERYONE = { AWS: '*' };

/** The roles that make the samples worth reading. */
export function scenarios() {
  return [
    ...production(),
    ...management(),
    ...tooling(),
    ...security(),
    ...sandbox(),
    ...data(),
    ...staging(),
    ...archive(),
    steady(ACCOUNTS.legacy, 'quillstone-backup', policy(allow(vendor('quillstone')))),
  ];
}

function management() {
  const own = ACCOUNTS.management;
  return [
    changed(
      own,
      'copperfinch-billing-export',
      policy(allow(vendor('copperfinch'))),
      policy(allow(vendor('copperfinch'), externalId('hl-copper-fe2207'))),
    ),
    steady(own, 'thornbury-auditor', policy(allow(vendor('thornbury'), MFA)), { path: '/audit/' }),
    steady(own, 'account-vending', policy(allow(role(ACCOUNTS.tooling, 'ci/pipeline-account-vending')))),
    steady(own, 'stacksets-administration', service('cloudformation')),
    // The organisation's name for itself is no guard, but keeps strangers out.
    steady(
      own,
      'cost-allocation-reader',
      policy(
        allow(EVERYONE, {
          'ForAnyValue:StringLike': {
            'aws:PrincipalOrgPaths': `${ORGANISATION_ID}/r-hl01/ou-hl01-workload/*`,
          },
        }),
      ),
    ),
  ];
}

function tooling() {
  const own = ACCOUNTS.tooling;
  const pipelines = ['berth-booking', 'cargo-tracking', 'manifest-store', 'account-vending'].map((name) =>
    steady(own, `pipeline-${name}`, service('codepipeline', 'codebuild'), { path: '/ci/' }),
  );
  return [
    ...pipelines,
    steady(
      own,
      'artifact-publisher',
      policy(
        allow({ AWS: [account(ACCOUNTS.production).AWS, account(ACCOUNTS.staging).AWS] }, undefined, {
          Action: ['sts:AssumeRole', 'sts:TagSession'],
        }),
      ),
    ),
    steady(
      own,
      'release-approver',
      policy(allow(account(ACCOUNTS.security), { Null: { 'aws:MultiFactorAuthAge': 'false' } })),
    ),
    changed(
      own,
      'image-signing',
      policy(allow(role(ACCOUNTS.security, 'signing-operator'), MFA)),
      policy(allow(role(ACCOUNTS.security, 'signing-operator'))),
    ),
    // Actions are matched without regard to case, and by wildcard.
    steady(
      own,
      'runner-maintenance',
      policy(allow(vendor('lanternwatch'), undefined, { Action: 'STS:Assume*' })),
    ),
  ];
}

function security() {
  const own = ACCOUNTS.security;
  const stranger = account(STRANGERS[0]);
  const twice = JSON.stringify(policy(allow(stranger, externalId('hl-key-90aa')))).replace(
    '"Condition":',
    '"Condition":{},"Condition":',
  );
  return [
    steady(own, 'inventory-collector', service('lambda'), { path: '/audit/' }),
    steady(own, 'signing-operator', policy(allow(account(own), MFA))),
    steady(own, 'siem-collector', policy(allow(vendor('wrenfield'), externalId('hl+siem/7f=03:aa')))),
    steady(
      own,
      'threat-feed',
      policy(allow(vendor('saltmarsh'), { StringEqualsIgnoreCase: { 'sts:externalid': 'HL-THREAT-2c9e' } })),
    ),
    changed(
      own,
      'pen-test-2026',
      ABSENT,
      policy(allow(account(STRANGERS[1]), { DateLessThan: { 'aws:CurrentTime': '2026-06-30T00:00:00Z' } })),
    ),
    // Nothing can be said of these: cut off, in Latin-1, without a policy.
    steady(
      own,
      'forensics-imaging',
      verbatim(urlEncode(JSON.stringify(policy(allow(stranger))).slice(0, 96))),
    ),
    steady(
      own,
      'evidence-locker',
      verbatim('%7B%22Version%22%3A%222012-10-17%22%2C%22Id%22%3A%22Andr%E9%22%7D'),
    ),
    steady(own, 'quarantine-operator', null),
    // `Condition` twice: readers differ in which of the two they take.
    steady(own, 'key-ceremony', verbatim(urlEncode(twice))),
  ];
}

function sandbox() {
  const own = ACCOUNTS.sandbox;
  return [
    changed(own, 'hackathon-guest', ABSENT, policy(allow(EVERYONE, externalId('test')))),
    changed(
      own,
      'jenkins-agent',
      ABSENT,
      policy(allow({ AWS: `arn:aws:iam::${STRANGERS[1]}:role/jenkins-*` })),
    ),
    changed(own, 'everyone-but-one', ABSENT, {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', NotPrincipal: account(STRANGERS[0]), Action: 'sts:AssumeRole' },
    }),
    changed(
      own,
      'try-things',
      ABSENT,
      policy(allow(account(ACCOUNTS.production), { StringMatches: { 'sts:ExternalId': 'x' } })),
    ),
    changed(own, 'half-exported', ABSENT, null),
  ];
}

function data() {
  const own = ACCOUNTS.data;
  return [
    changed(
      own,
      'lake-share-copperfinch',
      policy(allow(vendor('copperfinch'))),
      policy(allow(vendor('copperfinch'), externalId('hl-lake-66e0'))),
      { edited: Date.UTC(2026, 2, 17, 15, 40) },
    ),
    changed(own, 'lake-migration-temp', policy(allow(account(STRANGERS[1]))), ABSENT),
    steady(own, 'notebook-runner', policy(allow(account(ACCOUNTS.sandbox))), { recreated: true }),
    steady(
      own,
      'forecast-partner',
      policy(allow(account(STRANGERS[0]), { StringLike: { 'sts:ExternalId': 'hl-forecast-41d7c9' } })),
    ),
    steady(own, 'glue-crawler', service('glue')),
    steady(own, 'athena-federation', service('athena', 'lambda')),
    steady(
      own,
      'broken-by-hand',
      verbatim(urlEncode('{"Version":"2012-10-17","Statement":[{"Effect":"Allow",}]}')),
    ),
  ];
}

function staging() {
  const own = ACCOUNTS.staging;
  return [
    changed(
      own,
      'quillstone-backup',
      policy(allow(vendor('quillstone'))),
      policy(allow(vendor('quillstone'), externalId('hl-quill-2b64'))),
    ),
    changed(own, 'load-test-vendor', policy(allow(account(STRANGERS[0]))), ABSENT),
    changed(own, 'saltmarsh-posture-scan', ABSENT, policy(allow(vendor('saltmarsh')))),
    steady(own, 'demo-tenant', null),
    steady(
      own,
      'support-desk',
      policy(
        allow(account(ACCOUNTS.security), { 'ForAnyValue:Bool': { 'aws:MultiFactorAuthPresent': 'true' } }),
      ),
    ),
  ];
}

function archive() {
  const own = ACCOUNTS.archive;
  return [
    steady(own, 'quillstone-vault', policy(allow(vendor('quillstone'), externalId('hl-vault-07c3')))),
    steady(own, 'records-manager', policy(allow(account(ACCOUNTS.management), MFA))),
    steady(
      own,
      'thornbury-sampling',
      policy(
        allow(vendor('thornbury'), {
          'ForAnyValue:StringEquals': { 'sts:ExternalId': ['hl-thorn-1a', 'hl-thorn-1b'] },
        }),
      ),
    ),
    steady(own, 'open-shelf', policy(allow(vendor('wrenfield')))),
  ];
}
