import { describe, expect, it } from 'vitest';
import { ACCOUNT, arnOf, asConfiguration, json, OPEN, OTHER } from './five-roles.ts';
import { OPTIONS, readWhole } from './read.ts';

describe('aws-config-api', () => {
  const item = (more: object = {}) => ({
    accountId: ACCOUNT,
    arn: arnOf(OPEN),
    resourceType: 'AWS::IAM::Role',
    resourceId: OPEN.id,
    configurationItemStatus: 'OK',
    configurationItemCaptureTime: '2026-01-05T10:00:00.500Z',
    configurationStateId: '1767607200500',
    configuration: json(asConfiguration(OPEN)),
    ...more,
  });

  it.each([
    ['OK', {}, 'live', 'document'],
    ['deleted', { configurationItemStatus: 'ResourceDeleted', configuration: 'null' }, 'deleted', 'missing'],
    [
      'not recorded',
      { configurationItemStatus: 'ResourceNotRecorded', configuration: 'null' },
      'not-recorded',
      'missing',
    ],
    ['broken', { configuration: '{"assumeRolePolicyDocument":' }, 'live', 'undecodable'],
  ])('reads an item that is %s', async (_, more, status, state) => {
    const { roles, captures } = await readWhole(json({ configurationItems: [item(more)] }));
    expect(roles).toMatchObject([
      { status, trust: { state }, roleId: OPEN.id, capturedAt: '2026-01-05T10:00:00.500Z' },
    ]);
    expect(captures).toMatchObject([{ complete: false, reasons: ['partial-inventory'] }]);
  });

  it.each([
    [1767607200.5, '2026-01-05T10:00:00.500Z'],
    [{ __class__: 'datetime', year: 2026, month: 1, day: 5, hour: 10 }, '2026-01-05T10:00:00Z'],
    ['2026-01-05T12:00:00+02:00', '2026-01-05T10:00:00Z'],
    [1e300, OPTIONS.capturedAt],
    [null, OPTIONS.capturedAt],
  ])('takes %j for a time', async (written, expected) => {
    const content = json({ configurationItems: [item({ configurationItemCaptureTime: written })] });
    expect((await readWhole(content)).roles).toMatchObject([{ capturedAt: expected }]);
  });

  it('sorts the states of a role', async () => {
    const times = ['2026-01-05T10:00:00Z', '2026-01-05T10:00:00.500Z', '2026-01-06T00:00:00Z'];
    const items = times.map((time) => item({ configurationItemCaptureTime: time }));
    const { roles } = await readWhole(json({ configurationItems: items }));
    const versions = roles.map(({ version }) => version);
    expect([...versions].sort()).toEqual(versions);
    expect(new Set(versions).size).toBe(3);
  });

  it.each([
    [
      { baseConfigurationItems: [item()], unprocessedResourceKeys: [{ resourceId: 'x' }] },
      'items-unprocessed',
    ],
    [{ BaseConfigurationItems: [item()], UnprocessedResourceIdentifiers: [{}] }, 'items-unprocessed'],
    [{ configurationItems: [item()], nextToken: 't' }, 'next-page-missing'],
    [{ configurationItems: [item({ configurationItemStatus: 'Odd' })] }, 'records-rejected'],
    [{ configurationItemSummary: item({ configuration: null }) }, 'records-rejected'],
    [{ configurationItems: [item({ accountId: OTHER })] }, 'account-mismatch'],
    [{ configurationItems: [item({ accountId: 11122223333 })] }, 'account-number-padded'],
  ])('notes what is wrong with %j', async (content, code) => {
    const { codes, reading } = await readWhole(json(content));
    expect(codes).toContain(code);
    expect(reading.status).toBe(code.startsWith('account-') ? 'complete' : 'incomplete');
  });

  it('takes an account number that was a number for what it was', async () => {
    const content = json({ configurationItems: [item({ accountId: 12345678901 })] });
    const { codes } = await readWhole(content.replaceAll(ACCOUNT, '012345678901'));
    expect(codes).toEqual(['account-number-padded']);
  });

  it('leaves other resources aside', async () => {
    const other = item({
      resourceType: 'AWS::EC2::VPC',
      arn: 'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1',
    });
    const { reading } = await readWhole(json({ configurationItems: [other] }));
    expect(reading).toMatchObject({ status: 'complete', recordsRead: 0 });
  });

  it.each([
    [{ resourceType: 'AWS::EC2::VPC' }, 'not-a-role'],
    [{ resourceType: 'OK', arn: undefined, configuration: 'null' }, 'resource-type-unknown'],
    [{ resourceType: undefined, arn: undefined, configuration: 'null' }, 'resource-type-unknown'],
  ])('rejects what may be a role: %j', async (changes, code) => {
    const { rejects, reading } = await readWhole(json({ configurationItems: [item(changes)] }));
    expect(rejects).toMatchObject([{ code }]);
    expect(reading.status).toBe('incomplete');
  });
});

