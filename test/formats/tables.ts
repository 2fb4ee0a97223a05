import type { RoleRecord } from '../../src/model/record.ts';

/** Rows of CloudQuery's table as its JSON files have them; JSON columns hold objects. */
export const CLOUDQUERY_ROWS = [
  {
    _cq_sync_time: '2026-02-01T06:00:00Z',
    _cq_id: 'd1',
    account_id: '111122223333',
    assume_role_policy_document: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::444455556666:root' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': 'a "b";c,d' } },
        },
      ],
    } as object | null,
    arn: 'arn:aws:iam::111122223333:role/path/Partner',
    role_id: 'AROAEXAMPLE0000000001',
    description: 'über\nzwei Zeilen' as string | null,
  },
  {
    _cq_sync_time: '2026-02-01T06:00:00Z',
    _cq_id: 'd2',
    account_id: '012345678901',
    assume_role_policy_document: null,
    arn: 'arn:aws:iam::012345678901:role/None',
    role_id: 'AROAEXAMPLE0000000002',
    description: null,
  },
];

/** Records without their places, which differ from one file format to the next. */
export function withoutPlaces(records: readonly RoleRecord[]): object[] {
  return records.map((record) => ({ ...record, offset: 0, pointer: '' }));
}
