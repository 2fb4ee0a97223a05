import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataProblem } from '../../../src/errors.ts';
import { openReport } from '../../../src/history/report/report.ts';
import type { RoleRecord } from '../../../src/model/record.ts';
import type { Evaluated } from '../../../src/model/verdict.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { AT, judge, RULE, roleRecord, sha256Of } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
let stores = 0;
const newStore = (): Store => openStore(join(folder, `${stores++}.db`), { mode: 'write' });

const ACCOUNTS = ['111122223333', '444455556666'];
const day = (n: number): string => `2026-01-${String(n).padStart(2, '0')}`;
const shared = (id: string): string =>
  `{"pass":1,"Statement":[{"Effect":"Allow","Principal":{"AWS":"${id}"},"Condition":{"StringEquals":{"sts:ExternalId":"same"}}}]}`;

/** As `judge`, but a policy with an external ID lets somebody in by it. */
function judged(record: RoleRecord): Evaluated | null {
  const own = judge(record);
  if (record.trust.state !== 'document' || !record.trust.text.includes('ExternalId')) return own;
  const id = '777788889999';
  const path = { statement: 0, sid: null, principal: id, account: id, guards: ['external-id' as const] };
  return own === null ? null : { ...own, verdicts: own.verdicts.map((one) => ({ ...one, paths: [path] })) };
}

const role = fc.record({
  roleName: fc.constantFrom('A', 'B'),
  roleId: fc.constantFrom('AROA1', 'AROA1', 'AROA2', ''),
  policy: fc.constantFrom(
    '{"pass":1}',
    '{"fail":1}',
    '{"fail":2}',
    shared('777788889999'),
    shared('909090909090'),
  ),
  status: fc.constantFrom<('live' | 'deleted' | 'not-recorded')[]>('live', 'live', 'live', 'deleted'),
  offset: fc.nat(1000),
});
const file = fc.record({
  account: fc.constantFrom(...ACCOUNTS),
  /** Null: nothing in it can be read. */
  read: fc.option(
    fc.record({
      reason: fc.constantFrom<(DataProblem | null)[]>(
        null,
        null,
        'truncated',
        'changes-only',
        'no-iam-recorded',
      ),
      roles: fc.uniqueArray(role, { maxLength: 3, selector: (one) => one.roleName + one.roleId }),
      rejects: fc.constantFrom(0, 0, 0, 2),
    }),
    { freq: 4 },
  ),
  /** One whose path stays and is read again and again. */
  rolling: fc.boolean(),
  from: fc.constantFrom('evidence' as const, 'modified' as const),
});
type GivenFile = typeof file extends fc.Arbitrary<infer T> ? T : never;
interface DatedFile extends GivenFile {
  readonly day: number;
  /** Tells it from others of the day. */
  readonly name: string;
}

interface Facts {
  readonly toolVersion: string;
  readonly staleAfter: number;
  readonly maxAge: number | null;
  readonly exceptions: readonly unknown[];
  readonly members: readonly string[] | null;
  /** A path that the scan was given, and whether it came to its end. */
  readonly path: string;
  readonly ended: 'complete' | 'interrupted';
}

function scan(store: Store, files: readonly DatedFile[], facts: Facts): void {
  if (facts.members !== null) {
    const members = facts.members.map((account) => ({
      account,
      name: `${account} of ${facts.toolVersion}`,
      status: 'ACTIVE',
    }));
    store.saveMembers({ members, whole: facts.members.length > 1 });
    store.saveRelations({
      accounts: new Map(
        members.map(({ account, name }) => [account, { name, relation: 'same-organisation' }] as const),
      ),
      organisationKnown: true,
    });
  }
  const { members: _, path, ended, ...rest } = facts;
  const run = store.beginRun({ ...rest, startedAt: AT, asOf: AT, rules: [RULE], options: { paths: [path] } });
  for (const one of files) {
    const writer = run.evidence();
    const capturedAt = `${day(one.day)}T00:00:00Z`;
    const records = (one.read?.roles ?? []).map((given) =>
      roleRecord({ ...given, account: one.account, capturedAt }),
    );
    for (const record of records) writer.add(record, judged(record));
    const rejects = one.read?.rejects ?? 0;
    for (let place = 0; place < rejects; place++) {
      writer.reject({ offset: place, pointer: '', code: 'arn-missing', message: `of day ${one.day}` });
    }
    const content = JSON.stringify(one);
    const reason = one.read?.reason ?? null;
    const reasons = [...(reason === null ? [] : [reason]), ...(rejects > 0 ? ['arn-missing' as const] : [])];
    writer.finish({
      evidence: {
        path: one.rolling ? 'latest.json' : `${day(one.day)}/${one.name}.json`,
        sha256: sha256Of(content),
        bytes: content.length,
        modifiedAt: null,
      },
      format: one.read === null ? null : 'test',
      capturedFrom: one.read === null ? null : one.from,
      captures:
        one.read === null
          ? []
          : [{ account: one.account, capturedAt, complete: reasons.length === 0, reasons }],
      recordsRead: records.length + rejects,
      status: one.read === null ? 'unreadable' : reason === null ? 'complete' : 'incomplete',
      problems: one.read === null ? [{ code: 'truncated', message: `cut on day ${one.day}` }] : [],
    });
  }
  run.finish(ended, AT);
}

