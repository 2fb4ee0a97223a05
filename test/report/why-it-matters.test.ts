import { describe, expect, it } from 'vitest';
import type { Impact } from '../../src/model/role-detail.ts';
import type { VerdictObject } from '../../src/model/verdict.ts';
import { messagePieces, messageWithNames } from '../../src/report/shared/words/named-message.ts';
import { whyItMatters } from '../../src/report/shared/words/why-it-matters.ts';
import { makePath, makeVerdict } from './sample-source.ts';

function told(changes: Partial<VerdictObject> = {}, accountName: string | null = 'Payments'): string {
  const sentences = whyItMatters({ ...makeVerdict(changes).object, accountName });
  return sentences
    .map((sentence) =>
      sentence
        .map((piece) => (typeof piece === 'string' ? piece : 'name' in piece ? piece.name : piece.given))
        .join(''),
    )
    .join(' ');
}

function impact(privileges: Impact['privileges']): Impact {
  return {
    privileges,
    why: '',
    policies: [],
    boundary: null,
    lastUsed: null,
    created: null,
    maxSession: null,
    tags: {},
  };
}

describe('why it matters', () => {
  it('names the vendor, the account, what the role can do and the simplest fix', () => {
    expect(told({ impact: impact('administrator') })).toBe(
      'Anybody whom Example Vendor (account 444455556666) lets into its account can act as the role Partner of Payments (account 111122223333), without a second factor (MFA) and without a secret agreed with them (an external ID). ' +
        'That role may do everything in its account: read and delete all data, make new users, and lock you out. ' +
        'Simplest fix: agree on an external ID with Example Vendor and demand it in the trust policy; then neither its other customers nor leaked credentials alone open the role.',
    );
  });

  it.each([
    ['any', { account: '*', principal: '*', accountName: null }, /^Anybody with an AWS account can act/],
    [
      'unknown',
      { accountName: null },
      /find out whose account it is.* with the owner of account 444455556666 and/,
    ],
    ['same-organisation', {}, /demand MFA where people come in.* takes over Example Vendor does not/],
  ] as const)('fits the relation %s', (relation, changes, expected) => {
    expect(told({ paths: [makePath({ relation, ...changes })] })).toMatch(expected);
  });

  it('does not call everybody who meets conditions anybody', () => {
    const paths = [makePath({ account: '*', principal: '*', relation: 'any' })];
    expect(told({ paths, notes: ['org-confined'] })).toMatch(/^Whoever meets the conditions/);
  });

  it('counts the users and roles that are named, and further accounts', () => {
    const paths = [
      makePath({ principal: 'arn:aws:iam::444455556666:role/a' }),
      makePath({ principal: 'arn:aws:iam::444455556666:role/b' }),
      makePath({ principal: 'arn:aws:iam::999988887777:root', account: '999988887777' }),
    ];
    expect(told({ paths })).toMatch(
      /^2 users and roles of Example Vendor \(account 444455556666\) \(and those of 1 more account\) can/,
    );
  });

  describe('the simplest fix', () => {
    const paths = ['third-party', 'unknown', 'same-organisation'] as const;
    const many = (relation: (typeof paths)[number]) =>
      Array.from({ length: 200 }, (_, n) => makePath({ account: String(100000000000 + n), relation }));

    it.each(paths)('closes all accounts of relation %s, and not the first alone', (relation) => {
      const text = told({ paths: many(relation) });
      expect(text).toMatch(/Simplest fix: .*each of the 200 accounts that get in/);
      expect(/Simplest fix: .*/.exec(text)?.[0]).not.toContain('Example Vendor');
    });

    it('is what is to be done instead where no change can be proposed', () => {
      const told = (paths: VerdictObject['paths']) =>
        whyItMatters({
          ...makeVerdict({ paths }).object,
          accountName: null,
          insteadOfFix: 'judge it with `trustsieve check`',
        }).at(-1);
      expect(told(many('third-party'))).toEqual([
        'Simplest fix, as no change of this policy can be proposed: judge it with ',
        { given: 'trustsieve check' },
        '.',
        ' 200 accounts get in: keep those that need the role, and demand an external ID of each.',
      ]);
      expect(told([makePath()])).toHaveLength(3);
    });

    it('says that a network is no guard', () => {
      const text = told({ notes: ['network-confined'] });
      expect(text).toContain(', through a network that the trust policy names, without a second factor');
      expect(text).toMatch(
        /The condition on the network does not close it: it proves nothing of who calls\.$/,
      );
      expect(told()).not.toContain('network');
    });
  });

  it('says first that a guardrail stops it', () => {
    const guardrail = { verdict: 'pass', policies: [], capturedAt: '2026-02-01T00:00:00Z' } as const;
    expect(told({ guardrail, severity: null })).toMatch(/^A guardrail of the organisation stops this today/);
  });

  it('claims nothing where nothing is known, or nobody gets in', () => {
    expect(told({ verdict: 'error', paths: [] })).toContain('take the role for open');
    expect(told({ verdict: 'not-applicable', paths: [] })).toBe('');
    expect(told({ paths: [] })).toBe('');
    const paths = [makePath({ guards: ['external-id'] })];
    expect(told({ verdict: 'pass', severity: null, paths })).toBe('');
    expect(told({ verdict: 'pass', severity: 'medium', paths })).toContain('what it has to prove is weak');
  });
});

describe('a message with names', () => {
  it('has the name behind the id, and leaves alone what it quotes', () => {
    const { object } = makeVerdict({
      message: 'Any principal of account 444455556666 and `account 444455556666` of account 999988887777.',
    });
    expect(messageWithNames(object)).toBe(
      'Any principal of account 444455556666 (Example Vendor) and `account 444455556666` of account 999988887777.',
    );
  });
});

describe('a message in pieces', () => {
  const paths = [makePath({ accountName: 'Ven`dor' })];
  const message = '`arn:x/*` of account 444455556666 can assume this role.';

  it('tells apart what the tool quotes, whatever accounts are called', () => {
    expect(messagePieces({ message, paths }, ['{}', null])).toEqual([
      '',
      { given: 'arn:x/*' },
      ' of account 444455556666 (Ven`dor) can assume this role.',
    ]);
  });

  it.each([
    ['a policy', ['{"Sid":"`"}'], 'x'],
    ['a policy that escapes it', ['{"Sid":"\\u0060"}'], 'x'],
    ['a principal', [], 'arn:`x`'],
  ])('stays text where backticks may be of the evidence: %s', (_, evidence, principal) => {
    expect(messagePieces({ message, paths: [makePath({ principal })] }, evidence)).toEqual([
      messageWithNames({ message, paths: [makePath({ principal })] }),
    ]);
  });
});
