import { cpSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { inCheckout } from '../checkout.ts';
import { CLOSED, GUARDED, gaad, gaadRole, OPEN, put } from '../cli/evidence.ts';

const ACCOUNTS = Array.from({ length: 6 }, (_, index) => String(555500000000 + index));

const isPacked = (index: number): boolean => index % 2 === 0;

/** Of the files that `putSmall` writes into its folder. */
export const SMALL_NAMES: readonly string[] = ACCOUNTS.map(
  (account, index) => `${account}.json${isPacked(index) ? '.gz' : ''}`,
);

function roles(account: string, count: number, ballast = 0, from = 0): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({
    ...(ballast > 0 && { Description: 'x'.repeat(ballast) }),
    ...gaadRole(`R${from + index}`, {
      account,
      trust: [OPEN, CLOSED, GUARDED][(from + index) % 3],
    }),
  }));
}

/** Six whole accounts, of which some are in gzip: read in the main thread. */
export function putSmall(folder: string): void {
  for (const [index, account] of ACCOUNTS.entries()) {
    const content = JSON.stringify(gaad(roles(account, 60, 0, index)));
    put(folder, `in/2026-04-30/${SMALL_NAMES[index]}`, isPacked(index) ? gzipSync(content) : content);
  }
}

/** More than is read without threads: one file that a further thread reads ahead and hashes, and a Parquet table. */
export function putLarge(folder: string): void {
  putSmall(folder);
  put(folder, 'in/2026-04-30/large.json', gaad(roles('777700000000', 900, 20_000)));
  put(folder, 'in/2026-04-30/medium.json', gaad(roles('777700000001', 350, 20_000)));
  put(folder, 'in/2026-04-30/aws_iam_roles.parquet', parquet(roles('777700000002', 800)));
}

/** One file with more roles than the store holds in memory before they are written; one in a hundred fails. */
export function putMany(folder: string): void {
  const lines = Array.from({ length: 70_000 }, (_, index) =>
    JSON.stringify({
      _cq_sync_time: '2026-04-30T00:00:00Z',
      _cq_id: `i${index}`,
      account_id: '777700000003',
      arn: `arn:aws:iam::777700000003:role/R${index}`,
      role_id: `AROA${String(index).padStart(17, '0')}`,
      role_name: `R${index}`,
      assume_role_policy_document: index % 100 === 0 ? OPEN : CLOSED,
    }),
  );
  put(folder, 'in/aws_iam_roles.json', `${lines.join('\n')}\n`);
}

/** A table of CloudQuery. */
function parquet(from: readonly object[]): Buffer {
  const rows = from as readonly {
    readonly Arn: string;
    readonly RoleName: string;
    readonly RoleId: string;
    readonly AssumeRolePolicyDocument: unknown;
  }[];
  const column = (name: string, of: (row: (typeof rows)[number]) => string) => ({
    name,
    type: 'STRING' as const,
    data: rows.map(of),
  });
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: '_cq_sync_time', type: 'TIMESTAMP', data: rows.map(() => new Date('2026-04-30T00:00:00Z')) },
        column('_cq_id', ({ RoleId }) => RoleId),
        column('account_id', ({ Arn }) => Arn.slice(13, 25)),
        column('arn', ({ Arn }) => Arn),
        column('role_id', ({ RoleId }) => RoleId),
        column('role_name', ({ RoleName }) => RoleName),
        column('assume_role_policy_document', (row) => JSON.stringify(row.AssumeRolePolicyDocument)),
      ],
      rowGroupSize: 100,
    }),
  );
}

/** Two quarters of the samples' organisation, with what says how it hangs together. */
export function putOrganisation(folder: string): void {
  cpSync(inCheckout('samples', 'evidence'), `${folder}/in`, { recursive: true });
  for (const name of ['accounts.json', 'vendors.yaml', 'exceptions.yaml'])
    cpSync(inCheckout('samples', name), `${folder}/${name}`);
}
