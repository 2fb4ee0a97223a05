import { describe, expect, it } from 'vitest';
import { REGISTER_LIMITS, thirdPartyRows } from '../../../../src/history/report/third-parties/register.ts';
import type { RoleWays } from '../../../../src/history/report/third-parties/role-ways.ts';
import { NOBODY_NAMED, type ThirdPartyRow } from '../../../../src/model/third-party.ts';
import type { GradedPath, VerdictObject } from '../../../../src/model/verdict.ts';
import { thirdPartyRoleText } from '../../../../src/report/shared/words/third-party-words.ts';
import { makeException, makePath, makeVerdict } from '../../../report/sample-source.ts';

const AS_OF = '2026-03-31T12:00:00Z';
const VENDOR = '444455556666';

function judged(changes: Partial<VerdictObject> = {}, given: Partial<RoleWays> = {}): RoleWays {
  const { object, ways, policy } = makeVerdict(changes);
  return {
    object,
    ways,
    policy,
    ownerName: 'own name',
    carriedForward: null,
    firstSeen: () => object.firstSeen,
    known: (account) => ({ accountName: `name of ${account}`, relation: 'third-party' }),
    ...given,
  };
}

function rowsOf(roles: readonly RoleWays[], limits = REGISTER_LIMITS): readonly ThirdPartyRow[] {
  const accepted = [makeException({ id: 'EX-1', owner: 'storage team', expires: '2026-04-15' })];
  return [...thirdPartyRows({ roles: () => roles, accepted, asOf: AS_OF }, limits)];
}

function rowOf(roles: readonly RoleWays[], account = VENDOR): ThirdPartyRow {
  const found = rowsOf(roles).find((row) => row.account === account);
  if (found === undefined) throw new Error(`no row of ${account}`);
  return found;
}

const way = (account: string, changes: Partial<GradedPath> = {}): GradedPath =>
  makePath({ account, principal: account, ...changes });

describe('a row of the register', () => {
  it('says of which roles the account is carried forward', () => {
    const row = rowOf([judged(), judged({ roleName: 'Old' }, { carriedForward: 89 })]);
    expect(row.carriedForward).toBe(1);
    expect(row.listed.map(thirdPartyRoleText).join()).toContain('account carried forward, 89 days');
  });

  it('tells open, guarded, closed and undecided roles apart, and adds each up once', () => {
    const guardrail = {
      verdict: 'pass' as const,
      policies: [{ id: 'p-1', name: null, statement: 0, attachedTo: [] }],
      capturedAt: AS_OF,
    };
    const row = rowOf([
      judged({ roleName: 'Open', suppressedBy: 'EX-1', notes: ['extid-any', 'org-confined'] }),
      judged({
        roleName: 'Guarded',
        verdict: 'pass',
        notes: ['extid-any', 'mfa-untrusted-account', 'known-vendor'],
        paths: [way(VENDOR, { guards: ['external-id'] }), way(VENDOR, { guards: ['external-id', 'mfa'] })],
      }),
      judged({ roleName: 'Closed', guardrail, paths: [way(VENDOR)] }, { ways: [] }),
      judged(
        { roleName: 'Demanded', guardrail, paths: [way(VENDOR)], notes: ['extid-shared'] },
        { ways: [way(VENDOR, { guards: ['external-id'] })] },
      ),
      judged({ roleName: 'Damaged', verdict: 'error', reason: 'policy-damaged', paths: [] }),
    ]);
    expect(row).toMatchObject({
      name: 'Example Vendor',
      relation: 'third-party',
      roles: { open: 1, guarded: 1, closed: 2, 'not-evaluated': 1 },
      accounts: 1,
      accepted: 1,
      guards: { 'external-id': 1, mfa: 1 },
      weak: {
        guarded: { roles: 1, notes: { 'extid-any': 1 } },
        closed: { roles: 1, notes: { 'extid-shared': 1 } },
      },
      notes: { 'extid-any': 1, 'extid-shared': 1, 'mfa-untrusted-account': 1, 'org-confined': 1 },
      severity: 'medium',
      exceptions: [
        { id: 'EX-1', owner: 'storage team', expires: '2026-04-15', status: 'expiring', roles: 1 },
      ],
      reasons: { 'policy-damaged': 1 },
      leftOut: 0,
    });
    expect(row.listed.map(({ arn, access, closedBy }) => [arn.split('/')[1], access, closedBy])).toEqual([
      ['Open', 'open', []],
      ['Damaged', 'not-evaluated', []],
      ['Closed', 'closed', ['p-1']],
      ['Demanded', 'closed', ['p-1']],
      ['Guarded', 'guarded', []],
    ]);
  });

  it('has the severity of its own ways in, and no more than the role has', () => {
    const paths = [way('*', { relation: 'any' }), way(VENDOR)];
    expect(rowOf([judged({ severity: 'critical', paths })]).severity).toBe('high');
    expect(rowOf([judged({ severity: 'critical', paths })], '*').severity).toBe('critical');
    // What guardrails leave may be confined, though the notes of the trust policy do not say so.
    expect(rowOf([judged({ severity: 'medium', paths })], '*').severity).toBe('medium');
  });

  it('has the worst privileges of open roles alone, and the latest use of all that let it in', () => {
    const impact = (privileges: 'administrator' | 'limited', lastUsed: string | null) => ({
      privileges,
      why: '',
      policies: [],
      boundary: null,
      lastUsed,
      created: null,
      maxSession: null,
      tags: {},
    });
    const guarded = [way(VENDOR, { guards: ['mfa'] }), way('999988887777')];
    const row = rowOf([
      judged({ roleName: 'A', impact: impact('limited', '2026-01-01T00:00:00Z') }),
      judged({ roleName: 'B', impact: impact('administrator', '2026-02-01T00:00:00Z'), paths: guarded }),
    ]);
    expect(row).toMatchObject({ privileges: 'limited', lastUsed: '2026-02-01T00:00:00Z' });
    expect(rowOf([judged({ impact: impact('limited', 'never') })]).lastUsed).toBe('never');
    const unknown = judged({ roleName: 'C', impact: impact('limited', null) });
    expect(rowOf([judged({ impact: impact('limited', 'never') }), unknown]).lastUsed).toBeNull();
  });

  it('counts owning accounts, and takes the most exposed relation', () => {
    const roles = ['111122223333', '111122223333', '222233334444'].map((account, n) =>
      judged({
        account,
        roleName: `R${n}`,
        paths: [way(VENDOR, n === 1 ? {} : { relation: 'same-organisation' })],
      }),
    );
    expect(rowOf(roles)).toMatchObject({ accounts: 2, relation: 'third-party', roles: { open: 3 } });
  });

  it('knows when evidence first showed it, whatever the verdict was then', () => {
    const early = judged({}, { firstSeen: () => '2025-01-01T00:00:00Z' });
    expect(rowOf([judged({ roleName: 'Later' }), early])).toMatchObject({
      firstSeen: '2025-01-01T00:00:00Z',
      lastSeen: '2026-02-01T00:00:00Z',
    });
  });

  it('is there for an account that only an undecided policy names, and for those that name nobody', () => {
    const named = judged({ roleName: 'Named', verdict: 'error', reason: 'policy-damaged', paths: [] });
    const missing = judged(
      { roleName: 'Missing', verdict: 'error', reason: 'trust-policy-missing', paths: [] },
      { policy: null },
    );
    expect(rowsOf([named, missing])).toMatchObject([
      { account: NOBODY_NAMED, name: null, relation: 'unknown', reasons: { 'trust-policy-missing': 1 } },
      {
        account: VENDOR,
        name: `name of ${VENDOR}`,
        roles: { open: 0, 'not-evaluated': 1 },
        reasons: { 'policy-damaged': 1 },
        firstSeen: null,
      },
    ]);
  });
});