describe('aws-config-query', () => {
  it('says so where the rows stand in another place than in a result', async () => {
    const rows = [json({ arn: arnOf(OPEN), resourceType: 'AWS::IAM::Role' })];
    const hidden = { results: rows, QueryInfo: { SelectFields: [{ Results: rows }] } };
    const { reading, codes } = await readWhole(json(hidden));
    expect(reading).toMatchObject({ format: 'aws-config-query', status: 'incomplete', recordsRead: 0 });
    expect(codes).toEqual(['no-roles']);
  });

  const bare = { accountId: ACCOUNT, arn: arnOf(OPEN), resourceType: 'AWS::IAM::Role', resourceId: OPEN.id };
  const row = { ...bare, configuration: asConfiguration(OPEN) };

  it('takes pages one after the other for one result', async () => {
    const page = (more: object) => json({ Results: [json(row)], ...more });
    const codes = async (content: string) => (await readWhole(content)).codes;
    expect(await codes(page({ NextToken: 't' }) + page({}))).toEqual([]);
    expect(await codes(page({ NextToken: 't' }) + page({ NextToken: 'u' }))).toEqual(['next-page-missing']);
  });

  it('advises when the configuration was not selected', async () => {
    const { roles, rejects, reading } = await readWhole(json({ Results: [json(bare)], QueryInfo: {} }));
    expect(roles).toEqual([]);
    expect(rejects).toMatchObject([{ code: 'configuration-not-selected' }]);
    expect(reading.status).toBe('incomplete');
    expect(reading.problems[0]?.message).toMatch(/`SELECT accountId, arn, .* configuration WHERE/);
  });

  it.each([
    [499, 'complete'],
    [500, 'incomplete'],
    [501, 'complete'],
  ])('trusts a list of %i rows: %s', async (count, status) => {
    const { reading } = await readWhole(json(Array.from({ length: count }, () => row)));
    expect(reading).toMatchObject({ status, recordsRead: count });
  });

  it('keeps duplicate members of a policy in a string in a string', async () => {
    const policy = '{"Statement":[],"Statement":[1]}';
    const inner = `{"configuration":{"arn":"${arnOf(OPEN)}","assumeRolePolicyDocument":${json(encodeURIComponent(policy))}}}`;
    const { roles } = await readWhole(json({ Results: [inner] }));
    expect(roles).toMatchObject([{ trust: { state: 'document', text: policy } }]);
  });

  it.each(['{"configuration":', '"x"', '[]', ''])('rejects a row that is %j', async (text) => {
    const { rejects, roles, reading } = await readWhole(json({ Results: [json(row), text] }));
    expect(roles).toHaveLength(1);
    expect(rejects).toMatchObject([{ code: 'row-malformed', pointer: '/Results/1' }]);
    expect(reading).toMatchObject({ status: 'incomplete', recordsRead: 2, recordsRejected: 1 });
  });

  it('notes a further page and an empty result', async () => {
    expect((await readWhole(json({ Results: [json(row)], NextToken: 't' }))).codes).toEqual([
      'next-page-missing',
    ]);
    expect((await readWhole(json({ Results: [], QueryInfo: {} }))).codes).toEqual(['no-roles']);
  });
});
