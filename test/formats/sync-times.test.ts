import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { lines } from './five-roles.ts';
import { readContent } from './read.ts';

const A = '111122223333';
const B = '222233334444';
const DAY = '2026-01-01T06:00:00Z';
const NEXT = '2026-01-02T06:00:00Z';

const row = (name: string, synced: unknown, account = A) => ({
  ...(synced === undefined ? {} : { _cq_sync_time: synced }),
  _cq_id: name,
  account_id: account,
  arn: `arn:aws:iam::${account}:role/${name}`,
  assume_role_policy_document: { Statement: [] },
});
const asCsv = (rows: readonly ReturnType<typeof row>[]) =>
  stringify(
    rows.map((one) => ({ ...one, assume_role_policy_document: '{"Statement":[]}' })),
    {
      header: true,
      columns: ['_cq_sync_time', '_cq_id', 'account_id', 'arn', 'assume_role_policy_document'],
    },
  );
const times = ({ roles }: Awaited<ReturnType<typeof readContent>>) =>
  Object.fromEntries(roles.map(({ roleName, capturedAt }) => [roleName, capturedAt]));
const incomplete = (capturedAt: string, account = A) => ({
  account,
  capturedAt,
  complete: false,
  reasons: ['sync-time-missing'],
});

describe('a row of CloudQuery without a usable time', () => {
  it.each([
    ['none', undefined],
    ['null', null],
    ['an empty one', ''],
    ['a damaged one', '2026-13-01T00:00:00Z'],
    ['a number', 17],
  ])('belongs to the sync of its table and makes it incomplete: %s', async (_, synced) => {
    for (const rows of [
      [row('a', DAY), row('b', synced)],
      [row('b', synced), row('a', DAY)],
    ]) {
      const found = await readContent(lines(rows));
      expect(times(found)).toEqual({ a: DAY, b: DAY });
      expect(found.captures).toEqual([incomplete(DAY)]);
      expect(found.codes).toEqual(['sync-time-missing']);
      expect(found.reading).toMatchObject({ status: 'incomplete', recordsRead: 2, recordsRejected: 0 });
    }
  });

  it.each(['', 'NULL', 'x'])('is the same in CSV: %j', async (synced) => {
    const found = await readContent(asCsv([row('b', synced), row('a', DAY)]));
    expect(times(found)).toEqual({ a: DAY, b: DAY });
    expect(found.captures).toEqual([incomplete(DAY)]);
  });

  it('belongs to the newest sync of its account, and spoils all of that account', async () => {
    const rows = [row('x', null), row('a', DAY), row('b', NEXT), row('c', DAY, B)];
    const found = await readContent(lines(rows));
    expect(times(found)).toEqual({ x: NEXT, a: DAY, b: NEXT, c: DAY });
    expect(found.captures).toEqual([
      incomplete(DAY),
      incomplete(NEXT),
      { account: B, capturedAt: DAY, complete: true, reasons: [] },
    ]);
  });

  it('of an account without a sync belongs to the newest of the table', async () => {
    const found = await readContent(lines([row('x', null, B), row('a', DAY), row('b', NEXT)]));
    expect(times(found)).toMatchObject({ x: NEXT });
    expect(found.captures.find(({ account }) => account === B)).toEqual(incomplete(NEXT, B));
  });

  it('does not wait for ever: of very many, each belongs to what is known by then, and nothing is whole', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => row(`r${index}`, null));
    const found = await readContent(lines([...many, row('a', DAY)]));
    expect(found.roles).toHaveLength(5001);
    expect(found.captures.every(({ complete }) => !complete)).toBe(true);
    expect(found.codes).toEqual(['sync-time-missing']);
  });

  it('leaves a table in which no row has one at the time of its file', async () => {
    const found = await readContent(lines([row('a', null), row('b', null)]));
    expect(found.captures).toEqual([incomplete('2026-02-01T00:00:00Z')]);
  });
});

describe('a table of CloudQuery without the column', () => {
  const linked = { ...row('s', undefined), arn: `arn:aws:iam::${A}:role/aws-service-role/x/s` };

  it('has the time of its file, and may be filtered', async () => {
    const found = await readContent(lines([row('a', undefined), row('b', undefined)]));
    expect(found.captures).toEqual([
      { account: A, capturedAt: '2026-02-01T00:00:00Z', complete: false, reasons: ['maybe-filtered'] },
    ]);
  });

  it('is whole with a service-linked role, or when the user says so', async () => {
    const whole = [{ account: A, capturedAt: '2026-02-01T00:00:00Z', complete: true, reasons: [] }];
    expect((await readContent(lines([row('a', undefined), linked]))).captures).toEqual(whole);
    expect((await readContent(lines([row('a', undefined)]), { whole: true })).captures).toEqual(whole);
  });
});

describe('a row of authorization details without a time', () => {
  const details = (account: string, synced: unknown) => ({
    _cq_sync_time: synced,
    account_id: account,
    role_detail_list: [{ Arn: `arn:aws:iam::${account}:role/a`, AssumeRolePolicyDocument: '%7B%7D' }],
  });

  it('belongs to the sync of its table', async () => {
    const found = await readContent(lines([details(B, null), details(A, DAY)]));
    expect(found.captures).toEqual([
      { account: A, capturedAt: DAY, complete: true, reasons: [] },
      incomplete(DAY, B),
    ]);
  });
});
