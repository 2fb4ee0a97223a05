import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openReport } from '../../../src/history/report/report.ts';
import type { AccountCapture } from '../../../src/model/capture.ts';
import type { RoleRecord } from '../../../src/model/record.ts';
import type { KnownAccount } from '../../../src/model/relations.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { dumpStore } from '../dump.ts';
import { AT, beginRun, judge, RULE, roleRecord, scan, verdictOf, writeFile } from '../files.ts';

const folder = temporaryFolder();
let stores = 0;

function newStore(rows = 1000): Store {
  return openStore(join(folder, `${stores++}.db`), {
    mode: 'write',
    limits: { rows },
  });
}

const january: AccountCapture = {
  account: '111122223333',
  capturedAt: '2026-01-01T00:00:00Z',
  complete: true,
  reasons: [],
};

describe('counts of a file', () => {
  const cases: readonly [what: string, records: readonly RoleRecord[], accepted: number, policy: string][] = [
    [
      'a repeated record is a duplicate',
      [roleRecord({ offset: 1 }), roleRecord({ offset: 2 })],
      1,
      '{"pass":1}',
    ],
    [
      'the greater version stands, wherever it comes',
      [
        roleRecord({ version: '2', policy: '{"fail":2}', offset: 1 }),
        roleRecord({ version: '1', policy: '{"pass":9}', offset: 2 }),
      ],
      1,
      '{"fail":2}',
    ],
    [
      'another role id is another role',
      [roleRecord({ roleId: 'AROA1', offset: 1 }), roleRecord({ roleId: 'AROA2', offset: 2 })],
      2,
      '{"pass":1}',
    ],
    [
      'another time is another observation',
      [roleRecord({}), roleRecord({ capturedAt: '2026-02-01T00:00:00Z', offset: 2 })],
      2,
      '{"pass":1}',
    ],
    [
      'names that differ only in what UTF-8 cannot hold are one',
      [roleRecord({ roleName: 'x\ud800', offset: 1 }), roleRecord({ roleName: 'x\udfff', offset: 2 })],
      1,
      '{"pass":1}',
    ],
    [
      'names that only look joined alike are two',
      [
        roleRecord({ arn: 'arn:a', roleId: '1:b', offset: 1 }),
        roleRecord({ arn: 'b\0arn:a', roleId: '1', offset: 2 }),
      ],
      2,
      '{"pass":1}',
    ],
  ];
  it.each(cases.flatMap((one) => [1000, 1].map((rows) => [one[0], rows, one] as const)))(
    '%s (%d rows in memory)',
    (_what, rows, [, records, accepted, policy]) => {
      const store = newStore(rows);
      const [row] = scan(store, [{ path: 'a.json', captures: [january], records }]);
      expect(row).toMatchObject({
        recordsRead: records.length,
        recordsAccepted: accepted,
        recordsRejected: 0,
      });
      expect(row).toMatchObject({
        recordsDuplicate: records.length - accepted - (row?.recordsSuperseded ?? 0),
      });
      expect([...store.policies()].map((one) => one.document)).toContain(policy);
      store.close();
      expect(dumpStore(store.path).observations.length).toBeLessThanOrEqual(accepted);
    },
  );

  it.each([1000, 1])('tells older states from repeats (%d rows in memory)', (rows) => {
    const store = newStore(rows);
    const versions = ['2', '1', '3', '3', '1'];
    const records = versions.map((version, offset) => roleRecord({ version, offset }));
    const [row] = scan(store, [{ path: 'a.json', captures: [january], records }]);
    expect(row).toMatchObject({
      recordsRead: 5,
      recordsAccepted: 1,
      recordsSuperseded: 3,
      recordsDuplicate: 1,
      recordsRejected: 0,
    });
    store.close();
  });

  it('must add up, or nothing of the file is stored', () => {
    const store = newStore();
    const writer = beginRun(store).evidence();
    writer.add(roleRecord({}), judge(roleRecord({})));
    writer.reject({ offset: 7, pointer: '/1', code: 'arn-missing', message: 'no ARN' });
    const outcome = {
      evidence: { path: 'a.json', sha256: 'aa', bytes: 1, modifiedAt: null },
      format: 'test',
      capturedFrom: null,
      captures: [january],
      recordsRead: 3,
      status: 'complete',
      problems: [],
    } as const;
    expect(() => writer.finish(outcome)).toThrow(
      'the counts of `a.json` do not add up: 3 records read, 1 accepted, 0 superseded, 0 duplicate, 1 rejected',
    );
    writer.abandon();
    expect([...openReport(store, { asOf: AT }).evidence()]).toEqual([]);
    store.close();
  });
});

