import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { DataProblem } from '../../../src/errors.ts';
import type { EvidenceRow } from '../../../src/model/evidence-row.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { type Dump, dumpStore } from '../dump.ts';
import { RULE, roleRecord, scan, sha256Of, type TestFile } from '../files.ts';

const folder = temporaryFolder();
let stores = 0;
const account = '111122223333';
const at = '2026-01-01T00:00:00Z';

type Role = Parameters<typeof roleRecord>[0];

function file(path: string, reasons: readonly DataProblem[], ...roles: readonly Role[]): TestFile {
  return {
    path,
    captures: [{ account, capturedAt: at, complete: reasons.length === 0, reasons }],
    records: roles.map((role, offset) => roleRecord({ offset, ...role })),
  };
}

/** What the store holds, whichever of the files came first; `rows`: how many wait in memory. */
function held(files: readonly TestFile[], rows = 1000): Dump & { readonly rows: readonly EvidenceRow[] } {
  const dumps = [files, files.toReversed()].map((order) => {
    const store = newStore(rows);
    const written = scan(store, order);
    store.close();
    return { ...dumpStore(store.path), rows: written };
  });
  expect(dumps[1]).toEqual({ ...dumps[0], rows: dumps[1]?.rows });
  return dumps[0] as Dump & { readonly rows: readonly EvidenceRow[] };
}

function newStore(rows = 1000): Store {
  return openStore(join(folder, `${stores++}.db`), {
    mode: 'write',
    limits: { rows },
  });
}

/** Name, id and policy of what is disagreed on; '' for gone. */
const shortened = ({ disagreements }: Dump): unknown[][] =>
  (disagreements as string[][]).map(([, , arn, id, policy]) => [
    arn?.split('/')[1],
    id,
    policy === '' ? '' : policy === sha256Of('{"fail":1}') ? 'fail' : 'pass',
  ]);
const completeness = ({ captures }: Dump): unknown[][] =>
  (captures as unknown[][]).map(([, , complete, reason, gap, note]) => [complete, reason, gap, note]);

const A = { roleName: 'A', roleId: 'AROAA' };
const B = { roleName: 'B', roleId: 'AROAB' };
const fails = { policy: '{"fail":1}' };
const whole = file('whole', [], A, B);

describe('beside a file that shows all roles', () => {
  it.each<[DataProblem[]]>([
    [['maybe-filtered']],
    [['partial-inventory']],
    [['changes-only']],
    [['no-iam-recorded']],
    [['changes-only', 'maybe-filtered']],
  ])('a file with only %j is harmless, and what it shows is placed', (reasons) => {
    const dump = held([whole, file('part', reasons, A, { roleName: 'C', roleId: 'AROAC' })]);
    expect(completeness(dump)).toEqual([[1, null, 0, 'conflicting-records']]);
    expect(dump.observations).toHaveLength(3);
    expect(dump.observations.map((row) => (row as unknown[])[6])).toEqual([1, 1, 1]);
    expect(shortened(dump)).toEqual([
      ['C', 'AROAC', ''],
      ['C', 'AROAC', 'pass'],
    ]);
  });

  it.each<[DataProblem]>([['truncated'], ['next-page-missing'], ['records-rejected'], ['unstated']])(
    'a file that is %s weakens it, unless it is covered, and may be the page before',
    (reason) => {
      const other = { roleName: 'C', roleId: 'AROAC' };
      expect(completeness(held([whole, file('part', [reason], A, other)]))).toEqual([[0, reason, 1, null]]);
      expect(completeness(held([whole, file('part', [reason], A)]))).toEqual([[1, null, 0, null]]);
    },
  );

  it('a role without an id is covered under any id of its ARN', () => {
    expect(completeness(held([whole, file('cut', ['truncated'], { roleName: 'A' })]))).toEqual([
      [1, null, 0, null],
    ]);
    const [other] = completeness(
      held([whole, file('cut', ['truncated'], { roleName: 'A', roleId: 'AROAX' })]),
    );
    expect(other).toEqual([0, 'truncated', 1, null]);
  });

  it('a file without roles of which nothing is known leaves no gap alone', () => {
    expect(completeness(held([file('region', ['no-iam-recorded'])]))).toEqual([
      [0, 'no-iam-recorded', 0, null],
    ]);
    expect(completeness(held([file('list', ['maybe-filtered'], A)]))).toEqual([
      [0, 'maybe-filtered', 1, null],
    ]);
  });
});

