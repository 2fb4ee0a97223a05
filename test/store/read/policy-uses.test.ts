import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore, type Store } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { RULE, roleRecord, scan, type TestFile } from '../files.ts';

const account = '111122223333';
const POLICIES = ['{"pass":1}', '{"fail":1}'];

/** Roles A, B ... of one account at a day, each with the policy of that number. */
function file(day: number, ...policies: readonly number[]): TestFile {
  const capturedAt = `2026-01-0${day}T00:00:00Z`;
  return {
    path: `${day}.json`,
    captures: [{ account, capturedAt, complete: true, reasons: [] }],
    records: policies.map((policy, index) =>
      roleRecord({ account, capturedAt, roleName: `R${index}`, policy: POLICIES[policy] ?? '' }),
    ),
  };
}

function counts({ reader }: Store): readonly number[] | undefined {
  const [look] = reader.accountLooks({ kind: 'all' });
  const counted = look === undefined ? null : reader.currentPolicies(look);
  return counted?.map(({ count }) => count);
}

it('counts the roles that stand by policy, and again when the store has been written to', () => {
  const store = openStore(join(temporaryFolder(), 's.db'), { mode: 'write' });
  try {
    scan(store, [file(1, 0, 0, 1)]);
    expect(counts(store)).toEqual([2, 1]);
    expect(counts(store)).toEqual([2, 1]);
    scan(store, [file(2, 0, 0, 0)]);
    expect(counts(store)).toEqual([3]);
  } finally {
    store.close();
  }
});

it('looks roles up by what was ever judged of them, what was only seen later left out of the past', () => {
  const store = openStore(join(temporaryFolder(), 's.db'), { mode: 'write' });
  try {
    scan(store, [file(1, 0, 0)]);
    scan(store, [file(2, 0, 1)]);
    const failing = { judged: { rules: [RULE], outcomes: ['fail'] } } as const;
    const names = ({ reader }: Pick<Store, 'reader'>): readonly string[] =>
      [...reader.observedRoles(account, failing)].map(({ roleName }) => roleName);
    expect(names(store)).toEqual(['R1']);
    expect(names({ reader: store.readerAt('2026-01-01T00:00:00') })).toEqual([]);
  } finally {
    store.close();
  }
});
