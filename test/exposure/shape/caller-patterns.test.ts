import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRUST_JUDGE, VerdictMemo } from '../../../src/audit/memo.ts';
import { cutPolicy } from '../../../src/exposure/shape/cut.ts';
import { Shape } from '../../../src/exposure/shape/shape.ts';
import type { PolicyVerdict } from '../../../src/model/verdict.ts';
import { TRUST_RULES } from '../../../src/rules/index.ts';
import { allow, deny, EXT, OTHER, OWN, policy } from '../cases/index.ts';
import { ACCOUNTS, instanceOf, valuesArbitrary } from './instances.ts';
import { countingShapes, judge } from './judging.ts';
import { namesBesidePatterns, patternPolicyArbitrary } from './pattern-policies.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 40);

const written = (...statements: readonly unknown[]): string => JSON.stringify(policy(...statements));
const callers = (value: unknown, operator = 'ArnLike') => ({ [operator]: { 'aws:PrincipalArn': value } });
const arnOf = (account: string, resource: string): string => `arn:aws:iam::${account}:${resource}`;
const shapeOf = (text: string): Shape<readonly PolicyVerdict[]> | null => {
  const cut = cutPolicy(text);
  return cut === null ? null : Shape.of(TRUST_JUDGE, cut);
};

/** An account's neighbours in what a pattern reads of it, digit by digit, and in the order of accounts. */
const lookAlikes = (account: string): readonly string[] => [
  `${account.slice(0, 11)}${account.endsWith('9') ? '0' : '9'}`,
  `${account.startsWith('9') ? '8' : '9'}${account.slice(1)}`,
  `${account.slice(0, 6)}${account.slice(0, 6)}`,
  [...account].toReversed().join(''),
];

