import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openReport } from '../../../src/history/report/report.ts';
import type { Guard, Outcome, PathIn } from '../../../src/model/exposure.ts';
import type { AccountRelations, KnownAccount } from '../../../src/model/relations.ts';
import { openStore } from '../../../src/store/index.ts';
import { AT, beginRun, RULE, roleRecord, verdictOf } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** Notes that may hang on more than the policy; reports add them, the tables do not hold them. */
const GRADED: ReadonlySet<string> = new Set([
  'aws-account',
  'aws-management-role',
  'expired-window',
  'extid-guessable',
  'extid-shared',
  'known-vendor',
]);

/** By number; some accept the name of an account as external id, some only look as if they did. */
const DOCUMENTS: readonly string[] = [
  trust({
    Effect: 'Allow',
    Condition: { StringEquals: { 'STS:externalid': ['8f14e45fceea167a', 'na-me.1'] } },
  }),
  trust([
    { Effect: 'Deny', Condition: { StringNotEqualsIfExists: { 'sts:ExternalId': 'External-Id-NAME' } } },
    'no statement',
  ]),
  trust([
    { Effect: 'Allow', Condition: { StringNotEquals: { 'sts:ExternalId': 'name' } } },
    { Effect: 'Deny', Condition: { StringEquals: { 'sts:ExternalId': 'name' } } },
    { Effect: 'Allow', Condition: { StringEquals: { 'sts:ExternalId': 'name-8f14e45f' } } },
    { Effect: 'Allow', Condition: ['name'], 'x.Condition': { 'sts:ExternalId': 'name' } },
  ]),
  '{"Statement":"name"}',
];

function trust(statement: unknown): string {
  return JSON.stringify({ Statement: statement });
}

const folder = temporaryFolder();
let stores = 0;
const account = '111122223333';
const others = ['*', '222222222222', '333333333333', '444444444444'];

const path: fc.Arbitrary<PathIn> = fc.record({
  statement: fc.nat(3),
  sid: fc.constantFrom(null, 'Sid'),
  principal: fc.constantFrom('*', 'p'),
  account: fc.constantFrom(...others),
  guards: fc.constantFrom<(readonly Guard[])[]>([], [], ['mfa'], ['external-id', 'mfa']),
});
const verdict = fc
  .record({
    verdict: fc.constantFrom<Outcome[]>('pass', 'fail', 'fail', 'fail', 'not-applicable', 'error'),
    notes: fc.subarray([
      'extid-any',
      'extid-guessable',
      'extid-placeholder',
      'extid-wildcard',
      'network-confined',
      'org-confined',
      'other',
    ]),
    paths: fc.array(path, { maxLength: 3 }),
  })
  .map(verdictOf);
const role = fc.record({
  roleName: fc.constantFrom('A', 'B', 'C'),
  roleId: fc.constantFrom('', 'AROA1', 'AROA2'),
  policy: fc.integer({ min: 0, max: 3 }),
  status: fc.constantFrom<('live' | 'deleted')[]>('live', 'live', 'live', 'deleted'),
  offset: fc.nat(9999),
});
const capture = fc.record({
  reason: fc.constantFrom(null, null, 'truncated', 'changes-only'),
  roles: fc.uniqueArray(role, { maxLength: 5, selector: (one) => one.roleName + one.roleId }),
});
const relations: fc.Arbitrary<AccountRelations> = fc.record({
  accounts: fc
    .dictionary(
      fc.constantFrom(account, ...others.slice(1)),
      fc.record<KnownAccount>({
        name: fc.constantFrom(null, 'Name'),
        relation: fc.constantFrom('third-party', 'same-organisation', 'unknown'),
      }),
    )
    .map((known) => new Map(Object.entries(known))),
  organisationKnown: fc.boolean(),
});

