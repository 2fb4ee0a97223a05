import { describe, expect, it } from 'vitest';
import { ACCOUNT, arnOf, asIam, asText, elsewhere, encoded, json, OPEN, OTHER } from './five-roles.ts';
import { readWhole } from './read.ts';

describe('an account around a list of roles', () => {
  const own = [asIam(OPEN)];

  it.each([
    ['a key', { [OTHER]: own }],
    ['a key around list-roles', { [OTHER]: { Roles: own } }],
    ['a key around authorization details', { [OTHER]: { UserDetailList: [], RoleDetailList: own } }],
    ['a field before', [{ AccountId: OTHER, Roles: own }]],
    ['a field behind', [{ Roles: own, Account: OTHER }]],
    ['a field before `roles`', { account_id: OTHER, roles: own }],
    ['a field of every row', own.map((role) => ({ ...role, AccountId: OTHER }))],
  ])('is noted where it contradicts the ARNs: %s', async (_, document) => {
    const { roles, codes, reading } = await readWhole(json(document));
    expect(roles).toMatchObject([{ account: ACCOUNT }]);
    expect(codes).toEqual(['account-mismatch']);
    expect(reading).toMatchObject({ status: 'complete', recordsRead: 1, recordsRejected: 0 });
    expect(reading.problems[0]?.message).toContain(OTHER);
  });

  it.each([
    ['a name', [{ Account: 'production', Roles: own }]],
    ['a name in every row', own.map((role) => ({ ...role, account: 'production' }))],
    ['the same', { [ACCOUNT]: own }],
    ['the same as a number', [{ AccountId: Number(ACCOUNT), Roles: own }]],
  ])('is not noted otherwise: %s', async (_, document) => {
    expect((await readWhole(json(document))).codes).toEqual([]);
  });

  it.each([
    ['a key', { [OTHER]: [], [ACCOUNT]: own }],
    ['a key around list-roles', { [OTHER]: { Roles: [] }, [ACCOUNT]: { Roles: own } }],
    ['a field', [{ Roles: own }, { AccountId: OTHER, Roles: [] }]],
    [
      'a key around authorization details',
      { [OTHER]: { RoleDetailList: [] }, [ACCOUNT]: { RoleDetailList: own } },
    ],
  ])('is known although it shows no role: %s', async (_, document) => {
    const { captures, codes, reading } = await readWhole(json(document));
    expect(captures).toMatchObject([
      { account: ACCOUNT },
      { account: OTHER, complete: false, reasons: ['no-roles'] },
    ]);
    expect(codes).toEqual(['no-roles']);
    expect(reading.status).toBe('incomplete');
  });

  it('tells who keeps lists under names what to do', async () => {
    const { reading } = await readWhole(json({ production: own, development: own }));
    expect(reading.status).toBe('unreadable');
    expect(reading.problems[0]?.message).toContain('`production`');
    expect(reading.problems[0]?.message).toContain('number of its account');
  });
});