describe('policies that tell callers by patterns on their ARNs', { timeout: 120_000 }, () => {
  it('are judged as they are one by one, in every field, by whatever shape they share', () => {
    const values = fc
      .tuple(valuesArbitrary, fc.array(namesBesidePatterns, { minLength: 4, maxLength: 4 }), fc.boolean())
      .map(([one, name, alike]) => ({
        ...one,
        name,
        account: alike ? [one.account[0] as string, ...lookAlikes(one.account[0] as string)] : one.account,
      }));
    // One memory for all runs: what it learnt of one policy is what it says of another.
    const memo = new VerdictMemo();
    const oneByOne = new VerdictMemo([...TRUST_RULES]);
    fc.assert(
      fc.property(
        patternPolicyArbitrary,
        fc.array(values, { minLength: 3, maxLength: 5 }),
        fc.array(fc.constantFrom(...ACCOUNTS), { minLength: 1, maxLength: 2 }),
        fc.constantFrom('aws', 'aws', null, 'aws-cn'),
        (original, instances, accounts, partition) => {
          for (const text of [original, ...instances.map((one) => instanceOf(original, one))]) {
            const named = [...new Set(text.match(/\d{12}/g) ?? [])].slice(0, 2);
            for (const account of [
              ...accounts,
              ...named,
              ...named.slice(0, 1).flatMap(lookAlikes).slice(0, 2),
            ]) {
              const trust = { state: 'document', text } as const;
              expect(memo.evaluate(trust, account, partition), `${account} ${partition}: ${text}`).toEqual(
                oneByOne.evaluate(trust, account, partition),
              );
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('need no decision of their own after the second, whoever owns them', () => {
    const { shapes, judged } = countingShapes();
    const counts = [1, 2, 3, 4].map((at) => {
      const text = written(
        allow({ AWS: arnOf(`11112222333${at}`, `role/team-${at}`) }),
        allow({ AWS: '*' }, callers(arnOf(`44445555666${at}`, 'role/deploy-*'))),
        deny({ AWS: '*' }, { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }),
      );
      const before = judged();
      const shaped = shapes.find(text);
      const owners = ['222233334444', '999999999999', '000000000001', `11112222333${at}`];
      for (const owner of owners) shaped?.shape.outcome(text, shaped.cut, owner, true, null);
      return judged() - before;
    });
    // The second is judged itself, too, and once for an owner that it names and once for all others.
    expect(counts).toEqual([0, 2 * 2, 0, 0]);
  });

  it('are judged as one shape for each of their owners, even where each of them has the same policy', () => {
    const text = written(allow({ AWS: '*' }, callers(arnOf(EXT, 'role/deploy-*'))));
    const memo = new VerdictMemo();
    const owners = ['100000000001', '100000000002', '100000000003', '100000000004', EXT];
    const verdicts = owners.map((owner) => memo.evaluate({ state: 'document', text }, owner, 'aws').verdicts);
    expect(verdicts).toEqual(owners.map((owner) => judge(text, owner, 'aws')));
    // Filled in from one decision, what does not name the owner is the same object.
    expect(verdicts[3]?.[0]?.paths[0]?.guards).toBe(verdicts[2]?.[0]?.paths[0]?.guards);
  });

  it('are not taken for one another where digits or letters decide who stands for all', () => {
    const memo = new VerdictMemo();
    const check = (text: string): void => {
      const { verdicts } = memo.evaluate({ state: 'document', text }, '555566667777', 'aws');
      expect(verdicts, text).toEqual(judge(text, '555566667777', 'aws'));
    };
    // In one condition, of two accounts the one that is met first: nines and zeros come first in turns.
    const accounts = ['111122223333', '911122223333', '012345678901', '919191919191', '192837465564'];
    for (const one of accounts) {
      for (const other of accounts.filter((account) => account !== one))
        check(written(allow({ AWS: '*' }, callers([arnOf(one, 'role/a*'), arnOf(other, 'role/a*')]))));
    }
    for (const name of ['Deployer', 'deploy-a', 'deploy-', 'deploy', 'd', 'x', 'xa', 'export', 'abcdefg']) {
      for (const operator of ['ArnLike', 'ArnNotLike']) {
        const pattern = callers(arnOf('111122223333', 'role/deploy-*'), operator);
        check(written(allow({ AWS: '*' }, pattern), deny({ AWS: arnOf('222233334444', `role/${name}`) })));
      }
    }
  });

  it.each([
    ['a beginning', callers(arnOf(EXT, 'role/deploy-*'))],
    ['wildcards behind the account', callers(arnOf(EXT, 'role/*/sso_?-*'), 'StringLike')],
    ['several of one account', callers([arnOf(EXT, 'role/a*'), arnOf(EXT, 'user/*')], 'ArnNotLike')],
    ['one ARN', callers(arnOf(EXT, 'role/Deploy'), 'ArnEquals')],
  ])('share a shape with %s', (_, condition) => {
    expect(shapeOf(written(allow({ AWS: '*' }, condition), allow({ AWS: OTHER })))).not.toBeNull();
  });

  it.each([
    ['several accounts', callers([arnOf(EXT, 'role/a*'), arnOf(OTHER, 'role/a*')])],
    ['a wildcard before the account', callers(`arn:*:iam::${EXT}:role/a*`, 'StringLike')],
    ['a wildcard in the account', callers(arnOf('4444*', 'role/a*'), 'StringLike')],
    ['a wildcard beside the account', callers(arnOf(`${EXT}*`, 'role/a*'), 'StringLike')],
    ['a second account', callers(arnOf(EXT, `role/a:${OTHER}*`))],
    ['any case', callers(arnOf(EXT, 'role/a'), 'StringEqualsIgnoreCase')],
    ['no letter left that stands for others', callers(arnOf(EXT, 'role/xqzvkjw*'))],
    [
      'accounts that are told in one list',
      { StringEquals: { 'aws:PrincipalAccount': [EXT, OTHER] }, ...callers(arnOf(EXT, 'role/a*')) },
    ],
  ])('share none with %s', (_, condition) => {
    expect(shapeOf(written(allow({ AWS: '*' }, condition)))).toBeNull();
  });

  it.each([
    ['the same account', EXT, 'Deploy', 'role/deploy-*'],
    ['a name that the pattern takes in', OTHER, 'deploy-a', 'role/deploy-*'],
    ['a name that is the beginning of what it takes in', OTHER, 'deploy', 'role/deploy-*'],
    ['a short name', OTHER, 'ab', 'role/deploy-*'],
    ['a name with the letter that stands for others', OTHER, 'export', 'role/deploy-*'],
    ['that letter in the pattern', OTHER, 'Deploy', 'role/axe-*'],
    ['a pattern of other form', OTHER, 'Deploy', 'role/*-deploy'],
    ['a name behind its path', OTHER, 'deploy-a', 'role/team/deploy-*'],
  ])('share none where a principal is named and there is %s', (_, account, name, pattern) => {
    const text = written(
      allow({ AWS: arnOf(account, `role/${name}`) }),
      allow({ AWS: '*' }, callers(arnOf(EXT, pattern))),
    );
    expect(shapeOf(text)).toBeNull();
  });

  it('share none where the work is near its limit, and none is decided otherwise on the way there', () => {
    const many = (count: number, account: string): string =>
      written(
        deny(
          { AWS: '*' },
          callers(
            Array.from({ length: count }, (_, at) =>
              arnOf(account, `role/*${'abcdefghi'[at]}*${'ihgfedcba'[at]}*c*d`),
            ),
          ),
        ),
        allow({ AWS: '*' }),
      );
    expect(shapeOf(many(1, EXT))).not.toBeNull();
    expect(shapeOf(many(6, EXT))).toBeNull();
    const memo = new VerdictMemo();
    for (const count of [1, 2, 3]) {
      for (const account of [EXT, OTHER, '909090909091', OWN].map((one) => many(count, one))) {
        const trust = { state: 'document', text: account } as const;
        expect(memo.evaluate(trust, OWN, 'aws').verdicts).toEqual(judge(account, OWN, 'aws'));
      }
    }
  });
});
