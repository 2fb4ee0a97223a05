import { constants, gzipSync } from 'node:zlib';
import {
  deletedRoleItem,
  history,
  otherItems,
  policyItems,
  roleItem,
  snapshot,
  unrecordedRoleItem,
} from './aws-config.mjs';
import { athenaRows, rows } from './cloudquery.mjs';
import { fleet } from './fleet.mjs';
import { cliOutput, damagedRecords, sdkPages } from './gaad.mjs';
import { ACCOUNTS, accountList, vendorList } from './organisation.mjs';
import { organisationDocument } from './organisation-document.mjs';
import { CAPTURES, rolesAt } from './roles.mjs';
import { scenarios } from './scenarios.mjs';

/** Every generated file: path below samples/ to content. */
export function sampleFiles() {
  const roles = [...fleet(), ...scenarios()];
  return new Map([
    ['accounts.json', Buffer.from(accountList())],
    ['vendors.yaml', Buffer.from(vendorList())],
    ...[
      ...gaadFiles(roles),
      ...configFiles(roles),
      ...cloudqueryFiles(roles),
      ...CAPTURES.map((day, capture) => [`${day}/organization.json`, organisationDocument(capture)]),
    ].map(([path, content]) => [`evidence/${path}`, Buffer.from(content)]),
  ]);
}

/** Folders by date: nothing in these files says when they were taken. */
function gaadFiles(roles) {
  const { management, tooling, production, security, sandbox, legacy } = ACCOUNTS;
  const denied =
    '\nAn error occurred (AccessDenied) when calling the GetAccountAuthorizationDetails operation: ' +
    `User: arn:aws:sts::${security}:assumed-role/inventory-collector/export is not authorized to perform: ` +
    'iam:GetAccountAuthorizationDetails on resource: * because the account is suspended\n';
  const bothTimes = CAPTURES.flatMap((day, capture) => [
    ...[management, tooling, production].map((account) => [
      `${day}/${account}.json`,
      cliOutput(account, rolesAt(roles, account, capture)),
    ]),
    [`${day}/${security}-sdk-pages.json`, sdkPages(security, rolesAt(roles, security, capture))],
  ]);
  const [first, second] = CAPTURES;
  return [
    ...bothTimes,
    [`${first}/${legacy}.json`, cliOutput(legacy, rolesAt(roles, legacy, 0))],
    [`${second}/${legacy}.json`, denied],
    [
      `${second}/${sandbox}-first-page.json`,
      cliOutput(sandbox, rolesAt(roles, sandbox, 1), { truncated: true, extra: damagedRecords(sandbox) }),
    ],
  ];
}

/** A copy of the bucket that AWS Config delivers to: two regions, two dates, a history file between them. */
function configFiles(roles) {
  const { data, network } = ACCOUNTS;
  const regions = ['eu-west-1', 'us-east-1'];
  const snapshots = CAPTURES.flatMap((day, capture) =>
    regions.map((region) =>
      snapshot(data, region, `${day.replaceAll('-', '')}T060000Z`, [
        ...otherItems(data, region),
        ...policyItems(data, rolesAt(roles, data, capture)),
        ...rolesAt(roles, data, capture).map((role) => roleItem(role, region)),
        unrecordedRoleItem(data, 'emr-archive-runner', Date.UTC(2021, 10, 8, 7, 45)),
      ]),
    ),
  );
  const byName = (capture, name) => rolesAt(roles, data, capture).find((role) => role.name === name);
  const gone = byName(0, 'lake-migration-temp');
  const changes = history(data, 'eu-west-1', '20260317T181502Z', [
    deletedRoleItem(gone, Date.UTC(2026, 2, 17, 14, 2, 11)),
    roleItem({ ...byName(1, 'lake-share-copperfinch'), used: null }, 'eu-west-1'),
  ]);
  const withoutIam = snapshot(
    network,
    'eu-west-1',
    '20260430T060000Z',
    otherItems(network, 'eu-west-1').slice(0, 2),
  );
  return [
    ...[...snapshots, changes, withoutIam].map(({ path, text }) => [`config-bucket/${path}`, compress(text)]),
    [`config-bucket/AWSLogs/${data}/Config/ConfigWritabilityCheckFile`, ''],
  ];
}

/** A destination that only appends: the rows of two syncs in one file. */
function cloudqueryFiles(roles) {
  const { staging, archive } = ACCOUNTS;
  return [
    [
      'cloudquery/aws_iam_roles.json',
      rows(rolesAt(roles, staging, 0), `${CAPTURES[0]}T03:00:00Z`) +
        rows(rolesAt(roles, staging, 1), `${CAPTURES[1]}T03:00:00Z`),
    ],
    [
      'cloudquery-athena/aws_iam_roles.json',
      athenaRows(rolesAt(roles, archive, 1), `${CAPTURES[1]}T03:00:00Z`),
    ],
  ];
}

/**
 * Compresses to the same bytes everywhere: how zlib searches for repetitions differs between its builds and
 * processors, so it does not search at all. The header has no time, and `unknown` for the operating system.
 */
function compress(text) {
  const bytes = gzipSync(text, { level: 9, strategy: constants.Z_HUFFMAN_ONLY });
  bytes.fill(0, 4, 8);
  bytes[9] = 255;
  return bytes;
}