describe('the order of rows', () => {
  it('is outsiders first, then by what is most pressing', () => {
    const guards = ['external-id'] as const;
    const roles = [
      judged({
        paths: [way('5', { relation: 'same-organisation' }), way('3'), way('1', { relation: 'any' })],
      }),
      judged({ roleName: 'P', verdict: 'pass', paths: [way('0', { guards })] }),
      judged({ roleName: 'Q', severity: 'medium', paths: [way('2', { relation: 'unknown' })] }),
      judged({ roleName: 'E', verdict: 'error', paths: [] }, { policy: null }),
    ];
    expect(rowsOf(roles).map(({ account }) => account)).toEqual(['1', '3', '2', NOBODY_NAMED, '0', '5']);
    expect(rowsOf([...roles].reverse()).map(({ account }) => account)).toEqual(
      rowsOf(roles).map(({ account }) => account),
    );
  });
});

describe('accounts that are alike', () => {
  it('come by how many roles stand open to them, then by id', () => {
    const roles = [
      judged({ roleName: 'A', paths: [way('1'), way('3'), way('2')] }),
      judged({ roleName: 'B', paths: [way('3')] }),
    ];
    expect(rowsOf(roles).map(({ account }) => account)).toEqual(['3', '1', '2']);
  });
});

describe('the bounds of the register', () => {
  /** Account `n` gets into so many roles. */
  const roles = Array.from({ length: 40 }, (_, n) =>
    judged({
      roleName: `R${n}`,
      paths: Array.from({ length: n + 1 }, (_, m) => way(String(m).padStart(12, '0'))),
    }),
  );
  const all = rowsOf(roles);

  it('leave out no account: what does not fit comes in further groups by id', () => {
    const grouped = rowsOf(roles, { ...REGISTER_LIMITS, accounts: 7 });
    const byId = (rows: readonly ThirdPartyRow[]) =>
      [...rows].sort((a, b) => (a.account < b.account ? -1 : 1));
    expect(byId(grouped)).toEqual(byId(all));
    expect(grouped.slice(0, 7).every(({ account }) => Number(account) < 7)).toBe(true);
  });

  it.each([
    [{ rolesOfOne: 3 }, 3],
    [{ roles: 90, rolesOfOne: 8 }, 2],
    [{ roles: 5 }, 1],
  ])('list fewer roles and say how many are left out (%o)', (limits, most) => {
    const short = rowsOf(roles, { ...REGISTER_LIMITS, ...limits });
    expect(short).toHaveLength(all.length);
    for (const [index, row] of short.entries()) {
      const whole = all[index];
      const kept = whole?.listed.slice(0, most);
      expect(row).toEqual({
        ...whole,
        listed: kept,
        leftOut: (whole?.listed.length ?? 0) - (kept?.length ?? 0),
      });
    }
  });

  it('name fewer exceptions and say how many more there are', () => {
    const accepted = ['A', 'B', 'C'].map((id) => makeException({ id }));
    const open = accepted.map(({ id }) => judged({ roleName: id, suppressedBy: id }));
    const limits = { ...REGISTER_LIMITS, exceptions: 2 };
    const [row] = thirdPartyRows({ roles: () => open, accepted, asOf: AS_OF }, limits);
    expect(row?.exceptions.map(({ id }) => id)).toEqual(['A', 'B']);
    expect(row?.exceptionsLeftOut).toBe(1);
  });
});