/** All that a report can ask. */
function told(store: Store, time?: string): string {
  const report = openReport(store, { asOf: AT, ...(time !== undefined && { at: time }) });
  return JSON.stringify(
    {
      totals: report.totals(),
      completeness: report.completeness(),
      accounts: [...report.accounts()],
      evidence: [...report.evidence()],
      rejects: [...report.rejects()],
      verdicts: [...report.verdicts({})],
      failing: [...report.verdicts({ outcomes: ['fail', 'error'] })],
      changes: report.changes(),
      trends: [report.trend('day'), report.trend('month')],
      ruleTotals: report.ruleTotals(),
      exceptions: report.exceptions(),
      interrupted: report.interrupted,
      toolVersion: report.toolVersion,
    },
    null,
    1,
  );
}

const FACTS: Facts = {
  toolVersion: '1',
  staleAfter: 7,
  maxAge: null,
  exceptions: [],
  members: null,
  path: 'in',
  ended: 'complete',
};

describe('a report at a moment', () => {
  it('is the one made then, however much the store has seen since', { timeout: 120_000 }, () => {
    const facts = fc.record({
      toolVersion: fc.constantFrom('1', '2', '3'),
      staleAfter: fc.constantFrom(0, 7),
      maxAge: fc.constantFrom(null, 1),
      exceptions: fc.constant([]),
      members: fc.option(fc.subarray([...ACCOUNTS, '909090909090'])),
      path: fc.constantFrom('a', 'b', 'c'),
      ended: fc.constantFrom('complete' as const, 'complete' as const, 'interrupted' as const),
    });
    const whole = file.filter(({ read }) => read !== null);
    const scans = fc.array(
      fc.record({
        facts,
        files: fc.tuple(fc.array(fc.tuple(file, fc.constantFrom(1, 2)), { maxLength: 4 }), whole),
      }),
      { minLength: 2, maxLength: 4 },
    );
    fc.assert(
      fc.property(scans, (given) => {
        const store = newStore();
        const then: string[] = [];
        for (const [index, { facts: own, files }] of given.entries()) {
          const [some, last] = files;
          const dated = [...some, [last, 2] as const].map(([one, n], place) => ({
            ...one,
            day: 3 * index + n,
            name: String(place),
          }));
          scan(store, dated, own);
          then.push(told(store));
        }
        for (const [index, expected] of then.entries()) {
          expect(told(store, `${day(3 * index + 2)}T24`)).toBe(expected);
        }
        store.close();
      }),
      { numRuns: 30 },
    );
  });

  it('is that of a store which never saw anything later, in whatever order the evidence came', {
    timeout: 120_000,
  }, () => {
    const dated = fc.tuple(file, fc.integer({ min: 1, max: 6 }), fc.nat()).map(([one, n, name]) => ({
      ...one,
      rolling: false,
      day: n,
      name: String(name),
    }));
    const scans = fc.array(fc.array(dated, { maxLength: 5 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(scans, fc.integer({ min: 1, max: 6 }), (given, until) => {
        const store = newStore();
        const part = newStore();
        for (const files of given) {
          scan(store, files, FACTS);
          const early = files.filter((one) => one.day <= until);
          scan(part, early, FACTS);
        }
        expect(told(store, `${day(until)}T24`)).toBe(told(part));
        store.close();
        part.close();
      }),
      { numRuns: 30 },
    );
  });
});
