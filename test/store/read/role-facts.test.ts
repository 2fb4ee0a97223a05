import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { ManagedPolicy } from '../../../src/model/record.ts';
import type { RoleDetail } from '../../../src/model/role-detail.ts';
import { storedDetail, UNKNOWN_DETAIL } from '../../../src/model/role-detail-text.ts';
import { openStore, STAGING_LIMITS, type Store } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { dumpStore } from '../dump.ts';
import { AT, beginRun, judge, roleRecord, sha256Of } from '../files.ts';

const folder = temporaryFolder();
let stores = 0;

interface File {
  readonly path: string;
  readonly at?: string;
  readonly role?: string;
  readonly version?: string;
  readonly details?: readonly Partial<RoleDetail>[];
  readonly policies?: readonly Partial<ManagedPolicy>[];
}

const OWN = 'arn:aws:iam::111122223333:policy/Own';
const ACCOUNT = '111122223333';

function scan(store: Store, files: readonly File[]): number {
  const run = beginRun(store);
  for (const { path, at = '2026-01-01T00:00:00Z', role = 'R', details = [{}], policies = [] } of files) {
    const writer = run.evidence();
    for (const [offset, detail] of details.entries()) {
      const record = roleRecord({ policy: '{"fail":1}', roleName: role, capturedAt: at, offset });
      writer.add(record, judge(record), storedDetail({ ...UNKNOWN_DETAIL, ...detail }));
    }
    for (const policy of policies)
      writer.managedPolicy({ arn: OWN, capturedAt: at, version: '', document: null, ...policy });
    writer.finish({
      evidence: { path, sha256: sha256Of(path), bytes: 1, modifiedAt: null },
      format: 'test',
      capturedFrom: 'evidence',
      captures: [{ account: ACCOUNT, capturedAt: at, complete: true, reasons: [] }],
      recordsRead: details.length,
      status: 'complete',
      problems: [],
    });
  }
  run.finish('complete', AT);
  return run.id;
}

function open(limits = STAGING_LIMITS): { readonly path: string; readonly store: Store } {
  const path = join(folder, `${stores++}.db`);
  return { path, store: openStore(path, { mode: 'write', limits }) };
}

/** The role's number; there is one in these stores. */
function roleOf(store: Store): number {
  const [role] = [...store.reader.observedRoles(ACCOUNT)];
  return role?.observations[0]?.role as number;
}

const shown = (...members: readonly Partial<RoleDetail>[]) =>
  Object.assign({}, UNKNOWN_DETAIL, ...members) as RoleDetail;

it('tells what the latest capture till then shows', () => {
  const { store } = open();
  scan(store, [
    { path: 'a', at: '2026-01-01T00:00:00Z', details: [{ tags: { a: '1' }, lastUsed: 'never' }] },
    { path: 'c', at: '2026-03-01T00:00:00Z', details: [{}] },
    { path: 'b', at: '2026-02-01T00:00:00Z', details: [{ tags: { a: '1' }, lastUsed: AT }] },
  ]);
  const role = roleOf(store);
  const { reader } = store;
  expect(reader.roleDetail(ACCOUNT, role, '2025-12-31T00:00:00')).toBeNull();
  expect(reader.roleDetail(ACCOUNT, role, '2026-01-31T00:00:00')).toEqual(
    shown({ tags: { a: '1' }, lastUsed: 'never' }),
  );
  expect(reader.roleDetail(ACCOUNT, role, '2026-02-01T00:00:00')).toEqual(
    shown({ tags: { a: '1' }, lastUsed: AT }),
  );
  // The latest one shows nothing, and what an older one showed may have changed.
  expect(reader.roleDetail(ACCOUNT, role, '2026-03-01T00:00:00')).toEqual(UNKNOWN_DETAIL);
  expect(reader.roleDetail(ACCOUNT, role + 1, '2026-03-01T00:00:00')).toBeNull();
  expect(
    store.readerAt('2026-02-01T00:00:00').roleDetail(ACCOUNT, role, '2026-03-01T00:00:00')?.lastUsed,
  ).toBe(AT);
  store.close();
});

