import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rolesByArn } from '../../../src/history/look/arn-roles.ts';
import { currentRoles } from '../../../src/history/look/current-roles.ts';
import { openStore } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { roleRecord, scan } from '../files.ts';

const folder = temporaryFolder();
let stores = 0;
const account = '111122223333';

interface Moment {
  readonly complete: boolean;
  readonly roles: readonly {
    readonly roleId: string;
    readonly policy: string;
    readonly status: 'live' | 'deleted';
  }[];
}

/** Ids that stand of one ARN, with the moment and the policy of what was last seen of them: step by step. */
function fold(moments: readonly Moment[]): [id: string, at: number, policy: string][] {
  let standing = new Map<string, [at: number, policy: string]>();
  for (const [at, { complete, roles }] of moments.entries()) {
    const live = roles.filter(({ status }) => status === 'live');
    const gone = roles.filter(({ status }) => status === 'deleted').map(({ roleId }) => roleId);
    const named = live.filter(({ roleId }) => roleId !== '');
    const idless = live.find(({ roleId }) => roleId === '');
    if (named.length > 0) {
      standing = new Map(named.map(({ roleId, policy }) => [roleId, [at, policy]]));
      continue;
    }
    if (complete && idless === undefined) standing.clear();
    for (const id of gone) {
      if (id !== '') standing.delete(id);
      else if (idless === undefined) standing.clear();
    }
    if (idless !== undefined)
      standing = new Map([[[...standing.keys()].sort()[0] ?? '', [at, idless.policy]]]);
  }
  return [...standing].map(([id, [at, policy]]) => [id, at, policy] as [string, number, string]).sort();
}

const role = fc.record({
  roleId: fc.constantFrom('', '', 'AROA1', 'AROA2'),
  policy: fc.constantFrom('{"pass":1}', '{"fail":1}'),
  status: fc.constantFrom<('live' | 'deleted')[]>('live', 'live', 'deleted'),
});
const moment: fc.Arbitrary<Moment> = fc.record({
  complete: fc.boolean(),
  roles: fc.uniqueArray(role, { maxLength: 2, selector: ({ roleId }) => roleId }),
});

/** Two ids of one moment, then sightings without ids and deletions of either. */
const afterTwoIds = fc
  .array(
    fc.record({
      complete: fc.boolean(),
      roles: fc.uniqueArray(
        fc.oneof(
          role.map((one) => ({ ...one, roleId: '' })),
          role.map((one) => ({ ...one, roleId: one.roleId || 'AROA1', status: 'deleted' as const })),
        ),
        { maxLength: 2, selector: ({ roleId }) => roleId },
      ),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((later): readonly Moment[] => [
    {
      complete: false,
      roles: ['AROA1', 'AROA2'].map((roleId) => ({ roleId, policy: '{"pass":1}', status: 'live' as const })),
    },
    ...later,
  ]);
const history = fc.oneof(fc.array(moment, { minLength: 1, maxLength: 6 }), afterTwoIds);

it('v_current_role and the history show what stands after all captures, whatever exports with and without ids say', {
  timeout: 240_000,
}, () => {
  fc.assert(
    fc.property(history, (moments) => {
      const path = join(folder, `${stores++}.db`);
      const store = openStore(path, { mode: 'write' });
      const times = moments.map((_, index) => `2026-01-0${index + 1}T00:00:00Z`);
      scan(
        store,
        moments.map(({ complete, roles }, index) => ({
          path: `${index}`,
          captures: [
            {
              account,
              capturedAt: times[index] as string,
              complete,
              reasons: complete ? [] : ['changes-only'],
            },
          ],
          records: roles.map((one) => roleRecord({ ...one, capturedAt: times[index] as string })),
        })),
      );
      const expected = fold(moments).map(([id, at, policy]) => [id, times[at], policy, `${at}`, 1]);
      const reported = store.reader
        .accountLooks({ kind: 'all' })
        .flatMap((look) =>
          [...rolesByArn(store.reader, account)].flatMap((group) =>
            currentRoles(group, look).map(({ role, at, shown }) => [
              role.roleId,
              `${at}Z`,
              store.reader.judgedPolicy(shown[0].policy, account).document,
            ]),
          ),
        );
      store.close();
      expect(reported).toEqual(expected.map((row) => row.slice(0, 3)));
      const db = new Database(path, { readonly: true });
      const rows = db
        .prepare(
          `SELECT c.role_id, c.captured_at, p.document, e.path, r.role_id = c.role_id FROM v_current_role c
           JOIN policy p ON p.id = c.policy JOIN evidence e ON e.id = c.evidence JOIN role r ON r.id = c.role
           ORDER BY c.role_id`,
        )
        .raw()
        .all();
      db.close();
      expect(rows).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});
