import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { readContent } from './read.ts';

const TRUST = {
  Statement: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'sts:AssumeRole' }],
};
const item = (name: string, more: object = {}) => ({
  configurationItemCaptureTime: '2026-02-01T10:00:00.500Z',
  configurationStateId: '1769940000500',
  configurationItemStatus: 'OK',
  awsAccountId: '111122223333',
  resourceType: 'AWS::IAM::Role',
  resourceId: 'AROAEXAMPLE0000000001',
  ARN: `arn:aws:iam::111122223333:role/${name}`,
  configuration: {
    arn: `arn:aws:iam::111122223333:role/${name}`,
    assumeRolePolicyDocument: encodeURIComponent(JSON.stringify(TRUST)),
  },
  ...more,
});
const ITEMS = [
  item('a'),
  item('b', { configurationItemStatus: 'ResourceDeleted', configuration: null }),
  item('c', { configurationItemStatus: 'ResourceNotRecorded', configuration: null }),
  item('d', { resourceType: 'AWS::IAM::User' }),
  item('e', { configuration: { assumeRolePolicyDocument: TRUST } }),
];
const asCsv = (items: readonly object[]) =>
  stringify(
    items.map((entry) =>
      Object.fromEntries(Object.entries(entry).map(([name, value]) => [name.toLowerCase(), value])),
    ),
    { header: true, quoted: true },
  );

describe('AWS Config CSV', () => {
  it('gives the same records as a history file', async () => {
    const json = await readContent(JSON.stringify({ fileVersion: '1.0', configurationItems: ITEMS }));
    const csv = await readContent(
      asCsv(ITEMS),
      {},
      'x/1_Config_us-east-1_ConfigSnapshot_20260301T000000Z_1.csv',
    );
    const records = (found: typeof json) => found.roles.map((role) => ({ ...role, offset: 0, pointer: '' }));
    expect(records(csv)).toEqual(records(json));
    expect(csv.roles.map(({ roleName, trust }) => [roleName, trust.state])).toEqual([
      ['a', 'document'],
      ['b', 'missing'],
      ['c', 'missing'],
      ['e', 'document'],
    ]);
    expect(csv.captures).toEqual(json.captures);
    expect(csv.captures).toMatchObject([{ complete: false, reasons: ['changes-only'] }]);
    expect(csv.reading.format).toBe('aws-config-csv');
  });

  it.each(['[]', '{"assumeRolePolicyDocument":', 'x'])(
    'does not take %s for a configuration',
    async (text) => {
      const { roles } = await readContent(asCsv([item('a', { configuration: text })]));
      expect(roles).toMatchObject([{ trust: { state: 'undecodable' } }]);
    },
  );

  it('sees a policy that stands in the configuration twice', async () => {
    const twice = '{"assumeRolePolicyDocument":{},"assumeRolePolicyDocument":{"x":1}}';
    const { roles } = await readContent(asCsv([item('a', { configuration: twice })]));
    expect(roles[0]?.trust).toMatchObject({
      state: 'undecodable',
      reason: expect.stringContaining('more than once'),
    });
  });
});

describe('a query that the console of AWS Config exports as CSV', () => {
  const COLUMNS = ['resourceId', 'accountId', 'arn', 'configuration.assumeRolePolicyDocument'];
  const row = (name: string, path = '/') => [
    'AROAEXAMPLE0000000001',
    '111122223333',
    `arn:aws:iam::111122223333:role${path}${name}`,
    encodeURIComponent(JSON.stringify(TRUST)),
  ];
  const csv = (columns: readonly string[], ...rows: readonly (readonly string[])[]) =>
    stringify([columns, ...rows].map((cells) => [...cells]));

  it.each([
    ['as the console writes them', COLUMNS],
    ['in small letters', COLUMNS.map((name) => name.toLowerCase())],
    ['in capitals', COLUMNS.map((name) => name.toUpperCase())],
  ])('has columns with dots, %s', async (_, columns) => {
    const { roles, reading, captures } = await readContent(csv(columns, row('a')));
    expect(roles).toMatchObject([
      {
        roleName: 'a',
        roleId: 'AROAEXAMPLE0000000001',
        trust: { state: 'document', text: JSON.stringify(TRUST) },
      },
    ]);
    expect(reading.format).toBe('aws-config-query');
    expect(captures).toMatchObject([{ complete: false, reasons: ['maybe-filtered'] }]);
  });

  it('is whole with a service-linked role', async () => {
    const { captures } = await readContent(csv(COLUMNS, row('a'), row('b', '/aws-service-role/x/')));
    expect(captures).toMatchObject([{ complete: true, reasons: [] }]);
  });

  it('may hold the whole configuration in one column', async () => {
    const columns = ['resourceId', 'accountId', 'arn', 'configuration'];
    const cells = row('a').with(3, JSON.stringify({ assumeRolePolicyDocument: TRUST }));
    const { roles, reading } = await readContent(csv(columns, cells));
    expect(roles).toMatchObject([{ trust: { state: 'document', text: JSON.stringify(TRUST) } }]);
    expect(reading.format).toBe('aws-config-query');
  });

  it.each(['#TYPE System.Management.Automation.PSCustomObject\r\n', '#TYPE X\nsep=,\n'])(
    'may follow %j',
    async (head) => {
      const { roles, rejects } = await readContent(head + csv(COLUMNS, row('a'), row('b')));
      expect(roles.map(({ roleName }) => roleName)).toEqual(['a', 'b']);
      expect(rejects).toEqual([]);
    },
  );
});
