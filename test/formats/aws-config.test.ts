import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fixture, readContent } from './read.ts';

const SNAPSHOT =
  'AWSLogs/111122223333/Config/eu-west-1/2026/2/3/ConfigSnapshot/111122223333_Config_eu-west-1_ConfigSnapshot_20260203T040506Z_0f0e0d0c.json.gz';
const item = (fields: object) =>
  JSON.stringify({
    configuration: { assumeRolePolicyDocument: '%7B%7D' },
    configurationItemCaptureTime: '2026-01-05T10:00:00.000Z',
    configurationStateId: 1,
    awsAccountId: '111122223333',
    configurationItemStatus: 'OK',
    resourceType: 'AWS::IAM::Role',
    resourceId: 'AROAEXAMPLE0000000001',
    ARN: 'arn:aws:iam::111122223333:role/Partner',
    ...fields,
  });
const history = (...items: readonly string[]) =>
  `{"fileVersion":"1.0","configurationItems":[${items.join(',')}]}`;
const snapshot = (...items: readonly string[]) =>
  `{"fileVersion":"1.0","configSnapshotId":"s","configurationItems":[${items.join(',')}]}`;

describe('aws-config', () => {
  it('reads a snapshot at the time in its name', async () => {
    const { roles, captures, reading } = await readContent(
      gzipSync(fixture('aws-config.json')),
      {},
      SNAPSHOT,
    );
    expect(
      roles.map(({ roleName, status, trust, version }) => [roleName, status, trust.state, version]),
    ).toEqual([
      ['Partner', 'live', 'document', '2026-01-05T10:00:00.500Z 00000001767607200500'],
      ['Gone', 'deleted', 'missing', '2026-01-06T10:00:00.000Z 00000001767693600000'],
      ['Unseen', 'not-recorded', 'missing', '2026-01-07T10:00:00.000Z 00000001767780000000'],
    ]);
    expect(roles[0]).toMatchObject({
      trust: { text: '{"Version":"2012-10-17","Statement":[]}' },
      capturedAt: '2026-02-03T04:05:06Z',
      pointer: '/configurationItems/1',
    });
    expect(captures).toEqual([
      { account: '111122223333', capturedAt: '2026-02-03T04:05:06Z', complete: true, reasons: [] },
    ]);
    expect(reading).toMatchObject({
      format: 'aws-config',
      recordsRead: 3,
      capturedFrom: 'evidence',
      status: 'complete',
      problems: [],
    });
  });

  it('takes the time of a renamed snapshot from elsewhere', async () => {
    const { captures, reading } = await readContent(
      fixture('aws-config.json'),
      { capturedAt: null },
      'x/2026/2/3/x.json',
    );
    expect(captures).toMatchObject([{ capturedAt: '2026-02-03T00:00:00Z' }]);
    expect(reading.capturedFrom).toBe('name');
  });

  it('reads a history file as changes, each at its own time', async () => {
    const content = history(
      item({}),
      item({
        configurationItemCaptureTime: '2026-01-06T00:00:00.000Z',
        configurationItemStatus: 'ResourceDeleted',
        configuration: null,
      }),
    );
    const { roles, captures, reading } = await readContent(content);
    expect(roles.map(({ capturedAt, status }) => [capturedAt, status])).toEqual([
      ['2026-01-05T10:00:00Z', 'live'],
      ['2026-01-06T00:00:00Z', 'deleted'],
    ]);
    expect(
      captures.map(({ capturedAt, complete, reasons }) => [capturedAt, complete, reasons[0] ?? null]),
    ).toEqual([
      ['2026-01-05T10:00:00Z', false, 'changes-only'],
      ['2026-01-06T00:00:00Z', false, 'changes-only'],
    ]);
    expect(reading).toMatchObject({ status: 'complete', capturedAt: null, capturedFrom: 'evidence' });
  });

  it('orders the states of a role by time, then state id', async () => {
    const { roles } = await readContent(
      history(
        item({ configurationItemCaptureTime: '2026-01-05T10:00:00Z', configurationStateId: '9' }),
        item({ configurationItemCaptureTime: '2026-01-05T10:00:00.000Z', configurationStateId: 10 }),
        item({ configurationItemCaptureTime: '2026-01-05T10:00:00.001Z', configurationStateId: 1 }),
      ),
    );
    const versions = roles.map(({ version }) => version);
    expect(versions.toSorted()).toEqual(versions);
    expect(new Set(versions).size).toBe(3);
  });

  it.each([
    [
      'no role',
      snapshot(item({ resourceType: 'AWS::EC2::VPC', ARN: 'arn:aws:ec2:x:1:vpc/v' })),
      'no-iam-recorded',
    ],
    [
      'roles it did not record',
      snapshot(item({ configurationItemStatus: 'ResourceNotRecorded' })),
      'no-iam-recorded',
    ],
    [
      'a role of another type',
      snapshot(item({}), item({ resourceType: 'AWS::IAM::Rolf' })),
      'records-rejected',
    ],
    ['a role that was rejected', snapshot(item({}), item({ ARN: 'x' })), 'records-rejected'],
    ['an end too early', snapshot(item({})).slice(0, -1), 'truncated'],
  ])('does not trust a snapshot with %s', async (_, content, reason) => {
    const { captures, reading } = await readContent(content);
    expect(captures).toMatchObject([{ account: '111122223333', complete: false, reasons: [reason] }]);
    expect(reading.status).toBe('incomplete');
  });

  it.each([
    ['an object', { assumeRolePolicyDocument: { a: 1 } }, { state: 'document', text: '{"a":1}' }],
    ['nothing', null, { state: 'missing' }],
    [
      'JSON in a string',
      '{"assumeRolePolicyDocument":"%7B%22a%22%3A1%7D"}',
      { state: 'document', text: '{"a":1}' },
    ],
    ['null in a string', 'null', { state: 'missing' }],
    [
      'another string',
      'x',
      { state: 'undecodable', reason: 'the configuration of the item is not an object' },
    ],
  ])('reads a configuration that is %s', async (_, configuration, trust) => {
    const { roles } = await readContent(history(item({ configuration })));
    expect(roles[0]?.trust).toEqual(trust);
  });

  it('does not guess between two configurations or types', async () => {
    const twice = item({}).replace('{"configuration"', '{"configuration":{},"configuration"');
    expect((await readContent(history(twice))).roles[0]?.trust.state).toBe('undecodable');
    const types = item({}).replace('"resourceType"', '"resourceType":"AWS::EC2::VPC","resourceType"');
    expect((await readContent(history(types))).rejects).toMatchObject([{ code: 'field-repeated' }]);
  });

  it('rejects a status that does not exist and reports a wrong account', async () => {
    const { rejects, roles, codes } = await readContent(
      history(item({ configurationItemStatus: 'Fine' }), item({ awsAccountId: '999900001111' })),
    );
    expect(rejects).toMatchObject([{ code: 'status-unknown' }]);
    expect(roles).toMatchObject([{ account: '111122223333' }]);
    expect(codes).toEqual(['account-mismatch']);
  });

  it('tells snapshots from history within one file', async () => {
    const { captures } = await readContent(snapshot(item({})) + history(item({})));
    expect(captures.map(({ capturedAt, reasons }) => [capturedAt, reasons[0] ?? null])).toEqual([
      ['2026-01-05T10:00:00Z', 'changes-only'],
      ['2026-02-01T00:00:00Z', null],
    ]);
  });
});