it('the views say what the report says', { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(
      fc.array(capture, { minLength: 1, maxLength: 4 }),
      fc.array(fc.record({ general: verdict, own: fc.option(verdict) }), { minLength: 3, maxLength: 3 }),
      relations,
      (captures, judged, known) => {
        const file = join(folder, `${stores++}.db`);
        const store = openStore(file, { mode: 'write' });
        const run = beginRun(store);
        for (const [index, { reason, roles }] of captures.entries()) {
          const capturedAt = `2026-01-0${index + 1}T00:00:00Z`;
          const writer = run.evidence();
          for (const { policy, ...given } of roles) {
            const record = roleRecord({ ...given, capturedAt, policy: DOCUMENTS[policy]! });
            const verdicts = judged[policy];
            // Policy 3 is judged by no rule at all.
            writer.add(record, { account: '', verdicts: verdicts === undefined ? [] : [verdicts.general] });
            const own = verdicts?.own;
            if (own) writer.add(record, { account, verdicts: [own] });
          }
          const doubled = roles.filter(({ policy }) => judged[policy]?.own).length;
          writer.finish({
            evidence: { path: `${index}.json`, sha256: `${index}`, bytes: 1, modifiedAt: null },
            format: 'test',
            capturedFrom: 'name',
            captures: [
              { account, capturedAt, complete: reason === null, reasons: reason === null ? [] : [reason] },
            ],
            recordsRead: roles.length + doubled,
            status: 'complete',
            problems: [],
          });
        }
        store.saveRelations(known);
        const report = openReport(store, { asOf: AT });
        const objects = [...report.verdicts({})].map(({ object }) => object);
        const accounts = [...report.accounts()].map((row) => [
          row.account,
          row.capturedAt,
          row.complete ? 1 : 0,
        ]);
        store.close();

        const db = new Database(file, { readonly: true });
        const rows = db
          .prepare(
            `SELECT rule_id, account_id, arn, role_id, verdict, literal, severity, reason, notes, evidence_path,
               evidence_sha256, evidence_offset, captured_at FROM v_current_verdict ORDER BY arn, role_id`,
          )
          .raw()
          .all() as unknown[][];
        const ofPolicy = (notes: readonly string[]) =>
          JSON.stringify(notes.filter((note) => !GRADED.has(note)));
        for (const row of rows) row[8] = ofPolicy(JSON.parse(String(row[8])) as string[]);
        // Of policies that are equally bad either may be told, and SQL cannot read where one was that did not stand.
        const isDisputed = (notes: unknown) => String(notes).includes('conflicting-records');
        const told = (row: unknown[]) =>
          isDisputed(row[8]) ? [...row.slice(0, 5), row[12], 'disputed'] : row;
        expect(rows.map(told)).toEqual(
          objects
            .map((one) => [
              RULE,
              account,
              one.arn,
              one.roleId,
              one.verdict,
              one.literal,
              one.severity,
              one.reason,
              ofPolicy(one.notes),
              one.evidence.source,
              one.evidence.sha256,
              one.evidence.offset,
              one.evidence.capturedAt,
            ])
            .map(told),
        );
        const disputed = new Set(
          rows.filter((row) => isDisputed(row[8])).map((row) => `${row[2]} ${row[3]}`),
        );
        const isPlain = (arn: unknown, roleId: unknown) => !disputed.has(`${arn} ${roleId}`);
        const findings = db
          .prepare(
            `SELECT arn, role_id, severity, statement, sid, principal, path_account, path_account_name, relation
             FROM v_current_finding ORDER BY arn, role_id`,
          )
          .raw()
          .all()
          .filter((row) => isPlain((row as unknown[])[0], (row as unknown[])[1]));
        const expected = objects
          .filter((one) => one.verdict === 'fail' && isPlain(one.arn, one.roleId))
          .flatMap((one) => {
            const open = one.paths.filter((way) => way.guards.length === 0);
            const head = [one.arn, one.roleId, one.severity];
            if (open.length === 0) return [[...head, null, null, null, null, null, null]];
            return open.map((way) => [
              ...head,
              way.statement,
              way.sid,
              way.principal,
              way.account,
              way.accountName,
              way.relation,
            ]);
          });
        expect(findings.map((row) => JSON.stringify(row)).sort()).toEqual(
          expected.map((row) => JSON.stringify(row)).sort(),
        );
        expect(db.prepare('SELECT account_id, captured_at, complete FROM v_account').raw().all()).toEqual(
          accounts,
        );
        expect(db.prepare('SELECT count(*) FROM v_reconciliation WHERE NOT adds_up').pluck().get()).toBe(0);
        db.close();
      },
    ),
    { numRuns: 40 },
  );
});
