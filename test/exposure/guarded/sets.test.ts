import { describe, expect, it } from 'vitest';
import { isCovered, parseGuardrails, statementsFor, tagKeysAskedFor } from '../../../src/exposure/guarded.ts';
import { allow, extRoot, policy } from '../cases/building.ts';
import { attached, guard, MANAGEMENT, ORGANIZATION, OTHER, OWN, parsed, rcp } from './world.ts';

const role = (name: string): string => `arn:aws:iam::${OWN}:role/${name}`;

describe('statementsFor', () => {
  const all = parsed(
    rcp(
      guard(undefined, { Action: 's3:*' }),
      guard(),
      guard(undefined, { Resource: 'arn:aws:iam::*:role/a/*' }),
      guard(undefined, { NotResource: role('a/b'), Action: 'sts:TagSession' }),
      guard(undefined, { Resource: 'arn:aws:iam::*:role/c/${aws:PrincipalTag/x}' }),
    ),
  );
  const indexes = (arn: string): readonly number[] =>
    statementsFor(all, arn).statements.map(({ statement }) => statement.index);

  it('chooses those that speak of assuming the role', () => {
    expect(indexes(role('a/b'))).toEqual([1, 2]);
    expect(indexes(role('a/c'))).toEqual([1, 2, 3]);
    expect(indexes(role('b'))).toEqual([1, 3]);
  });

  it('leaves those in that may cover it, and says so', () => {
    const { statements } = statementsFor(all, role('c/x'));
    expect(statements.map(({ statement }) => [statement.index, statement.certain])).toEqual([
      [1, true],
      [3, true],
      [4, false],
    ]);
    expect(all.every(({ statement }) => statement.certain)).toBe(true);
  });

  it('gives roles that the same statements cover the same set', () => {
    expect(statementsFor(all, role('b'))).toBe(statementsFor(all, role('bb')));
    expect(statementsFor(all, role('b')).key).not.toBe(statementsFor(all, role('a/b')).key);
  });

  it('names sets of other accounts alike only if they say the same and are attached alike', () => {
    const key = (content: unknown, targets: readonly string[], id = 'p-1'): string => {
      const guardrails = parseGuardrails([attached(id, content, targets)]);
      return guardrails.state === 'parsed' ? statementsFor(guardrails.statements, role('b')).key : '';
    };
    const one = key(rcp(guard()), ['r-ab12']);
    expect(one).not.toBe('');
    expect(key(rcp(guard()), ['r-ab12'])).toBe(one);
    expect(key(rcp(guard()), ['ou-ab12-x'])).not.toBe(one);
    expect(key(rcp(guard()), ['r-ab12'], 'p-2')).not.toBe(one);
    expect(key(rcp(guard({ Bool: { 'aws:SecureTransport': 'false' } })), ['r-ab12'])).not.toBe(one);
    expect(key(rcp(guard(undefined, { Action: 's3:*' })), ['r-ab12'])).toBe('');
  });
});

describe('tagKeysAskedFor', () => {
  it('finds the tags of the role in conditions and variables, of policy and guardrails', () => {
    const trust = policy(
      allow(extRoot, {
        StringEquals: { 'aws:ResourceTag/Team': 'x', 'aws:PrincipalTag/no': '${iam:ResourceTag/Unit}' },
      }),
    );
    const guardrails = parsed(
      rcp(guard({ StringNotEqualsIfExists: { 'AWS:resourcetag/dp:exclude': 'true' } })),
    );
    expect(tagKeysAskedFor(JSON.stringify(trust), guardrails)).toEqual(['dp:exclude', 'team', 'unit']);
    expect(tagKeysAskedFor(JSON.stringify(policy(allow(extRoot))), [])).toEqual([]);
    expect(tagKeysAskedFor('{', guardrails)).toEqual(['dp:exclude']);
  });
});

describe('isCovered', () => {
  it('says whether resource control policies can touch a role', () => {
    expect(isCovered(role('x'), OWN, ORGANIZATION)).toBe(true);
    expect(isCovered(role('aws-service-role/x.amazonaws.com/X'), OWN, ORGANIZATION)).toBe(false);
    expect(isCovered(role('x/aws-service-role/y'), OWN, ORGANIZATION)).toBe(true);
    expect(isCovered(`arn:aws:iam::${MANAGEMENT}:role/x`, MANAGEMENT, ORGANIZATION)).toBe(false);
    expect(isCovered(`arn:aws:iam::${OTHER}:role/x`, OTHER, ORGANIZATION)).toBe(false);
    expect(isCovered(role('x'), OWN, { ...ORGANIZATION, managementAccount: null })).toBe(false);
  });
});
