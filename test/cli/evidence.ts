import { gzipSync } from 'node:zlib';
import { allow, extRoot, OTHER, OWN, ownRoot, policy } from '../exposure/cases/index.ts';
import { writeBelow } from '../temporary-folder.ts';

/** A small organisation's evidence, written below a folder. */

export const GUARDED = policy(allow(extRoot, { StringEquals: { 'sts:ExternalId': 'agreed-value-1' } }));
export const OPEN = policy(allow(extRoot));
export const CLOSED = policy(allow(ownRoot));

export interface RoleOptions {
  readonly account?: string;
  readonly roleId?: string;
  readonly trust: unknown;
}

export function gaadRole(name: string, { account = OWN, roleId, trust }: RoleOptions): object {
  return {
    Path: '/',
    RoleName: name,
    RoleId: roleId ?? `AROA${Buffer.from(name).toString('hex').toUpperCase().padEnd(16, '0').slice(0, 16)}0`,
    Arn: `arn:aws:iam::${account}:role/${name}`,
    CreateDate: '2024-03-01T10:00:00+00:00',
    AssumeRolePolicyDocument: trust,
    InstanceProfileList: [
      {
        Roles: [
          { RoleName: 'nested', Arn: `arn:aws:iam::${account}:role/nested`, AssumeRolePolicyDocument: trust },
        ],
      },
    ],
    RolePolicyList: [],
    AttachedManagedPolicies: [],
  };
}

export function gaad(roles: readonly object[], more: object = {}): object {
  return {
    UserDetailList: [{ UserName: 'u' }],
    GroupDetailList: [],
    RoleDetailList: roles,
    Policies: [],
    ...more,
  };
}

export function put(folder: string, name: string, content: unknown): string {
  const asIs = Buffer.isBuffer(content) || typeof content === 'string';
  return writeBelow(folder, name, asIs ? content : JSON.stringify(content));
}

/** Two captures of two accounts: between them one role is fixed, one opened, one deleted, one made. */
export function putOrganisation(folder: string): void {
  put(
    folder,
    'gaad/2026-01-31/own.json',
    JSON.stringify(
      gaad([
        gaadRole('Fixed', { trust: OPEN }),
        gaadRole('Opened', { trust: GUARDED }),
        gaadRole('Gone', { trust: OPEN }),
        gaadRole('Steady', { trust: OPEN }),
        gaadRole('Closed', { trust: CLOSED }),
        gaadRole('=cmd', { trust: encodeURIComponent(JSON.stringify(OPEN)) }),
      ]),
      null,
      2,
    ),
  );
  put(
    folder,
    'gaad/2026-04-30/own.json',
    gaad([
      gaadRole('Fixed', { trust: GUARDED }),
      gaadRole('Opened', { trust: OPEN }),
      gaadRole('Steady', { trust: OPEN }),
      gaadRole('Closed', { trust: CLOSED }),
      gaadRole('New', { trust: OPEN }),
      gaadRole('=cmd', { trust: OPEN }),
    ]),
  );
  const item = (name: string, trust: unknown): object => ({
    configurationItemCaptureTime: '2026-04-01T00:00:00.000Z',
    configurationItemStatus: 'OK',
    configurationStateId: 1775001600000,
    resourceType: 'AWS::IAM::Role',
    resourceId: `AROA${name.toUpperCase().padEnd(17, '0')}`,
    resourceName: name,
    ARN: `arn:aws:iam::${OTHER}:role/${name}`,
    awsAccountId: OTHER,
    awsRegion: 'global',
    configuration: {
      roleName: name,
      roleId: `AROA${name.toUpperCase().padEnd(17, '0')}`,
      arn: `arn:aws:iam::${OTHER}:role/${name}`,
      assumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trust)),
    },
  });
  const snapshot = {
    fileVersion: '1.0',
    configSnapshotId: 'x',
    configurationItems: [item('Vendor', OPEN), item('Audit', GUARDED)],
  };
  for (const region of ['eu-west-1', 'us-east-1']) {
    const name = `AWSLogs/${OTHER}/Config/${region}/2026/4/30/ConfigSnapshot/${OTHER}_Config_${region}_ConfigSnapshot_20260430T060000Z_x.json.gz`;
    put(folder, name, gzipSync(JSON.stringify(snapshot)));
  }
  const row = (name: string, time: string, trust: unknown): string =>
    JSON.stringify({
      _cq_sync_time: time,
      _cq_source_name: 'aws',
      _cq_id: name,
      _cq_parent_id: null,
      account_id: '210987654321',
      arn: `arn:aws:iam::210987654321:role/${name}`,
      assume_role_policy_document: trust,
      role_id: `AROA${name.toUpperCase().padEnd(17, '0')}`,
      role_name: name,
    });
  put(
    folder,
    'aws_iam_roles.json',
    `${[
      row('Old', '2026-03-01T00:00:00Z', OPEN),
      row('Kept', '2026-03-01T00:00:00Z', OPEN),
      row('Kept', '2026-04-01T00:00:00Z', GUARDED),
      row('Null', '2026-04-01T00:00:00Z', null),
    ].join('\n')}\n`,
  );
}
