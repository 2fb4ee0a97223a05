import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import initSqlJs from 'sql.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { diffStore } from '../../src/history/compare/diff.ts';
import { openReport, type Report } from '../../src/history/report/report.ts';
import { effectiveVerdict, isClosedByGuardrail } from '../../src/model/guardrail.ts';
import type { StoredVerdict } from '../../src/model/report-source.ts';
import { openScannedStore, openStore, type Store } from '../../src/store/index.ts';
import { inCheckout } from '../checkout.ts';
import { cli } from '../cli/harness.ts';
import { day, OPEN, OWN, RULE, scanCaptures } from '../history/guardrails/organisation.ts';
import { roleRecord, scan } from '../store/files.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const AS_OF = '2026-05-01T00:00:00Z';
const text = readFileSync(inCheckout('docs', 'questions.md'), 'utf8');
const questions = [...text.matchAll(/^## \d+\. (.*?)\n.*?^```sql\n(.*?)^```$/gms)].map(
  ([, question = '', sql = '']) => [question, sql] as const,
);

type Row = readonly (string | number | null)[];

/** What the reports of the store say. */
interface Told {
  readonly store: Store;
  readonly report: Report;
  /** Findings by the verdict that counts, in the order of reports. */
  readonly open: readonly StoredVerdict[];
  readonly closed: readonly StoredVerdict[];
}

const waysOf = ({ ways }: StoredVerdict) => ways.filter(({ guards }) => guards.length === 0);
const roleOf = ({ object: { account, arn, roleId } }: StoredVerdict): Row => [account, arn, roleId];

/** The answers in the order of the document, worked out of the data of reports; rows in no order. */
const ANSWERS: readonly ((told: Told) => Iterable<Row>)[] = [
  ({ report, open }) => {
    const names = new Map([...report.accounts()].map(({ account, name }) => [account, name]));
    return open.flatMap((one) =>
      one.object.severity !== 'critical'
        ? []
        : waysOf(one).flatMap(({ account, principal, statement, sid }) => {
            const { account: owner, arn, suppressedBy } = one.object;
            return account === '*'
              ? [[owner, names.get(owner) ?? null, arn, principal, statement, sid, suppressedBy]]
              : [];
          }),
    );
  },
  ({ open }) => {
    const outside = open.flatMap((one) => waysOf(one).map((way) => ({ one, way })));
    const keys = new Set(
      outside.flatMap(({ way: { account, relation } }) =>
        relation === 'third-party' || relation === 'unknown' ? [JSON.stringify([account, relation])] : [],
      ),
    );
    return [...keys].map((key) => {
      const own = outside.filter(({ way }) => JSON.stringify([way.account, way.relation]) === key);
      const [account, relation] = JSON.parse(key) as [string, string];
      return [
        account,
        own[0]?.way.accountName ?? null,
        relation,
        new Set(own.map(({ one }) => one.object.account)).size,
        new Set(own.map(({ one }) => roleOf(one).join(' '))).size,
      ];
    });
  },
  ({ store }) => {
    const latest = { label: 'latest', scope: { kind: 'all' } } as const;
    const diff = diffStore(store, { label: 'previous', scope: { kind: 'previous' } }, latest);
    const before = new Map(diff.accounts.map(({ account, from }) => [account, from]));
    return [...diff.changes].flatMap((one) => {
      const from = before.get(one.account) ?? null;
      const { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict } = one;
      return from === null ? [] : [[change, cause, rule, account, arn, roleId, fromVerdict, toVerdict, from]];
    });
  },
  ({ report, open }) => {
    const newest =
      [...report.accounts()]
        .map(({ capturedAt }) => Date.parse(capturedAt))
        .sort()
        .at(-1) ?? 0;
    return open
      .map(({ object: one }) => {
        const days = Math.floor((newest - Date.parse(one.firstSeen)) / 86_400_000);
        return [one.firstSeen, days, one.severity, one.account, one.arn, one.roleId, one.rule];
      })
      .sort((a, b) => (a[0] === b[0] ? 0 : String(a[0]) < String(b[0]) ? -1 : 1))
      .slice(0, 20);
  },
  ({ report }) =>
    report
      .completeness()
      .gaps.map(({ account, name, why, capturedAt, age }) => [account, name, why, capturedAt, age]),
  ({ report, open }) => {
    const exceptions = new Map(report.exceptions().map((entry) => [entry.id, entry]));
    return open.flatMap((one) => {
      const entry = exceptions.get(one.object.suppressedBy ?? '');
      if (entry === undefined) return [];
      return [[entry.expires, entry.id, entry.owner, entry.reason, ...roleOf(one), one.object.rule, 1]];
    });
  },
  ({ open }) =>
    open.flatMap((one) => {
      const leadsTo = one.object.impact?.privileges ?? 'unknown';
      return leadsTo === 'limited' || leadsTo === 'none'
        ? []
        : [[leadsTo, one.object.severity, ...roleOf(one)]];
    }),
  ({ closed }) =>
    closed.flatMap((one) =>
      (one.object.guardrail?.policies ?? []).map(({ id, name, statement }) => [
        id,
        name,
        statement,
        ...roleOf(one),
        one.object.guardrail?.capturedAt ?? null,
        1,
      ]),
    ),
  ({ report }) =>
    [...report.evidence()].flatMap(({ path, sha256, status, recordsRejected, problems, loss }) =>
      loss === 'missing'
        ? [[path, sha256, status, recordsRejected, JSON.stringify(problems.map(({ message }) => message))]]
        : [],
    ),
  ({ open }) =>
    open.flatMap((one) => {
      const { impact, evidence, severity } = one.object;
      const used = impact?.lastUsed ?? null;
      const isOld = used !== null && Date.parse(evidence.capturedAt) - Date.parse(used) > 90 * 86_400_000;
      return used === 'never' || isOld ? [[used, severity, ...roleOf(one), 1]] : [];
    }),
];

const told = (rows: Iterable<unknown>): readonly string[] =>
  [...rows].map((row) => JSON.stringify(row)).sort();

describe('docs/questions.md', () => {
  const path = join(temporaryFolder(), 'samples.db');
  let older: InstanceType<Awaited<ReturnType<typeof initSqlJs>>['Database']>;
  beforeAll(async () => {
    const files = {
      '--accounts': 'accounts.json',
      '--known-accounts': 'vendors.yaml',
      '--exceptions': 'exceptions.yaml',
    };
    const lists = Object.entries(files).flatMap(([option, name]) => [option, inCheckout('samples', name)]);
    const evidence = inCheckout('samples', 'evidence');
    const { exit } = await cli(['scan', evidence, ...lists, '--as-of', AS_OF, '--db', path, '--quiet']);
    // The samples lack something.
    expect(exit).toBe(3);
    const { Database: OlderDatabase } = await initSqlJs();
    older = new OlderDatabase(readFileSync(path));
  }, 60_000);

  it('has ten questions, each with one statement', () => {
    expect(questions).toHaveLength(10);
    expect(text.match(/^```sql$/gm)).toHaveLength(10);
    expect(text.match(/^## /gm)).toHaveLength(10);
  });

  it.each([...questions.entries()].map(([index, [question, sql]]) => [question, sql, index] as const))(
    '%s',
    (_, sql, index) => {
      const db = new Database(path, { readonly: true });
      const rows = db.prepare<[], Row>(sql).raw().all();
      db.close();
      const store = openScannedStore(path);
      const report = openReport(store, { asOf: AS_OF });
      const verdicts = [...report.verdicts({ outcomes: ['fail'] })];
      const open = verdicts.filter(({ object }) => effectiveVerdict(object) === 'fail');
      const closed = verdicts.filter(({ object }) => isClosedByGuardrail(object));
      const expected = [...(ANSWERS[index]?.({ store, report, open, closed }) ?? [])];
      store.close();
      expect(expected.length).toBeGreaterThan(0);
      expect(told(rows)).toEqual(told(expected));
      expect(older.exec(sql)[0]?.values).toEqual(rows);
    },
  );

  it('no answer hides what is cut, interrupted or not settled', () => {
    const cut = join(temporaryFolder(), 'cut.db');
    const store = openStore(cut, { mode: 'write' });
    store.saveMembers({ members: [{ account: OWN, name: null, status: 'ACTIVE' }], whole: true });
    scanCaptures(store, [{ at: day(1), roles: { A: OPEN } }]);
    const capturedAt = `${day(3)}Z`;
    const captures = [{ account: OWN, capturedAt, complete: false, reasons: ['truncated' as const] }];
    scan(store, [{ path: 'cut', captures, records: [roleRecord({ roleName: 'B', capturedAt })] }]);
    const run = { startedAt: AS_OF, asOf: AS_OF, toolVersion: '1.2.3', rules: [RULE] };
    store.beginRun({ ...run, options: { paths: ['later/'] } });
    store.close();
    const db = new Database(cut, { readonly: true });
    const answers = questions.map(([, sql]) => db.prepare<[], Row>(sql).raw().all());
    db.close();
    const role = `arn:aws:iam::${OWN}:role/A`;
    expect(answers[4]).toEqual([[OWN, null, 'not-whole', capturedAt, 0]]);
    expect(answers[5]).toEqual([[null, null, null, null, OWN, role, 'AROAA', RULE, 0]]);
    expect(answers[7]).toEqual([[null, null, null, OWN, null, null, null, 0]]);
    expect(answers[8]).toContainEqual(['["later/"]', null, 'running', null, null]);
    expect(answers[9]).toEqual([[null, 'medium', OWN, role, 'AROAA', 0]]);
  });
});
