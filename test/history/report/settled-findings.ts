import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { diffStore } from '../../../src/history/compare/diff.ts';
import { openReport } from '../../../src/history/report/report.ts';
import { effectiveVerdict } from '../../../src/model/guardrail.ts';
import type { Store } from '../../../src/store/index.ts';
import { AT } from '../../store/files.ts';

/** Rows of a view as lists of values. */
export function query(store: Store, sql: string): readonly unknown[] {
  const db = new Database(store.path, { readonly: true });
  try {
    return db.prepare(sql).raw().all();
  } finally {
    db.close();
  }
}

const inNoOrder = (rows: readonly unknown[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row)).sort();

/** `v_finding` says of a settled store what the report says of findings, and `v_change` what `diff previous latest` lists. */
export function expectSettledFindings(store: Store): void {
  const findings = query(
    store,
    `SELECT DISTINCT rule_id, account_id, arn, role_id, state, first_seen, last_seen, exception, settled FROM v_finding`,
  );
  const open = [...openReport(store, { asOf: AT }).verdicts({ outcomes: ['fail'] })].flatMap(
    ({ object: one }) =>
      effectiveVerdict(one) === 'fail'
        ? [
            [
              one.rule,
              one.account,
              one.arn,
              one.roleId,
              one.state,
              one.firstSeen,
              one.lastSeen,
              one.suppressedBy,
              1,
            ],
          ]
        : [],
  );
  expect(inNoOrder(findings)).toEqual(inNoOrder(open));

  const latest = { label: 'latest', scope: { kind: 'all' } } as const;
  const diff = diffStore(store, { label: 'previous', scope: { kind: 'previous' } }, latest);
  const changes = query(
    store,
    'SELECT change, cause, rule_id, account_id, arn, role_id, from_verdict, to_verdict FROM v_change',
  );
  const listed = [...diff.changes].map((one) => {
    const { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict } = one;
    return [change, cause, rule, account, arn, roleId, fromVerdict, toVerdict];
  });
  expect(inNoOrder(changes)).toEqual(inNoOrder(listed));
  expect(query(store, 'SELECT count(*) FROM v_change WHERE settled AND compared_with IS NULL')).toEqual([
    [diff.baseline],
  ]);
}
