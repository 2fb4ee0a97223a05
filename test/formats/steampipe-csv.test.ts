import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { readContent as readAny } from './read.ts';

const readContent: typeof readAny = (content, options, path) =>
  readAny(content, { whole: true, ...options }, path);

import { withoutPlaces } from './tables.ts';

const policy = {
  Statement: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'sts:AssumeRole' }],
};
const ROWS = [
  {
    arn: 'arn:aws:iam::111122223333:role/a',
    role_id: 'AROAEXAMPLE0000000001',
    assume_role_policy: policy,
    assume_role_policy_document: encodeURIComponent(JSON.stringify({ other: 1 })),
    account_id: '111122223333',
  },
  {
    arn: 'arn:aws:iam::012345678901:role/b',
    role_id: 'AROAEXAMPLE0000000002',
    assume_role_policy: null,
    assume_role_policy_document: encodeURIComponent(JSON.stringify(policy)),
    account_id: '012345678901',
  },
  {
    arn: 'arn:aws:iam::111122223333:role/c',
    role_id: null,
    assume_role_policy: null,
    assume_role_policy_document: null,
    account_id: '111122223333',
  },
];

describe('Steampipe CSV', () => {
  it.each([',', ';', '\t'])('gives the same records as JSON, cells parted by %j', async (delimiter) => {
    const json = await readContent(JSON.stringify(ROWS));
    const csv = await readContent(stringify(ROWS, { header: true, delimiter }));
    expect(withoutPlaces(csv.roles)).toEqual(withoutPlaces(json.roles));
    expect(csv.roles.map(({ trust }) => trust.state)).toEqual(['document', 'document', 'missing']);
    expect(csv.captures).toEqual(json.captures);
    expect(csv.reading).toMatchObject({ format: 'steampipe', status: json.reading.status, problems: [] });
    expect(csv.roles.map(({ pointer }) => pointer)).toEqual(['#2', '#3', '#4']);
  });

  it('takes the account of the ARN for a number that a spreadsheet changed', async () => {
    const { roles, codes } = await readContent(
      stringify([{ ...ROWS[1], account_id: '1.23457E+10' }], { header: true }),
    );
    expect(roles).toMatchObject([{ account: '012345678901' }]);
    expect(codes).toEqual(['account-number-changed']);
  });
});
