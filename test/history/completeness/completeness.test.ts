import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openReport } from '../../../src/history/report/report.ts';
import type { Member } from '../../../src/model/account-lists.ts';
import { openStore } from '../../../src/store/index.ts';
import { AT, RULE, type TestFile, writeFile } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
let stores = 0;
const ACCOUNTS = ['000000000001', '000000000002', '000000000003', '000000000004'];
const STATUSES = ['ACTIVE', 'ACTIVE', 'PENDING_ACTIVATION', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'];

const capture = fc.record({
  account: fc.constantFrom(...ACCOUNTS.slice(1)),
  capturedAt: fc.constantFrom(
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.5Z',
    '2026-01-31T23:59:59Z',
    '2026-02-01T00:00:00Z',
    '2026-02-08T00:00:00.25Z',
  ),
  complete: fc.boolean(),
});
const members: fc.Arbitrary<readonly Member[]> = fc.uniqueArray(
  fc.record({
    account: fc.constantFrom(...ACCOUNTS.slice(0, 3)),
    name: fc.constantFrom(null, 'Name'),
    status: fc.constantFrom(...STATUSES),
  }),
  { selector: ({ account }) => account },
);

it('the views name the gaps and ages that the report names', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(
      fc.array(capture, { minLength: 1, maxLength: 8 }),
      fc.option(members),
      fc.nat(40),
      fc.option(fc.nat(40)),
      (captures, list, staleAfter, maxAge) => {
        const path = join(folder, `${stores++}.db`);
        const store = openStore(path, { mode: 'write' });
        if (list !== null) store.saveMembers({ members: list, whole: true });
        const facts = { startedAt: AT, asOf: AT, toolVersion: '1', rules: [RULE], options: null };
        const run = store.beginRun({ ...facts, staleAfter, maxAge });
        for (const [index, { complete, ...claim }] of captures.entries()) {
          const reasons = complete ? [] : (['partial-inventory'] as const);
          const file: TestFile = {
            path: `${index}.json`,
            captures: [{ ...claim, complete, reasons }],
            records: [],
          };
          writeFile(run, file);
        }
        run.finish('complete', AT);
        const report = openReport(store, { asOf: AT });
        const { gaps, closed, members: expected, membersKnown, reasons, lacks = [] } = report.completeness();
        const accounts = [...report.accounts()];
        store.close();
        const db = new Database(path, { readonly: true });
        expect(
          db.prepare('SELECT account_id, name, why, captured_at, age FROM v_account_gap').raw().all(),
        ).toEqual([
          ...(membersKnown ? [] : [[null, null, 'members-unknown', null, null]]),
          ...gaps.map(({ account, name, why, capturedAt, age }) => [account, name, why, capturedAt, age]),
        ]);
        expect(db.prepare('SELECT account_id, carried_forward FROM v_account').raw().all()).toEqual(
          accounts.map(({ account, carriedForward }) => [account, carriedForward]),
        );
        db.close();
        // The short list leaves no reason out, and names nobody that the long one does not name.
        expect(lacks).toHaveLength(reasons.length);
        for (const [index, { named, more }] of lacks.entries()) {
          for (const one of named) expect(reasons[index]).toContain(one);
          expect(reasons[index]?.includes(` and ${more} more`)).toBe(more > 0);
        }
        expect(membersKnown).toBe(list !== null);
        expect(expected + closed.length).toBe(list?.length ?? 0);
        const isOpen = ({ status }: Member): boolean =>
          status.endsWith('ACTIVE') || status.endsWith('ACTIVATION');
        expect(closed.map(({ account }) => account)).toEqual(
          (list ?? [])
            .filter((member) => !isOpen(member))
            .map(({ account }) => account)
            .sort(),
        );
        // Whoever should be there and has no complete capture is named.
        for (const { account } of (list ?? []).filter(isOpen)) {
          // Files without roles are covered by any whole one of the same time.
          const isCovered = captures.some((one) => one.account === account && one.complete);
          if (!isCovered) expect(gaps.map((gap) => gap.account)).toContain(account);
        }
      },
    ),
    { numRuns: 60 },
  );
});
