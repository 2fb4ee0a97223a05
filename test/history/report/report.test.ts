import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataProblem } from '../../../src/errors.ts';
import { openReport } from '../../../src/history/report/report.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { AT, RULE, roleRecord, scan, sha256Of, type TestFile } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
let stores = 0;
const newStore = (): Store => openStore(join(folder, `${stores++}.db`), { mode: 'write' });

const account = '111122223333';
const day = (n: number): string => `2026-01-0${n}T00:00:00Z`;
const file = (n: number, records: TestFile['records'], reason: DataProblem | null = null): TestFile => ({
  path: `${n}.json`,
  captures: [
    { account, capturedAt: day(n), complete: reason === null, reasons: reason === null ? [] : [reason] },
  ],
  records: records.map((record) => ({ ...record, capturedAt: day(n) })),
});
const failing = roleRecord({ roleName: 'F', roleId: 'AROAF', policy: '{"fail":1}', offset: 70 });
const passing = roleRecord({ roleName: 'P', policy: '{"pass":1}', offset: 9 });

describe('openReport', () => {
  it('gives the verdict object with its keys in order', () => {
    const store = newStore();
    scan(store, [file(1, [passing, failing]), file(2, [passing, failing])]);
    const [first, second, ...more] = [...openReport(store, { asOf: AT }).verdicts({})];
    expect(more).toEqual([]);
    const paths = [
      {
        statement: 0,
        sid: null,
        principal: '999988887777',
        account: '999988887777',
        guards: [],
        accountName: null,
        relation: 'unknown',
      },
    ];
    expect(JSON.stringify(first)).toBe(
      JSON.stringify({
        object: {
          rule: RULE,
          account,
          partition: 'aws',
          arn: `arn:aws:iam::${account}:role/F`,
          roleName: 'F',
          roleId: 'AROAF',
          verdict: 'fail',
          literal: 'pass',
          severity: 'medium',
          reason: 'guarded',
          notes: [],
          message: 'Every path is guarded.',
          paths,
          witness: null,
          evidence: { source: '2.json', sha256: sha256Of('2.json'), offset: 70, capturedAt: day(2) },
          firstSeen: day(1),
          lastSeen: day(2),
          state: 'unchanged',
          suppressedBy: null,
          guardrail: null,
          impact: null,
        },
        ways: paths,
        policy: '{"fail":1}',
        knownAs: 'AROAF',
      }),
    );
    expect(second?.object).toMatchObject({ roleName: 'P', verdict: 'pass', severity: null, state: null });
    store.close();
  });

  it('filters by outcome, rule and ARN', () => {
    const store = newStore();
    scan(store, [file(1, [passing, failing])]);
    const names = (filter: Parameters<ReturnType<typeof openReport>['verdicts']>[0]): string[] =>
      [...openReport(store, { asOf: AT }).verdicts(filter)].map(({ object }) => object.roleName);
    expect(names({ outcomes: ['fail', 'error'] })).toEqual(['F']);
    expect(names({ outcomes: [] })).toEqual([]);
    expect(names({ rule: RULE })).toEqual(['F', 'P']);
    expect(names({ rule: 'OTHER' })).toEqual([]);
    expect(names({ arn: passing.arn })).toEqual(['P']);
    store.close();
  });

  it('shows a policy that was never judged under a rule as an error', () => {
    const store = newStore();
    scan(store, [file(1, [passing])]);
    const run = store.beginRun({
      startedAt: AT,
      asOf: AT,
      toolVersion: '2',
      rules: ['NEW', RULE],
      options: null,
    });
    run.finish('complete', AT);
    const report = openReport(store, { asOf: AT });
    expect(report.toolVersion).toBe('2');
    expect(
      [...report.verdicts({})].map(({ object }) => [object.rule, object.verdict, object.reason]),
    ).toEqual([
      ['NEW', 'error', 'not-evaluated'],
      [RULE, 'pass', 'guarded'],
    ]);
    expect(report.totals().verdicts).toEqual({ pass: 1, fail: 0, 'not-applicable': 0, error: 1 });
    store.close();
  });

  it('says not-recorded roles and unreadable policies are errors', () => {
    const store = newStore();
    scan(store, [
      file(1, [
        roleRecord({ roleName: 'A', status: 'not-recorded' }),
        roleRecord({ roleName: 'B', trust: { state: 'undecodable', reason: 'not JSON' } }),
      ]),
    ]);
    expect([...openReport(store, { asOf: AT }).verdicts({})]).toMatchObject([
      { object: { roleName: 'A', verdict: 'error' }, policy: null },
      { object: { roleName: 'B', verdict: 'error' }, policy: null },
    ]);
    expect([...store.policies()].map(({ state, detail }) => [state, detail])).toEqual([
      ['missing', 'not recorded'],
      ['undecodable', 'not JSON'],
    ]);
    store.close();
  });

  it('tells which accounts are known in full', () => {
    const cases: readonly [readonly TestFile[], boolean][] = [
      [[file(1, [passing])], true],
      [[file(1, [passing]), file(2, [failing], 'changes-only')], true],
      [[file(1, [passing]), file(2, [failing], 'truncated')], false],
      [[file(1, [passing]), file(2, [failing], 'truncated'), file(3, [failing])], true],
      [[file(2, [failing], 'changes-only')], false],
      [[file(1, [])], true],
    ];
    for (const [files, complete] of cases) {
      const store = newStore();
      scan(store, files);
      const report = openReport(store, { asOf: AT });
      expect([...report.accounts()].map((row) => row.complete)).toEqual([complete]);
      expect(report.totals().accountsIncomplete).toBe(complete ? 0 : 1);
      store.close();
    }
  });

  it('lists every file of the store, or those of one run', () => {
    const store = newStore();
    scan(store, [file(1, [passing]), file(2, [passing])]);
    scan(store, [{ path: 'unreadable.bin', captures: [], records: [] }]);
    const paths = (run?: number): string[] =>
      [...openReport(store, run === undefined ? { asOf: AT } : { asOf: AT, run }).evidence()].map(
        (row) => row.path,
      );
    expect(paths()).toEqual(['1.json', '2.json', 'unreadable.bin']);
    expect(paths(1)).toEqual(['1.json', '2.json']);
    expect(paths(2)).toEqual(['unreadable.bin']);
    expect(() => openReport(store, { asOf: AT, run: 3 })).toThrow('no run `3`');
    store.close();
  });

  it('is empty on an empty store', () => {
    const store = newStore();
    const report = openReport(store, { asOf: AT });
    expect([...report.verdicts({})]).toEqual([]);
    expect(report.totals()).toMatchObject({ accounts: 0, roles: 0, files: 0, bytes: 0 });
    store.close();
  });

  it('of an earlier run is what the report was at that time', { timeout: 60_000 }, () => {
    const role = fc.record({
      roleName: fc.constantFrom('A', 'B'),
      roleId: fc.constantFrom('AROA1', 'AROA1', 'AROA2', ''),
      policy: fc.constantFrom('{"pass":1}', '{"fail":1}', '{"fail":2}'),
      status: fc.constantFrom<('live' | 'deleted')[]>('live', 'live', 'live', 'deleted'),
      offset: fc.nat(1000),
    });
    const capture = fc.record({
      reason: fc.constantFrom(null, null, 'truncated', 'changes-only'),
      roles: fc.uniqueArray(role, { maxLength: 4, selector: (one) => one.roleName + one.roleId }),
    });
    const text = (store: Store, run?: number): string => {
      const report = openReport(store, run === undefined ? { asOf: AT } : { asOf: AT, run });
      return JSON.stringify([[...report.verdicts({})], [...report.accounts()]]);
    };
    fc.assert(
      fc.property(fc.array(capture, { minLength: 1, maxLength: 6 }), (captures) => {
        const store = newStore();
        const then: string[] = [];
        for (const [index, { reason, roles }] of captures.entries()) {
          scan(store, [
            file(
              index + 1,
              roles.map((one) => roleRecord(one)),
              reason,
            ),
          ]);
          then.push(text(store));
        }
        expect(captures.map((_, index) => text(store, index + 1))).toEqual(then);
        store.close();
      }),
      { numRuns: 150 },
    );
  });
});
