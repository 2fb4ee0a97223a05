import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { packTar } from 'modern-tar/fs';

/** More than is read without threads, in two files so that two threads read. */
const LARGE_FILES = 2;
const LARGE_ROLES = 700;
const BALLAST = 'x'.repeat(20_000);

/** The files below, which must all be read whole: otherwise both programs may have failed alike. */
export const WHOLE_FILES: readonly string[] = [
  'large-0.json',
  'large-1.json',
  'roles.parquet',
  'roles.json.zst',
  'roles.json.gz',
  'roles.zip',
  'roles.tar',
];

/**
 * Writes evidence into a folder: the samples, and a file for each way of reading that needs more than JavaScript, or a
 * package: threads, WebAssembly, Parquet, Zstandard, gzip, zip, tar.
 */
export async function writeEvidence(root: string, folder: string): Promise<void> {
  await cp(join(root, 'samples', 'evidence'), join(folder, 'samples'), {
    recursive: true,
    preserveTimestamps: true,
  });
  const made = join(folder, '2026-04-30');
  await mkdir(made);
  const put = (name: string, content: Uint8Array | string) => writeFile(join(made, name), content);
  for (let file = 0; file < LARGE_FILES; file++) {
    await put(`large-${file}.json`, details(`9000000000${10 + file}`, LARGE_ROLES, BALLAST));
  }
  await put('roles.json.zst', zstdCompressSync(details('900000000021')));
  await put('roles.json.gz', gzipSync(details('900000000022')));
  await put('roles.zip', zipSync({ 'roles.json': strToU8(details('900000000023')) }));
  const inner = { type: 'content', target: 'roles.json', content: details('900000000024') } as const;
  await put('roles.tar', await buffer(packTar([inner])));
  await put('roles.parquet', new Uint8Array(parquet('900000000025')));
}

/** What `aws iam get-account-authorization-details` prints; every third role is open to another account. */
function details(account: string, roles = 30, ballast = ''): string {
  const list = Array.from({ length: roles }, (_, index) => ({
    Path: '/',
    RoleName: `role-${index}`,
    RoleId: roleId(account, index),
    Arn: `arn:aws:iam::${account}:role/role-${index}`,
    CreateDate: '2025-02-03T04:05:06+00:00',
    AssumeRolePolicyDocument: trust(account, index),
    Description: ballast,
    InstanceProfileList: [],
    RolePolicyList: [],
    AttachedManagedPolicies: [],
  }));
  return JSON.stringify({ UserDetailList: [], GroupDetailList: [], RoleDetailList: list, Policies: [] });
}

/** CloudQuery's table `aws_iam_roles`. */
function parquet(account: string): ArrayBuffer {
  const rows = Array.from({ length: 30 }, (_, index) => index);
  const column = (name: string, value: (index: number) => string) => ({ name, data: rows.map(value) });
  return parquetWriteBuffer({
    columnData: [
      column('_cq_sync_time', () => '2026-04-30T06:00:00Z'),
      column('account_id', () => account),
      column('arn', (index) => `arn:aws:iam::${account}:role/role-${index}`),
      column('role_id', (index) => roleId(account, index)),
      column('role_name', (index) => `role-${index}`),
      column('assume_role_policy_document', (index) => JSON.stringify(trust(account, index))),
    ],
  });
}

function roleId(account: string, index: number): string {
  return `AROAEXAMPLE${account.slice(-4)}${String(index).padStart(6, '0')}`;
}

function trust(account: string, index: number): object {
  const owner = index % 3 === 0 ? '998877665544' : account;
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${owner}:root` },
    Action: 'sts:AssumeRole',
  };
  return { Version: '2012-10-17', Statement: [statement] };
}