describe('files of one moment disagree', () => {
  it('on policies only when these say something else, whatever the order of their keys', () => {
    const first = { ...A, policy: '{"fail":1,"x":["1"]}' };
    const second = { ...A, policy: '{"x":"1","fail":1}' };
    const third = { ...A, policy: '{"x":"2","fail":1}' };
    const policies = (...roles: readonly Role[]): readonly string[] =>
      held(roles.map((role, index) => file(`file ${index}`, [], role))).disagreements.map((row) =>
        String((row as readonly unknown[]).at(-1)),
      );
    expect(policies(first, second)).toEqual([]);
    const told = policies(first, second, third);
    expect(told).toHaveLength(2);
    expect(told).toContain(sha256Of(third.policy));
    for (const order of [
      [third, second, first],
      [first, third, second],
      [second, third, first],
    ]) {
      expect(policies(...order)).toEqual(told);
    }
  });

  it('by one policy for all that say the same, also where that is shown by a file that was cut off', () => {
    const first = { ...A, policy: '{"fail":1,"x":["1"]}' };
    const second = { ...A, policy: '{"x":"1","fail":1}' };
    const files = [
      file('cut', ['truncated'], first),
      file('selection', ['partial-inventory'], second),
      file('whole', [], B),
    ];
    const [greatest] = [first, second]
      .map(({ policy }) => sha256Of(policy))
      .sort()
      .reverse();
    for (const policies of [
      [first, second],
      [second, first],
    ] as const) {
      const own = files.map((one, index) =>
        index < 2 ? { ...one, records: file('', [], policies[index] ?? A).records } : one,
      );
      for (const order of [own, [own[1], own[0], own[2]], [own[2], own[0], own[1]]] as TestFile[][]) {
        const shown = held(order).disagreements.map((row) => String((row as readonly unknown[]).at(-1)));
        expect(shown.toSorted()).toEqual(['', greatest]);
      }
    }
  });

  it('on what is there, unless the files can be parts of one export', () => {
    const told = (...formats: readonly string[]): number =>
      held(
        [A, B].map((role, index) => ({ ...file(`part ${index}`, [], role), format: formats[index] ?? '' })),
      ).disagreements.length;
    expect(told('gaad', 'gaad')).toBe(4);
    expect(told('gaad', 'cloudquery')).toBe(4);
    expect(told('cloudquery', 'cloudquery')).toBe(0);
    expect(told('aws-config', 'aws-config')).toBe(0);
    expect(told('aws-config', 'aws-config-api')).toBe(4);
  });

  it('when they show different policies', () => {
    const dump = held([whole, file('other', [], { ...A, ...fails }, B)]);
    expect(completeness(dump)).toEqual([[1, null, 0, 'conflicting-records']]);
    expect(shortened(dump).toSorted()).toEqual([
      ['A', 'AROAA', 'fail'],
      ['A', 'AROAA', 'pass'],
    ]);
  });

  it('when one says that a role is gone', () => {
    const dump = held([whole, file('changes', ['changes-only'], { ...A, status: 'deleted' })]);
    expect(shortened(dump)).toEqual([
      ['A', 'AROAA', ''],
      ['A', 'AROAA', 'pass'],
    ]);
    expect(dump.observations.map((row) => (row as string[])[3])).not.toContain('');
  });

  it('when one that shows all roles lacks one, also one of several such', () => {
    const dump = held([whole, file('other', [], A)]);
    expect(shortened(dump)).toEqual([
      ['B', 'AROAB', ''],
      ['B', 'AROAB', 'pass'],
    ]);
  });

  it('not when the ARN is there under another id, or the file is cut, or none shows all roles', () => {
    expect(held([whole, file('other', ['partial-inventory'], { roleName: 'A' })]).disagreements).toEqual([]);
    expect(held([whole, { ...file('cut', [], A), whole: false }]).disagreements).toEqual([]);
    const parts = [file('a', ['partial-inventory'], A), file('b', ['partial-inventory'], B)];
    expect(held(parts).disagreements).toEqual([]);
  });

  it('until the run that brought one of them is taken back', () => {
    const store = newStore();
    scan(store, [whole]);
    scan(store, [file('other', [], { ...A, ...fails })]);
    expect(store.reader.currentPolicies(store.reader.accountLooks({ kind: 'all' })[0] as never)).toBeNull();
    store.forgetRun(2);
    store.close();
    const dump = dumpStore(store.path);
    expect(dump.disagreements).toEqual([]);
    expect(completeness(dump)).toEqual([[1, null, 0, null]]);
  });
});

