import { expect } from 'vitest';
import { openReport } from '../../../src/history/report/report.ts';
import { NOBODY_NAMED } from '../../../src/model/third-party.ts';
import type { Store } from '../../../src/store/index.ts';
import { AT } from '../../store/files.ts';
import { query } from './settled-findings.ts';

/**
 * `v_third_party` says of a settled store what the register of reports says. Of accounts that guardrails close anything to, or that
 * roles name which could not be decided, only the numbers of the other roles are the same: whom guardrails single out and leave a
 * guarded way in, and whom such roles name, is known to reports only.
 */
export function expectSettledRegister(store: Store): void {
  const rows = [...openReport(store, { asOf: AT }).thirdParties()];
  const partly = new Set(
    rows.filter(({ roles }) => roles.closed > 0 || roles['not-evaluated'] > 0).map(({ account }) => account),
  );
  const told = query(
    store,
    `SELECT account_id, open_roles, guarded_roles, settled,
       json_array(name, relation, severity, own_accounts, privileges, last_used, first_seen, last_seen)
     FROM v_third_party WHERE open_roles + guarded_roles > 0`,
  );
  const expected = rows.flatMap(({ account, roles, ...row }) => {
    if (account === NOBODY_NAMED || roles.open + roles.guarded === 0) return [];
    const { name, relation, severity, accounts, privileges, lastUsed, firstSeen, lastSeen } = row;
    const rest = [name, relation, severity, accounts, privileges, lastUsed, firstSeen, lastSeen];
    return [[account, roles.open, roles.guarded, 1, JSON.stringify(rest)]];
  });
  const compared = (given: readonly unknown[]): readonly string[] =>
    (given as readonly (readonly unknown[])[])
      .map((row) => JSON.stringify(partly.has(String(row[0])) ? row.slice(0, 4) : row))
      .sort();
  expect(compared(told)).toEqual(compared(expected));
}
