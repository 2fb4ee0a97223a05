import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { openScopedReport } from '../../src/history/report/scoped-report.ts';
import { effectiveVerdict } from '../../src/model/guardrail.ts';
import type { StoredVerdict } from '../../src/model/report-source.ts';
import { ACCESSES, type Access, NOBODY_NAMED, type ThirdPartyRow } from '../../src/model/third-party.ts';
import { openStore } from '../../src/store/index.ts';
import { cli } from '../cli/harness.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { SAMPLES } from './folder.ts';

const RULE = 'D9.AWS.IAM.99';

let file: string;
/** `account access` to the ARNs of its roles, by the verdicts. */
let expected: Map<string, string[]>;
let accepted: Map<string, number>;
let rows: readonly ThirdPartyRow[];
let before: readonly ThirdPartyRow[];

beforeAll(async () => {
  file = join(temporaryFolder(), 'samples.db');
  const options = {
    '--accounts': 'accounts.json',
    '--known-accounts': 'vendors.yaml',
    '--exceptions': 'exceptions.yaml',
  };
  const given = Object.entries(options).flatMap(([option, name]) => [option, join(SAMPLES, name)]);
  const asOf = ['--as-of', '2026-05-01T00:00:00Z'];
  await cli(['scan', join(SAMPLES, 'evidence'), '--db', file, ...given, ...asOf]);
  const store = openStore(file, { mode: 'read' });
  const report = openScopedReport(store, {});
  expected = new Map();
  accepted = new Map();
  for (const verdict of report.verdicts({ rule: RULE })) count(verdict);
  rows = [...report.thirdParties()];
  before = [...openScopedReport(store, { at: { label: '', time: '2026-02-01T00:00:00' } }).thirdParties()];
  store.close();
}, 60_000);

/** Written apart from the register, from what the verdict object says alone. */
function count({ object, ways }: StoredVerdict): void {
  const add = (account: string, access: Access): void => {
    const key = `${account} ${access}`;
    expected.set(key, [...(expected.get(key) ?? []), object.arn]);
  };
  if (effectiveVerdict(object) === 'error') {
    // Those of the samples that cannot be decided show no policy at all.
    add(NOBODY_NAMED, 'not-evaluated');
    return;
  }
  // Of a way that is left to every account of the organisation one account is an example only.
  const accountOf = ({ account, anyMember }: StoredVerdict['ways'][number]): string =>
    anyMember === true ? 'any-member' : account;
  const isOpen = (paths: StoredVerdict['ways'], account: string): boolean =>
    paths.some((path) => accountOf(path) === account && path.guards.length === 0);
  for (const account of new Set([...object.paths, ...ways].map(accountOf))) {
    if (isOpen(ways, account)) {
      add(account, 'open');
      if (object.suppressedBy !== null) accepted.set(account, (accepted.get(account) ?? 0) + 1);
    } else if (isOpen(object.paths, account)) add(account, 'closed');
    else add(account, 'guarded');
  }
}

describe('the third-party register of the samples', () => {
  it('has the roles of the verdicts, each once for each account', () => {
    const told = rows.flatMap(({ account, listed }) =>
      ACCESSES.flatMap((access): readonly (readonly [string, readonly string[]])[] => {
        const arns = listed.filter((role) => role.access === access).map(({ arn }) => arn);
        return arns.length === 0 ? [] : [[`${account} ${access}`, arns.sort()]];
      }),
    );
    expect(new Map(told)).toEqual(new Map([...expected].map(([key, arns]) => [key, arns.sort()])));
    for (const access of ACCESSES)
      expect(
        told.some(([key]) => key.endsWith(access)),
        access,
      ).toBe(true);
  });

  it('counts them, and what exceptions accept', () => {
    for (const { account, roles, ...row } of rows) {
      for (const access of ACCESSES) {
        expect(roles[access], account).toBe(expected.get(`${account} ${access}`)?.length ?? 0);
      }
      expect(row.accepted, account).toBe(accepted.get(account) ?? 0);
      expect(row.exceptions.reduce((sum, one) => sum + one.roles, 0)).toBe(row.accepted);
      expect(row.leftOut).toBe(0);
    }
    expect(accepted.size).toBeGreaterThan(2);
  });

  it('says the same in SQL', () => {
    const db = new Database(file, { readonly: true });
    const views = db.prepare<[], Record<string, unknown>>('SELECT * FROM v_third_party').all();
    db.close();
    const bySql = views.map((view) => ({
      account: view['account_id'],
      relation: view['relation'],
      name: view['name'],
      severity: view['severity'],
      roles: {
        open: view['open_roles'],
        'not-evaluated': view['not_evaluated_roles'],
        closed: view['closed_roles'],
        guarded: view['guarded_roles'],
      },
      guards: { mfa: view['guarded_by_mfa'], 'external-id': view['guarded_by_external_id'] },
      accounts: view['own_accounts'],
      privileges: view['privileges'],
      lastUsed: view['last_used'],
      lastSeen: view['last_seen'],
    }));
    const byReport = rows.map(
      ({ account, relation, name, severity, roles, guards, accounts, privileges, lastUsed, lastSeen }) => ({
        ...{ account, relation, name, severity, roles, guards, accounts, privileges, lastUsed, lastSeen },
      }),
    );
    const byAccount = (a: { account: unknown }, b: { account: unknown }): number =>
      String(a.account) < String(b.account) ? -1 : 1;
    expect(bySql.sort(byAccount)).toEqual(byReport.sort(byAccount));
    const listed = views.flatMap(({ account_id, roles }) =>
      (JSON.parse(String(roles)) as { arn: string; access: string }[]).map(
        ({ arn, access }) => `${account_id} ${access} ${arn}`,
      ),
    );
    expect(listed.sort()).toEqual(
      [...expected].flatMap(([key, arns]) => arns.map((arn) => `${key} ${arn}`)).sort(),
    );
  });

  it('is that of the moment for --at', () => {
    expect(before.length).toBeGreaterThan(10);
    expect(before.every(({ lastSeen }) => lastSeen === null || lastSeen < '2026-02-01')).toBe(true);
    expect(before).not.toEqual(rows);
  });
});
