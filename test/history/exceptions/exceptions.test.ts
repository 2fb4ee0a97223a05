import { describe, expect, it } from 'vitest';
import { type Cover, compileException } from '../../../src/history/exceptions/cover.ts';
import { expiryStatus, openExceptions } from '../../../src/history/exceptions/exceptions.ts';
import type { AcceptedRisk } from '../../../src/model/exception.ts';
import { makePath, makeVerdict, OWN } from '../../report/sample-source.ts';

const entry = (changes: Partial<AcceptedRisk> = {}): AcceptedRisk => ({
  id: 'EX-1',
  rule: null,
  account: null,
  role: null,
  principals: [],
  principalAccounts: [],
  reason: 'Agreed.',
  expires: '2026-12-31',
  owner: null,
  ticket: null,
  ...changes,
});

const VENDOR = '444455556666';
const vendor = makePath({ principal: `arn:aws:iam::${VENDOR}:root`, account: VENDOR });
const vendorRole = makePath({ principal: `arn:aws:iam::${VENDOR}:role/team/backup`, account: VENDOR });
const anyone = makePath({ principal: '*', account: '*', relation: 'any' });
// A path of a foreign account that spells the vendor's.
const lookalike = makePath({
  principal: `arn:aws:iam::222222222222:role/x:${VENDOR}:y/Deploy`,
  account: '222222222222',
});
const guarded = makePath({ principal: '999988887777', account: '999988887777', guards: ['mfa'] });

const { object } = makeVerdict({ paths: [vendor] });
const pathed = makeVerdict({ roleName: 'Partner', arn: `arn:aws:iam::${OWN}:role/team/Partner` }).object;

describe('an exception', () => {
  const cases: readonly [what: string, changes: Partial<AcceptedRisk>, verdict: object, cover: Cover][] = [
    ['without keys covers every finding', {}, {}, 'whole'],
    ['covers no pass', {}, { verdict: 'pass' }, 'none'],
    ['covers no error', {}, { verdict: 'error' }, 'none'],
    ['of its rule', { rule: 'D9.AWS.IAM.99' }, {}, 'whole'],
    ['of another rule', { rule: 'D9.AWS.IAM.9' }, {}, 'none'],
    ['of its account', { account: OWN }, {}, 'whole'],
    ['of another account', { account: '111122223334' }, {}, 'none'],
    ['of a pattern of accounts', { account: '1111*' }, {}, 'whole'],
    ['of a role by name', { role: 'Partner' }, {}, 'whole'],
    ['of a part of a name', { role: 'Partne' }, {}, 'none'],
    ['of another case', { role: 'partner' }, {}, 'none'],
    ['of a pattern of names', { role: 'Part*' }, {}, 'whole'],
    ['of a pattern that is not the whole name', { role: '*art' }, {}, 'none'],
    ['of one character each', { role: 'Par???r' }, {}, 'whole'],
    ['of a role by ARN', { role: `arn:aws:iam::${OWN}:role/Partner` }, {}, 'whole'],
    ['of a pattern of ARNs', { role: 'arn:aws:iam::*:role/Partner' }, {}, 'whole'],
    ['of an ARN whose wildcard would have to leave its part', { role: 'arn:*:role/Partner:::' }, {}, 'none'],
    ['of a path', { role: 'team/Part*' }, pathed, 'whole'],
    ['of another path', { role: 'teams/Part*' }, pathed, 'none'],
    ['of a name, whatever the path', { role: 'Partner' }, pathed, 'whole'],
    ['of a principal', { principals: [vendor.principal] }, {}, 'whole'],
    ['of an account as principal', { principals: [VENDOR] }, {}, 'whole'],
    [
      'of an ARN, when the policy has the id',
      { principals: [vendor.principal] },
      { paths: [{ ...vendor, principal: VENDOR }] },
      'whole',
    ],
    ['of an account, but a role of it gets in', { principals: [VENDOR] }, { paths: [vendorRole] }, 'none'],
    [
      'of a pattern of principals',
      { principals: [`arn:aws:iam::${VENDOR}:role/*`] },
      { paths: [vendorRole] },
      'whole',
    ],
    [
      'of a pattern that stays in its part',
      { principals: [`arn:aws:iam::${VENDOR}:*`] },
      { paths: [lookalike] },
      'none',
    ],
    [
      'of a pattern whose wildcard stands for the account',
      { principals: [`arn:aws:iam::*:${VENDOR}:y/Deploy`] },
      { paths: [lookalike] },
      'none',
    ],
    ['of an account that gets in', { principalAccounts: [VENDOR] }, { paths: [vendorRole] }, 'whole'],
    ['of another account', { principalAccounts: [VENDOR] }, { paths: [lookalike] }, 'none'],
    ['of an account, but anyone gets in', { principalAccounts: [VENDOR] }, { paths: [anyone] }, 'none'],
    [
      'of a pattern of accounts, but anyone gets in',
      { principalAccounts: ['4*', '????????????'] },
      { paths: [anyone] },
      'none',
    ],
    ['of anyone', { principalAccounts: ['*'] }, { paths: [anyone] }, 'whole'],
    ['of one of two ways in', { principals: [VENDOR] }, { paths: [vendor, lookalike] }, 'partly'],
    [
      'of both ways in',
      { principals: [VENDOR, lookalike.principal] },
      { paths: [vendor, lookalike] },
      'whole',
    ],
    ['of the unguarded way in', { principals: [VENDOR] }, { paths: [vendor, guarded] }, 'whole'],
    [
      'of a guarded way in only',
      { principalAccounts: ['999988887777'] },
      { paths: [vendor, guarded] },
      'none',
    ],
    [
      'of principal and account, which must both match',
      { principals: ['*'], principalAccounts: ['222222222222'] },
      {},
      'none',
    ],
    [
      'of a principal, but the rule knows no ways in',
      { principals: ['*'] },
      { rule: 'X', paths: [] },
      'none',
    ],
    ['without a principal, and the rule knows no ways in', {}, { rule: 'X', paths: [] }, 'whole'],
  ];
  it.each(cases)('%s', (_what, changes, verdict, cover) => {
    expect(compileException(entry(changes))({ ...object, ...verdict })).toBe(cover);
  });

  it.each([
    ['2026-06-30', '2026-05-30T23:59:59Z', 'active'],
    ['2026-06-30', '2026-05-31T00:00:00Z', 'expiring'],
    ['2026-06-30', '2026-06-30T23:59:59Z', 'expiring'],
    ['2026-06-30', '2026-07-01T00:00:00Z', 'expired'],
    ['2026-06-30T12:00:00Z', '2026-06-30T12:00:00Z', 'expiring'],
    ['2026-06-30T12:00:00Z', '2026-06-30T12:00:01Z', 'expired'],
  ] as const)('until %s is at %s %s', (expires, asOf, status) => {
    expect(expiryStatus({ expires }, asOf)).toBe(status);
  });
});

