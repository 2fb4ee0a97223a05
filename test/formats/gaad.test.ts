import { describe, expect, it } from 'vitest';
import { fixture, readContent } from './read.ts';

const role = (account: string, name: string) =>
  `{"Arn":"arn:aws:iam::${account}:role/${name}","AssumeRolePolicyDocument":{}}`;
const page = (roles: readonly string[], rest = '') => `{"RoleDetailList":[${roles.join(',')}]${rest}}`;
const A = '111122223333';
const B = '222233334444';

describe('gaad', () => {
  it('reads roles in both encodings and rejects what is none', async () => {
    const content = fixture('gaad.json');
    const { roles, rejects, captures, reading } = await readContent(content);
    expect(roles.map(({ roleName, roleId, trust }) => [roleName, roleId, trust])).toEqual([
      [
        'Partner',
        'AROAEXAMPLE0000000001',
        {
          state: 'document',
          text: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"a"},"StringEquals":{"aws:PrincipalOrgID":"o-example"}}}]}',
        },
      ],
      ['Encoded', 'AROAEXAMPLE0000000002', { state: 'document', text: '{"Statement":[{"Sid":"a+b c"}]}' }],
      ['NoPolicy', '', { state: 'missing' }],
    ]);
    expect(roles[1]).toMatchObject({
      account: A,
      partition: 'aws',
      arn: `arn:aws:iam::${A}:role/team/x:y/Encoded`,
      status: 'live',
      capturedAt: '2026-02-01T00:00:00Z',
      version: '',
      pointer: '/RoleDetailList/1',
    });
    for (const { offset } of roles) expect(content.toString('latin1', offset, offset + 1)).toBe('{');
    expect(rejects.map(({ code, pointer }) => [code, pointer])).toEqual([
      ['arn-missing', '/RoleDetailList/4'],
    ]);
    expect(captures).toEqual([
      { account: A, capturedAt: '2026-02-01T00:00:00Z', complete: false, reasons: ['records-rejected'] },
    ]);
    expect(reading).toMatchObject({
      format: 'gaad',
      recordsRead: 4,
      recordsRejected: 1,
      account: A,
      capturedAt: '2026-02-01T00:00:00Z',
      capturedFrom: 'option',
      status: 'incomplete',
    });
    expect(reading.problems).toMatchObject([{ code: 'not-a-role' }, { code: 'records-rejected' }]);
    expect(reading.problems[0]?.message).toMatch(/managed policy .* \(and 1 more such\)/);
  });

  it.each([
    ['one document', page([role(A, 'x')]), { [A]: null }],
    [
      'policies first',
      `{"Policies":[{"PolicyVersionList":[{"Document":{"RoleDetailList":[{}]}}]}],${page([role(A, 'x')]).slice(1)}`,
      { [A]: null },
    ],
    [
      'a page that is not the last',
      page([role(A, 'x')], ',"IsTruncated":true,"Marker":"m"'),
      { [A]: 'next-page-missing' },
    ],
    ['a CLI cut with --max-items', page([role(A, 'x')], ',"NextToken":"t"'), { [A]: 'next-page-missing' }],
    ['no further token', page([role(A, 'x')], ',"IsTruncated":false,"NextToken":null'), { [A]: null }],
    [
      'a page that says so as a string',
      page([role(A, 'x')], ',"IsTruncated":"true"'),
      { [A]: 'next-page-missing' },
    ],
    [
      'a page that says something else',
      page([role(A, 'x')], ',"IsTruncated":"yes"'),
      { [A]: 'next-page-missing' },
    ],
    [
      'no answer but a marker',
      page([role(A, 'x')], ',"IsTruncated":null,"Marker":"m"'),
      { [A]: 'next-page-missing' },
    ],
    [
      'a marker that contradicts the answer',
      page([role(A, 'x')], ',"IsTruncated":false,"Marker":"m"'),
      { [A]: 'next-page-missing' },
    ],
    ['the last page, said as a string', page([role(A, 'x')], ',"IsTruncated":"false"'), { [A]: null }],
    [
      'pages after each other',
      page([role(A, 'x')], ',"IsTruncated":true') + page([role(A, 'y')], ',"IsTruncated":false'),
      { [A]: null },
    ],
    [
      'pages of which the last names no account',
      `${page([role(A, 'x')], ',"IsTruncated":true')}\n${page([], ',"IsTruncated":false')}`,
      { [A]: null },
    ],
    [
      'the facts before the list',
      `{"IsTruncated":true,${page([role(A, 'x')]).slice(1)}`,
      { [A]: 'next-page-missing' },
    ],
    [
      'an array of accounts',
      `[${page([role(B, 'x')])},${page([role(A, 'x')], ',"NextToken":"t"')}]`,
      { [A]: 'next-page-missing', [B]: null },
    ],
    [
      'a map of accounts',
      `{"${A}":${page([role(A, 'x')])},"${B}":${page([role(B, 'x')])}}`,
      { [A]: null, [B]: null },
    ],
    [
      'users only',
      `{"UserDetailList":[{"Arn":"arn:aws:iam::${A}:user/u"}],"RoleDetailList":[]}`,
      { [A]: 'no-roles' },
    ],
    [
      'a document cut off',
      page([role(A, 'x')]) + page([role(B, 'x')]).slice(0, -2),
      { [A]: null, [B]: 'truncated' },
    ],
    [
      'an account cut off in a later page',
      page([role(A, 'x')]) + page([role(A, 'y')]).slice(0, -2),
      { [A]: 'truncated' },
    ],
  ])('%s', async (_, content, expected) => {
    const { captures, codes, reading } = await readContent(content);
    expect(Object.fromEntries(captures.map(({ account, reasons }) => [account, reasons[0] ?? null]))).toEqual(
      expected,
    );
    expect(captures.every(({ complete, reasons }) => complete === (reasons.length === 0))).toBe(true);
    const flawed = Object.values(expected).some((reason) => reason !== null);
    expect(reading.status).toBe(flawed ? 'incomplete' : 'complete');
    expect(codes.length > 0).toBe(flawed);
  });

  it('takes the account of an empty export from the option', async () => {
    const content = '{"UserDetailList":[],"RoleDetailList":[]}';
    expect((await readContent(content)).captures).toEqual([]);
    expect((await readContent(content)).codes).toEqual(['no-roles']);
    const { captures } = await readContent(content, { account: B });
    expect(captures).toMatchObject([{ account: B, complete: false, reasons: ['no-roles'] }]);
  });

  it.each([
    ['"arn:aws:iam::1234:role/x"', 'arn-invalid'],
    ['"arn:aws:iam::111122223333:role/x/"', 'arn-invalid'],
    ['"arn:aws:iam::111122223333:role/"', 'not-a-role'],
    ['"arn:aws:s3:::bucket"', 'not-a-role'],
    ['"arn:aws:iam::111122223333:user/x"', 'not-a-role'],
    ['"arn:aws:iam::111122223333:role/a\\u000ab"', 'arn-invalid'],
    ['12', 'arn-missing'],
    ['"arn:aws:iam::111122223333:role/x","Arn":"arn:aws:iam::222233334444:role/x"', 'field-repeated'],
  ])('rejects a role with the ARN %s', async (arn, code) => {
    const { roles, rejects } = await readContent(
      `{"RoleDetailList":[{"Arn":${arn},"AssumeRolePolicyDocument":{}}]}`,
    );
    expect(roles).toEqual([]);
    expect(rejects).toMatchObject([{ code, offset: 19, pointer: '/RoleDetailList/0' }]);
    expect(rejects[0]?.message).not.toContain('\n');
  });

  it('keeps a role whose trust policy occurs twice, but not the policy', async () => {
    const { roles } = await readContent(
      `{"RoleDetailList":[{"Arn":"arn:aws:iam::${A}:role/x","AssumeRolePolicyDocument":{},"AssumeRolePolicyDocument":{"a":1}}]}`,
    );
    expect(roles[0]?.trust).toEqual({
      state: 'undecodable',
      reason: 'the record holds `AssumeRolePolicyDocument` more than once',
    });
  });
});