describe('list-roles', () => {
  const page = (roles: readonly object[], rest: object = {}) => json({ Roles: roles, ...rest });

  it.each([
    ['the last page', page([asIam(OPEN)], { IsTruncated: false }), { [ACCOUNT]: null }],
    ['a page', page([asIam(OPEN)], { IsTruncated: true, Marker: 'm' }), { [ACCOUNT]: 'next-page-missing' }],
    ['--max-items', page([asIam(OPEN)], { NextToken: 't' }), { [ACCOUNT]: 'next-page-missing' }],
    [
      'two accounts',
      page([asIam(OPEN)]) + page([elsewhere(OPEN)], { IsTruncated: true }),
      { [ACCOUNT]: null, [OTHER]: 'next-page-missing' },
    ],
    [
      'a last page without roles',
      page([asIam(OPEN)], { IsTruncated: true }) + page([], { IsTruncated: false }),
      { [ACCOUNT]: null },
    ],
    ['a page cut off', page([asIam(OPEN)]).slice(0, -1), { [ACCOUNT]: 'truncated' }],
    [
      'an account cut off later',
      page([asIam(OPEN)]) + page([elsewhere(OPEN)]).slice(0, -1),
      { [ACCOUNT]: null, [OTHER]: 'truncated' },
    ],
    ['a bad role', page([asIam(OPEN), { RoleName: 'x' }]), { [ACCOUNT]: 'records-rejected' }],
    ['bad roles only', page([{ RoleName: 'x' }]), {}],
    [
      'instance profiles',
      json({ InstanceProfiles: [{ InstanceProfileName: 'p', Roles: [asIam(OPEN)] }], IsTruncated: false }),
      { [ACCOUNT]: 'partial-inventory' },
    ],
  ])('knows what %s proves', async (_, content, expected) => {
    const { captures, reading, roles } = await readWhole(content);
    expect(Object.fromEntries(captures.map(({ account, reasons }) => [account, reasons[0] ?? null]))).toEqual(
      expected,
    );
    const flawed = Object.values(expected).some(
      (reason) => reason !== null && reason !== 'partial-inventory',
    );
    expect(reading.status).toBe(flawed || roles.length === 0 ? 'incomplete' : 'complete');
  });

  it('says that a placeholder is no policy', async () => {
    const { roles } = await readWhole(json({ Role: asIam(OPEN, '<URL-encoded-JSON>') }));
    expect(roles).toMatchObject([
      { trust: { state: 'undecodable', reason: 'it is the placeholder of a documentation example' } },
    ]);
  });
});

describe('role-list', () => {
  it('keeps duplicate members of a policy', async () => {
    const trust = '{"Statement":{"Principal":"*","Condition":{"Bool":{"a":1},"Bool":{"b":2}}}}';
    const { roles } = await readWhole(`[{"r":"${arnOf(OPEN)}","t":${trust}}]`);
    expect(roles).toMatchObject([{ trust: { state: 'document', text: trust }, roleId: '' }]);
  });

  it.each([
    ['no policy', [{ Arn: arnOf(OPEN), RoleName: 'Open' }], /ARN or the trust policy was left out/],
    ['no ARN', [{ name: 'Open', trust: OPEN.trust }], /shows no role in a known place/],
    [
      'two policies that may be it',
      [{ who: arnOf(OPEN), a: OPEN.trust, b: OPEN.trust }],
      /names roles, but shows no trust policy/,
    ],
    ['nothing', [], /empty list/],
  ])('explains %s', async (_, content, message) => {
    const { reading } = await readWhole(json(content));
    expect(reading).toMatchObject({ format: null, status: 'unreadable' });
    expect(reading.problems[0]?.message).toMatch(message);
  });

  it('reads a table of the same columns', async () => {
    const { roles, reading } = await readWhole(
      `RoleName,Arn,AssumeRolePolicyDocument\nOpen,${arnOf(OPEN)},${encoded(OPEN)}\n`,
    );
    expect(reading).toMatchObject({ format: 'role-list', status: 'complete' });
    expect(roles).toMatchObject([{ roleName: 'Open', trust: { state: 'document', text: asText(OPEN) } }]);
  });
});

describe('steampipe', () => {
  const row = { arn: arnOf(OPEN), account_id: ACCOUNT };

  it.each([
    [
      {
        assume_role_policy: { a: 1 },
        assume_role_policy_document: '{"b":1}',
        assume_role_policy_std: { c: 1 },
      },
      '{"a":1}',
    ],
    [
      {
        assume_role_policy: null,
        assume_role_policy_document: '%7B%22b%22%3A1%7D',
        assume_role_policy_std: { c: 1 },
      },
      '{"b":1}',
    ],
    [{ assume_role_policy: null, assume_role_policy_std: { c: 1 } }, '{"c":1}'],
    [
      { assume_role_policy: '', assume_role_policy_document: 'x', assume_role_policy_std: { c: 1 } },
      '{"c":1}',
    ],
  ])('takes the best of %j', async (more, text) => {
    const { roles } = await readWhole(json([{ ...row, ...more }]));
    expect(roles).toMatchObject([{ trust: { state: 'document', text } }]);
  });

  it('does not trust a table with a rejected row', async () => {
    const { captures } = await readWhole(
      json([{ ...row, assume_role_policy: null }, { assume_role_policy: null }]),
    );
    expect(captures).toMatchObject([{ complete: false, reasons: ['records-rejected'] }]);
  });
});