describe('records of one file disagree', () => {
  const twice = file('twice', [], A, { ...A, ...fails }, A);

  it.each([1000, 1])('when neither is newer; each policy is accepted once (%d rows in memory)', (rows) => {
    const dump = held([twice], rows);
    expect(shortened(dump)).toHaveLength(2);
    expect(dump.rows[0]).toMatchObject({ recordsRead: 3, recordsAccepted: 2, recordsDuplicate: 1 });
    expect(dump.observations).toHaveLength(1);
  });

  it('not when one is newer', () => {
    const newer = file('newer', [], { ...A, version: '1' }, { ...A, ...fails, version: '2' });
    const dump = held([newer]);
    expect(dump.disagreements).toEqual([]);
    expect(dump.rows[0]).toMatchObject({ recordsAccepted: 1, recordsSuperseded: 1, recordsDuplicate: 0 });
  });

  it('and a reader gets all policies of the moment, with their places', () => {
    const store = newStore();
    scan(store, [twice]);
    const choice = { judged: { rules: [RULE], outcomes: ['fail'] as const } };
    for (const given of [{}, choice]) {
      const [role, ...more] = store.reader.observedRoles(account, given);
      expect(more).toEqual([]);
      const rows = role?.observations ?? [];
      const hashes = [...store.policies()].map(({ id, sha256 }) => [id, sha256] as const);
      const ranked = hashes.toSorted(([, a], [, b]) => (a > b ? -1 : 1)).map(([id]) => id);
      expect(rows.map(({ policy }) => policy)).toEqual([ranked[0], ...ranked]);
      expect(rows.map(({ evidence }) => evidence === null)).toEqual([false, true, true]);
      for (const { first, last, complete } of rows)
        expect([first, last, complete]).toEqual([at.slice(0, -1), at.slice(0, -1), true]);
      const places = store.reader.placesAt(account, at.slice(0, -1));
      const offsets = rows.map(({ role: id, policy }) => places(id, Number(policy)).offset);
      expect(offsets.toSorted()).toEqual(offsets[0] === 0 ? [0, 0, 1] : [0, 1, 1]);
    }
    store.close();
  });
});

describe('the views of what stands now', () => {
  function views(files: readonly TestFile[]): { readonly verdicts: unknown[]; readonly disputed: unknown[] } {
    const store = newStore();
    scan(store, files);
    store.close();
    const db = new Database(store.path, { readonly: true });
    const all = (sql: string): unknown[] => db.prepare(sql).raw().all();
    const verdicts = all(
      'SELECT role_id, verdict, notes, evidence_path FROM v_current_verdict ORDER BY arn, role_id',
    );
    const disputed = all('SELECT role_id, policies FROM v_disagreement ORDER BY arn, role_id');
    db.close();
    return { verdicts, disputed };
  }
  const NOTED = '["conflicting-records"]';
  const passes = { policy: '{"pass":1}' };

  it('give the worst verdict of a disagreement, with a note', () => {
    const other = file('other', ['maybe-filtered'], { ...A, ...fails });
    const greater = sha256Of(passes.policy) > sha256Of(fails.policy) ? null : 'other';
    expect(views([whole, other])).toEqual({
      verdicts: [
        ['AROAA', 'fail', NOTED, greater],
        ['AROAB', 'pass', '[]', 'whole'],
      ],
      disputed: [['AROAA', 2]],
    });
    const later = {
      ...whole,
      path: 'later',
      captures: [{ ...whole.captures[0], capturedAt: '2026-02-01T00:00:00Z' }],
    };
    const records = whole.records.map((one) => ({ ...one, capturedAt: '2026-02-01T00:00:00Z' }));
    expect(views([whole, other, { ...later, records } as TestFile]).disputed).toEqual([]);
  });

  it('name what one file says is gone', () => {
    expect(views([whole, file('other', [], A)])).toEqual({
      verdicts: [
        ['AROAA', 'pass', '[]', 'other'],
        ['AROAB', 'pass', NOTED, 'whole'],
      ],
      disputed: [['AROAB', 1]],
    });
  });

  it('weigh what an export without ids shows with the role that it speaks of', () => {
    const idless = file('idless', ['partial-inventory'], { roleName: 'A', ...fails });
    expect(views([whole, idless])).toEqual({
      verdicts: [
        ['AROAA', 'fail', NOTED, null],
        ['AROAB', 'pass', '[]', 'whole'],
      ],
      disputed: [['AROAA', 2]],
    });
    expect(views([whole, file('idless', [], { roleName: 'A' }, { roleName: 'B' })]).disputed).toEqual([]);
  });

  it('show two ids of one moment, each with a note', () => {
    const second = { roleName: 'A', roleId: 'AROAC', ...fails };
    const idless = file('idless', ['partial-inventory'], { roleName: 'A', ...fails });
    expect(views([file('one', [], A, second), idless])).toEqual({
      verdicts: [
        ['AROAA', 'pass', NOTED, 'one'],
        ['AROAC', 'fail', NOTED, 'one'],
      ],
      disputed: [
        ['AROAA', 1],
        ['AROAC', 1],
      ],
    });
  });
});
