import { expect } from 'vitest';
import { openReport } from '../../../src/history/report/report.ts';
import { NOBODY_NAMED } from '../../../src/model/third-party.ts';
import type { Store } from '../../../src/store/index.ts';
import { AT } from '../../store/files.ts';
import { query } from './settled-findings.ts';

/**
 * `v_third_party` says of a settled store what the register of reports says. Of accounts that guardrails close anything to, or that
 * roles name which could not be decided, only the numbers of the other roles are the same: whom guardrails single out and leave a
 * guarded way in, and whom such roles name, is known to reports only. So is which role of an ARN was seen where an export has no ids:
 * the views take any of them for each, so the first time may be earlier there.
 */
export function expectSettledRegister(store: Store): void {
  const rows = [...openReport(store, { asOf: AT }).thirdParties()];
  const partly = new Set(
    rows.filter(({ roles }) => roles.closed > 0 || roles['not-evaluated'] > 0).map(({ account }) => account),
  );
  const mixed = new Set(
    query(
      store,
      `SELECT account_id FROM v_third_party WHERE EXISTS (
         SELECT 1 FROM json_each(roles) one JOIN role nameless ON nameless.account_id = one.value ->> 'account_id'
           AND nameless.arn = one.value ->> 'arn' AND nameless.role_id = ''
         JOIN role named ON named.account_id = nameless.account_id AND named.arn = nameless.arn AND named.role_id <> '')`,
    ).map((row) => String((row as readonly unknown[])[0])),
  );
  const told = query(
    store,
    `SELECT account_id, open_roles, guarded_roles, settled,
       json_array(name, relation, severity, own_accounts, privileges, last_used, last_seen), first_seen
     FROM v_third_party WHERE open_roles + guarded_roles > 0`,
  );
  const expected = rows.flatMap(({ account, roles, ...row }) => {
    if (account === NOBODY_NAMED || roles.open + roles.guarded === 0) return [];
    const { name, relation, severity, accounts, privileges, lastUsed, firstSeen, lastSeen } = row;
    const rest = [name, relation, severity, accounts, privileges, lastUsed, lastSeen];
    return [[account, roles.open, roles.guarded, 1, JSON.stringify(rest), firstSeen]];
  });
  const compared = (given: readonly unknown[]): readonly string[] =>
    (given as readonly (readonly unknown[])[])
      .map((row) => {
        const account = String(row[0]);
        return JSON.stringify(row.slice(0, partly.has(account) ? 4 : mixed.has(account) ? 5 : 6));
      })
      .sort();
  expect(compared(told)).toEqual(compared(expected));
}