it('files of one moment add to each other, and what they disagree on is not known', () => {
  const { store } = open();
  scan(store, [
    { path: 'a', details: [{ tags: { a: '1' }, boundary: '', maxSession: 3600 }] },
    { path: 'b', details: [{ tags: { a: '2' }, attached: [OWN], maxSession: 3600 }] },
    { path: 'c' },
  ]);
  expect(store.reader.roleDetail(ACCOUNT, roleOf(store), '2026-01-01T00:00:00')).toEqual(
    shown({ boundary: '', attached: [OWN], maxSession: 3600 }),
  );
  store.close();
});

it('tells the text of a managed policy, unless files of one moment differ', () => {
  const { store } = open();
  const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  scan(store, [
    { path: 'a', policies: [{ document: '{"a":1}' }, { arn: aws, document: '{"b":1}' }] },
    { path: 'b', policies: [{ document: null }] },
    { path: 'c', at: '2026-02-01T00:00:00Z', policies: [{ document: '{"a":1}' }] },
    { path: 'd', at: '2026-02-01T00:00:00Z', policies: [{ document: '{"a":2}' }] },
    {
      path: 'e',
      at: '2026-03-01T00:00:00Z',
      policies: [
        { document: '{"a":4}', version: '2' },
        { document: '{"a":3}', version: '1' },
      ],
    },
    { path: 'f', at: '2026-04-01T00:00:00Z', policies: [{ document: null }] },
  ]);
  const text = (at: string, arn = OWN, account = ACCOUNT) => store.reader.managedPolicy(account, arn, at);
  expect(text('2025-12-31T00:00:00')).toBeNull();
  expect(text('2026-01-01T00:00:00')).toBe('{"a":1}');
  expect(text('2026-01-01T00:00:00', OWN, '999988887777')).toBeNull();
  expect(text('2026-01-01T00:00:00', aws, '999988887777')).toBe('{"b":1}');
  expect(text('2026-02-01T00:00:00')).toBeNull();
  expect(text('2026-03-01T00:00:00')).toBe('{"a":4}');
  expect(text('2026-04-01T00:00:00')).toBeNull();
  store.close();
});

it('is the same whatever the order of files, how they are dealt into runs, and how much waits in memory', () => {
  const files: readonly File[] = Array.from({ length: 12 }, (_, index) => ({
    path: `file-${index}`,
    at: `2026-01-0${1 + (index % 3)}T00:00:00Z`,
    role: `R${index % 2}`,
    details: [
      { tags: { k: String(index % 5) }, lastUsed: index % 4 === 0 ? 'never' : null },
      ...(index === 3 ? [{ tags: { k: 'other' } }] : []),
    ],
    policies: Array.from({ length: 4 }, (__, policy) => ({
      arn: `${OWN}${policy}`,
      document: policy === 3 ? null : `{"n":${(index * policy) % 4}}`,
      version: String(policy),
    })),
  }));
  const dumpOf = (groups: readonly (readonly File[])[], rows: number) => {
    const { path, store } = open({ rows });
    for (const group of groups) scan(store, group);
    store.close();
    return dumpStore(path);
  };
  const expected = dumpOf([files], 65_536);
  expect(expected.details).toHaveLength(13);
  expect(expected.managedPolicies).toHaveLength(48);
  expect(dumpOf([files.toReversed()], 2)).toEqual(expected);
  expect(
    dumpOf(
      files.map((file) => [file]),
      1,
    ),
  ).toEqual(expected);
  // Once more: nothing is new.
  expect(dumpOf([files, files], 3)).toEqual(expected);
});