describe('openExceptions', () => {
  const asOf = '2026-05-01T00:00:00Z';

  it('names the first that covers a finding and holds', () => {
    const { suppressing } = openExceptions(
      [
        entry({ id: 'OTHER', role: 'Nobody' }),
        entry({ id: 'OLD', expires: '2026-04-30' }),
        entry({ id: 'ANY', account: '1*' }),
        entry({ id: 'OWN', account: OWN }),
      ],
      asOf,
    );
    expect(suppressing(object)).toBe('ANY');
    expect(suppressing({ ...object, account: '222233334444' })).toBe(null);
    expect(suppressing({ ...object, verdict: 'pass' })).toBe(null);
  });

  it('does not join exceptions: each must accept every way in', () => {
    const both = { ...object, paths: [vendor, lookalike] };
    const entries = [
      entry({ id: 'A', principals: [VENDOR] }),
      entry({ id: 'B', principals: [lookalike.principal] }),
    ];
    expect(openExceptions(entries, asOf).suppressing(both)).toBe(null);
  });

  it.each<[string, Partial<AcceptedRisk>, RegExp | null]>([
    ['any principal', { rule: 'D9.AWS.IAM.99', role: 'P' }, /every principal/],
    ['any principal by pattern', { rule: 'D9.AWS.IAM.99', role: 'P', principals: ['*'] }, /every principal/],
    ['a principal', { rule: 'D9.AWS.IAM.99', role: 'P', principals: [VENDOR] }, null],
    [
      'an account',
      { rule: 'D9.AWS.IAM.99', role: 'P', principals: ['*'], principalAccounts: [VENDOR] },
      null,
    ],
    ['a rule that knows no ways in', { rule: 'X', role: 'P' }, null],
    ['every role everywhere', { rule: 'X', role: '*' }, /every role of every account/],
    ['every role of an account', { rule: 'X', account: OWN }, null],
    [
      'every rule, but one principal, so only rules that know ways in',
      { role: 'P', principals: [VENDOR] },
      null,
    ],
  ])('says whether it is over-broad: %s', (_what, changes, message) => {
    const [row] = openExceptions([entry(changes)], asOf).rowsFor([object]);
    expect(row?.overBroad.join('; ')).toMatch(message ?? /^$/);
  });

  it('calls more than a hundred findings many', () => {
    const own = entry({ rule: 'D9.AWS.IAM.99', account: OWN, principals: [VENDOR] });
    const rows = (count: number) => openExceptions([own], asOf).rowsFor(Array(count).fill(object));
    expect(rows(100)[0]).toMatchObject({ findings: 100, overBroad: [] });
    expect(rows(101)[0]?.overBroad).toEqual(['it covers 101 findings']);
  });
});