describe('a deleted item without ARN', () => {
  const ARN = 'arn:aws:iam::111122223333:role/team/Partner';
  const known = item({ ARN, resourceName: 'Partner' });
  const gone = (fields: object) =>
    item({
      ARN: undefined,
      configuration: null,
      configurationItemStatus: 'ResourceDeleted',
      configurationItemCaptureTime: '2026-01-05T12:00:00.000Z',
      ...fields,
    });
  const other = { resourceId: 'AROAEXAMPLE0000000009' };

  it.each([
    ['the id', history(known, gone({}))],
    ['the id, before the other item', history(gone({}), known)],
    ['the name and account', history(known, gone({ resourceId: undefined, resourceName: 'Partner' }))],
    ['the id, in a snapshot', snapshot(known, gone({}))],
    ['the id, as the API writes it', history(known, gone({ configuration: 'null' }))],
  ])('is known by %s of another item', async (_, content) => {
    const { roles, rejects, codes } = await readContent(content);
    expect(rejects).toEqual([]);
    expect(roles.find(({ status }) => status === 'deleted')).toMatchObject({ arn: ARN });
    expect(codes).toEqual([]);
  });

  it('is taken to have no path when nothing tells, with a note', async () => {
    const { roles, codes, reading } = await readContent(history(gone({ ...other, resourceName: 'Partner' })));
    expect(roles).toMatchObject([
      { arn: 'arn:aws:iam::111122223333:role/Partner', roleId: other.resourceId, status: 'deleted' },
    ]);
    expect(codes).toEqual(['arn-from-name']);
    expect(reading.status).toBe('complete');
  });

  it.each([
    ['neither a name nor a known id', gone(other)],
    ['no account', gone({ ...other, resourceName: 'Partner', awsAccountId: undefined })],
    ['what is no name', gone({ ...other, resourceName: 'a/b' })],
  ])('is rejected when it has %s', async (_, deleted) => {
    const { rejects, roles } = await readContent(history(known, deleted));
    expect(rejects).toMatchObject([{ code: 'arn-missing' }]);
    expect(roles).toHaveLength(1);
  });

  it('of the API is known likewise', async () => {
    const api = (fields: object) => ({
      accountId: '111122223333',
      resourceType: 'AWS::IAM::Role',
      resourceId: 'AROAEXAMPLE0000000001',
      configurationItemCaptureTime: '2026-01-05T10:00:00.000Z',
      ...fields,
    });
    const { roles } = await readContent(
      JSON.stringify({
        configurationItems: [
          api({ configurationItemStatus: 'ResourceDeleted', configuration: 'null' }),
          api({
            arn: ARN,
            configurationItemStatus: 'OK',
            configuration: '{"assumeRolePolicyDocument":"%7B%7D"}',
          }),
        ],
      }),
    );
    expect(roles.map(({ arn, status }) => [arn, status])).toEqual([
      [ARN, 'live'],
      [ARN, 'deleted'],
    ]);
  });
});