it('what only a run that is taken back showed is gone', () => {
  const { path, store } = open();
  const kept: File = { path: 'a', details: [{ maxSession: 1 }], policies: [{ document: '{"a":1}' }] };
  scan(store, [kept]);
  store.close();
  const expected = dumpStore(path);
  const again = openStore(path, { mode: 'write' });
  const run = scan(again, [kept, { ...kept, path: 'b', details: [{ maxSession: 2 }] }]);
  expect(again.reader.roleDetail(ACCOUNT, roleOf(again), '2026-01-01T00:00:00')?.maxSession).toBeNull();
  again.forgetRun(run);
  expect(again.reader.roleDetail(ACCOUNT, roleOf(again), '2026-01-01T00:00:00')?.maxSession).toBe(1);
  again.close();
  expect(dumpStore(path)).toEqual(expected);
});

it('the view v_role_detail shows what each file shows, and tells none from not shown', () => {
  const { path, store } = open();
  scan(store, [
    {
      path: 'a',
      details: [
        {
          tags: {},
          boundary: '',
          attached: [OWN],
          inline: [{ name: 'p', document: '{}' }],
          lastUsed: 'never',
        },
      ],
    },
    { path: 'b', at: '2026-02-01T00:00:00Z', details: [{ inline: [] }] },
    { path: 'c', at: '2026-03-01T00:00:00Z' },
  ]);
  store.close();
  const db = new Database(path, { readonly: true });
  const rows = db
    .prepare('SELECT path, boundary, attached, inline, tags, last_used FROM v_role_detail ORDER BY path')
    .all();
  db.close();
  const nothing = { boundary: null, attached: null, inline: null, tags: null, last_used: null };
  expect(rows).toEqual([
    {
      path: 'a',
      boundary: '',
      attached: JSON.stringify([OWN]),
      inline: '["p"]',
      tags: '{}',
      last_used: 'never',
    },
    { ...nothing, path: 'b', inline: '[]' },
    { ...nothing, path: 'c' },
  ]);
});

it('tells the same of roles that are read together and of each alone, also of what was written since', () => {
  const { path, store } = open();
  const names = ['A', 'B', 'C', 'D'];
  const long = 'x'.repeat(3_000_000);
  const files = names.map((role, index) => ({
    ...{ path: role, role, at: '2026-02-01T00:00:00Z' },
    details: [{ tags: { of: role, text: index > 1 ? long : '' }, lastUsed: 'never' }],
  }));
  scan(store, [...files, { path: 'before', role: 'B', details: [{ tags: { of: 'before' } }] }]);
  const at = '2026-02-01T00:00:00';
  const told = (): readonly unknown[] =>
    [...store.reader.observedRoles(ACCOUNT)].map(({ observations }) =>
      store.reader.roleDetail(ACCOUNT, observations[0]?.role ?? 0, at),
    );
  const alone = (): readonly unknown[] => {
    const numbers = [...store.reader.observedRoles(ACCOUNT)].map(({ observations }) => observations[0]?.role);
    const other = openStore(path, { mode: 'read' });
    const details = numbers.map((role) => other.reader.roleDetail(ACCOUNT, role ?? 0, at));
    other.close();
    return details;
  };
  expect(told()).toEqual(alone());
  expect(told()).toMatchObject(names.map((of) => ({ tags: { of } })));

  const numbers = [...store.reader.observedRoles(ACCOUNT)].map(
    ({ observations }) => observations[0]?.role ?? 0,
  );
  const [first = 0, second = 0] = numbers;
  expect(store.reader.roleDetail(ACCOUNT, first, at)).toMatchObject({ lastUsed: 'never' });
  scan(store, [
    { path: 'later', role: 'B', at: '2026-02-01T00:00:00Z', details: [{ tags: { of: 'other' } }] },
  ]);
  // Two files of one moment disagree.
  expect(store.reader.roleDetail(ACCOUNT, second, at)).toMatchObject({ tags: null });
});
