import { describe, expect, it } from 'vitest';
import { analyseTrustPolicy } from '../../../src/exposure/analyse.ts';
import { judgeGuarded, statementsFor } from '../../../src/exposure/guarded.ts';
import { evaluateRequest } from '../../../src/iam/oracle/evaluate.ts';
import { guardrailDenies } from '../../../src/iam/oracle/guardrail.ts';
import { CASES } from '../cases/index.ts';
import { GUARDED_CASES } from './cases.ts';
import { MANAGEMENT, MEMBER, MEMBER_DEV, ORG_ID, ORGANIZATION, OWN, parsed, ROLE_ARN } from './world.ts';

describe('judgeGuarded', () => {
  for (const one of GUARDED_CASES) {
    it(`${one.name}: ${one.verdict}`, () => {
      const text = JSON.stringify(one.trust);
      const all = parsed(...one.policies);
      const { statements } = statementsFor(all, ROLE_ARN);
      const role = { account: OWN, partition: 'aws', tags: one.tags ?? null, arn: ROLE_ARN };
      const around = { organization: one.organization ?? null, statements };
      const found = judgeGuarded(text, role, around);
      expect(found.verdict, found.message).toBe(one.verdict);
      const open = found.paths.filter(({ guards }) => guards.length === 0).map(({ account }) => account);
      if (one.open !== undefined) expect(open.toSorted()).toEqual(one.open.toSorted());
      const closedBy = found.closedBy.map(({ id, statement }) => `${id} ${statement}`);
      if (one.closedBy !== undefined) expect(closedBy).toEqual(one.closedBy);
      if (one.notes !== undefined) expect(found.notes).toEqual(expect.arrayContaining([...one.notes]));
      const trust = analyseTrustPolicy(text, OWN, 'aws');
      if (found.verdict === 'fail') {
        expect(trust.verdict).toBe('fail');
        expect(closedBy).toEqual([]);
        const expected = found.notes.includes('undefined-semantics') ? 'undefined' : 'allowed';
        const denied = all.map(({ policy, statement }) =>
          guardrailDenies(policy.content, statement.index, found.witness!, ROLE_ARN),
        );
        expect(denied).not.toContain(true);
        if (expected === 'allowed') expect(denied).not.toContain(null);
        expect(evaluateRequest(text, found.witness!, 'aws')).not.toBe('refused');
      } else {
        expect(found.witness).toBeNull();
        if (trust.verdict === 'fail' && one.policies.length > 0) expect(closedBy).not.toEqual([]);
      }
      // The same without the ARN, where the statements are known to cover the role.
      const { arn: _, ...unnamed } = role;
      expect(judgeGuarded(text, unnamed, around)).toEqual(found);
    });
  }

  it.each([
    ['of anybody, members come in', true],
    ['members come in', false],
  ])('%s: told to be any of them is %s', (name, isAny) => {
    const one = GUARDED_CASES.find((each) => each.name === name);
    if (one === undefined) throw new Error(name);
    const { statements } = statementsFor(parsed(...one.policies), ROLE_ARN);
    const role = { account: OWN, partition: 'aws', tags: null, arn: ROLE_ARN };
    const around = { organization: one.organization ?? null, statements };
    const { paths } = judgeGuarded(JSON.stringify(one.trust), role, around);
    expect(paths.map(({ account, anyMember }) => [account, anyMember === true])).toEqual([[MEMBER, isAny]]);
  });

  it('says what the trust policy alone says where nothing is around it', () => {
    const role = { account: OWN, tags: {}, arn: ROLE_ARN };
    for (const { trust, partition = null } of CASES) {
      const text = typeof trust === 'string' ? trust : JSON.stringify(trust);
      const alone = analyseTrustPolicy(text, OWN, partition);
      const nothing = { organization: null, statements: [] };
      expect(judgeGuarded(text, { ...role, partition, tags: null }, nothing)).toEqual({
        ...alone,
        closedBy: [],
      });
    }
  });

  it('says what the trust policy alone says beside guardrails that touch nobody', () => {
    const statements = parsed({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:*',
        Resource: '*',
        Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } },
      },
    });
    for (const { trust, name, partition = null } of CASES) {
      const text = typeof trust === 'string' ? trust : JSON.stringify(trust);
      const alone = analyseTrustPolicy(text, OWN, partition);
      const organization = /PrincipalOrg|ResourceOrg/i.test(text) ? null : ORGANIZATION;
      const { closedBy, witness, message, ...found } = judgeGuarded(
        text,
        { account: OWN, partition, tags: null },
        { organization, statements },
      );
      const { witness: _, message: __, ...rest } = alone;
      expect(found, name).toEqual(rest);
      expect(closedBy).toEqual([]);
    }
  });
});

describe('the member that stands for all', () => {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
  });
  const only = (members: readonly string[], more: object) => ({
    ...ORGANIZATION,
    members: new Map(members.map((one) => [one, ORGANIZATION.members.get(one)!])),
    ...more,
  });
  const guardrail = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:AssumeRole',
      Resource: '*',
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORG_ID } },
    },
  };
  const judged = (organization: Parameters<typeof judgeGuarded>[2]['organization']) =>
    judgeGuarded(
      trust,
      { account: OWN, partition: 'aws', tags: null },
      { organization, statements: parsed(guardrail) },
    );

  it('is an active one, with the lowest id', () => {
    const closed = new Map(ORGANIZATION.members);
    closed.set(MEMBER, { ...closed.get(MEMBER)!, status: 'SUSPENDED' });
    expect(judged({ ...ORGANIZATION, members: closed })).toMatchObject({
      paths: [{ account: MEMBER_DEV, principal: '*' }],
      message: `Any account of organisation \`${ORG_ID}\` can assume this role without MFA or an external ID.`,
    });
  });

  it('is the management account where it is the only one, listed or not', () => {
    const alone = only([OWN], { managementAccount: null });
    expect(judged(alone)).toMatchObject({ verdict: 'not-applicable', paths: [] });
    expect(judged({ ...alone, managementAccount: MANAGEMENT }).paths).toMatchObject([
      { account: MANAGEMENT },
    ]);
    expect(judged(alone).verdict).toBe('not-applicable');
  });
});