describe('rejects', () => {
  it.each([1000, 1])('come back in the order of the file, and once (%d rows in memory)', (rows) => {
    const store = newStore(rows);
    const rejects = [5, 3, 9].map((offset) => ({
      offset,
      pointer: `/${offset}`,
      code: 'arn-missing' as const,
      message: 'm',
    }));
    for (let time = 0; time < 2; time++) {
      const writer = beginRun(store).evidence();
      for (const reject of rejects) writer.reject(reject);
      writer.finish({
        evidence: { path: 'r.json', sha256: 'ff', bytes: 10, modifiedAt: null },
        format: null,
        capturedFrom: null,
        captures: [],
        recordsRead: 3,
        status: 'incomplete',
        problems: [{ code: 'records-rejected', message: '3 records were rejected' }],
      });
    }
    const report = openReport(store, { asOf: AT });
    expect([...report.rejects()]).toEqual(rejects.map((reject) => ({ path: 'r.json', ...reject })));
    expect([...report.evidence()]).toMatchObject([
      { recordsRejected: 3, problems: [{ code: 'records-rejected', message: '3 records were rejected' }] },
    ]);
    expect(report.totals()).toMatchObject({
      files: 1,
      bytes: 10,
      recordsRead: 3,
      recordsRejected: 3,
      roles: 0,
    });
    store.close();
  });
});

describe('runs', () => {
  it('that were killed are called interrupted by the next', () => {
    const store = newStore();
    beginRun(store);
    const second = beginRun(store);
    writeFile(second, { path: 'a', captures: [january], records: [roleRecord({})] });
    second.finish('incomplete', AT);
    expect(store.listRuns()).toMatchObject([
      { id: 1, status: 'interrupted', finishedAt: null, files: 0 },
      { id: 2, status: 'incomplete', finishedAt: AT, files: 1, records: 1, toolVersion: '1.2.3' },
    ]);
    store.close();
  });
});

describe('roles, policies and verdicts', () => {
  it('take a later verdict on the same policy', () => {
    const store = newStore();
    scan(store, [{ path: 'a', captures: [january], records: [roleRecord({})] }]);
    const [policy] = [...store.policies()];
    const path = { statement: 0, sid: 'S', principal: '*', account: '*', guards: ['mfa'] } as const;
    store.saveVerdict(policy?.id ?? 0, '', verdictOf({ verdict: 'not-applicable', paths: [path, path] }));
    store.saveVerdict(policy?.id ?? 0, '', verdictOf({ verdict: 'not-applicable', paths: [path] }));
    const fresh = openReport(store, { asOf: AT });
    expect([...fresh.verdicts({ rule: RULE })].map(({ object }) => object)).toMatchObject([
      { verdict: 'not-applicable', paths: [{ ...path, relation: 'any', accountName: null }] },
    ]);
    store.close();
  });

  it('are written once for policies that recur among more of them than are remembered', () => {
    const store = newStore(100_000);
    // Of four roles one after the other, the last has the policy of the first, and each other one of its own.
    const policies = Array.from({ length: 8_000 }, (_, index) => index - (index % 4 === 3 ? 3 : 0));
    const records = policies.map((number, offset) =>
      roleRecord({ roleName: `r${offset}`, policy: `{"fail":${number}}`, offset }),
    );
    scan(store, [{ path: 'a.json', captures: [january], records }]);
    store.close();
    const dump = dumpStore(store.path);
    expect(dump.policies).toHaveLength(new Set(policies).size);
    expect(dump.verdicts).toHaveLength(dump.policies.length);
  });

  it('keep the known accounts of the last call only', () => {
    const store = newStore();
    scan(store, [{ path: 'a', captures: [january], records: [roleRecord({})] }]);
    const vendor = { name: 'Vendor', relation: 'third-party' } as const;
    store.saveRelations({
      accounts: new Map<string, KnownAccount>([
        ['111122223333', { name: 'Own', relation: 'same-organisation' }],
        ['999988887777', vendor],
      ]),
      organisationKnown: true,
    });
    expect([...openReport(store, { asOf: AT }).accounts()]).toMatchObject([{ name: 'Own' }]);
    store.saveRelations({ accounts: new Map([['999988887777', vendor]]), organisationKnown: false });
    expect(store.relations()).toEqual({
      accounts: new Map([['999988887777', vendor]]),
      organisationKnown: false,
    });
    expect([...openReport(store, { asOf: AT }).accounts()]).toMatchObject([{ name: null }]);
    store.close();
  });
});
