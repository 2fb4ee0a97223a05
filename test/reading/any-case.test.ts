import { describe, expect, it } from 'vitest';
import type { JsonElement } from '../../src/json/reader.ts';
import { createReferenceReader } from '../../src/json/reference/reference-reader.ts';
import {
  ACCOUNT,
  arnOf,
  asConfiguration,
  essence,
  FIVE,
  json,
  lines,
  RECORDS,
} from '../formats/five-roles.ts';
import { readContent } from '../formats/read.ts';

const inCapitals = (row: object) =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toUpperCase(), value]));
const mixed = (row: object) =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key.replace(/[a-z]/, (first) => first.toUpperCase()), value]),
  );
const cloudquery = FIVE.map((role) => ({
  _cq_sync_time: '2024-03-01T00:00:00Z',
  account_id: ACCOUNT,
  arn: arnOf(role),
  assume_role_policy_document: role.trust,
  role_id: role.id,
}));
const steampipe = FIVE.map((role) => ({
  account_id: ACCOUNT,
  arn: arnOf(role),
  role_id: role.id,
  assume_role_policy: role.trust,
}));
const config = FIVE.map((role) => ({
  accountId: ACCOUNT,
  arn: arnOf(role),
  resourceType: 'AWS::IAM::Role',
  resourceId: role.id,
  configuration: asConfiguration(role),
}));

describe('keys in any case', () => {
  it.each([
    ['CloudQuery, lines', lines(cloudquery.map(inCapitals)), 'cloudquery', '2024-03-01T00:00:00Z'],
    ['CloudQuery, an array', json(cloudquery.map(inCapitals)), 'cloudquery', '2024-03-01T00:00:00Z'],
    ['CloudQuery, mixed', lines(cloudquery.map(mixed)), 'cloudquery', '2024-03-01T00:00:00Z'],
    ['Steampipe, an array', json(steampipe.map(inCapitals)), 'steampipe', '2026-02-01T00:00:00Z'],
    ['Steampipe, rows', json({ ROWS: steampipe.map(inCapitals) }), 'steampipe', '2026-02-01T00:00:00Z'],
    ['AWS Config rows', lines(config.map(inCapitals)), 'aws-config-query', '2026-02-01T00:00:00Z'],
  ])('%s', async (_, content, format, at) => {
    const { roles, captures, reading } = await readContent(content);
    expect(roles.map(essence)).toEqual(RECORDS);
    expect(captures).toEqual([{ account: ACCOUNT, capturedAt: at, complete: true, reasons: [] }]);
    expect(reading).toMatchObject({ format, status: 'complete' });
  });

  it('that differ in case alone are one key, twice', async () => {
    const row = { ...inCapitals(cloudquery[0] as object), Arn: arnOf(FIVE[1] as (typeof FIVE)[number]) };
    const { rejects } = await readContent(lines([row]));
    expect(rejects).toMatchObject([{ code: 'field-repeated' }]);
  });

  it('are told as the plan spells them, facts and containers too', () => {
    const reader = createReferenceReader({
      sources: [{ at: ['Rows'], shape: 'list', fields: [['Arn'], ['Inner', 'Trust']] }],
      facts: ['SyncTime'],
      framing: 'stream',
      anyCase: true,
    });
    const text = '{"SYNCTIME":"t","rOWS":[{"ARN":"a","INNER":{"trust":"x","Other":1}}]}';
    const [element] = [...reader.push(Buffer.from(text)), ...reader.end()] as [JsonElement];
    expect(Object.fromEntries(element.fields)).toEqual({ Arn: '"a"', 'Inner/Trust': '"x"' });
    expect(Object.fromEntries(element.facts)).toEqual({ SyncTime: '"t"' });
    expect(element.pointer).toBe('/rOWS/0');
  });
});
