import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openReport, type Report } from '../../../src/history/report/report.ts';
import { classOf } from '../../../src/model/verdict-class.ts';
import { openStore } from '../../../src/store/index.ts';
import { RULE, roleRecord, scan, type TestFile } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const ACCOUNTS = ['000000000001', '000000000002', '000000000003'];
const POLICIES = ['{"pass":1}', '{"fail":1}', '{"pass":2}', '{"fail":2}'];

/** The last account has an incomplete capture after the complete one, so that its roles are looked at one by one. */
function withReport(use: (report: Report) => void): void {
  const store = openStore(join(temporaryFolder(), 's.db'), { mode: 'write' });
  try {
    const fileOf = (account: string, day: string, complete: boolean, names: readonly string[]): TestFile => {
      const capturedAt = `2026-01-${day}T00:00:00Z`;
      const reasons = complete ? [] : (['truncated'] as const);
      return {
        path: `${account} ${day}.json`,
        captures: [{ account, capturedAt, complete, reasons }],
        records: names.map((roleName, index) =>
          roleRecord({
            account,
            capturedAt,
            roleName,
            roleId: `AROA${roleName}`,
            policy: POLICIES[index % POLICIES.length] ?? '',
            status: 'live',
          }),
        ),
      };
    };
    const names = Array.from({ length: 9 }, (_, index) => `R${index}`);
    scan(store, [
      ...ACCOUNTS.map((account) => fileOf(account, '01', true, names)),
      fileOf(ACCOUNTS[2] ?? '', '02', false, ['R0', 'R9']),
    ]);
    use(openReport(store, { asOf: '2026-01-03T00:00:00Z' }));
  } finally {
    store.close();
  }
}

const NOTHING = { 'notable-pass': 0, 'notable-not-applicable': 0, pass: 0, 'not-applicable': 0 };

describe('a report', () => {
  it('counts what passes as it lists it', () => {
    withReport((report) => {
      const listed = [...report.verdicts({ outcomes: ['pass', 'not-applicable'] })].map(
        ({ object }) => object,
      );
      const counted = [...report.verdictCounts()].flatMap(({ verdict, count }) =>
        Array.from({ length: count }, () => verdict),
      );
      const told = (all: readonly (typeof counted)[number][]): readonly string[] =>
        all.map((one) => JSON.stringify([one.rule, classOf(one), one.literal, one.paths])).sort();
      expect(told(counted)).toEqual(told(listed));
      expect(counted.length).toBeGreaterThan(10);
    });
  });

  it.each([0, 1, 7, 100])('lists all findings and the first %i of what passes', (pass) => {
    withReport((report) => {
      let left = pass;
      const expected = [...report.verdicts({})].filter(
        ({ object }) => object.verdict === 'fail' || left-- > 0,
      );
      expect([...report.verdicts({ most: { ...NOTHING, pass } })]).toEqual(expected);
      expect(expected.some(({ object }) => object.rule === RULE && object.verdict === 'fail')).toBe(true);
    });
  });
});
