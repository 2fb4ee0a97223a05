import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { restoreAthenaKeys } from '../../src/formats/parts/athena-keys.ts';
import { ACCOUNT, asIam, GUARDED, lines, OTHER } from './five-roles.ts';
import { fixture, readContent, readWhole } from './read.ts';

const row = (name: string, policy: unknown = {}) =>
  JSON.stringify({
    _cq_id: 'i',
    _cq_sync_time: '2026-02-01T06:00:00Z',
    account_id: '111122223333',
    arn: `arn:aws:iam::111122223333:role/${name}`,
    assume_role_policy_document: policy,
  });

describe('cloudquery', () => {
  it('reads rows, each sync a capture of its accounts', async () => {
    const { roles, captures, reading, codes } = await readContent(fixture('cloudquery.json'));
    expect(
      roles.map(({ account, partition, capturedAt, trust, pointer }) => [
        account,
        partition,
        capturedAt,
        trust.state,
        pointer,
      ]),
    ).toEqual([
      ['111122223333', 'aws', '2026-02-01T06:00:00.123Z', 'document', '#1'],
      ['111122223333', 'aws', '2026-03-01T06:00:00Z', 'missing', '#2'],
      ['222233334444', 'aws-us-gov', '2026-03-01T06:00:00Z', 'document', '#3'],
    ]);
    expect(captures).toEqual([
      { account: '111122223333', capturedAt: '2026-02-01T06:00:00.123Z', complete: true, reasons: [] },
      { account: '111122223333', capturedAt: '2026-03-01T06:00:00Z', complete: true, reasons: [] },
      { account: '222233334444', capturedAt: '2026-03-01T06:00:00Z', complete: true, reasons: [] },
    ]);
    expect(codes).toEqual(['account-mismatch']);
    expect(reading).toMatchObject({
      format: 'cloudquery',
      account: null,
      capturedAt: null,
      capturedFrom: 'evidence',
      status: 'complete',
    });
  });

  it.each([
    ['an array on one line', `[${row('a')},${row('b')}]`],
    ['an array over several lines', JSON.stringify([JSON.parse(row('a')), JSON.parse(row('b'))], null, 2)],
    [
      'pretty rows after each other',
      [row('a'), row('b')].map((text) => JSON.stringify(JSON.parse(text), null, 2)).join('\n'),
    ],
    ['gzip', gzipSync(`${row('a')}\n${row('b')}\n`)],
  ])('reads %s', async (_, content) => {
    const { roles, reading } = await readContent(content);
    expect(roles.map(({ roleName }) => roleName)).toEqual(['a', 'b']);
    expect(reading.status).toBe('complete');
  });

  it.each([0, 1, 2])('counts a bad line %i and reads the others', async (bad) => {
    const lines = [row('a'), row('b'), row('c')];
    lines[bad] = (lines[bad] as string).slice(0, 80);
    const { roles, rejects, captures, reading } = await readContent(`${lines.join('\n')}\n`);
    expect(roles).toHaveLength(2);
    expect(rejects).toMatchObject([{ code: 'line-malformed', pointer: `#${bad + 1}` }]);
    expect(captures).toMatchObject([{ complete: false, reasons: ['records-rejected'] }]);
    expect(reading).toMatchObject({ recordsRead: 3, recordsRejected: 1, status: 'incomplete' });
  });

  it('does not trust a file that breaks off between lines', async () => {
    const rows = Array.from({ length: 4000 }, (_, index) => `${row(`r${(index * 7919) % 100_003}`)}\n`).join(
      '',
    );
    const whole = gzipSync(rows);
    const { captures, codes } = await readContent(whole.subarray(0, whole.length - 4));
    expect(captures).toMatchObject([{ complete: false, reasons: ['truncated'] }]);
    expect(codes).toContain('gzip-truncated');
  });

  it('restores keys that were mangled for Athena and says so once', async () => {
    const mangled = { Statement: [{ Condition: { Bool: { aws_MultiFactorAuthPresent: 'true' } } }] };
    const { roles, reading } = await readContent([row('a', mangled), row('b', mangled)].join('\n'));
    expect(roles[1]?.trust).toEqual({
      state: 'document',
      text: '{"Statement":[{"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}',
    });
    expect(reading.problems).toMatchObject([{ code: 'keys-restored' }]);
    expect(reading.problems[0]?.message).toMatch(/ \(and 1 more such\)$/);
    expect(reading.status).toBe('complete');
  });
});

describe('restoreAthenaKeys', () => {
  const policy = (condition: string) => `{"Statement":[{"Effect":"Allow","Condition":{${condition}}}]}`;

  it.each([
    ['"Bool":{"aws_MultiFactorAuthPresent":"true"}', '"Bool":{"aws:MultiFactorAuthPresent":"true"}'],
    ['"StringEquals":{"sts_ExternalId":"a_b"}', '"StringEquals":{"sts:ExternalId":"a_b"}'],
    ['"ForAnyValue_StringEquals":{"aws_TagKeys":"x"}', '"ForAnyValue:StringEquals":{"aws:TagKeys":"x"}'],
    [
      '"ForAllValues_StringLikeIfExists":{"SAML_aud":"x"}',
      '"ForAllValues:StringLikeIfExists":{"SAML:aud":"x"}',
    ],
    ['"StringLike":{"aws_PrincipalTag_team":"x"}', '"StringLike":{"aws:PrincipalTag/team":"x"}'],
    ['"StringLike":{"aws_RequestTag_my_team":"x"}', '"StringLike":{"aws:RequestTag/my_team":"x"}'],
    [
      '"StringLike":{"token_actions_githubusercontent_com_sub":"x"}',
      '"StringLike":{"token.actions.githubusercontent.com:sub":"x"}',
    ],
    ['"Bool":{"aws_a":1,"aws_a":2}', '"Bool":{"aws:a":1,"aws:a":2}'],
  ])('%s', (mangled, expected) => {
    expect(restoreAthenaKeys(policy(mangled))).toEqual({ text: policy(expected), restored: true });
  });

  it.each([
    '"StringEquals":{"sts:ExternalId":"sts_ExternalId"}',
    '"StringEquals":{"aws:PrincipalTag/aws_x":"x"}',
    '"StringEquals":{"unknown_provider_sub":"x"}',
    '"Bool":{"aws:MultiFactorAuthPresent":{"aws_x":1}}',
  ])('leaves %s', (condition) => {
    expect(restoreAthenaKeys(policy(condition))).toEqual({ text: policy(condition), restored: false });
  });

  it('leaves keys outside conditions', () => {
    const text =
      '{"aws_x":1,"Statement":{"aws_y":2,"Principal":{"aws_z":3}},"Condition":{"Bool":{"aws_v":1}}}';
    expect(restoreAthenaKeys(text).restored).toBe(false);
  });
});

describe('cloudquery-authorization-details', () => {
  it('notes an account without roles', async () => {
    const rows = lines([
      { _cq_sync_time: '2026-02-01T06:00:00Z', account_id: ACCOUNT, role_detail_list: [asIam(GUARDED)] },
      { _cq_sync_time: '2026-02-01T06:00:00Z', account_id: OTHER, role_detail_list: [] },
    ]);
    expect((await readWhole(rows)).captures).toEqual([
      { account: ACCOUNT, capturedAt: '2026-02-01T06:00:00Z', complete: true, reasons: [] },
      { account: OTHER, capturedAt: '2026-02-01T06:00:00Z', complete: false, reasons: ['no-roles'] },
    ]);
  });
});
