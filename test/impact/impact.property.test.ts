import fc from 'fast-check';
import { expect, it } from 'vitest';
import { impactOf } from '../../src/impact/impact.ts';
import type { Privileges } from '../../src/model/role-detail.ts';
import { everyRequest, isOpen, type WrittenPolicy } from './brute-force.ts';
import { ACCOUNT, NOTHING_SHOWN, own, policy, ROLE, type StatementText } from './cases.ts';

const ACTION_ENTRIES = [
  '*',
  '*:*',
  'iam:*',
  'iam:P*',
  'IAM:put*',
  'iam:PutRolePolicy',
  'iam:PassRole',
  'iam:Create*',
  'iam:CreatePolicyVersion',
  'iam:*RolePermissionsBoundary',
  'iam:?ttachRolePolicy',
  'iam:D*RolePolicy',
  'iam:DetachRolePolicy',
  'iam:CreateAccessKey',
  'iam:UpdateAssumeRolePolicy',
  'sts:*',
  'lambda:*',
  'lambda:CreateFunction',
  'lambda:InvokeFunction',
  'ec2:RunInstances',
  'ssm:SendCommand',
  's3:*',
  's3:GetObject',
];
const RESOURCE_ENTRIES = [
  '*',
  'arn:aws:iam::*:role/*',
  `arn:aws:iam::${ACCOUNT}:role/*`,
  `arn:aws:iam::${ACCOUNT}:role/team/*`,
  'arn:aws:iam::*:role/*/d?ploy',
  'arn:aws:iam::*:*',
  'arn:*:iam::1*1:role/other',
  ROLE.arn,
  `arn:aws:iam::${ACCOUNT}:user/*`,
  'arn:aws:iam::*:user/ann',
  own('*'),
  own('p'),
  own('b'),
  `arn:aws:lambda:*:${ACCOUNT}:function:*`,
  'arn:aws:lambda:eu-west-1:*:function:one',
  'arn:aws:s3:::bucket/*',
];
const CONDITIONS = [
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
  { StringEqualsIfExists: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  { StringNotEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
];

const entries = (list: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...list),
    fc.uniqueArray(fc.constantFrom(...list), { minLength: 1, maxLength: 3 }),
  );

const statement: fc.Arbitrary<StatementText> = fc
  .record({
    effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    action: entries(ACTION_ENTRIES),
    exceptAction: fc.constantFrom(false, false, false, false, true),
    resource: fc.oneof(
      { weight: 2, arbitrary: fc.constant('*') },
      { weight: 1, arbitrary: entries(RESOURCE_ENTRIES) },
    ),
    exceptResource: fc.constantFrom(false, false, false, false, true),
    condition: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constantFrom(...CONDITIONS) },
    ),
  })
  .map(({ effect, action, exceptAction, resource, exceptResource, condition }) => ({
    Effect: effect,
    [exceptAction ? 'NotAction' : 'Action']: action,
    [exceptResource ? 'NotResource' : 'Resource']: resource,
    ...(condition === null ? {} : { Condition: condition }),
  }));

const statements = fc.array(statement, { minLength: 1, maxLength: 3 });

const role = fc.record({
  p: fc.option(statements, { freq: 2 }),
  q: fc.option(statements, { freq: 2 }),
  inline: fc.option(statements),
  boundary: fc.option(statements, { freq: 2 }),
  /** What the evidence leaves out. */
  hidden: fc.constantFrom('', '', '', '', 'p', 'q', 'b', 'attached', 'inline', 'boundary'),
});

it('claims nothing that requests refute, whatever the missing texts say', { timeout: 120_000 }, () => {
  const seen = new Map<Privileges, number>();
  fc.assert(
    fc.property(role, ({ p, q, inline, boundary, hidden }) => {
      const written = (arn: string, text: readonly StatementText[] | null): readonly WrittenPolicy[] =>
        text === null ? [] : [{ arn, statements: text }];
      const managed = [...written(own('p'), p), ...written(own('q'), q)];
      const policies = [...managed, ...written('inline:i', inline)];
      const [bound = null] = written(own('b'), boundary);
      const { privileges } = impactOf(
        {
          ...NOTHING_SHOWN,
          attached: hidden === 'attached' ? null : managed.map(({ arn }) => arn),
          inline:
            hidden === 'inline' ? null : inline === null ? [] : [{ name: 'i', document: policy(...inline) }],
          boundary: hidden === 'boundary' ? null : (bound?.arn ?? ''),
        },
        ROLE,
        (arn) => {
          const found = [...managed, ...(bound === null ? [] : [bound])].find((one) => one.arn === arn);
          return found === undefined || arn === own(hidden) ? null : policy(...found.statements);
        },
      );
      seen.set(privileges, (seen.get(privileges) ?? 0) + 1);
      switch (privileges) {
        case 'administrator':
          return everyRequest(policies, bound, true);
        case 'can-become-administrator':
          return isOpen(policies, bound, true);
        case 'limited':
          return !isOpen(policies, bound, false);
        case 'none':
          return everyRequest(policies, bound, false);
        case 'unknown':
          return true;
      }
    }),
    { numRuns: 600, seed: 20261128 },
  );
  // The generator says something of each.
  expect(seen.size).toBe(5);
  expect(Math.min(...seen.values())).toBeGreaterThan(4);
});
